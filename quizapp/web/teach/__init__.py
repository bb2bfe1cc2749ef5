"""What instructors do: for now, see which files are live and what is to be mended."""

from flask import Blueprint

from quizapp.web.session import instructor_or_403

bp = Blueprint("teach", __name__, url_prefix="/teach")
bp.before_request(lambda: instructor_or_403() and None)

from quizapp.web.teach import coverage, library, questions  # noqa: E402, F401  # they add routes
