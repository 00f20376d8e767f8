"""Contexts of the Word papers of mediation, by paper."""
