"""What the Makefile calls: nothing here needs more than Python's own library. Run as `python -m tools <verb>`."""
