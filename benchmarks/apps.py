"""The app under measurement."""

from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from benchmarks.term import OpenAttempt, fill
from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.paths import shipped

SECRET = "known-to-benchmarks-and-guarding-nothing-0123456789"  # noqa: S105  # as it says


@dataclass(frozen=True, slots=True)
class Stage:
    """An app on a database full of learners, with attempts that are still to be answered."""

    app: Flask
    attempts: list[OpenAttempt]
    settings: Settings


def staged(folder: Path, url: str, learners: int) -> Stage:
    """The shipped questions, so many learners, and the app as a worker of the server makes it."""
    settings = Settings(
        instance=folder, questions=shipped("questions"), database_url=url, secret_key=SECRET
    )
    attempts = fill(url, settings.questions, learners)
    return Stage(create_app(settings), attempts, settings)
