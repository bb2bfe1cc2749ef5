"""The pure core: questions, their file formats, drawing, grading and figures.

Nothing here knows Flask or a database; clock and randomness are arguments.
"""
