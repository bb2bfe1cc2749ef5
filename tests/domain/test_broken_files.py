"""Question files that are broken each in its own way, and what is said about them."""

from collections import Counter
from pathlib import Path

import pytest

from quizapp.domain.findings import Finding, Severity
from quizapp.domain.formats import native
from quizapp.domain.formats.complaints import MAX_FINDINGS
from quizapp.domain.formats.lines import MAX_BYTES

BROKEN = Path(__file__).parent / "broken"

EXPECTED = {
    "all-keys": "6 all-keys",
    "attributes-not-last": "6 attributes-not-last",
    "bad-attribute-values": "6 bad-date, 6 bad-level, 6 bad-shuffle, 6 bad-source",
    "bad-boxes": "9 bad-box, 10 bad-box, 11 bad-box",
    "bad-front-matter-values": "3 bad-language, 4 bad-order, 5 bad-kind",
    "bad-id": "6 bad-id",
    "bad-level": "6 bad-level",
    "bare-word-attribute": "6 bad-attribute",
    "box-without-space-before": "9 bad-box",
    "choices-before-question": "6 choices-before-question",
    "duplicate-attribute": "6 duplicate-attribute",
    "duplicate-id": "14 duplicate-id",
    "empty-choice": "9 empty-choice",
    "empty-stem": "6 empty-stem",
    "empty-title": "3 missing-title",
    "feedback-at-the-margin": "10 two-lists",
    "heading-in-choice": "11 block-in-choice",
    "heading-level-1": "6 wrong-heading-level",
    "heading-level-3": "6 wrong-heading-level",
    "heading-without-space": "8 heading-without-space, 14 heading-without-space",
    "html-comment": "6 raw-html",
    "indented-after-choices": "13 stray-text",
    "indented-body": "6 text-before-question",
    "indented-choices": "8 no-choices",
    "indented-file": "1 no-front-matter",
    "indented-list-in-choice": "9 nested-choice",
    "junk-before-id": "6 bad-attribute",
    "link-definition": "14 link-definition",
    "links": "8 bad-link, 9 bad-link, 9 bad-link, 14 bad-link, 16 bad-link",
    "missing-id": "6 missing-id",
    "missing-title": "1 missing-title",
    "misspelt-title": "2 unknown-front-matter",
    "mixed-marks": "9 two-lists",
    "nested-choice": "9 nested-choice",
    "nested-too-deep": "12 nested-too-deep",
    "no-boxes": "8 option-without-box, 9 option-without-box",
    "no-choices": "6 no-choices",
    "no-front-matter": "1 no-front-matter",
    "no-key": "6 no-key",
    "no-questions": "1 no-questions",
    "numbered-choices": "8 numbered-choices",
    "numbered-with-stray-feedback": "8 numbered-choices",
    "numbered-without-key": "8 numbered-choices",
    "one-choice": "6 one-choice",
    "option-without-box": "11 option-without-box",
    "paragraph-in-choice": "11 block-in-choice",
    "paragraph-too-long": "12 paragraph-too-long",
    "question-without-heading": "6 text-before-question",
    "raw-html": "8 raw-html, 14 raw-html",
    "remote-image": "9 remote-image",
    "second-feedback": "11 block-in-choice",
    "second-question-underlined": "13 underlined-heading",
    "several": (
        "3 unknown-front-matter, 6 bad-level, 9 option-without-box, 11 duplicate-id, "
        "11 empty-stem, 11 one-choice, 15 missing-id, 15 no-key, 15 unknown-attribute, "
        "18 empty-choice, 20 stray-text"
    ),
    "source-bad-yaml": "2 bad-yaml, 6 wrong-heading-level",
    "source-broken": (
        "4 unknown-front-matter, 5 bad-date, 6 bad-url, 9 text-before-passage, 11 missing-id, "
        "15 empty-note, 15 unknown-attribute, 17 duplicate-id"
    ),
    "source-underlined": "6 underlined-heading",
    "source-without-passages": "1 no-passages",
    "tab": "10 tab",
    "tab-in-front-matter": "3 tab",
    "text-after-choices": "12 stray-text",
    "text-before-question": "6 text-before-question",
    "text-run-into-choice": "11 stray-text",
    "too-many-options": "20 too-many-options",
    "two-explanations": "14 two-explanations",
    "two-ids": "6 duplicate-attribute",
    "two-lists": "14 two-lists",
    "unclosed-attributes": "6 unclosed-attributes",
    "unclosed-code": "8 unclosed-fence",
    "unclosed-front-matter": "1 unclosed-front-matter",
    "unclosed-quote": "6 unclosed-quote",
    "underlined-question": "6 underlined-heading",
    "unknown-attribute": "6 unknown-attribute",
    "unknown-front-matter": "3 unknown-front-matter, 4 unknown-front-matter",
    "unknown-waiver": "6 unknown-rule",
    "unquoted-waiver": "6 bad-attribute",
    "waiver-with-empty-reason": "6 waiver-without-reason",
    "waiver-without-reason": "6 waiver-without-reason",
    "yaml-alias": "2 nested-value, 3 nested-value",
    "yaml-duplicate-name": "4 duplicate-name",
    "yaml-line-without-colon": "3 bad-yaml",
    "yaml-list": "2 bad-yaml",
    "yaml-nested": "3 nested-value",
    "yaml-open-bracket": "3 bad-yaml",
    "yaml-open-quote": "2 bad-yaml",
    "yaml-text": "2 bad-yaml",
    "yaml-value-with-colon": "3 bad-yaml",
}
"""By file: `line rule` of each finding."""

HEAD = b"---\ntitle: Rivers\n---\n"
QUESTION = b"\n## Which river is the longest? {#longest}\n\n- [x] The Nile\n- [ ] The Congo\n"


def found(data: bytes) -> list[tuple[int, str]]:
    return [(finding.line, finding.rule) for finding in native.read(data, "rivers.md").findings]


def broken(name: str) -> tuple[Finding, ...]:
    return native.read((BROKEN / f"{name}.md").read_bytes(), f"geography/{name}.md").findings


def test_every_broken_file_is_expected_to_say_something() -> None:
    assert {file.stem for file in BROKEN.glob("*.md")} == set(EXPECTED)
    assert len(EXPECTED) >= 30


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_broken_file_is_refused_at_each_line_that_is_wrong(name: str) -> None:
    findings = broken(name)
    assert ", ".join(f"{f.line} {f.rule}" for f in findings) == EXPECTED[name]
    assert {f.severity for f in findings} == {Severity.ERROR}
    assert native.read((BROKEN / f"{name}.md").read_bytes(), name).document is None


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_finding_says_what_is_wrong_and_how_to_mend_it(name: str) -> None:
    for finding in broken(name):
        assert finding.message
        assert finding.mend
        assert not finding.message.endswith(".")
        shown = f"geography/{name}.md:{finding.line}: {finding.message}, {finding.mend}"
        assert str(finding) == shown


def test_a_misspelt_name_is_told_the_likely_one() -> None:
    assert "`topic`" in broken("unknown-front-matter")[0].mend
    assert "`level`" in broken("unknown-attribute")[0].mend
    assert "`longest-key`" in broken("unknown-waiver")[0].mend


@pytest.mark.parametrize("name", ["underlined-question", "second-question-underlined"])
def test_an_underline_is_named_where_a_question_was_meant(name: str) -> None:
    (finding,) = broken(name)
    assert "underlined" in finding.message
    assert "`## `" in finding.mend


@pytest.mark.parametrize(
    "name", ["indented-body", "indented-file", "indented-choices", "indented-after-choices"]
)
def test_indentation_is_named_where_it_hides_a_question(name: str) -> None:
    (finding,) = broken(name)
    assert "indented" in finding.message
    assert "margin" in finding.mend


def test_a_list_as_front_matter_is_called_one() -> None:
    (finding,) = broken("yaml-list")
    assert finding.message == "the front matter is a list, not names with values"


def test_a_link_is_told_with_its_address() -> None:
    assert [finding.message.split("`")[1] for finding in broken("links")] == [
        "javascript:alert(1)",
        "//evil.example",
        "ftp://example.org/x",
        "data:text/html,x",
        "/%5Cevil.example",
    ]


def test_a_missing_id_is_told_one_to_copy() -> None:
    (finding,) = broken("missing-id")
    assert "{#which-river-is-the-longest-in-africa}" in finding.mend
    assert "quizapp questions fix" in finding.mend


def test_the_first_byte_that_is_not_utf8_is_found_at_its_line() -> None:
    assert found(HEAD + QUESTION.replace(b"Congo", b"Cong\xf3")) == [(8, "not-utf8")]


def test_nothing_else_is_told_of_a_file_that_is_not_utf8() -> None:
    data = HEAD + QUESTION.replace(b"Congo", b"Cong\xf3").replace(b"[x]", b"[ ]")
    assert found(data) == [(8, "not-utf8")]
    assert native.read(data, "rivers.md").draft is None


@pytest.mark.parametrize("byte_order", ["", "-le", "-be"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_a_file_in_wide_characters_is_told_what_it_looks_like(
    encoding: str, byte_order: str
) -> None:
    data = (HEAD + QUESTION).decode().encode(encoding + byte_order)
    (finding,) = native.read(data, "rivers.md").findings
    assert (finding.line, finding.rule) == (1, "not-utf8")
    assert finding.mend == f"it looks like {encoding.upper()}: save the file as UTF-8"


def test_a_file_in_another_encoding_is_not_taken_for_utf16() -> None:
    (finding,) = native.read(HEAD + b"\xff", "rivers.md").findings
    assert finding.mend == "save the file as UTF-8"


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_lines_count_alike_with_any_line_end_and_byte_order_mark(end: bytes, mark: bytes) -> None:
    without_key = HEAD + QUESTION.replace(b"[x]", b"[ ]")
    assert found(mark + without_key.replace(b"\n", end)) == [(5, "no-key")]
    not_text = HEAD + QUESTION.replace(b"Congo", b"Cong\xf3")
    assert found(mark + not_text.replace(b"\n", end)) == [(8, "not-utf8")]


def test_control_characters_are_found_at_their_lines() -> None:
    data = HEAD + QUESTION.replace(b"Nile", b"Ni\x00le").replace(b"Congo", b"Con\x07go")
    assert found(data) == [(7, "control-character"), (8, "control-character")]


def test_a_separator_that_only_yaml_takes_for_a_line_end_moves_no_line() -> None:
    data = HEAD.replace(b"Rivers", "Rivers\u2028seas".encode()) + QUESTION.replace(b"x", b" ")
    assert found(data) == [(2, "control-character"), (5, "no-key")]


def test_a_tab_within_code_is_content() -> None:
    data = HEAD + QUESTION.replace(b"\n\n- [x]", b"\n\n```\nif x:\n\ty\n```\n\n- [x]")
    assert found(data) == []


def test_html_within_code_is_content() -> None:
    data = HEAD + QUESTION.replace(b"The Nile", b"`<b>`").replace(b"The Congo", b"3 < 4 > 2")
    assert found(data) == []


def test_boxes_without_a_list_are_found_at_their_lines() -> None:
    data = HEAD + QUESTION.replace(b"- [", b"-[")
    assert found(data) == [(7, "bad-box"), (8, "bad-box")]


def test_blank_lines_above_the_front_matter_only_move_it_down() -> None:
    assert found(b"\n \n" + HEAD + QUESTION) == []
    data = b"\n\n" + HEAD.replace(b"Rivers", b"[Rivers") + QUESTION
    assert found(data)[0] == (4, "bad-yaml")
    assert found(b"\n\n---\ntitle: T\n" + QUESTION) == [(3, "unclosed-front-matter")]


def test_an_empty_file_is_refused() -> None:
    assert found(b"") == [(1, "no-front-matter"), (1, "no-questions")]


def test_a_file_that_is_too_large_is_not_read_at_all() -> None:
    assert found(HEAD + QUESTION + b"\n" * MAX_BYTES) == [(1, "too-large")]


def test_beyond_a_limit_errors_are_only_counted() -> None:
    findings = native.read(HEAD + b"## Which?\n" * 300, "rivers.md").findings
    assert len(findings) == MAX_FINDINGS + 1
    assert findings[-1].rule == "too-many-errors"
    assert findings[-1].message == f"{2 * 300 - MAX_FINDINGS} more errors follow"


def test_a_yaml_bomb_is_refused_without_being_unfolded() -> None:
    layers = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
    data = f"---\ntitle: Rivers\na0: &a0 x\n{layers}---\n".encode() + QUESTION
    rules = Counter(rule for _, rule in found(data))
    assert rules == {"nested-value": 30}


@pytest.mark.parametrize("opening", ["[", "{", "? ", "- ", "a: {", "title: ["])
def test_front_matter_nested_without_end_is_refused(opening: str) -> None:
    data = f"---\n{opening * 20_000}\n---\n".encode() + QUESTION
    assert "bad-yaml" in {rule for _, rule in found(data)}


@pytest.mark.parametrize("value", ["!!python/object/apply:os.getcwd []", "!!int 3", "*title"])
def test_front_matter_constructs_nothing(value: str) -> None:
    data = f"---\ntitle: Rivers\ntopic: {value}\n---\n".encode() + QUESTION
    assert found(data) == [(3, "nested-value")]


def test_a_waiver_that_names_no_rule_is_refused() -> None:
    data = HEAD + QUESTION.replace(b"#longest", b'#longest waive=": because"')
    assert found(data) == [(5, "waiver-without-reason")]


def test_a_cross_that_is_not_latin_is_no_box() -> None:
    data = HEAD + QUESTION.replace(b"[x]", "[\u0445]".encode())
    assert found(data) == [(7, "bad-box")]
