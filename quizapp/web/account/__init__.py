"""Signing up and in, one's own data, and how one likes to read."""

from flask import Blueprint

bp = Blueprint("account", __name__)

from quizapp.web.account import display, entering, own, resetting  # noqa: E402, F401  # they add their routes to bp
