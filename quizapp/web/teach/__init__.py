"""What instructors do: keep question files, run classes, set and grade work."""

from flask import Blueprint

from quizapp.web.session import instructor_or_403

bp = Blueprint("teach", __name__, url_prefix="/teach")
bp.before_request(lambda: instructor_or_403() and None)

# They add their routes to bp; one a line, so that each room can add its own.
from quizapp.web.teach import accommodations  # noqa: E402, F401, I001  # see above
from quizapp.web.teach import analysis  # noqa: E402, F401  # see above
from quizapp.web.teach import assignments  # noqa: E402, F401  # see above
from quizapp.web.teach import audit  # noqa: E402, F401  # see above
from quizapp.web.teach import calibration  # noqa: E402, F401  # see above
from quizapp.web.teach import classes  # noqa: E402, F401  # see above
from quizapp.web.teach import coverage  # noqa: E402, F401  # see above
from quizapp.web.teach import drafts  # noqa: E402, F401  # see above
from quizapp.web.teach import ending  # noqa: E402, F401  # see above
from quizapp.web.teach import files  # noqa: E402, F401  # see above
from quizapp.web.teach import library  # noqa: E402, F401  # see above
from quizapp.web.teach import printing  # noqa: E402, F401  # see above
from quizapp.web.teach import questions  # noqa: E402, F401  # see above
from quizapp.web.teach import roster  # noqa: E402, F401  # see above
from quizapp.web.teach import teachers  # noqa: E402, F401  # see above
from quizapp.web.teach import gradebook  # noqa: E402, F401  # see above
from quizapp.web.teach import marking  # noqa: E402, F401  # see above
from quizapp.web.teach import regrading  # noqa: E402, F401  # see above
from quizapp.web.teach import regrading_decks  # noqa: E402, F401  # see above
from quizapp.web.teach import uploads  # noqa: E402, F401  # see above
