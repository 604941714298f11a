"""What links tie: statements in their documents, documents, speakers; and what persons say of a link."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table, select

from onrecord.ledger import tables
from onrecord.ledger.entries import Entry, entry_of, revisions
from onrecord.model import Span, Statement
from onrecord.relate.alike import Change, Difference
from onrecord.relate.sql import chunks
from onrecord.relate.wording import quoted

__all__ = ["Judgement", "Kind", "Link", "Loader", "Side", "judgement_from", "judgement_of", "numbers_of"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person says of a link: whether it is one, who says so, when (UTC) and why."""

    confirmed: bool
    by: str
    at: str
    why: str


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that a link ties: a statement's quotation in a document, a document, or a speaker in one.

    ``entry`` is the document as the ledger has it, ``statement`` the statement, ``spans`` where its quoted words stand
    in the text, or the words of its cue and its content where it is a claim. ``speaker`` is the name in that document,
    ``entity`` the number and the name across documents.
    """

    entry: Entry | None
    statement: Statement | None = None
    spans: tuple[Span, ...] = ()
    speaker: str | None = None
    entity: tuple[int, str] | None = None

    @property
    def day(self) -> str:
        """The day of publication, or nothing."""
        return (self.entry.document.date or "")[:10] if self.entry else ""


class Kind(StrEnum):
    """What a link between two things says: of two documents, or claims of one."""

    REPEATS = "repeats"
    """The same words, whole or cut, by the same speaker."""
    ALTERED = "altered"
    """The words of one speaker with others among them, or given to another speaker."""
    COPY = "copy"
    """Two texts of which one is the other's copy, or both are of a third."""
    SPEAKER = "speaker"
    """A speaker who may be this person or organisation, or another: a person decides."""
    RESTATES = "restates"
    """Two statements that make the same claim, in whatever words."""
    DISPUTES = "disputes"
    """Two statements of which one denies or contradicts the other, as a program suggests."""
    ANSWERS = "answers"
    """Two statements of which the second replies to the first."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link with its evidence. ``first`` is what was published first; where one answers the other, what is answered.

    ``differences`` number the words of ``first.spans`` and ``second.spans``; ``share`` is how much of the shorter of
    two texts the other has (0 to 1), ``score`` how probable it is that two claims are what ``kind`` says (0 to 1).
    """

    id: str
    kind: Kind
    first: Side
    second: Side
    whole: bool = True
    differences: tuple[Difference, ...] = ()
    share: float | None = None
    judgement: Judgement | None = None
    score: float | None = None

    @property
    def rejected(self) -> bool:
        """Whether a person said that it is none."""
        return self.judgement is not None and not self.judgement.confirmed

    @property
    def changes(self) -> tuple[Change, ...]:
        """The kinds of the differences, each once."""
        return tuple(dict.fromkeys(difference.kind for difference in self.differences))

    @property
    def serious(self) -> bool:
        """Whether a negation, a number or the speaker differs."""
        return any(change in (Change.NEGATION, Change.NUMBER, Change.SPEAKER) for change in self.changes)


class Loader:
    """Documents with their statements, the last ones that were asked for kept in memory."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.entry = lru_cache(maxsize=256)(self._entry)
        self._entities = lru_cache(maxsize=4096)(self._entity)

    def _entry(self, document: int) -> Entry | None:
        found = revisions(self._connection, document)
        return entry_of(self._connection, found[-1]) if found else None

    def entity(self, document: int, speaker: str | None) -> tuple[int, str] | None:
        """The number and the name of who speaks under a name in a document; None where that is not one known entity."""
        return self._entities(document, speaker) if speaker is not None else None

    def _entity(self, document: int, speaker: str) -> tuple[int, str] | None:
        bearer, entity = tables.bearer, tables.entity
        found = self._connection.execute(
            select(entity.c.number, entity.c.name)
            .join(bearer, bearer.c.entity == entity.c.number)
            .where(bearer.c.document == document, bearer.c.name == speaker)
        ).all()
        return (found[0].number, found[0].name) if len(found) == 1 else None

    def statement(self, document: int, id: str) -> tuple[Entry, Statement] | None:
        """A statement of a document, by its id; None where it is no longer there."""
        entry = self.entry(document)
        found = next((s for s in entry.document.statements if s.id == id), None) if entry else None
        return (entry, found) if entry and found else None

    def quotation(self, document: int, id: str, forms: str, entity: tuple[int, str] | None) -> Side | None:
        """A statement's quotation; None where it is no longer there, or has other words."""
        found = self.statement(document, id)
        made = quoted(found[0].document, found[1]) if found else None
        if found is None or made is None or " ".join(made.forms) != forms:
            return None
        return Side(*found, made.spans, found[1].speaker, entity)


def judgement_of(connection: Connection, link: str) -> Judgement | None:
    """What a person said last of a link."""
    table = tables.judgement
    row = connection.execute(
        select(table).where(table.c.link == link).order_by(table.c.number.desc()).limit(1)
    ).first()  # fmt: skip
    return judgement_from(row) if row else None


def judgement_from(row: Any) -> Judgement:
    """What a row of the table says."""
    return Judgement(row.verdict == "confirmed", row.person, row.at, row.why)


def numbers_of(connection: Connection, table: Table, statements: Iterable[tuple[int, str]]) -> list[int]:
    """The numbers of the rows of ``table`` (``saying`` or ``claim``) that are of some statements.

    These are named by the revision of their document and their id.
    """
    revision, found = tables.revision, list[int]()
    for some in chunks(statements):
        asked = set(some)
        rows = connection.execute(
            select(table.c.number, revision.c.number.label("revision"), table.c.statement)
            .join(revision, revision.c.document == table.c.document)
            .where(revision.c.number.in_({number for number, _ in some}), table.c.statement.in_({id for _, id in some}))
        )
        found += [row.number for row in rows if (row.revision, row.statement) in asked]
    return found
