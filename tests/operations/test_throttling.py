from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from quizapp.db.models import Throttle
from quizapp.db.queries.throttles import tries
from quizapp.operations.throttling import count_try, forget_tries
from tests.support.cast import sessions

NOW = 1_000_000.0


def test_tries_within_a_window_add_up(session):
    counts = [count_try(session, "ada", 60, 1, NOW + second) for second in (0, 30, 59)]
    assert counts == [1, 2, 3]
    assert tries(session, "ada", NOW + 59) == (3, NOW + 60)


def test_a_new_window_starts_anew(session):
    count_try(session, "ada", 60, 5, NOW)
    assert tries(session, "ada", NOW + 60) == (0, NOW + 60)
    assert count_try(session, "ada", 60, 1, NOW + 60) == 1
    assert tries(session, "ada", NOW + 61) == (1, NOW + 120)


def test_each_key_is_counted_for_itself(session):
    count_try(session, "ada", 60, 3, NOW)
    assert count_try(session, "mallory", 60, 1, NOW) == 1


def test_a_forgotten_key_starts_anew_and_others_go_on(session):
    count_try(session, "ada", 60, 3, NOW)
    count_try(session, "mallory", 60, 3, NOW)
    assert forget_tries(session, "ada") == 1
    assert count_try(session, "ada", 60, 1, NOW) == 1
    assert count_try(session, "mallory", 60, 1, NOW) == 4


def test_everything_can_be_forgotten(session):
    count_try(session, "ada", 60, 1, NOW)
    count_try(session, "mallory", 60, 1, NOW)
    assert forget_tries(session) == 2


def test_windows_long_past_are_cleared_away(session):
    for number in range(5):
        count_try(session, f"visitor {number}", 60, 1, NOW)
    count_try(session, "ada", 60, 1, NOW + 1000)
    assert session.scalar(select(func.count()).select_from(Throttle)) == 1


def test_workers_share_their_counts_and_lose_none(database_url):
    def try_ten(_worker: int) -> None:
        with sessions(database_url) as session:
            for _ in range(10):
                count_try(session, "ada", 60, 1, NOW)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(try_ten, range(6)))
    with sessions(database_url) as session:
        assert tries(session, "ada", NOW) == (60, NOW + 60)
