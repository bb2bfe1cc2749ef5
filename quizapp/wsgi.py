"""What the server's workers load."""

import multiprocessing
import os
import threading
from multiprocessing.connection import wait

from flask import Flask

from quizapp.app import create_app


def worker() -> Flask:
    """The app of one worker process, which ends when the server's main process does."""
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    return create_app()


def _leave_with_parent() -> None:
    """A worker whose main process was killed would go on holding the port."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
