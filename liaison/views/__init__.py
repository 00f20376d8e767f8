"""Pages of liaison, by what the user is doing."""
