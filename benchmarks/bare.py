"""The first baseline: a Flask app that does nothing."""

from flask import Flask


def flask_app() -> Flask:
    """One view that returns a short string, by GET and by POST."""
    app = Flask("bare")

    @app.route("/", methods=["GET", "POST"])
    def hello() -> str:
        return "hello"

    return app
