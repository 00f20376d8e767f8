"""Reads of mediation, by what they are about."""
