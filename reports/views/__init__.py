"""Pages of reports, by what the user wants to see."""
