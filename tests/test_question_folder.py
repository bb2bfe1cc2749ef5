"""Question files read from disk."""

from pathlib import Path

import pytest

from quizapp.domain.checking import check
from quizapp.domain.coverage import coverage
from quizapp.domain.findings import Severity
from quizapp.domain.formats.lines import MAX_BYTES
from quizapp.question_folder import load, read_folder

DECK = b"---\ntitle: T\nsource: atlas\n---\n\n## Which? {#which}\n\n- [x] a\n- [ ] b\n"
ATLAS = b"---\nkind: source\ntitle: T\n---\n\n## Africa {#p1}\n\nThe Nile.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, data in {
        "b.md": b"b",
        "a/rivers.md": DECK,
        "a/atlas.md": ATLAS,
        "a/README.md": b"about",
        "a/notes.txt": b"text",
        "a/.draft.md": b"draft",
        ".git/c.md": b"c",
    }.items():
        file = tmp_path / "questions" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return tmp_path / "questions"


def test_a_folder_is_read_with_its_subfolders_in_order(folder: Path) -> None:
    assert list(read_folder(folder)) == ["a/atlas.md", "a/rivers.md", "b.md"]


def test_a_link_out_of_the_folder_is_not_followed(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_bytes(b"secret")
    (folder / "file.md").symlink_to(outside / "secret.md")
    (folder / "sub").symlink_to(outside)
    (folder / "inside.md").symlink_to(folder / "b.md")
    assert list(read_folder(folder)) == ["a/atlas.md", "a/rivers.md", "b.md", "inside.md"]


def test_a_suffix_counts_in_capitals_too(folder: Path) -> None:
    (folder / "a" / "LAKES.MD").write_bytes(DECK)
    (folder / "a" / "ReadMe.MD").write_bytes(b"about")
    assert list(read_folder(folder)) == ["a/LAKES.MD", "a/atlas.md", "a/rivers.md", "b.md"]
    assert load(folder / "a" / "LAKES.MD").findings == ()


def test_what_is_named_like_a_question_file_and_left_out_is_warned_of(
    folder: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "seas.md").write_bytes(DECK)
    (folder / "seas.md").symlink_to(outside / "seas.md")
    (folder / "lost.md").symlink_to(folder / "nowhere.md")
    (folder / "linked").symlink_to(outside)
    (folder / "inside.md").symlink_to(folder / "b.md")
    (folder / "maps.md").mkdir()
    (folder / "maps.md" / "atlas.md").write_bytes(ATLAS)
    (folder / ".hidden.md").mkdir()
    bank = load(folder)
    assert [(f.file, f.rule, f.severity) for f in bank.left_out] == [
        (name, "left-out", Severity.WARNING) for name in ("linked", "lost.md", "maps.md", "seas.md")
    ]
    assert all(finding.message and finding.mend for finding in bank.left_out)
    assert not {"linked", "lost.md", "maps.md", "seas.md"} & {file.name for file in bank.files}
    assert set(bank.left_out) <= set(check(bank).findings)


def test_a_huge_file_is_read_only_as_far_as_it_takes_to_refuse_it(folder: Path) -> None:
    (folder / "b.md").write_bytes(b"x" * (3 * MAX_BYTES))
    assert len(read_folder(folder)["b.md"]) == MAX_BYTES + 1
    assert [finding.rule for finding in load(folder).errors] == ["too-large"]


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_folder(tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "nowhere.md")


def test_one_file_is_judged_beside_its_siblings(folder: Path) -> None:
    (folder / "a" / "broken.md").write_bytes(b"broken")
    bank = load(folder / "a" / "rivers.md")
    assert [file.name for file in bank.files] == ["rivers.md"]
    assert bank.findings == ()
    (folder / "a" / "atlas.md").unlink()
    assert [finding.rule for finding in load(folder / "a" / "rivers.md").findings] == [
        "unresolved-source"
    ]


def test_one_deck_has_its_source_at_hand(folder: Path) -> None:
    bank = load(folder / "a" / "rivers.md")
    assert coverage(bank.decks, bank.sources).by_passage == {"p1": 0}
