"""All question files of a folder together: what is in them, and whether they fit."""

import hashlib
from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import PurePosixPath

from quizapp.domain.findings import Finding, Severity
from quizapp.domain.formats import Reading, native
from quizapp.domain.formats.complaints import Complaints, instead_of
from quizapp.domain.questions import Deck, Source


@dataclass(frozen=True, slots=True)
class FileReading:
    """One file: its bytes and their SHA-256 in hex, what it holds (None where it is refused), and
    all findings about it.
    """

    name: str
    digest: str
    document: Deck | Source | None
    findings: tuple[Finding, ...]
    data: bytes = field(repr=False)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings for which the file is refused."""
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)


@dataclass(frozen=True, slots=True)
class Bank:
    """Question files by name.

    `left_out` warns of what is named like a question file and is none that is read. `beside` are
    sources that the decks are drawn from, of files that are not looked at.
    """

    files: tuple[FileReading, ...]
    left_out: tuple[Finding, ...] = ()
    beside: tuple[Source, ...] = ()

    @property
    def decks(self) -> tuple[Deck, ...]:
        """The decks of all sound files, by order, then title."""
        decks = [file.document for file in self.files if isinstance(file.document, Deck)]
        return tuple(sorted(decks, key=lambda deck: (deck.order, deck.title, deck.slug)))

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources of all sound files, by file name, and those beside them."""
        own = (file.document for file in self.files if isinstance(file.document, Source))
        return (*own, *self.beside)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything found in all files, by file and line, and what is left out."""
        return (*chain.from_iterable(file.findings for file in self.files), *self.left_out)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings for which files are refused."""
        return tuple(chain.from_iterable(file.errors for file in self.files))

    def only(self, name: str) -> "Bank":
        """The same bank as far as one file goes, with the source of its deck at hand."""
        files = tuple(file for file in self.files if file.name == name)
        needed = {file.document.source for file in files if isinstance(file.document, Deck)}
        return Bank(files, beside=tuple(s for s in self.sources if s.slug in needed))


def assemble(
    files: Mapping[str, bytes],
    left_out: Iterable[Finding] = (),
    at_hand: Iterable[Source] = (),
) -> Bank:
    """Read files and check them against each other.

    `files` maps names in POSIX form to bytes; `left_out` are warnings of what is not among them.
    A refused file contributes nothing, and refuses those that need it; the others are as good as
    without it. `at_hand` are sources that decks without a folder may be drawn from as well.
    """
    readings = {name: native.read(files[name], name) for name in sorted(files)}
    more = _duplicates(readings)
    shelf = _shelf(readings, more)
    here = shelf.setdefault(_folder(""), {})
    here.update({source.slug: source for source in at_hand if source.slug not in here})
    for name, reading in readings.items():
        if isinstance(reading.draft, Deck):
            more[name] = more.get(name, ()) + _misfits(name, reading, reading.draft, shelf)
    return Bank(
        tuple(
            _file_reading(name, files[name], reading, more.get(name, ()))
            for name, reading in readings.items()
        ),
        tuple(left_out),
    )


def digest_of(data: bytes) -> str:
    """The SHA-256 of a file's bytes in hex, by which files are told apart."""
    return hashlib.sha256(data).hexdigest()


def clash(name: str, kind: type[Deck | Source], other: str, mend: str) -> Finding:
    """The error of a file whose deck or source has the name of one in another file."""
    word = "deck" if kind is Deck else "source"
    message = f"another {word} has the same file name: {other}"
    return Finding(name, 1, f"duplicate-{word}", Severity.ERROR, message, mend)


def _file_reading(
    name: str, data: bytes, reading: Reading, more: tuple[Finding, ...]
) -> FileReading:
    document = None if more else reading.document
    findings = tuple(sorted(reading.findings + more))
    return FileReading(name, digest_of(data), document, findings, data)


def _duplicates(readings: Mapping[str, Reading]) -> dict[str, tuple[Finding, ...]]:
    """Findings for decks, and for sources, whose slug an earlier file has taken."""
    taken: dict[tuple[type, str], str] = {}
    found: dict[str, tuple[Finding, ...]] = {}
    for name, reading in readings.items():
        if reading.draft is None:
            continue
        earlier = taken.setdefault((type(reading.draft), reading.draft.slug), name)
        if earlier != name:
            found[name] = (clash(name, type(reading.draft), earlier, "rename one of the two"),)
    return found


_Shelf = dict[str, dict[str, Source | None]]
"""Sources by folder and slug, None for a refused one."""


def _shelf(readings: Mapping[str, Reading], refused: Container[str]) -> _Shelf:
    shelf: _Shelf = {}
    for name, reading in readings.items():
        if not isinstance(reading.draft, Deck):
            source = None if name in refused else reading.document
            here = shelf.setdefault(_folder(name), {})
            here[PurePosixPath(name).stem] = source if isinstance(source, Source) else None
    return shelf


def _folder(name: str) -> str:
    return str(PurePosixPath(name).parent)


def _misfits(name: str, reading: Reading, deck: Deck, shelf: _Shelf) -> tuple[Finding, ...]:
    """What a deck expects of its source that is not there."""
    complaints = Complaints(name)
    here = shelf.get(_folder(name), {})
    source = here.get(deck.source)
    if source:
        _check_passages(deck, source, complaints)
    elif deck.source:
        line = reading.lines["source"]
        if deck.source in here:
            message = f"the source file `{deck.source}` is refused"
            mend = f"mend {deck.source}.md first"
        else:
            message = f"there is no source `{deck.source}` in this folder"
            mend = _name_of_a_source(deck.source, here)
        complaints.add(line, "unresolved-source", message, mend)
    elif reading.has_whole_header:
        _refuse_passages(deck, complaints)
    return complaints.findings()


def _name_of_a_source(name: str, here: Collection[str]) -> str:
    if here:
        return instead_of(name, here)
    return f"add a file {name}.md with `kind: source` in its front matter"


def _check_passages(deck: Deck, source: Source, complaints: Complaints) -> None:
    known = {passage.slug for passage in source.passages}
    for question in deck.questions:
        for passage in question.passages:
            if passage not in known:
                message = f"the source `{source.slug}` has no passage `{passage}`"
                mend = instead_of(passage, known)
                complaints.add(question.line, "unresolved-passage", message, mend)


def _refuse_passages(deck: Deck, complaints: Complaints) -> None:
    for question in deck.questions:
        if question.passages:
            complaints.add(
                question.line,
                "passage-without-source",
                "the question names a passage but its deck names no source",
                "write `source: ...` in the front matter, or remove source= here",
            )
