"""Apps for tests, used again by later tests: to make one costs more than most tests do."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import SystemRandom

from flask import Flask
from jinja2 import FileSystemBytecodeCache

from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.extensions import MAILER, READER, db
from quizapp.web.ambient import RANDOM
from quizapp.web.learn.asking import ASKED, FRAMES
from quizapp.web.presenting import SHELF, Shelf

KNOWN = {RANDOM, SHELF, FRAMES, ASKED, MAILER, READER}
"""What an app of ours has among its extensions; the first four are what it comes to remember."""

MOST_IDLE = 8
"""So many apps are kept: those of ordinary settings on each database, and a few others."""


class Apps:
    """Lends apps that remember nothing; templates are compiled once for all of them."""

    def __init__(self, templates: Path) -> None:
        self._templates = FileSystemBytecodeCache(str(templates))
        self._idle: list[tuple[Settings, Flask]] = []

    @contextmanager
    def lent(self) -> Iterator[Callable[[Settings], Flask]]:
        """A way to have apps for the time of the block."""
        lent: list[tuple[Settings, Flask]] = []

        def lend(settings: Settings) -> Flask:
            app = self._taken(settings)
            lent.append((settings, app))
            return app

        yield lend
        for _settings, app in lent:
            disconnect(app)
        self._idle = [*self._idle, *lent][-MOST_IDLE:]

    def _taken(self, settings: Settings) -> Flask:
        for place, (made_for, app) in enumerate(self._idle):
            if made_for == settings:
                del self._idle[place]
                forget(app)
                return app
        app = create_app(settings)
        app.jinja_env.bytecode_cache = self._templates
        return app


def forget(app: Flask) -> None:
    """Have an app remember nothing of what it has read, as if it were new."""
    ours = {name for name in app.extensions if name.startswith("quizapp.")}
    assert ours == KNOWN, f"is there more to forget? {ours ^ KNOWN}"
    app.extensions |= {RANDOM: SystemRandom(), SHELF: Shelf(), FRAMES: {}, ASKED: {}}


def disconnect(app: Flask) -> None:
    """Close an app's connections; it makes others when it is asked for something."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
