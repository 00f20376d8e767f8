"""Every write of roster, one noun a module."""
