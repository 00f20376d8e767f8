"""Every write of mediation: one function per verb, by noun."""
