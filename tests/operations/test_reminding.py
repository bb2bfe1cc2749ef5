"""Reminders: to whom, when, and never twice."""

from datetime import time, timedelta
from random import Random

import pytest
from sqlalchemy import select, update

from quizapp.db.models import Account, Reminders, StudySettings
from quizapp.db.queries.reminding import account_with_feed, subscribers, telling_of
from quizapp.db.queries.reviewing import study_of
from quizapp.mail import NotSent
from quizapp.operations import accounts
from quizapp.operations.reminding import (
    MORNING,
    Sent,
    choose_reminders,
    confirm_address,
    make_feed,
    remove_feed,
    send_reminders,
    stop_reminders,
)
from quizapp.operations.studying import note_zone, save_wishes, wishes_in
from tests.support import cast
from tests.support.cast import NOW, register
from tests.support.reminded import ADDRESS, LATER, subscriber

DAY = timedelta(days=1)


@pytest.fixture
def ada(session):
    return subscriber(session)


class Post:
    """Takes reminders, or refuses them."""

    def __init__(self, *, refuses: bool = False, is_final: bool = False) -> None:
        self.taken = []
        self.refuses = refuses
        self.is_final = is_final

    def __call__(self, reminder) -> None:
        if self.refuses:
            raise NotSent("out of order", is_final=self.is_final)
        self.taken.append((reminder.subscriber.email, reminder.due))


def sent(session, now=LATER, earliest=time.min) -> list[tuple[str, int]]:
    post = Post()
    send_reminders(session, post, now, earliest)
    return post.taken


def test_who_wants_it_is_told_how_many_are_due(session, ada):
    assert sent(session) == [(ADDRESS, 4)]


def test_nobody_is_reminded_of_nothing(session, ada):
    assert sent(session, NOW + timedelta(hours=1)) == []
    assert sent(session) == [(ADDRESS, 4)]


def test_a_daily_reminder_comes_once_in_a_study_day(session, ada):
    assert sent(session)
    assert sent(session, LATER + timedelta(hours=12)) == []
    assert sent(session, LATER + DAY) == [(ADDRESS, 4)]


def test_a_weekly_reminder_comes_once_in_seven_days(session, ada):
    choose_reminders(session, ada.account_id, Reminders.WEEKLY)
    assert sent(session)
    assert sent(session, LATER + 6 * DAY) == []
    assert sent(session, LATER + 7 * DAY) == [(ADDRESS, 4)]


def test_the_day_is_the_learners_own(session, ada):
    zone = "Pacific/Kiritimati"  # UTC+14: a study day begins at 14:00 UTC
    study = wishes_in(study_of(session, ada.account_id))
    assert study.zone == "UTC"
    session.execute(update(StudySettings).values(zone=zone))
    session.commit()
    assert sent(session, LATER.replace(hour=13))
    assert sent(session, LATER.replace(hour=15)) == [(ADDRESS, 4)]


def test_before_the_morning_of_the_learner_nothing_is_sent(session, ada):
    assert sent(session, LATER.replace(hour=6, minute=59), MORNING) == []
    assert sent(session, LATER.replace(hour=7), MORNING) == [(ADDRESS, 4)]


def test_an_address_that_was_not_confirmed_gets_no_mail(session, ada):
    accounts.change_email(session, ada.account_id, "other@example.org")
    assert sent(session) == []
    assert not confirm_address(session, ada.account_id, ADDRESS)
    assert not telling_of(session, ada.account_id).is_confirmed
    assert confirm_address(session, ada.account_id, "other@example.org")
    assert sent(session) == [("other@example.org", 4)]


def test_who_stopped_them_gets_none_and_stopping_again_changes_nothing(session, ada):
    for _ in range(2):
        stop_reminders(session, ada.account_id)
        assert sent(session) == []
    choose_reminders(session, ada.account_id, Reminders.DAILY)
    assert sent(session)


def test_who_never_chose_anything_is_no_subscriber(session):
    cast.load(session)
    person = register(session, "ada")
    stop_reminders(session, person.account_id)
    assert subscribers(session) == []
    assert telling_of(session, person.account_id).reminders == Reminders.NEVER


def test_what_the_mail_server_did_not_take_is_logged_and_due_again(session, ada, caplog):
    assert send_reminders(session, Post(refuses=True), LATER) == Sent(0, 1)
    assert "A reminder was not sent: out of order" in caplog.text
    assert ADDRESS not in caplog.text
    assert sent(session, LATER + timedelta(minutes=10)) == [(ADDRESS, 4)]


def test_what_is_refused_for_good_is_not_tried_again_before_the_next_day(session, ada):
    refusing = Post(refuses=True, is_final=True)
    assert send_reminders(session, refusing, LATER) == Sent(0, 1)
    assert sent(session, LATER + timedelta(minutes=10)) == []
    assert sent(session, LATER + DAY) == [(ADDRESS, 4)]


def test_what_goes_wrong_with_one_keeps_no_reminder_from_the_others(session, ada, caplog):
    subscriber(session, "mallory", "mallory@example.org")
    owner = StudySettings.account_id == ada.account_id
    session.execute(update(StudySettings).where(owner).values(weights=[0.0] * 21))
    session.commit()
    post = Post()
    assert send_reminders(session, post, LATER) == Sent(1, 1)
    assert post.taken == [("mallory@example.org", 4)]
    assert f"account {ada.account_id}" in caplog.text


def test_two_senders_at_a_time_send_nobody_the_same(session, ada, database_url):
    subscriber(session, "mallory", "mallory@example.org")
    taken = []

    def send_while_another_does(reminder) -> None:
        taken.append(reminder.subscriber.email)
        with cast.sessions(database_url) as other:
            taken.extend(address for address, _ in sent(other))

    # The first has read who wants a reminder; the other is quicker with the second of them.
    assert send_reminders(session, send_while_another_does, LATER) == Sent(1, 0)
    assert taken == [ADDRESS, "mallory@example.org"]


def test_a_calendar_is_found_by_its_token_alone_and_a_new_one_makes_the_old_void(session, ada):
    first = make_feed(session, ada.account_id, Random(1))
    assert account_with_feed(session, first) == ada.account_id
    second = make_feed(session, ada.account_id, Random(2))
    assert len(second) == 43
    assert account_with_feed(session, first) is None
    assert telling_of(session, ada.account_id).feed_token == second
    remove_feed(session, ada.account_id)
    assert account_with_feed(session, second) is None


def test_choosing_reminders_keeps_the_other_settings_and_they_keep_them(session, ada):
    study = study_of(session, ada.account_id)
    save_wishes(session, ada.account_id, wishes_in(study), NOW)
    note_zone(session, ada.account_id, "Europe/Rome", NOW)
    telling = telling_of(session, ada.account_id)
    assert (telling.reminders, telling.is_confirmed) == (Reminders.DAILY, True)


def test_nothing_is_left_of_reminders_when_the_account_goes(session, ada):
    accounts.delete_account(session, ada.account_id)
    assert session.scalars(select(StudySettings)).all() == []
    assert session.scalars(select(Account)).all() == []
