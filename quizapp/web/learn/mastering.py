"""What a learner knows, as every page that shows it has it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, tzinfo

from quizapp.db.queries.progress import Answered, answers_of, questions_by_deck
from quizapp.db.queries.reviewing import Study
from quizapp.domain.studying.mastery import Known, Mastery, Record, mastery, record_of
from quizapp.extensions import db


def record_from(answers: Iterable[Answered], zone: tzinfo) -> Record:
    """What someone's answers, oldest first, say of those to come."""
    return record_of(
        ((each.question_id, each.answered_at, each.is_right) for each in answers), zone
    )


def mastery_by_deck(account: int, study: Study, now: datetime) -> dict[int, Mastery]:
    """Mastery of the decks that someone has begun, by id, as far as cards are made; two
    statements."""
    record = record_from(answers_of(db.session(), account), study.settings.zone)
    by_deck: dict[int, list[Known]] = defaultdict(list)
    for each in questions_by_deck(db.session(), account):
        by_deck[each.deck_id].append(record.known(each.question_id, each.card, each.luck))
    found = {deck: mastery(own, record, now, study.settings) for deck, own in by_deck.items()}
    return {deck: each for deck, each in found.items() if each}
