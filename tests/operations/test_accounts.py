from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random

import pytest
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy import func, select

from quizapp.db.models import (
    Account,
    Attempt,
    AuditEvent,
    ClassTeacher,
    Item,
    Response,
    Role,
    SignInLink,
)
from quizapp.db.queries.accounts import (
    Viewer,
    account_named,
    attempt_count,
    viewer_with_session_key,
)
from quizapp.db.queries.classes import own_enrolments, roster, taught_class
from quizapp.db.transactions import writing
from quizapp.operations import accounts, classes
from quizapp.operations.accounts import Identity, NameTaken, new_link
from quizapp.operations.statistics import differences
from quizapp.operations.tallies import wrong_tallies
from tests.support import cast
from tests.support.cast import NOW, PASSWORD, answer, begin, sessions
from tests.support.classroom import enrol, make_class
from tests.support.handed_in import assign, hand_in

NEW_PASSWORD = "an even calmer room"


def viewer(session, key: str | None) -> Viewer:
    """Whom a browser with this session key is taken for."""
    session.rollback()
    return viewer_with_session_key(session, key or "") or Viewer()


def kept_password(session, name: str) -> str:
    """What the database holds of a password."""
    account = account_named(session, name)
    assert account is not None
    return account.password_hash or ""


def name_on(session, link: str) -> str | None:
    """Whose one-time link it is at this moment."""
    account = accounts.link_account(session, link, NOW)
    return account.name if account else None


def accounts_there(session) -> int:
    return session.scalar(select(func.count()).select_from(Account)) or 0


@pytest.fixture
def ada(session):
    return cast.register(session, "Ada")


# Guests and names


def test_a_guest_has_an_account_without_a_name(session):
    guest = cast.guest(session)
    seen = viewer(session, guest.session_key)
    assert (seen.is_guest, seen.is_registered, seen.is_instructor) == (True, False, False)


def test_a_guest_who_signs_up_keeps_the_account_and_what_is_in_it(session):
    cast.load(session)
    guest = cast.guest(session)
    attempt = begin(session, guest)
    identity = Identity("  Ada   Lovelace ", PASSWORD, "ada@example.org")
    key = accounts.sign_up(session, guest.account_id, identity, Random(1), NOW)
    seen = viewer(session, key)
    assert (seen.account_id, seen.name) == (guest.account_id, "Ada Lovelace")
    assert session.scalars(select(Attempt.account_id)).one() == guest.account_id
    assert cast.item_at(session, cast.Person(0, key), attempt, 1).title == "Practice"


def test_signing_up_ends_the_guests_own_session(session):
    guest = cast.guest(session)
    identity = Identity("Ada", PASSWORD)
    accounts.sign_up(session, guest.account_id, identity, Random(1), NOW)
    assert not viewer(session, guest.session_key).is_known


def test_signing_up_for_somebody_elses_account_makes_a_new_one(session, ada):
    identity = Identity("Mallory", PASSWORD)
    key = accounts.sign_up(session, ada.account_id, identity, Random(1), NOW)
    seen = viewer(session, key)
    assert seen.account_id != ada.account_id
    assert viewer(session, ada.session_key).name == "Ada"


@pytest.mark.parametrize("name", ["Ada", "ADA", " ada ", "\uff21da"])
def test_a_name_that_looks_taken_is_taken(session, ada, name):
    guest = cast.guest(session)
    with pytest.raises(NameTaken):
        accounts.sign_up(session, guest.account_id, Identity(name, PASSWORD), Random(1), NOW)
    assert viewer(session, guest.session_key).is_guest


def test_of_many_who_want_one_name_at_once_one_gets_it(database_url):
    def try_it(seed: int) -> bool:
        with sessions(database_url) as session:
            try:
                accounts.sign_up(session, None, Identity("Ada", PASSWORD), Random(seed), NOW)
            except NameTaken:
                return False
            return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(try_it, range(6))) == 1


# Signing in


def test_name_and_password_open_the_account_whatever_the_letter_case_of_the_name(session, ada):
    assert accounts.sign_in(session, None, " ADA ", PASSWORD) == ada.session_key


@pytest.mark.parametrize(
    ("name", "password"),
    [("Ada", PASSWORD.upper()), ("Ada", ""), ("Nobody", PASSWORD), ("", "")],
)
def test_a_wrong_name_or_password_opens_nothing(session, ada, name, password):
    assert accounts.sign_in(session, None, name, password) is None


def test_a_guest_cannot_be_signed_in_to(session):
    cast.guest(session)
    assert accounts.sign_in(session, None, "", "") is None


def test_what_a_guest_did_moves_to_the_account_that_signs_in(session, ada):
    cast.load(session)
    guest = cast.guest(session)
    attempt = begin(session, guest)
    answer(session, guest, attempt, 1)
    accounts.sign_in(session, guest.account_id, "Ada", PASSWORD)
    assert not viewer(session, guest.session_key).is_known
    assert attempt_count(session, ada.account_id) == 1
    assert cast.item_at(session, ada, attempt, 1).given is not None
    assert accounts_there(session) == 1


def test_a_failed_sign_in_moves_nothing(session, ada):
    guest = cast.guest(session)
    accounts.sign_in(session, guest.account_id, "Ada", "wrong password")
    assert viewer(session, guest.session_key).is_guest


def test_nobodys_account_but_a_guests_is_ever_moved(session, ada):
    mallory = cast.register(session, "Mallory")
    accounts.sign_in(session, ada.account_id, "Mallory", PASSWORD)
    accounts.sign_in(session, mallory.account_id, "Mallory", PASSWORD)
    assert accounts_there(session) == 2


def test_a_guest_who_starts_with_a_key_the_account_used_too_can_be_moved(session, ada):
    cast.load(session)
    guest = cast.guest(session)
    begin(session, ada, start_key="the-same-key")
    begin(session, guest, start_key="the-same-key")
    assert accounts.sign_in(session, guest.account_id, "Ada", PASSWORD) == ada.session_key
    assert attempt_count(session, ada.account_id) == 2


# Guests in classes


@pytest.fixture
def seminar(session):
    """A class with an assignment on the rivers."""
    cast.load(session)
    return make_class(session, cast.register(session, "grace", Role.INSTRUCTOR))


def places(session, person: cast.Person) -> list[str]:
    """The names under which an account is in classes."""
    session.rollback()
    return [enrolment.name for enrolment in own_enrolments(session, person.account_id)]


def owners(session, *attempts: int) -> list[int]:
    """Whose attempts these are."""
    session.expire_all()
    return [session.get_one(Attempt, attempt).account_id for attempt in attempts]


def test_a_guests_place_in_a_class_moves_with_the_work_done_there(session, ada, seminar):
    guest = cast.guest(session)
    enrol(session, seminar, guest, "Ada")
    graded = hand_in(session, assign(session, seminar), guest, {"beginning": None})
    accounts.sign_in(session, guest.account_id, "Ada", PASSWORD)
    assert places(session, ada) == ["Ada"]
    assert owners(session, graded) == [ada.account_id]
    assert not viewer(session, guest.session_key).is_known
    assert differences(session) == []


def test_a_guest_stays_in_a_class_that_the_account_is_in_too(session, ada, seminar):
    guest = cast.guest(session)
    grace = cast.Person(session.scalars(select(ClassTeacher.account_id)).one(), "")
    other = make_class(session, grace, "Seminar C")
    for school_class, name in ((seminar, "Ada 2"), (other, "Ada 3")):
        enrol(session, school_class, guest, name)
    enrol(session, seminar, ada, "Ada 1")
    shared = hand_in(session, assign(session, seminar), guest, {"beginning": None})
    lone = hand_in(session, assign(session, other), guest, {"beginning": None})
    cast.begin(session, guest)
    accounts.sign_in(session, guest.account_id, "Ada", PASSWORD)
    assert viewer(session, guest.session_key).is_guest
    assert places(session, guest) == ["Ada 2"]
    assert sorted(places(session, ada)) == ["Ada 1", "Ada 3"]
    assert owners(session, shared, lone) == [guest.account_id, ada.account_id]
    assert attempt_count(session, ada.account_id) == 2
    assert differences(session) == []


def test_a_guest_who_was_removed_is_removed_under_the_account_too(session, ada, seminar):
    guest = cast.guest(session)
    enrolment = enrol(session, seminar, guest, "Ada").id
    code = seminar.join_code or ""
    classes.remove_student(session, ada.account_id, enrolment, NOW)
    accounts.sign_in(session, guest.account_id, "Ada", PASSWORD)
    with pytest.raises(classes.WasRemoved):
        classes.join_class(session, code, ada.account_id, "Ada", NOW)


# Passwords


def test_a_password_is_kept_as_argon2id_with_the_parameters_we_chose(session, monkeypatch):
    monkeypatch.undo()
    cast.register(session, "Ada")
    kept = kept_password(session, "ada")
    assert kept.startswith("$argon2id$")
    parameters = extract_parameters(kept)
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (19_456, 2, 1)
    assert PASSWORD not in kept


def test_a_password_kept_with_older_parameters_is_hashed_anew_at_sign_in(session, monkeypatch):
    ada = cast.register(session, "Ada")
    stronger = PasswordHasher(memory_cost=16, time_cost=1, parallelism=1)
    monkeypatch.setattr("quizapp.operations.accounts._HASHER", stronger)
    assert accounts.sign_in(session, None, "Ada", PASSWORD) == ada.session_key
    kept = kept_password(session, "ada")
    assert extract_parameters(kept).memory_cost == 16
    assert accounts.sign_in(session, None, "Ada", PASSWORD) == ada.session_key


def test_a_new_password_replaces_the_old_one_and_ends_all_other_sessions(session, ada):
    key = accounts.change_password(session, ada.account_id, PASSWORD, NEW_PASSWORD, Random(1), NOW)
    assert not viewer(session, ada.session_key).is_known
    assert viewer(session, key).account_id == ada.account_id
    assert accounts.sign_in(session, None, "Ada", PASSWORD) is None
    assert accounts.sign_in(session, None, "Ada", NEW_PASSWORD) == key


def test_without_the_old_password_nothing_is_changed(session, ada):
    nothing = accounts.change_password(session, ada.account_id, "x", NEW_PASSWORD, Random(1), NOW)
    assert nothing is None
    assert accounts.sign_in(session, None, "Ada", PASSWORD) == ada.session_key


# One-time links


def test_a_link_signs_an_instructor_in_once(session):
    link = accounts.create_instructor(session, "Grace", Random(1), NOW)
    assert name_on(session, link) == "Grace"
    key = accounts.use_link(session, link, NEW_PASSWORD, Random(2), NOW)
    assert viewer(session, key).is_instructor
    assert accounts.sign_in(session, None, "grace", NEW_PASSWORD) == key
    assert accounts.link_account(session, link, NOW) is None
    assert accounts.use_link(session, link, PASSWORD, Random(3), NOW) is None
    assert accounts.sign_in(session, None, "grace", NEW_PASSWORD) == key


def test_a_link_expires(session):
    link = accounts.create_instructor(session, "Grace", Random(1), NOW)
    just_before = NOW + accounts.LINK_LIFETIME - timedelta(seconds=1)
    assert accounts.link_account(session, link, just_before)
    assert accounts.link_account(session, link, NOW + accounts.LINK_LIFETIME) is None
    late = accounts.use_link(session, link, NEW_PASSWORD, Random(2), NOW + accounts.LINK_LIFETIME)
    assert late is None


def test_of_many_uses_of_a_link_at_once_one_succeeds(database_url):
    with sessions(database_url) as session:
        link = accounts.create_instructor(session, "Grace", Random(1), NOW)

    def use(seed: int) -> str | None:
        with sessions(database_url) as session:
            return accounts.use_link(session, link, NEW_PASSWORD, Random(seed), NOW)

    with ThreadPoolExecutor(6) as pool:
        assert sum(key is not None for key in pool.map(use, range(6))) == 1


def test_the_database_does_not_hold_the_link_itself(session):
    link = accounts.create_instructor(session, "Grace", Random(1), NOW)
    assert link not in session.scalars(select(SignInLink.token_digest)).one()


def test_a_learner_can_be_made_an_instructor(session, ada):
    link = accounts.create_instructor(session, "ada", Random(1), NOW)
    assert name_on(session, link) == "Ada"
    seen = viewer(session, ada.session_key)
    assert (seen.name, seen.role) == ("Ada", Role.INSTRUCTOR)
    assert accounts_there(session) == 1


def test_who_forgot_the_password_gets_a_link_that_changes_nothing_until_it_is_used(session, ada):
    link = accounts.create_link(session, " ADA ", Random(1), NOW)
    assert link is not None
    assert name_on(session, link) == "Ada"
    assert accounts.sign_in(session, None, "Ada", PASSWORD) == ada.session_key
    key = accounts.use_link(session, link, NEW_PASSWORD, Random(2), NOW)
    seen = viewer(session, key)
    assert (seen.account_id, seen.role) == (ada.account_id, Role.LEARNER)
    assert accounts.sign_in(session, None, "Ada", PASSWORD) is None


def test_nobody_gets_no_link(session):
    cast.guest(session)
    assert accounts.create_link(session, "Ada", Random(1), NOW) is None
    assert accounts.create_link(session, "", Random(1), NOW) is None
    assert session.scalars(select(SignInLink)).all() == []


def test_a_link_to_a_guest_opens_it_without_a_password_and_ends_the_old_session(session):
    guest = cast.guest(session)
    with writing(session) as connection:
        until = NOW + timedelta(hours=1)
        links = [new_link(connection, guest.account_id, until, Random(n)) for n in range(2)]
    assert accounts.use_link(session, links[0], NEW_PASSWORD, Random(3), NOW) is None
    key = accounts.use_guest_link(session, links[0], Random(3), NOW)
    assert viewer(session, key).account_id == guest.account_id
    assert viewer(session, key).is_guest
    assert not viewer(session, guest.session_key).is_known
    assert accounts.use_guest_link(session, links[1], Random(4), NOW) is None


def test_a_link_to_an_account_opens_nothing_without_a_password(session, ada):
    link = accounts.create_link(session, "Ada", Random(1), NOW) or ""
    assert accounts.use_guest_link(session, link, Random(2), NOW) is None
    assert accounts.use_link(session, link, NEW_PASSWORD, Random(2), NOW) is not None


@pytest.mark.parametrize("change", ["a used link", "a new password", "another role"])
def test_links_made_before_are_void_after(session, ada, change):
    links = [accounts.create_link(session, "Ada", Random(seed), NOW) or "" for seed in range(2)]
    if change == "a used link":
        accounts.use_link(session, links[0], NEW_PASSWORD, Random(3), NOW)
    elif change == "a new password":
        accounts.change_password(session, ada.account_id, PASSWORD, NEW_PASSWORD, Random(3), NOW)
    else:
        accounts.set_role(session, "Ada", Role.INSTRUCTOR, NOW)
    assert accounts.link_account(session, links[1], NOW) is None
    assert accounts.use_link(session, links[1], PASSWORD, Random(4), NOW) is None


def test_mailed_links_go_to_every_account_with_the_address_and_live_an_hour(session, ada):
    for name, email in (("Bea", "b@example.org"), ("Bo", "B@Example.org"), ("Ada L.", "")):
        identity = Identity(name, PASSWORD, email)
        accounts.sign_up(session, None, identity, Random(name), NOW)
    cast.guest(session)
    made = accounts.create_mailed_links(session, "b@example.ORG", Random(1), NOW)
    assert [name for name, _ in made] == ["Bea", "Bo"]
    assert [name_on(session, link) for _, link in made] == ["Bea", "Bo"]
    late = NOW + accounts.MAILED_LINK_LIFETIME
    assert accounts.link_account(session, made[0][1], late) is None
    for nobody in ("", "nobody@example.org", "b@example.org%"):
        assert accounts.create_mailed_links(session, nobody, Random(2), NOW) == []


# Roles


def test_an_admin_is_an_instructor_who_sees_all(session):
    accounts.create_instructor(session, "Heidi", Random(1), NOW, Role.ADMIN)
    account = account_named(session, "heidi")
    assert account is not None
    seen = viewer(session, account.session_key)
    assert (seen.is_instructor, seen.is_admin) == (True, True)
    accounts.create_instructor(session, "heidi", Random(2), NOW)
    assert viewer(session, account.session_key).is_admin


def test_a_role_is_given_and_taken(session, ada):
    for role, is_instructor in ((Role.INSTRUCTOR, True), (Role.LEARNER, False)):
        accounts.set_role(session, " ADA ", role, NOW)
        assert viewer(session, ada.session_key).is_instructor is is_instructor
    with pytest.raises(accounts.NoSuchAccount):
        accounts.set_role(session, "Nobody", Role.ADMIN, NOW)


# Leaving


def test_a_student_who_leaves_takes_all_graded_work_along(session, ada, seminar):
    grace = session.scalars(select(ClassTeacher.account_id)).one()
    other = cast.guest(session)
    midterm = assign(session, seminar)
    for person in (ada, other):
        enrolment = enrol(session, seminar, person).id
        hand_in(session, midterm, person, {"beginning": {0}, "riddle": None})
        classes.rename_student(session, grace, enrolment, f"Student {enrolment}", NOW)
    accounts.delete_account(session, ada.account_id)
    assert [line.name for line in roster(session, seminar.id)] == ["Student 2"]
    assert session.scalars(select(Attempt.account_id)).all() == [other.account_id]
    assert differences(session) == []
    noted = session.execute(
        select(AuditEvent.label, AuditEvent.details)
        .where(AuditEvent.verb == "renamed")
        .order_by(AuditEvent.id)
    ).all()
    assert [tuple(row) for row in noted] == [
        ("a student who left", {}),
        ("Student 2", {"was": f"Guest {other.account_id}"}),
    ]


def test_a_teacher_who_leaves_leaves_the_class_to_the_admins(session, ada, seminar):
    grace = session.scalars(select(ClassTeacher.account_id)).one()
    enrol(session, seminar, ada)
    public_id = seminar.public_id
    accounts.delete_account(session, grace)
    assert places(session, ada) == ["Ada"]
    admin = Viewer(ada.account_id, "Ada", Role.ADMIN)
    assert taught_class(session, admin, public_id) is not None
    assert session.scalars(select(AuditEvent.actor)).all() == ["grace"]


def test_a_deleted_account_leaves_nothing_and_is_taken_out_of_the_tallies(session, ada):
    cast.load(session)
    other = cast.guest(session)
    for person in (ada, other):
        attempt = begin(session, person)
        for position in range(1, 5):
            answer(session, person, attempt, position, frozenset({0, 1}))
    accounts.delete_account(session, ada.account_id)
    assert not viewer(session, ada.session_key).is_known
    assert accounts.sign_in(session, None, "Ada", PASSWORD) is None
    counts = [
        session.scalar(select(func.count()).select_from(t)) for t in (Attempt, Item, Response)
    ]
    assert counts == [1, 4, 4]
    assert wrong_tallies(session) == []


def test_the_name_of_a_deleted_account_is_free_again(session, ada):
    accounts.delete_account(session, ada.account_id)
    assert cast.register(session, "Ada").account_id


def test_deleting_an_account_twice_deletes_it_once(session, ada):
    accounts.delete_account(session, ada.account_id)
    accounts.delete_account(session, ada.account_id)
    assert accounts_there(session) == 0
