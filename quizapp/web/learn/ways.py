"""Ways to practise beside a whole deck: what each would ask a learner now."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from quizapp.db.queries.held import decks_held_back
from quizapp.db.queries.practice import Candidate, candidates
from quizapp.db.queries.progress import Cited, Studied, answers_of, questions_begun
from quizapp.db.queries.reviewing import study_of
from quizapp.domain.studying.mastery import mastery
from quizapp.extensions import db
from quizapp.operations.reviewing import take_in
from quizapp.web.learn.mastering import record_from

FIRM = 0.9
"""Mastery from which a passage is no longer among the weakest."""

MOST_WEAK = 3
"""Passages that are practised together."""


@dataclass(frozen=True, slots=True)
class WeakPassage:
    """A passage that a learner does not master yet: `share` as the progress page has it, and the
    versions that ask about it."""

    cited: Cited
    share: float
    versions: list[int]


@dataclass(frozen=True, slots=True)
class Ways:
    """By way, the versions there are to ask; `known` counts questions answered before."""

    missed: list[int]
    weakest: list[WeakPassage]
    by_topic: dict[str, list[int]]
    known: int

    @property
    def weak(self) -> list[int]:
        """The versions on the weakest passages, each once."""
        return list(dict.fromkeys(v for passage in self.weakest for v in passage.versions))

    @property
    def size(self) -> int:
        """Questions on offer."""
        return sum(map(len, self.by_topic.values()))


def ways_for(account: int, now: datetime) -> Ways:
    """What there is to practise for a learner, or for a visitor, who is 0."""
    take_in(db.session(), account, now)
    offered = candidates(db.session(), account, decks_held_back(db.session(), now))
    by_topic: dict[str, list[int]] = defaultdict(list)
    for each in offered:
        by_topic[each.topic].append(each.version_id)
    known = [each for each in offered if each.last_credit is not None]
    return Ways(
        missed=[each.version_id for each in known if each.last_credit != 1],
        weakest=_weakest(account, offered, now) if known else [],
        by_topic=dict(by_topic),
        known=len(known),
    )


def _weakest(account: int, offered: Iterable[Candidate], now: datetime) -> list[WeakPassage]:
    """The passages begun whose mastery is lowest, the lowest first."""
    versions = {each.question_id: each.version_id for each in offered}
    study = study_of(db.session(), account)
    record = record_from(answers_of(db.session(), account), study.settings.zone)
    found: list[WeakPassage] = []
    for cited, questions in _by_passage(questions_begun(db.session(), account)).items():
        asked = [versions[q.question_id] for q in questions if q.question_id in versions]
        known = [record.known(q.question_id, q.card, q.luck) for q in questions]
        mastered = mastery(known, record, now, study.settings)
        if asked and mastered and mastered.seen and mastered.share < FIRM:
            found.append(WeakPassage(cited, mastered.share, asked))
    return sorted(found, key=lambda passage: passage.share)[:MOST_WEAK]


def _by_passage(questions: Iterable[Studied]) -> dict[Cited, list[Studied]]:
    by_passage: dict[Cited, list[Studied]] = defaultdict(list)
    for each in questions:
        for cited in each.passages:
            by_passage[cited].append(each)
    return by_passage
