"""Pages of roster, one file a task."""
