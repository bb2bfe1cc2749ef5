"""Tables, their types, and reads: one statement each, session or connection first."""
