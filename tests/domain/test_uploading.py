import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.formats.lines import MAX_BYTES
from quizapp.domain.uploading import as_text, edited, file_name, name_problem, obstacle


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("rivers.md", "rivers.md"),
        ("Rivers.MD", "Rivers.md"),
        ("My rivers (final).md", "My-rivers-final.md"),
        ("C:\\Users\\grace\\rivers.md", "rivers.md"),
        ("../../etc/passwd.md", "passwd.md"),
        ("реки.md", "реки.md"),
        ("rivers.docx", "rivers.docx"),
        ("rivers", "rivers"),
        (".md", "md"),
        ("", ""),
    ],
)
def test_a_file_is_kept_under_a_name_that_suits_an_address(given_name, kept):
    assert file_name(given_name) == kept


@given(st.text())
def test_a_name_that_is_fit_stays_and_has_no_folder(name):
    kept = file_name(name)
    assert "/" not in kept
    assert "\\" not in kept
    if name_problem(kept) is None:
        assert file_name(kept) == kept


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("rivers.docx", b"text", "end in .md"),
        ("", b"text", "end in .md"),
        ("README.md", b"text", "never a question file"),
        ("x" * 90 + ".md", b"text", "longer than 80"),
        ("rivers.md", b" \n", "empty"),
        ("rivers.md", b"a\nb\xe9", "rivers.md:2: the byte 0xE9 is not UTF-8"),
        ("rivers.md", b"\x89PNG\r\n\x1a\n\0\0", "is not UTF-8"),
        ("rivers.md", "text".encode("utf-16"), "UTF-16"),
        ("rivers.md", b"some text\0and more", "no text file"),
        ("rivers.md", b"a" * (MAX_BYTES + 1), "larger than 1024 KiB"),
    ],
)
def test_what_cannot_become_a_draft_is_told_with_its_name_and_mend(name, data, words):
    problem = obstacle(name, data)
    assert problem is not None
    assert words in problem
    assert problem.startswith(name[:80] or "a file")


def test_a_file_with_mistakes_in_its_questions_can_become_a_draft():
    assert obstacle("rivers.md", b"no front matter") is None


@pytest.mark.parametrize("data", [b"a\nb\n", b"a\r\nb\r\n", b"\xef\xbb\xbfa\r\nb", b"\na\rb"])
def test_a_text_that_comes_back_unchanged_from_an_editor_leaves_the_bytes_as_they_are(data):
    sent = as_text(data).replace("\n", "\r\n")
    assert edited(data, sent) == data
    assert edited(data, sent + "!") == as_text(data).encode() + b"!"
