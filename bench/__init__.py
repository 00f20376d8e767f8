"""What the project measures of itself; figures are ratios of one run, never promises of a test."""
