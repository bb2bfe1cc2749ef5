"""The form of an assignment: a policy, a window and what it draws from, as people enter them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, Self

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Field,
    Form,
    HiddenField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional, Regexp, ValidationError

from quizapp.db.queries.assignments import Candidate
from quizapp.domain.coverage import LEVELS
from quizapp.domain.findings import Severity
from quizapp.domain.graded.editing import LOCKED_FIELDS, refused_changes
from quizapp.domain.graded.experience import advice, credits_in_words, experience
from quizapp.domain.graded.policy import (
    MOST_ATTEMPTS,
    PRESETS,
    Counting,
    Layout,
    Policy,
    Problem,
    Shown,
    Stage,
)
from quizapp.domain.graded.pools import Offer, Pool, TooFew, size
from quizapp.domain.graded.timing import Window
from quizapp.operations.assignments import Plan
from quizapp.web.options import option
from quizapp.web.zones import LocalMoment, ZonedForm

MOST_PARTS = 10
MOST_QUESTIONS = 500
HOLDS_BACK = frozenset({"exam"})
"""Presets that keep their decks out of practice unless told otherwise."""

LONGEST_LIMIT = 30 * 24 * 60
WHOLE = "Give a whole number, or leave it empty."

COUNTING = [
    option(Counting.BEST, "The best"),
    option(Counting.LAST, "The last"),
    option(Counting.FIRST, "The first"),
    option(Counting.MEAN, "The mean of all"),
]
LAYOUTS = [
    option(Layout.ONE, "One question a page"),
    option(Layout.ALL, "All questions on one page"),
]
HOW = [
    option("all", "All of them"),
    option("count", "Some, at random"),
    option("levels", "Some of each level"),
]
ROWS = {
    Shown.MARKS: "Marks",
    Shown.CORRECTNESS: "Right or wrong",
    Shown.FEEDBACK: "Feedback on the choice",
    Shown.KEY: "The key",
    Shown.EXPLANATION: "The explanation",
}
COLUMNS = {
    Stage.ANSWERED: "After each answer",
    Stage.SUBMITTED: "After submitting",
    Stage.CLOSED: "After closing",
}

CHECK = "check"
"""The button that only looks at what was entered."""

AT_ONCE = f":{Stage.ANSWERED}"
SAID = (
    *("opens_at", "due_at", "closes_at", "time_limit", "attempts_allowed", "counting", "layout"),
    *("may_go_back", "retry_credits", "certainty_marking", "review", "pass_mark"),
)
"""Fields without which nothing can be said of what students will meet."""


class WholeField(IntegerField):
    """A whole number, perhaps none."""

    def __init__(self, label: str, least: int, most: int, **bound: Any) -> None:
        message = f"Give a number from {least} to {most}."
        validators = [Optional(), NumberRange(least, most, message)]
        super().__init__(label, validators=validators, **bound)

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            self.data = None
            raise ValueError(WHOLE) from error


class PartForm(Form):
    """A part of the questions: from which decks or topics, and how many."""

    decks = SelectMultipleField("Decks")
    topics = SelectMultipleField("Topics")
    how = RadioField("How many of their questions?", choices=HOW, default="all")
    count = WholeField("How many at random", 1, MOST_QUESTIONS)
    level_1 = WholeField("Of level 1 (recall)", 0, MOST_QUESTIONS)
    level_2 = WholeField("Of level 2 (understand)", 0, MOST_QUESTIONS)
    level_3 = WholeField("Of level 3 (apply)", 0, MOST_QUESTIONS)

    def offer(self, candidates: Iterable[Candidate]) -> Self:
        """The same form, choosing among what there is."""
        decks = {each.offer.deck: each.deck_title for each in candidates}
        topics = sorted({each.offer.topic for each in candidates if each.offer.topic})
        self.decks.choices = [option(*each) for each in decks.items()]
        self.topics.choices = [option(topic) for topic in topics]
        return self

    @classmethod
    def of(cls, pool: Pool, index: int) -> Self:
        """The form of a pool."""
        levels = {f"level_{level}": number for level, number in pool.levels}
        how = "levels" if pool.levels else "all" if pool.count is None else "count"
        values = {"decks": list(pool.decks), "topics": list(pool.topics), "count": pool.count}
        return cls(prefix=prefix(index), data={**values, **levels, "how": how})

    @property
    def is_blank(self) -> bool:
        """Whether nothing was entered."""
        return not (self.decks.data or self.topics.data) and self.how.data == "all"

    @property
    def pool(self) -> Pool:
        """What was entered. Call after validation."""
        levels = ((level, self[f"level_{level}"].data) for level in LEVELS)
        return Pool(
            decks=tuple(self.decks.data or ()),
            topics=tuple(self.topics.data or ()),
            count=self.count.data if self.how.data == "count" else None,
            levels=tuple(pair for pair in levels if pair[1]) if self.how.data == "levels" else (),
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Besides what each field wants: the number that was announced."""
        is_good = super().validate(extra_validators)
        if self.how.data == "count" and not self.count.data and not self.count.errors:
            return complain(self.count, "Say how many questions.")
        if self.how.data == "levels" and not any(self[f"level_{n}"].data for n in LEVELS):
            return complain(self.level_1, "Say how many questions of a level.")
        return is_good


class AssignmentForm(ZonedForm):
    """All of an assignment but its parts."""

    key = HiddenField(validators=[Regexp(r"[\w-]{22}\Z")])
    title = StringField(
        "Title",
        filters=[lambda text: " ".join((text or "").split())],
        validators=[
            DataRequired("Give it a title."),
            Length(1, 200, "Give it a title of at most 200 characters."),
        ],
    )
    instructions = TextAreaField(
        "Instructions", validators=[Length(max=5000, message="Use at most 5000 characters.")]
    )
    questions = SelectMultipleField("Questions that everyone gets")
    opens_at = LocalMoment("Opens")
    due_at = LocalMoment("Due")
    closes_at = LocalMoment("Closes")
    time_limit = WholeField("Time limit in minutes", 1, LONGEST_LIMIT)
    attempts_allowed = WholeField("Attempts allowed", 1, MOST_ATTEMPTS)
    counting = RadioField("Which attempt counts?", choices=COUNTING, default=Counting.BEST)
    layout = RadioField("Pages", choices=LAYOUTS, default=Layout.ONE)
    shuffle_questions = BooleanField("Questions in random order")
    shuffle_choices = BooleanField("Choices in random order")
    may_go_back = BooleanField("Going back to earlier questions")
    retry_credits = StringField("Credit of each try", validators=[Length(max=60)])
    certainty_marking = BooleanField("Certainty-based marking")
    review = SelectMultipleField(
        "What students see, and when",
        choices=[option(f"{shown}:{stage}") for shown in Shown for stage in Stage],
    )
    holds_marks = BooleanField("Keep all results back until I release them")
    holds_back = BooleanField("Keep its decks out of practice until it closes")
    pass_mark = WholeField("Pass mark in per cent", 0, 100)
    weight = WholeField("Weight in the total", 0, 1000)

    def offer(self, candidates: Iterable[Candidate]) -> None:
        """Let questions and a zone be chosen."""
        self.questions.choices = [option(each.offer.name) for each in candidates]
        self.offer_zones()

    def put_plan(self, plan: Plan) -> None:
        """Show what was decided."""
        self.title.data, self.instructions.data = plan.title, plan.instructions
        self.put(self.opens_at, plan.window.opens_at)
        self.put(self.due_at, plan.window.due_at)
        self.put(self.closes_at, plan.window.closes_at)
        self.weight.data = plan.weight
        self.holds_back.data, self.holds_marks.data = plan.holds_back, plan.holds_marks
        self.questions.data = _fixed(plan)
        self.put_policy(plan.policy)

    def put_policy(self, policy: Policy) -> None:
        """Show a policy in place of what was entered."""
        limit, mark = policy.time_limit, policy.pass_mark
        values = {name: getattr(policy, name) for name in self._fields if hasattr(policy, name)}
        values |= {
            "time_limit": limit and limit // timedelta(minutes=1),
            "pass_mark": None if mark is None else round(mark * 100),
            "retry_credits": credits_in_words(policy.retry_credits),
            "review": [f"{shown}:{at}" for at in Stage for shown in policy.shown_at(at)],
        }
        for name, value in values.items():
            self[name].raw_data, self[name].data = None, value

    @property
    def policy(self) -> Policy:
        """The policy entered. Call after validation."""
        minutes, mark = self.time_limit.data, self.pass_mark.data
        return Policy(
            time_limit=None if minutes is None else timedelta(minutes=minutes),
            attempts_allowed=self.attempts_allowed.data,
            counting=Counting(self.counting.data),
            shuffle_questions=self.shuffle_questions.data,
            shuffle_choices=self.shuffle_choices.data,
            layout=Layout(self.layout.data),
            may_go_back=self.may_go_back.data,
            review=earliest(self.review.data or []),
            retry_credits=credits_in(self.retry_credits.data or "1"),
            certainty_marking=self.certainty_marking.data,
            pass_mark=None if mark is None else Fraction(mark, 100),
        )

    @property
    def window(self) -> Window:
        """The window entered, in UTC. Call after validation."""
        return Window(*map(self.moment, (self.opens_at, self.due_at, self.closes_at)))

    def validate_retry_credits(self, field: StringField) -> None:
        if not credits_in(field.data or "1"):
            raise ValidationError("Write numbers with a point between commas, such as 1, 0.7, 0.5.")


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an assignment will be: sentences, the number of questions and what to think about.

    Where it cannot be said yet, `problems` say why, as ids and messages.
    """

    problems: Sequence[tuple[str | None, str]] = ()
    sentences: Sequence[str] = ()
    questions: int | None = None
    warnings: Sequence[str] = ()


class Setting:
    """A filled in form with its parts. `before` is what holds now, if it is no new assignment;
    once it `has_begun`, much of that stays as it is. `pressed` says which of the buttons within
    was, such as "add-part"; its page is looked at from there on."""

    def __init__(
        self,
        form: AssignmentForm,
        parts: list[PartForm],
        candidates: Sequence[Candidate],
        before: Plan | None = None,
        has_begun: bool = False,
    ) -> None:
        self.form = form
        self.parts = parts
        self.candidates = candidates
        self.before = before
        self.has_begun = has_begun
        self.preset: str | None = None
        self.is_sent = False
        self.pressed = ""
        form.offer(candidates)
        for part in parts:
            part.offer(candidates)

    @classmethod
    def fresh(cls, candidates: Sequence[Candidate], key: str, preset: str) -> Self:
        """The form of a new assignment as a preset has it."""
        form = AssignmentForm(data={"key": key, "weight": 1})
        setting = cls(form, [PartForm.of(Pool(), 0)], candidates)
        setting._use(preset)
        return setting

    @classmethod
    def of(cls, plan: Plan, candidates: Sequence[Candidate], key: str, has_begun: bool) -> Self:
        """The form of what was decided."""
        form = AssignmentForm(data={"key": key})
        setting = cls(form, _parts_of(plan), candidates, plan, has_begun)
        form.put_plan(plan)
        return setting

    @classmethod
    def sent(
        cls,
        values: MultiDict[str, str],
        candidates: Sequence[Candidate],
        before: Plan | None = None,
        has_begun: bool = False,
    ) -> Self:
        """The form as it was sent, with what its buttons other than the last one do."""
        do = values.get("do", "")
        indices = _indices(values.getlist("part"), do)
        parts = [PartForm(values, prefix=prefix(index)) for index in indices]
        if has_begun and before is not None:
            parts = _parts_of(before)
        setting = cls(AssignmentForm(values), parts, candidates, before, has_begun)
        setting.is_sent = True
        setting.pressed = do
        setting.preset = values.get("preset") if values.get("preset") in PRESETS else None
        if do.startswith("use-"):
            setting._use(do.removeprefix("use-"))
        if before is not None:
            setting._keep(before)
        return setting

    def _use(self, preset: str) -> None:
        if preset in PRESETS:
            self.preset = preset
            self.form.put_policy(PRESETS[preset].policy)
            self.form.holds_back.data = preset in HOLDS_BACK

    def _keep(self, before: Plan) -> None:
        """Take moments that were only shown again, and all that is locked, from what holds."""
        self.form.opens_at.before = before.window.opens_at
        self.form.due_at.before = before.window.due_at
        self.form.closes_at.before = before.window.closes_at
        if self.has_begun:
            self.form.questions.data = _fixed(before)
            later = [cell for cell in self.form.review.data or [] if not cell.endswith(AT_ONCE)]
            self.form.review.data = [*later, *_at_once(before.policy)]
            for name in LOCKED_FIELDS:
                kept = getattr(before.policy, name)
                self.form[name].data = credits_in_words(kept) if name == "retry_credits" else kept

    def status(self) -> int | None:
        """How to answer with the form again: 422 where it is refused, 200 where the button
        pressed asks for no more; None where it can be kept."""
        if self.pressed and self.pressed != CHECK:
            return 200
        if not self.validate():
            return 422
        return 200 if self.pressed else None

    @property
    def indices(self) -> list[int]:
        """The numbers in the names of the parts' fields."""
        return [int(part.how.name.split("-")[1]) for part in self.parts]

    @property
    def plan(self) -> Plan:
        """What was entered. Call after validation."""
        form, before = self.form, self.before
        return Plan(
            title=form.title.data or "",
            policy=form.policy,
            pools=before.pools if before and self.has_begun else tuple(self._pools()),
            instructions=(form.instructions.data or "").strip(),
            window=form.window,
            weight=1 if form.weight.data is None else form.weight.data,
            holds_back=form.holds_back.data,
            holds_marks=form.holds_marks.data,
        )

    def validate(self) -> bool:
        """Whether all is well; what is not stands with its field."""
        is_good = self.form.validate()
        has_questions = self.has_begun or self._has_questions()
        return is_good and has_questions and self._is_sound()

    def outlook(self, now: datetime) -> Outlook:
        """What the assignment will be, as far as that can be said yet. For a form that is not
        shown itself: what is missing is put beside the fields."""
        self.validate()
        if any(self.form[name].errors for name in SAID):
            return Outlook(problems=self.problems)
        plan = self.plan
        questions = self._number(plan.pools)
        say = self.form.clock.words
        sentences = experience(plan.policy, plan.window, questions, say, plan.holds_marks)
        return Outlook(self.problems, sentences, questions, tuple(self._warnings(plan, now)))

    @property
    def problems(self) -> list[tuple[str | None, str]]:
        """What is wrong, with the ids of the fields."""
        forms = [self.form, *self.parts]
        return [(_place(field), field.errors[0]) for one in forms for field in one if field.errors]

    def complain(self, problems: Iterable[Problem]) -> None:
        """Put what is wrong beside its field, about the pools beside the first part."""
        for problem in problems:
            is_pools = problem.field not in self.form
            complain(self.parts[0].decks if is_pools else self.form[problem.field], problem.message)

    @property
    def decks(self) -> list[tuple[str, str, int]]:
        """Slug, title and number of questions of each deck that may be used."""
        numbers = Counter(each.offer.deck for each in self.candidates)
        titles = {each.offer.deck: each.deck_title for each in self.candidates}
        return [(slug, title, numbers[slug]) for slug, title in titles.items()]

    @property
    def topics(self) -> list[tuple[str, str, int]]:
        """Each topic, as it is sent and as it is read, with its number of questions."""
        numbers = Counter(each.offer.topic for each in self.candidates if each.offer.topic)
        return [(topic, topic, number) for topic, number in sorted(numbers.items())]

    @property
    def shelves(self) -> list[tuple[str, list[Candidate]]]:
        """The questions that may be used, by the titles of their decks."""
        return [
            (title, [each for each in self.candidates if each.offer.deck == slug])
            for slug, title, _ in self.decks
        ]

    @property
    def _offers(self) -> list[Offer]:
        return [each.offer for each in self.candidates]

    @property
    def _used_parts(self) -> list[PartForm]:
        """The parts that say something, and the first one where there is nothing else."""
        used = [part for part in self.parts if not part.is_blank]
        return used or ([] if self.form.questions.data else self.parts[:1])

    def _pools(self) -> Iterator[Pool]:
        if self.form.questions.data:
            yield Pool(questions=tuple(self.form.questions.data))
        for part in self._used_parts:
            yield part.pool

    def _is_sound(self) -> bool:
        """What the domain says of the values together."""
        plan, before = self.plan, self.before
        found = [*plan.policy.problems(), *plan.window.problems()]
        if self.has_begun and before is not None:
            found += refused_changes(before.policy, plan.policy, before.pools, plan.pools)
        errors = [problem for problem in found if problem.severity is Severity.ERROR]
        self.complain(errors)
        return not errors

    def _number(self, pools: Sequence[Pool]) -> int | None:
        """How many questions an attempt has; None where there are too few, or none yet."""
        if any(field.errors for part in self.parts for field in part):
            return None
        try:
            return size(pools, self._offers)
        except TooFew:
            return None

    def _has_questions(self) -> bool:
        """Whether the parts are well and there are questions enough."""
        checked = [part.validate() for part in self._used_parts]
        if not all(checked) or self.form.questions.errors:
            return False
        for part in self._used_parts:
            for problem in part.pool.problems():
                return complain(part[_field_of(problem)], problem.message)
        try:
            size(tuple(self._pools()), self._offers)
        except TooFew as few:
            return self._complain_of(few)
        return True

    def _complain_of(self, few: TooFew) -> bool:
        index = few.index - bool(self.form.questions.data)
        if index < 0:
            return complain(self.form.questions, "Some of these questions are no longer there.")
        part = self._used_parts[index]
        if part.how.data == "all":
            return complain(part.decks, "These decks have no questions on offer.")
        place = self.parts.index(part) + 1
        of_level = "" if few.level is None else f" of level {few.level}"
        field = part.count if few.level is None else part[f"level_{few.level}"]
        return complain(
            field,
            f"Part {place} asks for {few.wanted}{of_level}, and there are {few.there} that no "
            "other part takes. Ask for fewer, or choose more decks.",
        )

    def _warnings(self, plan: Plan, now: datetime) -> Iterator[str]:
        advised = advice(plan.policy, plan.window, plan.holds_back, plan.holds_marks)
        yield from (problem.message for problem in (*plan.policy.problems(), *advised))
        if self._opens_anew(plan, now):
            yield (
                "It has closed already, and students may have seen keys since. Who has attempts "
                "left can then begin again."
            )
        if plan.window.closes_at is not None and plan.window.closes_at <= now:
            yield "It closes in the past, so nobody can begin it."
        practised = [] if plan.holds_back else self._practised(plan.pools)
        if practised:
            yield (
                "Everyone can practise these questions and see their keys: "
                f"{', '.join(practised)}. Keep the decks out of practice until it closes, or "
                "let them be met in assignments only."
            )

    def _opens_anew(self, plan: Plan, now: datetime) -> bool:
        """Whether it was closed to those who have begun, with keys to see, and is no longer."""
        closed = self.before.window.closes_at if self.before and self.has_begun else None
        closes = plan.window.closes_at
        is_anew = closed is not None and closed <= now and (closes is None or closes > now)
        return is_anew and Shown.KEY in plan.policy.shown_at(Stage.CLOSED)

    def _practised(self, pools: Iterable[Pool]) -> list[str]:
        """Titles of the decks in use that are offered for practice."""
        named = {deck for pool in pools for deck in pool.decks}
        named |= {name.split("/")[0] for pool in pools for name in pool.questions}
        topics = {topic for pool in pools for topic in pool.topics}
        used = {
            each.deck_title: None
            for each in self.candidates
            if each.is_for_practice and (each.offer.deck in named or each.offer.topic in topics)
        }
        return list(used)


def _parts_of(plan: Plan) -> list[PartForm]:
    """The forms of what is drawn, an empty one where there is none."""
    drawn = [pool for pool in plan.pools if pool.decks or pool.topics]
    return [PartForm.of(pool, index) for index, pool in enumerate(drawn or [Pool()])]


def _fixed(plan: Plan) -> list[str]:
    return [name for pool in plan.pools for name in pool.questions]


def _at_once(policy: Policy) -> list[str]:
    """The cells of what is shown after each answer."""
    return [f"{shown}{AT_ONCE}" for shown in policy.shown_at(Stage.ANSWERED)]


def prefix(index: int) -> str:
    """How the fields of a part begin."""
    return f"part-{index}-"


def complain(field: Field, message: str) -> bool:
    """Put a message beside a field; False, for what is not valid."""
    field.errors = [*field.errors, message]
    return False


def earliest(cells: Iterable[str]) -> frozenset[tuple[Shown, Stage]]:
    """The cells of the matrix that were ticked, each row from its first one on."""
    ticked = set(cells)
    first = {
        shown: stage for shown in Shown for stage in reversed(Stage) if f"{shown}:{stage}" in ticked
    }
    return frozenset(first.items())


def credits_in(text: str) -> tuple[Fraction, ...]:
    """The credits in "1, 0.7, 0.5"; empty where something else was written."""
    words = [word for word in re.split(r"[,;\s]+", text) if word]
    if not all(re.fullmatch(r"\d(\.\d{1,4})?", word) for word in words):
        return ()
    return tuple(Fraction(word) for word in words)


def _indices(sent: Iterable[str], do: str) -> list[int]:
    """The numbers of the parts to show: those sent, one more or one less."""
    known = sorted({int(number) for number in sent if re.fullmatch(r"\d{1,2}", number)})
    kept = known[:MOST_PARTS] or [0]
    if do == "add-part" and len(kept) < MOST_PARTS:
        kept.append(kept[-1] + 1)
    if do.startswith("remove-part-"):
        kept = [number for number in kept if do != f"remove-part-{number}"]
    return kept or [0]


def _place(field: Field) -> str:
    """The id of what to go to for a field."""
    if isinstance(field, RadioField):
        return f"{field.id}-0"
    return field.id


def _field_of(problem: Problem) -> str:
    return problem.field if problem.field in {"decks", "count"} else "level_1"
