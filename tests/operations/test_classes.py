from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import func, select

from quizapp.db.models import Account, AuditEvent, Class, ClassTeacher, Enrolment, Role
from quizapp.db.queries.accounts import Viewer, links_by_others
from quizapp.db.queries.classes import (
    classes_taught,
    own_enrolment,
    roster,
    taught_class,
    teachers_of,
)
from quizapp.domain import join_codes
from quizapp.operations import accounts, classes
from quizapp.operations.classes import (
    LastTeacher,
    NameTaken,
    NoSuchTeacher,
    NotALearner,
    NotOpen,
    WasRemoved,
)
from tests.support import cast
from tests.support.cast import NOW, sessions
from tests.support.classroom import enrol, make_class

LATER = NOW + timedelta(days=1)


@pytest.fixture
def people(session):
    return cast.everyone(session)


@pytest.fixture
def grace(people):
    return people.grace.account_id


@pytest.fixture
def seminar(session, people):
    return make_class(session, people.grace)


def fresh(session, seminar: Class) -> Class:
    session.expire_all()
    return session.get_one(Class, seminar.id)


def join(session, seminar: Class, person, name: str) -> str:
    code = fresh(session, seminar).join_code or ""
    return classes.join_class(session, code, person.account_id, name, NOW)


def names_in(session, seminar: Class) -> dict[str, bool]:
    """Who is or was in the class, and whether they are in it now."""
    return {line.name: line.removed_at is None for line in roster(session, seminar.id)}


def deeds(session) -> list[tuple[str, str, str]]:
    events = session.scalars(select(AuditEvent).order_by(AuditEvent.id))
    return [(event.actor, event.verb, event.label) for event in events]


# Classes


def test_a_new_class_has_a_teacher_and_a_code(session, people, seminar):
    assert seminar.name == "Seminar B"
    assert join_codes.tidy(seminar.join_code) == seminar.join_code
    assert [teacher.name for teacher in teachers_of(session, seminar.id)] == ["grace"]
    assert deeds(session) == [("grace", "created", "Seminar B")]


def test_a_form_sent_twice_makes_one_class(session, grace, seminar):
    again = classes.create_class(session, grace, " seminar  b", Random(2), NOW)
    assert again == seminar.public_id
    assert session.scalar(select(func.count()).select_from(Class)) == 1


def test_the_name_of_an_archived_class_or_anothers_is_free(session, people, grace, seminar):
    heidi = cast.register(session, "heidi", Role.INSTRUCTOR)
    assert (
        classes.create_class(session, heidi.account_id, "Seminar B", Random(2), NOW)
        != seminar.public_id
    )
    classes.archive_class(session, grace, seminar.id, NOW)
    assert classes.create_class(session, grace, "Seminar B", Random(3), NOW) != seminar.public_id


def test_of_two_that_make_the_same_class_at_once_one_does(database_url):
    with sessions(database_url) as session:
        grace = cast.register(session, "grace", Role.INSTRUCTOR).account_id

    def make(seed: int) -> str:
        with sessions(database_url) as session:
            return classes.create_class(session, grace, "Seminar B", Random(seed), NOW)

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(make, range(4)))) == 1


def test_renaming_notes_the_name_before(session, grace, seminar):
    classes.rename_class(session, grace, seminar.id, " Seminar  C ", NOW)
    assert fresh(session, seminar).name == "Seminar C"
    event = session.scalars(select(AuditEvent).where(AuditEvent.verb == "renamed")).one()
    assert (event.label, event.details, event.class_id) == (
        "Seminar C", {"was": "Seminar B"}, seminar.id,
    )  # fmt: skip
    classes.rename_class(session, grace, seminar.id, "Seminar C", NOW)
    assert len(deeds(session)) == 2


def test_an_archived_class_takes_nobody_until_it_is_brought_back(session, people, grace, seminar):
    classes.archive_class(session, grace, seminar.id, NOW)
    classes.archive_class(session, grace, seminar.id, LATER)
    assert fresh(session, seminar).archived_at == NOW
    with pytest.raises(NotOpen):
        join(session, seminar, people.ada, "ada")
    classes.restore_class(session, grace, seminar.id, LATER)
    classes.restore_class(session, grace, seminar.id, LATER)
    assert join(session, seminar, people.ada, "ada") == seminar.public_id
    assert [verb for _, verb, _ in deeds(session)] == ["created", "archived", "restored"]


def test_a_new_code_voids_the_old_one(session, people, grace, seminar):
    old = seminar.join_code
    classes.renew_code(session, grace, seminar.id, Random(5), NOW)
    assert fresh(session, seminar).join_code != old
    with pytest.raises(NotOpen):
        classes.join_class(session, old, people.ada.account_id, "ada", NOW)
    assert join(session, seminar, people.ada, "ada") == seminar.public_id


def test_a_closed_class_takes_nobody_and_keeps_who_is_in_it(session, people, grace, seminar):
    enrol(session, seminar, people.ada)
    code = fresh(session, seminar).join_code or ""
    classes.close_joining(session, grace, seminar.id, NOW)
    for given in (code, ""):
        with pytest.raises(NotOpen):
            classes.join_class(session, given, people.mallory.account_id, "mallory", NOW)
    assert names_in(session, seminar) == {"ada": True}


# Joining


def test_joining_twice_is_joining_once(session, people, seminar):
    for name in (" Ada  L. ", "Somebody else"):
        assert join(session, seminar, people.ada, name) == seminar.public_id
    assert names_in(session, seminar) == {"Ada L.": True}


@pytest.mark.parametrize("name", ["Ada", "ADA", " ada ", "\uff21da"])
def test_a_name_that_looks_taken_in_the_class_is_taken(session, people, seminar, name):
    join(session, seminar, people.ada, "Ada")
    with pytest.raises(NameTaken):
        join(session, seminar, people.mallory, name)
    other = make_class(session, people.grace, "Seminar C")
    assert join(session, other, people.mallory, name) == other.public_id


def test_of_many_who_want_one_name_at_once_one_gets_it(database_url):
    with sessions(database_url) as session:
        code = make_class(session, cast.register(session, "grace", Role.INSTRUCTOR)).join_code
        guests = [cast.guest(session, str(number)).account_id for number in range(6)]

    def try_it(guest: int) -> bool:
        with sessions(database_url) as session:
            try:
                classes.join_class(session, code or "", guest, "Ada", NOW)
            except NameTaken:
                return False
            return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(try_it, guests)) == 1


def test_who_joins_from_two_tabs_at_once_is_in_once(database_url):
    with sessions(database_url) as session:
        code = make_class(session, cast.register(session, "grace", Role.INSTRUCTOR)).join_code
        guest = cast.guest(session).account_id

    def join_it(name: str) -> str:
        with sessions(database_url) as session:
            return classes.join_class(session, code or "", guest, name, NOW)

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(join_it, "ABCD"))) == 1
    with sessions(database_url) as session:
        assert session.scalar(select(func.count()).select_from(Enrolment)) == 1


# Students


def test_a_removed_student_comes_back_by_the_teacher_alone(session, people, grace, seminar):
    ada = enrol(session, seminar, people.ada).id
    classes.remove_student(session, grace, ada, NOW)
    classes.remove_student(session, grace, ada, LATER)
    assert own_enrolment(session, people.ada.account_id, seminar.public_id) is None
    with pytest.raises(WasRemoved):
        join(session, seminar, people.ada, "ada")
    with pytest.raises(NameTaken):
        join(session, seminar, people.mallory, "ada")
    classes.bring_back_student(session, grace, ada, LATER)
    classes.bring_back_student(session, grace, ada, LATER)
    assert own_enrolment(session, people.ada.account_id, seminar.public_id) is not None
    assert deeds(session)[1:] == [("grace", "removed", "ada"), ("grace", "brought back", "ada")]


def test_a_student_is_renamed_in_one_class_only(session, people, grace, seminar):
    ada = enrol(session, seminar, people.ada).id
    enrol(session, seminar, people.mallory)
    with pytest.raises(NameTaken):
        classes.rename_student(session, grace, ada, " Mallory ", NOW)
    classes.rename_student(session, grace, ada, "ADA", NOW)
    classes.rename_student(session, grace, ada, "Ada L.", NOW)
    assert set(names_in(session, seminar)) == {"Ada L.", "mallory"}
    assert session.get_one(Account, people.ada.account_id).name == "ada"


def test_a_teachers_link_lets_a_student_in_once_within_a_day(session, people, grace, seminar):
    ada = enrol(session, seminar, people.ada).id
    link = classes.link_for_student(session, grace, ada, Random(1), NOW)
    late = NOW + classes.LINK_LIFETIME
    assert accounts.link_account(session, link, late) is None
    key = accounts.use_link(session, link, "a new calm password", Random(2), NOW)
    assert key is not None
    assert accounts.use_link(session, link, "a new calm password", Random(2), NOW) is None
    assert deeds(session)[-1] == ("grace", "made a sign-in link for", "ada")


def session_key_of(session, person) -> str:
    session.expire_all()
    return session.get_one(Account, person.account_id).session_key


def news(session, person, now) -> list[tuple]:
    found = accounts.news_of_links(session, session_key_of(session, person), now)
    return [(each.maker, each.made_at, each.opened_at) for each in found]


def test_a_student_learns_of_a_link_once_and_again_when_it_is_used(session, people, grace, seminar):
    ada = enrol(session, seminar, people.ada).id
    link = classes.link_for_student(session, grace, ada, Random(1), NOW)
    first, second, third = (NOW + timedelta(hours=n) for n in (1, 2, 3))
    assert news(session, people.mallory, first) == []
    assert news(session, people.ada, first) == [("grace", NOW, None)]
    assert news(session, people.ada, second) == []
    accounts.use_link(session, link, "a new calm password", Random(2), second)
    assert news(session, people.ada, third) == [("grace", NOW, second)]
    assert news(session, people.ada, third) == []


def test_a_link_that_another_made_void_was_not_used(session, people, grace, seminar):
    ada = enrol(session, seminar, people.ada).id
    links = [classes.link_for_student(session, grace, ada, Random(n), NOW) for n in range(2)]
    accounts.use_link(session, links[0], "a new calm password", Random(2), NOW)
    kept = links_by_others(session, people.ada.account_id)
    assert [each.used_at for each in kept] == [NOW, NOW]
    assert {each.opened_at for each in kept} == {NOW, None}


def test_a_link_that_someone_asked_for_is_no_news(session, people):
    accounts.create_link(session, "ada", Random(1), NOW)
    assert news(session, people.ada, NOW) == []
    assert links_by_others(session, people.ada.account_id) == []


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.ADMIN])
def test_no_teacher_makes_a_link_to_somebody_who_teaches(session, people, grace, seminar, role):
    enrolment = enrol(session, seminar, people.mallory).id
    accounts.set_role(session, "mallory", role, NOW)
    with pytest.raises(NotALearner):
        classes.link_for_student(session, grace, enrolment, Random(1), NOW)
    assert [verb for _, verb, _ in deeds(session)] == ["created"]


def test_the_roster_says_who_is_a_guest_and_when_they_were_active(session, people, seminar):
    cast.load(session)
    enrol(session, seminar, people.ada)
    guest = cast.guest(session)
    enrol(session, seminar, guest, "Lin")
    cast.begin(session, guest, now=LATER)
    ada, lin = roster(session, seminar.id)
    assert (ada.name, ada.account, ada.active_at, ada.joined_at) == ("ada", "ada", None, NOW)
    assert (lin.name, lin.account, lin.active_at) == ("Lin", None, LATER)


# Teachers


def test_a_second_teacher_sees_the_class_until_removed(session, people, grace, seminar):
    heidi = cast.register(session, "heidi", Role.INSTRUCTOR).account_id
    seen = Viewer(heidi, "heidi", Role.INSTRUCTOR)
    assert taught_class(session, seen, seminar.public_id) is None
    for _ in range(2):
        classes.add_teacher(session, grace, seminar.id, " HEIDI", NOW)
    assert taught_class(session, seen, seminar.public_id) is not None
    for _ in range(2):
        classes.remove_teacher(session, heidi, seminar.id, heidi, NOW)
    assert taught_class(session, seen, seminar.public_id) is None
    assert deeds(session)[1:] == [
        ("grace", "added a teacher to", "Seminar B"),
        ("heidi", "removed a teacher from", "Seminar B"),
    ]


@pytest.mark.parametrize("name", ["mallory", "nobody", ""])
def test_only_an_instructor_can_be_added(session, people, grace, seminar, name):
    with pytest.raises(NoSuchTeacher):
        classes.add_teacher(session, grace, seminar.id, name, NOW)


def test_the_last_teacher_stays(session, people, grace, seminar):
    with pytest.raises(LastTeacher):
        classes.remove_teacher(session, grace, seminar.id, grace, NOW)


def test_of_two_teachers_who_leave_at_once_one_stays(database_url):
    with sessions(database_url) as session:
        grace = cast.register(session, "grace", Role.INSTRUCTOR)
        heidi = cast.register(session, "heidi", Role.INSTRUCTOR)
        seminar = make_class(session, grace).id
        classes.add_teacher(session, grace.account_id, seminar, "heidi", NOW)

    def leave(teacher: int) -> None:
        with sessions(database_url) as session:
            try:
                classes.remove_teacher(session, teacher, seminar, teacher, NOW)
            except LastTeacher:
                return

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(leave, [grace.account_id, heidi.account_id]))
    with sessions(database_url) as session:
        assert session.scalar(select(func.count()).select_from(ClassTeacher)) == 1


def test_an_admin_sees_every_class_and_others_their_own(session, people, seminar):
    make_class(session, cast.register(session, "heidi", Role.INSTRUCTOR), "Heidi's own")
    for role, account, count in (
        (Role.ADMIN, people.mallory, 2),
        (Role.INSTRUCTOR, people.grace, 1),
        (Role.INSTRUCTOR, people.mallory, 0),
    ):
        viewer = Viewer(account.account_id, account.name, role)
        assert len(classes_taught(session, viewer)) == count
        assert (taught_class(session, viewer, seminar.public_id) is not None) == (count > 0)
