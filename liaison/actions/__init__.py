"""Every write of liaison, one noun a module."""
