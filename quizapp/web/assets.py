"""Static files under an address that changes with their content, so browsers keep them.

All files share one digest: modules import each other by relative path, and one changed file
changes the address of all. The stylesheets are one component a file and go out as one.
"""

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, abort

FOREVER = "public, max-age=31536000, immutable"
STYLESHEET = "css/app.css"


@dataclass(frozen=True, slots=True)
class Assets:
    """The static files in memory, by path below the static folder."""

    files: dict[str, bytes]
    digest: str

    def address(self, name: str) -> str:
        """The path under which a file is served. Raises KeyError where there is no such file."""
        if name not in self.files:
            raise KeyError(f"no static file {name}")
        return f"/static/{self.digest}/{name}"


def read(folder: Path) -> Assets:
    """Read the static folder."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith("."))
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    sheets = [files.pop(name) for name in sorted(files) if name.endswith(".css")]
    files[STYLESHEET] = b"\n".join(sheets)
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(name.encode() + b"\0" + content + b"\0")
    return Assets(files, digest.hexdigest()[:16])


def blueprint(assets: Assets) -> Blueprint:
    """The routes that serve the files."""
    bp = Blueprint("static_files", __name__)

    @bp.get("/static/<digest>/<path:name>")
    def serve(digest: str, name: str) -> Response:
        content = assets.files.get(name)
        if content is None:
            abort(404)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        response = Response(content, mimetype=kind)
        # A page of an older release may still ask by its own digest: served, but not kept.
        response.headers["Cache-Control"] = FOREVER if digest == assets.digest else "no-cache"
        return response

    @bp.get("/favicon.ico")
    def favicon() -> Response:
        response = Response(assets.files["img/favicon.ico"], mimetype="image/x-icon")
        response.headers["Cache-Control"] = "public, max-age=86400"
        return response

    return bp
