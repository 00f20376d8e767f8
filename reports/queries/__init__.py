"""Reads of reports, by question: the ledger's figures, use of the systems, standings of the towns, pages."""
