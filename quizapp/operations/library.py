"""Bringing the database in line with the question files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from sqlalchemy import Connection, Select, func, select, text, update
from sqlalchemy.orm import Session, selectinload

from quizapp.db import models
from quizapp.db.models import FileState, FileVersion, Origin, QuestionFile
from quizapp.db.transactions import writing
from quizapp.domain.bank import Bank, FileReading, clash
from quizapp.domain.findings import Finding, Severity
from quizapp.domain.questions import Deck, Question, Source

# Any fixed number: it names the lock that lets one load at a time run on PostgreSQL.
_LOAD_LOCK = 20_220_105


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync changed, by file name.

    `kept` are those of the refused files whose earlier version is still served; `gone` are
    files taken out of the folder since the last sync.
    """

    loaded: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def sync(
    session: Session, bank: Bank, findings: Mapping[str, list[Finding]], now: datetime
) -> SyncReport:
    """Load every good file of the folder and retire what is no longer in it, in one transaction.

    A refused file is noted with its findings, and what it last said without errors stays live.
    Every version of a question that was ever served is kept. `findings` are all findings by
    file name, as `quizapp.domain.checking` makes them. Uploads are left as they are; a file whose
    name one of them has taken is refused.
    """
    report = SyncReport()
    with writing(session) as connection:
        take_turn(connection)
        known = {file.name: file for file in session.scalars(_folder_files())}
        taken = _uploads_by_slug(session)
        for reading in _sources_first(bank.files):
            file = known.get(reading.name) or _new_file(session, reading.name)
            found = findings.get(reading.name, []) + _clashes(reading, taken)
            take_in(session, file, reading, found, now, report)
        for name in sorted(known.keys() - {reading.name for reading in bank.files}):
            _let_go(session, known[name], now, report)
        retire_sources(session, now)
    return report


def take_turn(connection: Connection) -> None:
    """Wait until no other process is loading files; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOAD_LOCK})


def _folder_files() -> Select[QuestionFile]:
    return select(QuestionFile).where(QuestionFile.origin == Origin.FOLDER)


def _uploads_by_slug(session: Session) -> dict[tuple[type[Deck | Source], str], str]:
    """The uploads that are live, by what they hold and its slug."""
    taken: dict[tuple[type[Deck | Source], str], str] = {}
    for kind, table in ((Deck, models.Deck), (Source, models.Source)):
        rows = session.execute(
            select(table.slug, QuestionFile.name)
            .join(QuestionFile, QuestionFile.id == table.file_id)
            .where(QuestionFile.origin == Origin.UPLOAD, QuestionFile.state != FileState.GONE)
        )
        taken |= {(kind, slug): name for slug, name in rows}
    return taken


def _clashes(
    reading: FileReading, taken: Mapping[tuple[type[Deck | Source], str], str]
) -> list[Finding]:
    document = reading.document
    upload = taken.get((type(document), document.slug)) if document else None
    if document is None or upload is None:
        return []
    mend = "rename one of the two, or retire the upload in the library"
    return [clash(reading.name, type(document), f"{upload}, an upload", mend)]


def _sources_first(files: Iterable[FileReading]) -> list[FileReading]:
    return sorted(files, key=lambda reading: not isinstance(reading.document, Source))


def _new_file(session: Session, name: str) -> QuestionFile:
    file = QuestionFile(
        origin=Origin.FOLDER, name=name, digest="", state=FileState.REFUSED, findings=[]
    )
    session.add(file)
    return file


def take_in(
    session: Session,
    file: QuestionFile,
    reading: FileReading,
    findings: list[Finding],
    now: datetime,
    report: SyncReport,
    *,
    author_id: int | None = None,
) -> None:
    """Load one file within a transaction, or note why it is refused."""
    refused = reading.document is None or any(f.severity is Severity.ERROR for f in findings)
    report.findings.extend(findings)
    same = file.digest == reading.digest and file.state == FileState.LIVE
    file.digest, file.read_at = reading.digest, now
    file.findings = [finding.as_dict() for finding in findings]
    if refused:
        file.state = FileState.REFUSED
        report.refused.append(file.name)
        if _is_served(session, file):
            report.kept.append(file.name)
        else:
            file.live_at = None
        return
    file.state = FileState.LIVE
    if same:
        report.unchanged.append(file.name)
        if not _newest_number(session, file):
            _keep_version(session, file, reading, file.live_at or now)
        return
    file.live_at = now
    session.flush()
    _keep_version(session, file, reading, now, author_id)
    if isinstance(reading.document, Source):
        take_off(session, file, now)  # the file may have been a deck before
        _load_source(session, file, reading.document, now)
    elif isinstance(reading.document, Deck):
        _load_deck(session, file, reading.document, now)
    session.flush()
    report.loaded.append(file.name)


def _newest_number(session: Session, file: QuestionFile) -> int:
    """The number of the newest version kept of a file, 0 where there is none."""
    newest = select(func.max(FileVersion.number)).where(FileVersion.file_id == file.id)
    return session.scalar(newest) or 0


def _keep_version(
    session: Session,
    file: QuestionFile,
    reading: FileReading,
    live_at: datetime,
    author_id: int | None = None,
) -> None:
    version = FileVersion(
        file_id=file.id,
        number=_newest_number(session, file) + 1,
        content=reading.data,
        digest=reading.digest,
        author_id=author_id,
        live_at=live_at,
    )
    session.add(version)


def _load_source(session: Session, file: QuestionFile, source: Source, now: datetime) -> None:
    row = session.scalars(
        select(models.Source)
        .where(models.Source.slug == source.slug)
        .options(selectinload(models.Source.passages))
    ).one_or_none()
    if row is None:
        row = models.Source(slug=source.slug, passages=[])
        session.add(row)
    row.file_id, row.retired_at = file.id, None
    row.title, row.author, row.published = source.title, source.author, source.published
    row.publisher, row.url = source.publisher, source.url
    passages = {passage.slug: passage for passage in row.passages}
    for position, passage in enumerate(source.passages, start=1):
        kept = passages.pop(passage.slug, None)
        if kept is None:
            kept = models.Passage(slug=passage.slug)
            row.passages.append(kept)
        kept.position, kept.heading, kept.note = position, passage.heading, passage.note
        kept.retired_at = None
    for dropped in passages.values():
        dropped.retired_at = dropped.retired_at or now


def _load_deck(session: Session, file: QuestionFile, deck: Deck, now: datetime) -> None:
    row = session.scalars(select(models.Deck).where(models.Deck.slug == deck.slug)).one_or_none()
    if row is None:
        row = models.Deck(slug=deck.slug)
        session.add(row)
    row.file_id, row.retired_at = file.id, None
    row.title, row.topic, row.summary = deck.title, deck.topic, deck.summary
    row.language, row.position = deck.language, deck.order
    passages = _passages_of(session, deck.source)
    row.source_id = next((p.source_id for p in passages.values()), None)
    session.flush()
    _load_questions(session, row.id, deck.questions, passages, now)


def _passages_of(session: Session, source: str) -> dict[str, models.Passage]:
    rows = session.scalars(
        select(models.Passage).join(models.Source).where(models.Source.slug == source)
    )
    return {passage.slug: passage for passage in rows}


def _load_questions(
    session: Session,
    deck_id: int,
    questions: Iterable[Question],
    passages: dict[str, models.Passage],
    now: datetime,
) -> None:
    rows = {
        row.slug: row
        for row in session.scalars(
            select(models.Question).where(models.Question.deck_id == deck_id)
        )
    }
    versions = _versions_of(session, deck_id)
    for position, question in enumerate(questions, start=1):
        row = rows.pop(question.slug, None)
        if row is None:
            row = models.Question(deck_id=deck_id, slug=question.slug)
            session.add(row)
        row.position, row.line, row.retired_at = position, question.line, None
        session.flush()
        _load_version(session, row.id, versions.get(row.id, {}), question, passages, now)
    for dropped in rows.values():
        dropped.retired_at = dropped.retired_at or now


def _versions_of(session: Session, deck_id: int) -> dict[int, dict[str, models.QuestionVersion]]:
    rows = session.scalars(
        select(models.QuestionVersion)
        .join(models.Question)
        .where(models.Question.deck_id == deck_id)
        .options(selectinload(models.QuestionVersion.passages))
    )
    found: dict[int, dict[str, models.QuestionVersion]] = {}
    for version in rows:
        found.setdefault(version.question_id, {})[version.content_hash] = version
    return found


def _load_version(
    session: Session,
    question_id: int,
    known: dict[str, models.QuestionVersion],
    question: Question,
    passages: dict[str, models.Passage],
    now: datetime,
) -> None:
    version = known.get(question.content_hash)
    cited = [passages[slug] for slug in question.passages]
    if version is None or not version.is_current:
        # First the old one down, then the new one up: only one may be current at any moment.
        session.execute(
            update(models.QuestionVersion)
            .where(models.QuestionVersion.question_id == question_id)
            .values(is_current=False)
        )
    if version is None:
        version = _new_version(question_id, question, now)
        session.add(version)
    version.is_current = True
    if {p.id for p in version.passages} != {p.id for p in cited}:
        version.passages = cited


def _new_version(question_id: int, question: Question, now: datetime) -> models.QuestionVersion:
    return models.QuestionVersion(
        question_id=question_id,
        content_hash=question.content_hash,
        stem=question.stem,
        explanation=question.explanation,
        level=question.level,
        shuffle=question.shuffle,
        as_of=question.as_of,
        created_at=now,
        responses=0,
        credit=Fraction(0),
        choices=[
            models.Choice(position=i, text=c.text, is_key=c.is_key, feedback=c.feedback, chosen=0)
            for i, c in enumerate(question.choices)
        ],
    )


def _is_served(session: Session, file: QuestionFile) -> bool:
    """Whether learners meet what this file said before; one that was gone meanwhile is not."""
    return file.live_at is not None and any(
        session.scalar(
            select(table.id).where(table.file_id == file.id, table.retired_at.is_(None)).limit(1)
        )
        for table in (models.Deck, models.Source)
    )


def _let_go(session: Session, file: QuestionFile, now: datetime, report: SyncReport) -> None:
    """Retire what a file taken out of the folder said; forget one that was never live."""
    if not _left_traces(session, file):
        session.delete(file)
    elif file.state != FileState.GONE:
        file.state, file.findings = FileState.GONE, []
        take_off(session, file, now)
        report.gone.append(file.name)


def _left_traces(session: Session, file: QuestionFile) -> bool:
    """Whether a file was ever live, so that something refers to it."""
    return any(
        session.scalar(select(table.file_id).where(table.file_id == file.id).limit(1))
        for table in (FileVersion, models.Deck, models.Source)
    )


def take_off(session: Session, file: QuestionFile, now: datetime) -> None:
    """Retire the deck that the file held."""
    session.execute(
        update(models.Deck)
        .where(models.Deck.file_id == file.id, models.Deck.retired_at.is_(None))
        .values(retired_at=now)
    )


def retire_sources(session: Session, now: datetime) -> None:
    """Retire each source that no file says any more and no deck on offer is drawn from.

    Decks and their feedback link to it; its file may be gone before theirs, or be a deck now.
    """
    deck_on_offer = select(models.Deck.id).where(models.Deck.retired_at.is_(None))
    is_gone = select(QuestionFile.id).where(
        QuestionFile.id == models.Source.file_id, QuestionFile.state == FileState.GONE
    )
    session.flush()
    session.execute(
        update(models.Source)
        .where(
            models.Source.retired_at.is_(None),
            is_gone.exists()
            | deck_on_offer.where(models.Deck.file_id == models.Source.file_id).exists(),
            ~deck_on_offer.where(models.Deck.source_id == models.Source.id).exists(),
        )
        .values(retired_at=now)
    )
