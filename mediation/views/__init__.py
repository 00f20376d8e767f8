"""Pages of mediation, by task."""
