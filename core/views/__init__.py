"""Pages of core, one file a task."""
