"""Pages of disputes, by what the user is doing."""
