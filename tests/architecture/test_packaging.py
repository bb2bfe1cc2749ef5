"""What people get who install quizapp: all of it, nothing else, and no copies in a checkout."""

import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.support.tree import ROOT, project_files

pytestmark = pytest.mark.slow

INTO_PACKAGE = {"quizapp": "quizapp", "static": "quizapp/static", "questions": "quizapp/questions"}


def files_below(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def python(*arguments: object, cwd: Path) -> str:
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True)
    return done.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout, with what work leaves behind in it."""
    folder = tmp_path_factory.mktemp("packaging") / "checkout"
    for file in project_files():
        copy = folder / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
    for room in INTO_PACKAGE:
        (folder / room / "__pycache__").mkdir()
        (folder / room / "__pycache__" / "left.txt").touch()
        (folder / room / "left.pyc").touch()
    (folder / "instance" / "quizapp.sqlite3").parent.mkdir(exist_ok=True)
    (folder / "instance" / "quizapp.sqlite3").touch()
    return folder


@pytest.fixture(scope="module")
def wheel(checkout: Path) -> Path:
    out = checkout.parent / "wheel"
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", out]
    python("-m", "pip", "wheel", *options, checkout, cwd=checkout)
    (built,) = out.iterdir()
    return built


def test_a_wheel_holds_every_shipped_file_and_no_ignored_one(wheel: Path):
    expected = {
        f"{place}/{file.relative_to(ROOT / room).as_posix()}"
        for room, place in INTO_PACKAGE.items()
        for file in project_files(room)
    }
    held = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == expected


@pytest.mark.parametrize("room", ["static", "questions", "templates", "db/migrations"])
def test_each_kind_of_shipped_file_is_in_the_wheel(wheel: Path, room: str):
    assert [name for name in ZipFile(wheel).namelist() if name.startswith(f"quizapp/{room}/")]


@pytest.mark.parametrize("room", ["static", "questions"])
def test_an_installed_wheel_finds_its_folders_inside_the_package(
    wheel: Path, tmp_path: Path, room: str
):
    ZipFile(wheel).extractall(tmp_path)
    code = f"from quizapp.paths import shipped; print(shipped({room!r}))"
    assert python("-c", code, cwd=tmp_path).strip() == str(tmp_path / "quizapp" / room)


def test_an_editable_install_points_at_the_checkout_and_leaves_no_copies(checkout: Path):
    before = files_below(checkout)
    out = checkout.parent / "editable"
    out.mkdir()
    code = f"from hatchling.build import build_editable; build_editable({str(out)!r})"
    python("-c", code, cwd=checkout)
    (built,) = out.iterdir()
    held = [name for name in ZipFile(built).namelist() if ".dist-info/" not in name]
    assert [Path(name).suffix for name in held] == [".pth"]
    assert ZipFile(built).read(held[0]).decode().strip() == str(checkout)
    assert files_below(checkout) == before
