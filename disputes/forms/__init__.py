"""Forms of disputes: they parse and validate, the actions write."""
