"""Writes: one human act, one transaction. Whose act and when are arguments."""
