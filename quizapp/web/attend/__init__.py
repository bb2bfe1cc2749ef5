"""What students of a class do: join it, see what there is to do, take graded attempts."""

from flask import Blueprint

bp = Blueprint("attend", __name__)

from quizapp.web.attend import (  # noqa: E402  # they add their routes to bp
    assignment,  # noqa: F401  # it adds its routes
    classes,  # noqa: F401  # it adds its routes
    joining,  # noqa: F401  # it adds its routes
    result,  # noqa: F401  # it adds its routes
    saving,  # noqa: F401  # it adds its routes
    submission,  # noqa: F401  # it adds its routes
    taking,  # noqa: F401  # it adds its routes
)
