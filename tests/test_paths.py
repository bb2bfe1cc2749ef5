import pytest

from quizapp import paths


def test_a_folder_inside_the_package_comes_before_one_beside_it(tmp_path, monkeypatch):
    package = tmp_path / "quizapp"
    (package / "static").mkdir(parents=True)
    (tmp_path / "static").mkdir()
    monkeypatch.setattr(paths, "PACKAGE", package)
    assert paths.shipped("static") == package / "static"


def test_a_folder_beside_the_package_is_found_in_a_checkout(tmp_path, monkeypatch):
    (tmp_path / "questions").mkdir()
    monkeypatch.setattr(paths, "PACKAGE", tmp_path / "quizapp")
    assert paths.shipped("questions") == tmp_path / "questions"


def test_a_folder_that_was_not_shipped_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "PACKAGE", tmp_path / "quizapp")
    with pytest.raises(FileNotFoundError, match="sounds/"):
        paths.shipped("sounds")
