"""Question files judged together."""

import hashlib

import pytest

from quizapp.domain.bank import Bank, assemble, digest_of
from quizapp.domain.checking import check
from quizapp.domain.coverage import coverage
from quizapp.domain.findings import Finding, Severity
from quizapp.domain.formats import native
from quizapp.domain.questions import Deck, Source
from tests.support.bank import RIVERS, SEAS, SOURCE

ATLAS = """\
---
kind: source
title: An atlas
---

## Africa {#p1}

The Nile.

## Asia {#p2}

The Yangtze.
"""


def deck(header: str = "source: atlas", attributes: str = "source=p1") -> bytes:
    return (
        f"---\ntitle: Rivers\n{header}\n---\n\n"
        f"## Which is the longest? {{#longest {attributes}}}\n\n- [x] The Nile\n- [ ] The Congo\n"
    ).encode()


def told(bank: Bank) -> list[str]:
    return [f"{finding.file}:{finding.line} {finding.rule}" for finding in bank.findings]


def test_decks_and_sources_of_a_sound_folder_are_all_there() -> None:
    files = {"a/rivers.md": deck(), "a/atlas.md": ATLAS.encode()}
    bank = assemble(files)
    assert bank.findings == ()
    assert [file.name for file in bank.files] == ["a/atlas.md", "a/rivers.md"]
    assert [deck.slug for deck in bank.decks] == ["rivers"]
    assert [source.slug for source in bank.sources] == ["atlas"]


def test_a_file_is_known_by_the_digest_of_its_bytes() -> None:
    (file,) = assemble({"rivers.md": deck("", "")}).files
    assert file.digest == hashlib.sha256(deck("", "")).hexdigest()


def test_decks_are_listed_by_order_then_title() -> None:
    files = {
        "a.md": deck("order: 2", ""),
        "b.md": deck("order: 1", "").replace(b"Rivers", b"Streams"),
        "c.md": deck("order: 1", ""),
    }
    assert [deck.slug for deck in assemble(files).decks] == ["c", "b", "a"]


def test_decks_without_an_order_come_after_those_with_one() -> None:
    files = {
        "b.md": deck("topic: x", "").replace(b"Rivers", b"Streams"),
        "a.md": deck("topic: x", ""),
        "c.md": deck("order: 999999", ""),
        "d.md": deck("order: 0", ""),
    }
    assert [deck.slug for deck in assemble(files).decks] == ["d", "c", "a", "b"]


def test_a_source_that_is_not_there_is_told_at_its_front_matter_line() -> None:
    assert told(assemble({"rivers.md": deck()})) == ["rivers.md:3 unresolved-source"]


def test_a_source_counts_only_within_the_same_folder() -> None:
    bank = assemble({"a/rivers.md": deck(), "b/atlas.md": ATLAS.encode()})
    assert told(bank) == ["a/rivers.md:3 unresolved-source"]
    assert bank.decks == ()


def test_a_misspelt_source_is_told_the_likely_one() -> None:
    bank = assemble({"rivers.md": deck("source: altas"), "atlas.md": ATLAS.encode()})
    assert "`atlas`" in bank.findings[0].mend


def test_a_path_is_no_source() -> None:
    bank = assemble({"rivers.md": deck("source: ../atlas"), "atlas.md": ATLAS.encode()})
    assert told(bank) == ["rivers.md:3 unresolved-source"]


def test_a_deck_is_no_source() -> None:
    bank = assemble({"rivers.md": deck("source: lakes"), "lakes.md": deck("", "")})
    assert told(bank) == ["rivers.md:3 unresolved-source"]


def test_a_passage_that_the_source_lacks_is_told_at_the_question() -> None:
    bank = assemble({"rivers.md": deck(attributes="source=p1,p3,p4"), "atlas.md": ATLAS.encode()})
    assert told(bank) == ["rivers.md:6 unresolved-passage"] * 2
    assert "`p3`" in bank.findings[0].message


def test_a_passage_without_a_source_is_told_at_the_question() -> None:
    assert told(assemble({"rivers.md": deck("topic: x")})) == ["rivers.md:6 passage-without-source"]


@pytest.mark.parametrize(
    ("header", "rule"),
    [
        ("source: [atlas", "bad-yaml"),
        ("source: [atlas]", "nested-value"),
        ("- source: atlas", "bad-yaml"),
        ("summary: a: b\nsource: atlas", "bad-yaml"),
        ("sourse: atlas", "unknown-front-matter"),
    ],
)
def test_a_passage_is_not_blamed_for_front_matter_that_cannot_be_read(
    header: str, rule: str
) -> None:
    bank = assemble({"rivers.md": deck(header), "atlas.md": ATLAS.encode()})
    assert told(bank) == [f"rivers.md:3 {rule}"]


def test_a_deck_without_front_matter_is_told_only_that() -> None:
    bank = assemble({"rivers.md": deck().partition(b"---\n\n")[2], "atlas.md": ATLAS.encode()})
    assert told(bank) == ["rivers.md:1 no-front-matter"]


def test_a_refused_source_is_to_be_mended_first() -> None:
    broken = ATLAS.replace("## Africa {#p1}", "## Africa").encode()
    bank = assemble({"rivers.md": deck(), "atlas.md": broken})
    assert told(bank) == ["atlas.md:6 missing-id", "rivers.md:3 unresolved-source"]
    assert "is refused" in bank.findings[1].message
    assert bank.findings[1].mend == "mend atlas.md first"


def test_a_source_too_large_to_be_read_is_refused_like_any_other() -> None:
    bank = assemble({"rivers.md": deck(), "atlas.md": ATLAS.encode() + b" " * 2_000_000})
    assert told(bank) == ["atlas.md:1 too-large", "rivers.md:3 unresolved-source"]
    assert "is refused" in bank.findings[1].message


def test_misfits_of_a_deck_with_other_errors_are_told_in_the_same_run() -> None:
    broken = deck(attributes="source=p9").replace(b"[x]", b"[ ]")
    bank = assemble({"rivers.md": broken, "atlas.md": ATLAS.encode()})
    assert told(bank) == ["rivers.md:6 no-key", "rivers.md:6 unresolved-passage"]


def test_a_second_deck_of_the_same_name_is_refused() -> None:
    bank = assemble({"b/rivers.md": deck("", ""), "a/rivers.md": deck("", "")})
    assert told(bank) == ["b/rivers.md:1 duplicate-deck"]
    assert [file.document is None for file in bank.files] == [False, True]


def test_a_second_source_of_the_same_name_is_refused_with_its_decks() -> None:
    files = {"a/atlas.md": ATLAS.encode(), "b/atlas.md": ATLAS.encode(), "b/rivers.md": deck()}
    assert told(assemble(files)) == [
        "b/atlas.md:1 duplicate-source",
        "b/rivers.md:3 unresolved-source",
    ]


def test_a_deck_may_be_named_like_a_source() -> None:
    bank = assemble({"a/atlas.md": ATLAS.encode(), "b/atlas.md": deck("", "")})
    assert bank.findings == ()


def test_a_refused_file_takes_no_other_down() -> None:
    bank = assemble({"good.md": deck("", ""), "bad.md": b"\xff", "worse.md": b"\0" * 2_000_000})
    assert [deck.slug for deck in bank.decks] == ["good"]
    assert {finding.file for finding in bank.errors} == {"bad.md", "worse.md"}


def test_one_file_may_be_looked_at_alone() -> None:
    bank = assemble({"rivers.md": deck(), "atlas.md": ATLAS.encode(), "bad.md": b""})
    alone = bank.only("rivers.md")
    assert [file.name for file in alone.files] == ["rivers.md"]
    assert isinstance(alone.files[0].document, Deck)
    assert not alone.errors
    assert isinstance(bank.only("atlas.md").files[0].document, Source)


def test_a_deck_looked_at_alone_keeps_its_source_at_hand() -> None:
    files = {"rivers.md": deck(), "atlas.md": ATLAS.encode(), "globe.md": ATLAS.encode()}
    alone = assemble(files).only("rivers.md")
    assert [source.slug for source in alone.sources] == ["atlas"]
    assert coverage(alone.decks, alone.sources).by_passage == {"p1": 1, "p2": 0}


def test_what_is_left_out_is_a_finding_of_no_file() -> None:
    warning = Finding("x.md", 1, "left-out", Severity.WARNING, "it is a folder", "rename it")
    bank = assemble({"b.md": deck("", "")}, [warning])
    assert [file.name for file in bank.files] == ["b.md"]
    assert bank.findings == (warning,)
    assert warning in check(bank).findings
    assert bank.only("b.md").findings == ()


def test_sources_at_hand_serve_decks_without_a_folder():
    source = native.read(SOURCE.encode(), "notes.md").document
    assert isinstance(source, Source)
    files = {"rivers.md": RIVERS.encode(), "geo/rivers-too.md": RIVERS.encode()}
    bank = assemble(files, at_hand=[source])
    assert [deck.slug for deck in bank.decks] == ["rivers"]
    assert [error.rule for error in bank.errors] == ["unresolved-source"]


def test_a_source_among_the_files_goes_before_one_at_hand():
    old = native.read(SOURCE.replace("{#p2}", "{#p9}").encode(), "notes.md").document
    assert isinstance(old, Source)
    files = {"rivers.md": RIVERS.encode(), "notes.md": SOURCE.encode()}
    assert assemble(files, at_hand=[old]).errors == ()


def test_a_file_is_kept_byte_for_byte():
    (reading,) = assemble({"seas.md": SEAS.encode()}).files
    assert reading.data == SEAS.encode()
    assert reading.digest == digest_of(SEAS.encode())
