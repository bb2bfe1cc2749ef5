"""The app, put together."""

from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction
from random import Random, SystemRandom
from typing import Any

from flask import Flask, url_for
from flask_babel import format_date, format_datetime, format_percent, ngettext

from quizapp import config
from quizapp.config import Settings
from quizapp.db.engine import database_url, engine_options, for_single_statements, prepare
from quizapp.domain.flaws import CATALOGUE
from quizapp.extensions import MAILER, READER, babel, compress, db
from quizapp.mail import Mailer
from quizapp.paths import shipped
from quizapp.web import (
    account,
    ambient,
    assets,
    attend,
    display,
    errors,
    health,
    installing,
    learn,
    numbers,
    security,
    teach,
)
from quizapp.web.addresses import BASE_URL, RowIds
from quizapp.web.csrf import FormProtection, csrf_token
from quizapp.web.learn.asking import ASKED, FRAMES
from quizapp.web.presenting import SHELF, Shelf, block, inline, plain_stem, progress_bar
from quizapp.web.session import CookieSessions, here, viewer


class App(Flask):
    """Flask, spared from looking at each function at each request whether it is a coroutine."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is: none here is async."""
        return func


def create_app(settings: Settings | None = None, random: Random | None = None) -> Flask:
    """The web app. It reads the database as it finds it: `quizapp db upgrade` makes the schema.

    `random` draws orders and makes ids and keys; the operating system's randomness by default.
    """
    settings = settings or config.load()
    app = App("quizapp", static_folder=None, instance_path=str(settings.instance))
    app.config["SECRET_KEY"] = settings.secret_key
    app.config[BASE_URL] = settings.base_url
    app.extensions[ambient.RANDOM] = random or SystemRandom()
    app.extensions |= {SHELF: Shelf(), FRAMES: {}, ASKED: {}}
    app.extensions[MAILER] = Mailer(settings.smtp_url, settings.mail_from)
    app.session_interface = CookieSessions()
    app.url_map.converters["int"] = RowIds
    security.init_app(app, settings)
    _init_extensions(app, settings)
    _init_templates(app)
    errors.init_app(app)
    for blueprint in (learn.bp, attend.bp, account.bp, teach.bp, health.bp):
        app.register_blueprint(blueprint)
    return app


def _init_extensions(app: Flask, settings: Settings) -> None:
    url = database_url(settings.database_url)
    app.config.update(
        SQLALCHEMY_DATABASE_URI=url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(url),
        BABEL_DEFAULT_LOCALE="en_GB",
        # Small pages to phones on bad networks: what compresses fast is enough.
        COMPRESS_ALGORITHM=["zstd", "br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_LEVEL=6,
        COMPRESS_ZSTD_LEVEL=1,
        COMPRESS_MIN_SIZE=500,
    )
    for extension in (db, babel, compress, FormProtection()):
        extension.init_app(app)
    with app.app_context():
        prepare(db.engine)
        app.extensions[READER] = for_single_statements(db.engine)


def _init_templates(app: Flask) -> None:
    static = assets.read(shipped("static"))
    app.register_blueprint(assets.blueprint(static))
    app.register_blueprint(installing.blueprint(static))
    addresses: dict[str, str] = {}

    def link(endpoint: str) -> str:
        """The address of a page without arguments; made once, since every page has ten."""
        if endpoint not in addresses:
            addresses[endpoint] = url_for(endpoint)
        return addresses[endpoint]

    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        asset=static.address,
        link=link,
        csrf_token=csrf_token,
        format_percent=_percent,
        format_date=_date,
        format_moment=_moment,
        ngettext=ngettext,
        progress_bar=progress_bar,
        flaw_rules=CATALOGUE,
    )
    app.jinja_env.filters.update(inline=inline, block=block, plain=plain_stem)
    app.jinja_env.filters.update(percent=numbers.percent, marks=numbers.marks)

    @app.context_processor
    def about_this_request() -> dict[str, Any]:
        return {"viewer": viewer(), "display": display.current(), "here": here()}


def _percent(share: Fraction | float) -> str:
    return format_percent(float(share), "#,##0 %")


def _date(day: date | datetime) -> str:
    return format_date(day, "d MMMM yyyy")


def _moment(at: datetime) -> str:
    return format_datetime(at, "d MMMM yyyy, HH:mm 'UTC'")
