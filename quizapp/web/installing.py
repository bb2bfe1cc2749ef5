"""What makes the site an app on a phone: its manifest, its icons and its service worker.

The worker keeps the shell (stylesheet, scripts, icons and the page for studying offline) and
nothing else. Its scripts are modules of the pages, too, and go out as one plain script, since not
every browser takes modules there.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, jsonify, url_for

from quizapp.web.assets import STYLESHEET, Assets

WORKER = ("js/offline/store.js", "js/offline/delivery.js", "js/offline/worker.js")
"""Modules of the worker, each after those it imports."""

ICONS = (("img/icon-192.png", "192x192", "any"), ("img/icon-512.png", "512x512", "any"),
         ("img/icon-maskable-512.png", "512x512", "maskable"))  # fmt: skip

PAPER = "#fbfaf7"
"""The page of the light theme (see `00-tokens.css`): a manifest has one colour."""

_IMPORT = re.compile(r"^import [^;]+;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(async )?function|const|let|class)", re.MULTILINE)


def blueprint(assets: Assets) -> Blueprint:
    """The routes; the worker changes with every release, so that browsers take the new one."""
    bp = Blueprint("installing", __name__)
    script = _script(assets)

    @bp.get("/service-worker.js")
    def service_worker() -> Response:
        shell = [url_for("learn.offline"), *_shell(assets)]
        about = json.dumps({"release": assets.digest, "shell": shell})
        response = Response(f"const ABOUT = {about};\n{script}", mimetype="text/javascript")
        response.headers["Cache-Control"] = "no-cache"
        return response

    @bp.get("/manifest.webmanifest")
    def manifest() -> Response:
        response = jsonify(_manifest(assets))
        response.mimetype = "application/manifest+json"
        response.headers["Cache-Control"] = "no-cache"
        return response

    return bp


def _manifest(assets: Assets) -> dict[str, Any]:
    return {
        "name": "quizapp",
        "short_name": "quizapp",
        "description": "Questions, explanations and reviews on the right day.",
        "lang": "en-GB",
        "id": "/",
        "start_url": url_for("learn.home"),
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            {"src": assets.address(name), "sizes": sizes, "type": "image/png", "purpose": use}
            for name, sizes, use in ICONS
        ],
        "shortcuts": [
            {"name": "Review", "url": url_for("learn.review")},
            {"name": "Offline", "url": url_for("learn.offline")},
        ],
    }


def _script(assets: Assets) -> str:
    modules = (assets.files[name].decode() for name in WORKER)
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", module)) for module in modules)


def _shell(assets: Assets) -> Iterator[str]:
    """Addresses of all that the offline page needs."""
    for name in sorted(assets.files):
        is_shown = name == STYLESHEET or name.startswith("img/favicon")
        if is_shown or (name.startswith("js/") and name not in WORKER[2:]):
            yield assets.address(name)
