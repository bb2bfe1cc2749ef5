"""Reads, named by their result: one statement each, the session or connection first."""
