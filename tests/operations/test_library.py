from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from quizapp.db.models import (
    Account,
    Choice,
    Deck,
    FileState,
    Passage,
    Question,
    QuestionFile,
    QuestionVersion,
    Source,
)
from quizapp.db.queries.decks import current_version_ids, decks_on_offer, source_on_offer
from quizapp.db.queries.versions import passages_of, questions_of_versions
from quizapp.domain.findings import Finding, Severity
from quizapp.operations.library import SyncReport, sync
from tests.support import bank, cast
from tests.support.bank import BROKEN, BROKEN_LINE, FILES, RIVERS, SEAS, SOURCE
from tests.support.cast import NOW, sessions
from tests.support.cast import sync_files as load

LATER = NOW + timedelta(days=1)
REWORDED = RIVERS.replace("Where does a river begin?", "Where does each river begin?")


def with_rivers(text: str) -> dict[str, str]:
    return {**FILES, "geo/rivers.md": text}


def version_of(session, slug: str) -> QuestionVersion:
    return session.scalars(
        select(QuestionVersion)
        .join(Question)
        .where(Question.slug == slug, QuestionVersion.is_current)
    ).one()


def version_count(session) -> int:
    return session.scalar(select(func.count()).select_from(QuestionVersion)) or 0


def file_named(session, name: str) -> QuestionFile:
    return session.scalars(select(QuestionFile).where(QuestionFile.name == name)).one()


def titles(session) -> list[str]:
    return [deck.title for deck in decks_on_offer(session, NOW)]


def stems(session, deck: str = "rivers") -> list[str]:
    ids = current_version_ids(session, [deck], NOW)
    questions = questions_of_versions(session, ids)
    return [questions[i].stem.partition("\n")[0] for i in ids]


def test_a_first_sync_loads_every_file_of_the_folder(session):
    report = load(session)
    assert sorted(report.loaded) == sorted(FILES)
    assert (report.unchanged, report.refused, report.gone) == ([], [], [])
    assert titles(session) == ["All about rivers", "All about seas"]
    assert [deck.questions for deck in decks_on_offer(session, NOW)] == [4, 1]


def test_what_was_loaded_is_what_the_files_say(session):
    load(session)
    loaded, _ = bank.read(FILES)
    written = {q.slug: q for deck in loaded.decks for q in deck.questions}
    ids = current_version_ids(session, ["rivers", "seas"], NOW)
    for question in questions_of_versions(session, ids).values():
        original = written[question.slug]
        assert question.stem == original.stem
        assert question.keys == original.keys
        assert [(c.text, c.feedback) for c in question.choices] == [
            (c.text, c.feedback) for c in original.choices
        ]
        assert (question.explanation, question.level, question.shuffle, question.as_of) == (
            original.explanation,
            original.level,
            original.shuffle,
            original.as_of,
        )


def test_questions_are_linked_to_the_passages_they_are_drawn_from(session):
    load(session)
    cited = {
        slug: [passage.slug for passage in passages_of(session, version_of(session, slug).id)]
        for slug in ("beginning", "belongings", "movement", "riddle", "salt")
    }
    assert cited == {
        "beginning": ["p1"],
        "belongings": ["p2"],
        "movement": ["p1", "p2"],
        "riddle": [],
        "salt": [],
    }


def test_a_source_keeps_who_published_it_and_its_notes_in_order(session):
    load(session)
    source = source_on_offer(session, "notes")
    assert source is not None
    assert (source.author, source.publisher) == ("R. Iver", "The River Press")
    assert source.published is not None
    assert source.published.isoformat() == "2022-04-06"
    assert [passage.heading for passage in source.passages] == ["Springs", "Mouths"]


def test_a_second_sync_of_the_same_files_changes_nothing(session):
    load(session)
    versions = version_count(session)
    report = load(session, now=LATER)
    assert sorted(report.unchanged) == sorted(FILES)
    assert report.loaded == []
    assert version_count(session) == versions
    assert file_named(session, "geo/rivers.md").live_at == NOW


def test_a_reworded_question_gets_a_new_version_and_keeps_the_old_one(session):
    load(session)
    old = version_of(session, "beginning").id
    report = load(session, with_rivers(REWORDED), LATER)
    new = version_of(session, "beginning")
    assert report.loaded == ["geo/rivers.md"]
    assert (new.stem, new.created_at) == ("Where does each river begin?", LATER)
    kept = session.get_one(QuestionVersion, old)
    assert (kept.stem, kept.is_current) == ("Where does a river begin?", False)
    assert version_count(session) == 6


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- [ ] The moon\n- [x] The slope", "- [x] The moon\n- [ ] The slope"),
        ("FEEDBACK-MOUTH: that", "FEEDBACK-MOUTH: yes, that"),
        ("EXPLANATION-RIDDLE: a", "EXPLANATION-RIDDLE: another"),
        ("source=p2}", "source=p1}"),
        ("level=1", "level=2"),
        (" shuffle=false", ""),
    ],
    ids=["key", "feedback", "explanation", "passages", "level", "shuffle"],
)
def test_each_part_of_what_a_question_says_makes_a_version(session, before, after):
    load(session)
    load(session, with_rivers(RIVERS.replace(before, after)), LATER)
    assert version_count(session) == 6


def test_taking_an_edit_back_makes_the_old_version_current_again(session):
    load(session)
    old = version_of(session, "beginning").id
    load(session, with_rivers(REWORDED))
    load(session)
    assert version_of(session, "beginning").id == old
    assert version_count(session) == 6


def test_a_question_moved_within_its_file_keeps_its_version_and_takes_its_new_place(session):
    load(session)
    before = version_of(session, "riddle").id
    head, first, *rest, last = RIVERS.split("## ")
    load(session, with_rivers("## ".join([head, last + "\n", first, *rest])))
    assert version_of(session, "riddle").id == before
    assert stems(session)[0] == "Which river is meant?"
    assert version_count(session) == 5


def test_a_question_taken_out_is_no_longer_asked_and_comes_back_as_it_was(session):
    load(session)
    before = version_of(session, "riddle").id
    load(session, with_rivers(RIVERS.partition("## Which river")[0]))
    assert len(stems(session)) == 3
    load(session)
    assert len(stems(session)) == 4
    assert version_of(session, "riddle").id == before


def test_a_file_that_is_gone_takes_its_deck_off_and_brings_it_back(session):
    load(session)
    report = load(session, {name: text for name, text in FILES.items() if "rivers" not in name})
    assert report.gone == ["geo/rivers.md"]
    assert file_named(session, "geo/rivers.md").state == FileState.GONE
    assert titles(session) == ["All about seas"]
    assert current_version_ids(session, ["rivers"], NOW) == []
    report = load(session)
    assert report.loaded == ["geo/rivers.md"]
    assert titles(session) == ["All about rivers", "All about seas"]
    assert version_count(session) == 5


def test_a_file_that_comes_back_broken_claims_no_version_that_is_still_served(session):
    load(session, FILES)
    load(session, {name: text for name, text in FILES.items() if name != "geo/rivers.md"})
    report = load(session, with_rivers(BROKEN))
    assert (report.refused, report.kept) == (["geo/rivers.md"], [])
    assert file_named(session, "geo/rivers.md").live_at is None


def test_a_file_that_is_gone_is_reported_once(session):
    load(session)
    files = {"geo/seas.md": SEAS}
    assert load(session, files).gone == ["geo/notes.md", "geo/rivers.md"]
    assert load(session, files).gone == []


def test_a_source_that_is_gone_is_no_longer_read(session):
    load(session)
    load(session, {"geo/seas.md": SEAS})
    assert source_on_offer(session, "notes") is None


def test_a_file_that_came_back_refused_and_left_again_is_kept_as_gone(session):
    load(session)
    load(session, {"geo/notes.md": SOURCE}, LATER)
    load(session, with_rivers(BROKEN), LATER)
    load(session, {"geo/notes.md": SOURCE}, LATER)
    assert file_named(session, "geo/rivers.md").state == FileState.GONE


def test_a_source_stays_as_long_as_a_deck_on_offer_is_drawn_from_it(session):
    load(session)
    report = load(session, {name: text for name, text in FILES.items() if "notes" not in name})
    assert (report.gone, report.kept) == (["geo/notes.md"], ["geo/rivers.md"])
    assert titles(session) == ["All about rivers", "All about seas"]
    assert source_on_offer(session, "notes") is not None
    load(session, {"geo/seas.md": SEAS}, LATER)
    source = session.scalars(select(Source)).one()
    assert source.retired_at == LATER


def test_a_source_refused_and_then_removed_stays_for_its_decks(session):
    load(session)
    load(session, {**FILES, "geo/notes.md": "---\nkind: source\n---\n"})
    load(session, {name: text for name, text in FILES.items() if "notes" not in name})
    assert source_on_offer(session, "notes") is not None


def test_a_source_whose_file_becomes_a_deck_stays_for_its_decks(session):
    load(session)
    load(session, {**FILES, "geo/notes.md": SEAS.replace("seas", "notes")})
    assert source_on_offer(session, "notes") is not None
    load(session, {"geo/notes.md": SEAS.replace("seas", "notes")})
    assert source_on_offer(session, "notes") is None


def test_a_source_that_comes_back_is_read_again(session):
    load(session)
    load(session, {"geo/seas.md": SEAS})
    load(session)
    assert source_on_offer(session, "notes") is not None


def test_a_file_that_never_was_live_is_forgotten_when_it_goes(session):
    load(session, {**FILES, "new.md": "---\ntitle: Empty\n---\n"})
    report = load(session)
    assert report.gone == []
    assert session.scalars(select(QuestionFile.name).order_by(QuestionFile.name)).all() == [*FILES]


def test_a_file_that_comes_back_broken_is_refused_and_not_served_as_it_was(session):
    load(session)
    load(session, {"geo/notes.md": SOURCE})
    report = load(session, with_rivers(BROKEN))
    assert (report.refused, report.kept) == (["geo/rivers.md"], [])
    assert titles(session) == ["All about seas"]


def test_a_renamed_file_is_a_new_deck_and_the_old_one_is_retired(session):
    load(session)
    files = {name.replace("rivers", "streams"): text for name, text in FILES.items()}
    report = load(session, files)
    assert (report.loaded, report.gone) == (["geo/streams.md"], ["geo/rivers.md"])
    assert [deck.slug for deck in decks_on_offer(session, NOW)] == ["streams", "seas"]


def test_a_file_moved_to_another_folder_keeps_its_deck_and_versions(session):
    load(session)
    before = set(current_version_ids(session, ["rivers", "seas"], NOW))
    files = {name.replace("geo/", "water/"): text for name, text in FILES.items()}
    report = load(session, files)
    assert sorted(report.gone) == sorted(FILES)
    assert titles(session) == ["All about rivers", "All about seas"]
    assert set(current_version_ids(session, ["rivers", "seas"], NOW)) == before


def test_a_file_that_becomes_a_source_is_no_longer_a_deck(session):
    load(session)
    load(session, {**FILES, "geo/seas.md": SOURCE})
    assert titles(session) == ["All about rivers"]
    assert source_on_offer(session, "seas") is not None


def test_a_passage_taken_out_is_retired_and_kept_for_those_who_cited_it(session):
    load(session)
    movement = version_of(session, "movement").id
    without_p2 = SOURCE.partition("## Mouths")[0]
    rivers = RIVERS.replace("source=p2}", "source=p1}").replace("p1,p2", "p1")
    load(session, {**FILES, "geo/notes.md": without_p2, "geo/rivers.md": rivers}, LATER)
    mouths = session.scalars(select(Passage).where(Passage.slug == "p2")).one()
    assert mouths.retired_at == LATER
    assert [passage.slug for passage in passages_of(session, movement)] == ["p1", "p2"]
    load(session)
    session.refresh(mouths)
    assert mouths.retired_at is None


def test_a_rewritten_note_is_shown_to_all_who_cite_it(session):
    load(session)
    load(session, {**FILES, "geo/notes.md": SOURCE.replace("ends.", "meets the sea.")})
    (passage,) = passages_of(session, version_of(session, "belongings").id)
    assert passage.note == "Where a river meets the sea."
    assert version_count(session) == 5


def test_a_refused_file_leaves_live_what_was_live(session):
    load(session)
    before = current_version_ids(session, ["rivers"], NOW)
    report = load(session, with_rivers(BROKEN), LATER)
    assert (report.refused, report.kept) == (["geo/rivers.md"], ["geo/rivers.md"])
    assert current_version_ids(session, ["rivers"], NOW) == before
    file = file_named(session, "geo/rivers.md")
    assert (file.state, file.live_at, file.read_at) == (FileState.REFUSED, NOW, LATER)


def test_a_refused_file_is_kept_with_its_errors_and_their_lines(session):
    report = load(session, with_rivers(BROKEN))
    (kept,) = file_named(session, "geo/rivers.md").findings
    assert (kept["file"], kept["line"]) == ("geo/rivers.md", BROKEN_LINE)
    assert kept["severity"] == "error"
    assert kept["mend"]
    assert [finding.as_dict() for finding in report.findings] == [kept]
    assert titles(session) == ["All about seas"]


def test_a_mended_file_goes_live_and_its_errors_are_forgotten(session):
    load(session, with_rivers(BROKEN))
    report = load(session)
    assert report.loaded == ["geo/rivers.md"]
    assert file_named(session, "geo/rivers.md").findings == []


def test_a_refused_source_holds_its_decks_back_until_it_is_mended(session):
    load(session)
    report = load(session, {**FILES, "geo/notes.md": "---\nkind: source\n---\n"})
    assert sorted(report.refused) == ["geo/notes.md", "geo/rivers.md"]
    assert titles(session) == ["All about rivers", "All about seas"]
    assert sorted(load(session).loaded) == ["geo/notes.md", "geo/rivers.md"]


def test_a_warning_is_noted_and_refuses_nothing(session):
    loaded, _ = bank.read({"seas.md": SEAS})
    warning = Finding("seas.md", 7, "some-rule", Severity.WARNING, "it is dull", "sharpen it")
    report = sync(session, loaded, {"seas.md": [warning]}, NOW)
    assert report.loaded == ["seas.md"]
    assert file_named(session, "seas.md").findings == [warning.as_dict()]


def test_an_answered_question_stays_as_it_was_for_the_one_who_answered(session):
    load(session)
    guest = cast.guest(session)
    attempt = cast.begin(session, guest)
    cast.answer(session, guest, attempt, 1)
    before = cast.question_of(session, cast.item_at(session, guest, attempt, 1))
    swapped = RIVERS.replace("[x]", "[-]").replace("[ ]", "[x]").replace("[-]", "[ ]")
    assert load(session, with_rivers(swapped)).loaded == ["geo/rivers.md"]
    after = cast.question_of(session, cast.item_at(session, guest, attempt, 1))
    assert after == before


def test_when_loading_fails_midway_nothing_of_it_is_there(session, monkeypatch):
    load(session)

    class DiskFull(Exception):
        pass

    def fail(*_args: object) -> None:
        raise DiskFull

    changed = {"geo/notes.md": SOURCE.replace("Springs", "Wells"), "geo/rivers.md": REWORDED}
    monkeypatch.setattr("quizapp.operations.library._load_version", fail)
    with pytest.raises(DiskFull):
        load(session, changed, LATER)
    headings = session.scalars(select(Passage.heading).order_by(Passage.position)).all()
    assert headings == ["Springs", "Mouths"]
    assert {f.state for f in session.scalars(select(QuestionFile))} == {FileState.LIVE}
    assert {f.read_at for f in session.scalars(select(QuestionFile))} == {NOW}
    assert titles(session) == ["All about rivers", "All about seas"]
    assert version_count(session) == 5


def test_two_syncs_at_once_load_everything_once(database_url):
    def one(_number: int) -> SyncReport:
        with sessions(database_url) as session:
            return load(session)

    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(one, range(4)))
    assert sum(len(report.loaded) for report in reports) == len(FILES)
    with sessions(database_url) as session:
        assert version_count(session) == 5
        counts = [
            session.scalar(select(func.count()).select_from(table))
            for table in (Source, Deck, Question, Choice, QuestionFile)
        ]
    assert counts == [1, 2, 5, 15, 3]


def test_a_sync_touches_no_account(session):
    ada = cast.guest(session)
    load(session)
    assert session.get(Account, ada.account_id) is not None
