"""The extensions, made once, bound to an app in `quizapp.app`."""

from flask import current_app
from flask_babel import Babel
from flask_compress import Compress
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine

READER = "quizapp.reader"
MAILER = "quizapp.mailer"

db = SQLAlchemy()
babel = Babel()
compress = Compress()


def reader() -> Engine:
    """The app's engine for reads of one statement without a session."""
    return current_app.extensions[READER]
