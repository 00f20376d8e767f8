"""Every write of reports: it writes only its own tallies and files."""
