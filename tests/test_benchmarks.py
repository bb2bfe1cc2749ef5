import json

import pytest
from sqlalchemy import delete

from benchmarks import analysis, durable_answer, question_page, report
from benchmarks.apps import staged
from benchmarks.calls import Browser, Call
from benchmarks.crowd import Done
from benchmarks.figures import Bounds, contest, figure, percentile
from benchmarks.graded import fill
from benchmarks.page_weight import Answered, named_in
from benchmarks.rows import SqliteRows
from benchmarks.sizes import SMALLEST
from quizapp.db.models import Response
from quizapp.paths import shipped
from tests.support.cast import sessions


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stage")
    return staged(folder, f"sqlite:///{folder / 'quizapp.sqlite3'}", SMALLEST.learners)


@pytest.mark.slow
def test_a_run_prints_each_figure_with_its_bounds_and_whether_it_reaches_them(stage, tmp_path):
    rows = SqliteRows(tmp_path / "rows.sqlite3")
    figures = [
        *question_page.figures(stage, SMALLEST),
        *durable_answer.figures("answer", stage, rows.commit, SMALLEST, durable_answer.ON_SQLITE),
    ]
    rows.close()
    printed = json.loads(report.as_json(figures))
    assert len(printed["figures"]) == 5
    for shown in printed["figures"]:
        assert shown["low"] <= shown["median"] <= shown["high"]
        assert shown["reaches_must"] == (shown["median"] <= shown["must"])
    table = report.as_table(figures).splitlines()
    assert [line.partition("  ")[0] for line in table] == ["figure", *(f.name for f in figures)]


@pytest.mark.slow
def test_learners_answer_everyones_first_question_then_everyones_second(stage):
    paths = [call.path for call in Browser(stage.app).answers(stage.attempts[:2])]
    first, second = (attempt.public_id for attempt in stage.attempts[:2])
    assert paths[:3] == [
        f"/attempts/{first}/items/1/response",
        f"/attempts/{second}/items/1/response",
        f"/attempts/{first}/items/2/response",
    ]


@pytest.mark.slow
def test_analysis_is_read_at_two_sizes_after_its_tallies_were_checked(tmp_path):
    filled, *grown = analysis.figures(tmp_path, SMALLEST)
    assert filled.name.startswith("filling ")
    assert [each.name for each in grown] == list(analysis.READS)
    assert all(each.must == 1.5 for each in grown)


@pytest.mark.slow
def test_a_tally_that_is_off_by_one_answer_ends_the_measurement(tmp_path):
    filled = fill(f"sqlite:///{tmp_path / 'quizapp.sqlite3'}", shipped("questions"), 1)
    with sessions(filled.url) as session:
        analysis.check(session)
        session.execute(delete(Response).where(Response.item_id == 1))
        with pytest.raises(AssertionError, match="not what the responses come to"):
            analysis.check(session)


def test_a_request_on_the_wire_says_how_long_its_form_is():
    head, _, body = Call("/x", "a=b", b"choice=1").wire().partition(b"\r\n\r\n")
    assert head.startswith(b"POST /x HTTP/1.1\r\n")
    assert b"Content-Length: 8" in head.splitlines()
    assert body == b"choice=1"


def test_two_sides_are_measured_in_turn_and_compared_pair_by_pair():
    ours, baseline = iter([9.0, 2.0, 6.0]), iter([9.0, 1.0, 2.0])
    result = contest(lambda: next(ours), lambda: next(baseline), blocks=2)
    assert result.ratios == [2.0, 3.0]


@pytest.mark.parametrize(
    ("bounds", "must", "aim"),
    [
        (Bounds(must=3, aim=2), True, False),
        (Bounds(must=2, aim=3, at_least=True), True, False),
        (Bounds(), None, None),
    ],
)
def test_a_figure_knows_which_side_of_its_bounds_is_the_right_one(bounds, must, aim):
    measured = figure("speed", "x", [2.5], bounds)
    assert (measured.reaches_must, measured.reaches_aim) == (must, aim)


def test_the_hundredth_percentile_is_the_largest_value():
    assert percentile([3.0, 1.0, 2.0], 1.0) == 3.0
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0


def test_the_rate_of_a_crowd_counts_what_went_well_from_first_start_to_last_end():
    done = Done(took=[0.1, 0.1], failed=1, began=10.0, ended=11.0)
    done.add(Done(took=[0.5], began=9.0, ended=10.5))
    assert done.rate == pytest.approx(3 / 2)


def test_the_weight_of_a_page_follows_its_links_and_the_imports_of_its_scripts():
    page = b"""<link rel="stylesheet" href="/a.css"><link rel="canonical" href="/">
        <script type="module" src="/js/main.js"></script><img src="/i.svg">"""
    script = b"""import * as one from "./one.js";\nimport "./two.js";"""
    assert named_in("/x", Answered(0, "Content-Type: text/html", page)) == [
        "/a.css",
        "/js/main.js",
        "/i.svg",
    ]
    assert named_in("/js/main.js", Answered(0, "Content-Type: text/javascript", script)) == [
        "/js/one.js",
        "/js/two.js",
    ]
