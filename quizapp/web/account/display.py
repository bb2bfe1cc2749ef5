"""Text size, contrast and theme."""

from flask import make_response, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.web import display
from quizapp.web.account import bp
from quizapp.web.session import go_on


@bp.post("/display")
def set_display() -> ResponseReturnValue:
    chosen = ".".join(request.form.get(name, "") for name in ("theme", "contrast", "size"))
    response = make_response(go_on(url_for("learn.home")))
    display.keep(response, display.parse(chosen))
    return response
