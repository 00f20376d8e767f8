"""Wires the project; imported by no app."""
