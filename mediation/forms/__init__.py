"""Forms of mediation, by task."""
