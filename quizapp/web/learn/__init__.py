"""What learners do: find a deck, answer, see results, read, look back."""

from flask import Blueprint

bp = Blueprint("learn", __name__)

from quizapp.web.learn import answering, home, progress, reading, results, starting  # noqa: E402, F401  # they add their routes to bp
