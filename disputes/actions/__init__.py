"""Every write of disputes: one function per verb, by what it is done to."""
