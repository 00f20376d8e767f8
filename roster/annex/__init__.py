"""The ten-column annex of the plan: its columns, how its cells and rows are read, and what an import would do."""
