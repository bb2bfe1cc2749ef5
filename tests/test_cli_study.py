"""`quizapp study`: cards made anew, the memory model fitted where that can be done."""

import pytest
from sqlalchemy import update

from quizapp.db.models import ReviewCard
from quizapp.operations import optimising
from quizapp.operations.reviewing import take_in
from tests.support import cast
from tests.support.cast import NOW, sessions
from tests.test_cli import quizapp


@pytest.fixture
def home(tmp_path, database_url) -> dict[str, str]:
    """The environment of an installation on this test's database."""
    return {"QUIZAPP_INSTANCE": str(tmp_path), "QUIZAPP_DATABASE_URL": database_url}


@pytest.fixture
def learner(home, database_url):
    """ada has answered the rivers and has her cards."""
    with sessions(database_url) as session:
        cast.load(session)
        ada = cast.register(session, "ada")
        attempt = cast.begin(session, ada)
        for position in range(1, 5):
            cast.answer(session, ada, attempt, position)
        take_in(session, ada.account_id, NOW)


def test_cards_made_anew_are_as_they_were_unless_something_was_wrong(home, learner, database_url):
    done = quizapp("study", "rebuild", environment=home)
    assert done.output == "Made anew: 4 cards of 1 learner; 0 came out different.\n"
    with sessions(database_url) as session:
        session.execute(update(ReviewCard).values(stability=55.0))
        session.commit()
    done = quizapp("study", "rebuild", "--account", "Ada", environment=home)
    assert "4 came out different" in done.output


def test_an_account_that_is_not_there_is_named(home, learner):
    done = quizapp("study", "rebuild", "--account", "nobody", environment=home)
    assert done.exit_code == 1
    assert "no account has the name 'nobody'" in done.stderr


def test_without_the_package_that_fits_it_is_said_what_to_install(
    home,
    learner,
    monkeypatch,
):
    monkeypatch.setattr("quizapp.operations.optimising.find_spec", lambda _name: None)
    done = quizapp("study", "optimise", "--account", "ada", environment=home)
    assert done.exit_code == 1
    assert "this needs quizapp[optimise]" in done.stderr


def test_too_few_answers_are_fitted_to_nothing(home, learner, monkeypatch):
    monkeypatch.setattr("quizapp.operations.optimising.find_spec", lambda name: name)
    done = quizapp("study", "optimise", "--account", "ada", environment=home)
    assert done.exit_code == 1
    assert f"(n = 0): it takes {optimising.ENOUGH}" in done.stderr


def test_optimising_asks_for_one_of_account_and_class(home, learner):
    assert quizapp("study", "optimise", environment=home).exit_code == 2
    nobody = quizapp("study", "optimise", "--class", "none", environment=home)
    assert nobody.exit_code == 1
