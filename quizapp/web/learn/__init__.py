"""What learners do: find a deck, answer, see results, read, look back."""

from flask import Blueprint

bp = Blueprint("learn", __name__)

# They add their routes to bp; one a line, so that each room can add its own.
from quizapp.web.learn import answering  # noqa: E402, F401, I001  # see above
from quizapp.web.learn import calibration  # noqa: E402, F401  # see above
from quizapp.web.learn import feed  # noqa: E402, F401  # see above
from quizapp.web.learn import flashcards  # noqa: E402, F401  # see above
from quizapp.web.learn import home  # noqa: E402, F401  # see above
from quizapp.web.learn import offline  # noqa: E402, F401  # see above
from quizapp.web.learn import practising  # noqa: E402, F401  # see above
from quizapp.web.learn import printing  # noqa: E402, F401  # see above
from quizapp.web.learn import progress  # noqa: E402, F401  # see above
from quizapp.web.learn import reading  # noqa: E402, F401  # see above
from quizapp.web.learn import reminders  # noqa: E402, F401  # see above
from quizapp.web.learn import results  # noqa: E402, F401  # see above
from quizapp.web.learn import reviewing  # noqa: E402, F401  # see above
from quizapp.web.learn import settings  # noqa: E402, F401  # see above
from quizapp.web.learn import starting  # noqa: E402, F401  # see above
