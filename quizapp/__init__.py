"""quizapp: an interactive quiz and study web app."""

__version__ = "0.1.0"
