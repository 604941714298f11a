"""What persons say of statements: appended, never overwritten, taken back only by a further word."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, insert, select

from onrecord.errors import UsageError
from onrecord.ledger import tables
from onrecord.ledger.attach import attach, spans_of, text_of
from onrecord.ledger.codec import statement_json
from onrecord.ledger.entries import Entry, at, entry_of, extracted, find_statements, newest_extraction, revisions
from onrecord.ledger.fields import ADDED, FIELDS, REJECTED, WITHDRAWN, parsed, statement_with, value_of
from onrecord.ledger.identity import now
from onrecord.ledger.present import refresh
from onrecord.model import Span, Statement

__all__ = ["Correction", "Said", "add_statement", "correct", "corrections", "settle", "withdraw", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Said:
    """Who corrects, and why.

    Raises:
        UsageError: one of them is empty.
    """

    by: str
    why: str

    def __post_init__(self) -> None:
        for name in ("by", "why"):
            if not getattr(self, name).strip():
                raise UsageError(f"--{name} is empty: a correction says who makes it, and why")


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction as it stands in the ledger; ``waiting`` where its statement was not found again.

    ``value`` and ``was`` are JSON. ``content`` are the offsets of the statement's content in the revision that the
    person had before him, ``words`` what stood there.
    """

    number: int
    document: str
    statement: str
    content: tuple[Span, ...]
    words: str
    field: str
    value: str | None
    was: str | None
    by: str
    at: str
    why: str
    waiting: bool


def correct(
    connection: Connection,
    entry: Entry,
    statement: Statement,
    changes: Sequence[tuple[str, str]],
    said: Said,
    *,
    confirms: bool = True,
) -> list[int]:
    """Append corrections of a statement's fields, each ``(field, value)`` as a person writes it; their numbers.

    A value that stands there already is a correction too, which says that a person checked it; unless ``confirms`` is
    False, or this person was the last to correct the field.

    Raises:
        UsageError: there is no such field, or it cannot have the value, or this person has said the same before, and
            no other document has the statement.
    """
    text, read = entry.document.text, []
    for name, value in changes:
        made = parsed(text, statement, name, value)
        was = None if name == REJECTED else value_of(statement, name)
        if name in FIELDS:
            # that the statement can be so is told now, not by whoever reads it
            try:
                statement_with(statement, name, made)
            except ValueError as error:
                raise UsageError(f"{name}={value}: {error}") from None
        if made == was:
            if not confirms:
                continue
            last = next((r for r in reversed(statement.reviews) if r.field == name), None)
            if last is not None and last.by == said.by:
                if not _is_elsewhere(connection, entry, statement):
                    raise UsageError(f"{name}={value}: {said.by} said so before, on {last.at[:10]} ({last.why})")
                continue
        read.append((name, made, was))
    numbers = [_append(connection, entry, statement, name, made, was, said) for name, made, was in read]
    if numbers:
        refresh(connection, at(connection, entry.revision)[0])
    return numbers


def _is_elsewhere(connection: Connection, entry: Entry, statement: Statement) -> bool:
    """Whether other documents have the statement too: what is said of it is said of all of them."""
    own = at(connection, entry.revision)[0]
    return any(at(connection, revision)[0] != own for revision, _ in find_statements(connection, statement.id))


def add_statement(connection: Connection, entry: Entry, statement: Statement, said: Said) -> int:
    """Append a statement that the extractor missed; the number of the correction that says so."""
    body = statement_json(replace(statement, parent=None))
    number = _append(connection, entry, statement, ADDED, body, None, said)
    refresh(connection, at(connection, entry.revision)[0])
    return number


def withdraw(connection: Connection, number: int, said: Said) -> None:
    """Take a correction back: it stays in the ledger and no longer counts.

    Raises:
        UsageError: there is no such correction.
    """
    table = tables.correction
    row = connection.execute(select(table).where(table.c.number == number)).first()
    if row is None or row.field == WITHDRAWN:
        raise UsageError(f"correction {number}: there is none of that number (onrecord corrections lists them)")
    values = {name: getattr(row, name) for name in ("document", "revision", "statement", "content")}
    new = _inserted(connection, values | {
        "field": WITHDRAWN, "value": json.dumps(number), "was": None, "person": said.by, "at": now(), "why": said.why,
    })  # fmt: skip
    tied = tables.attachment
    for old in connection.execute(select(tied).where(tied.c.correction == number)).all():
        connection.execute(insert(tied).values(
            correction=new, extraction=old.extraction, statement=old.statement, how=old.how, shift=old.shift
        ))  # fmt: skip
    refresh(connection, row.document)


def withdrawn(connection: Connection, document: int | None = None) -> set[int]:
    """The numbers of the corrections that were taken back, of one document or of all."""
    table = tables.correction
    wanted = select(table.c.value).where(table.c.field == WITHDRAWN)
    if document is not None:
        wanted = wanted.where(table.c.document == document)
    return {int(json.loads(value)) for value in connection.execute(wanted).scalars() if value is not None}


def settle(connection: Connection, number: int, entry: Entry, statement: Statement) -> None:
    """Attach a correction that waits to a statement of the same document, as a person decides.

    Raises:
        UsageError: there is no such correction, it does not wait, or it is of another document.
    """
    table, tied = tables.correction, tables.attachment
    extraction = entry.extraction.number if entry.extraction else None
    row = connection.execute(
        select(table, tied.c.how).join(tied, tied.c.correction == table.c.number)
        .where(table.c.number == number, tied.c.extraction == extraction)
    ).first()  # fmt: skip
    if row is None or row.how != "waiting":
        raise UsageError(f"correction {number}: does not wait for a statement of this document")
    old = json.loads(row.content)
    connection.execute(
        tied.update().where(tied.c.correction == number, tied.c.extraction == extraction)
        .values(how="moved", statement=statement.id, shift=statement.content[0].start - old[0][0])
    )  # fmt: skip
    refresh(connection, row.document)


def corrections(connection: Connection, document: int | None = None, *, waiting: bool = False) -> Iterator[Correction]:
    """The corrections in their order, of one document or of all; ``waiting``: only those that wait for a person.

    What was withdrawn waits for nobody.
    """
    table, own, tied = tables.correction, tables.document, tables.attachment
    taken_back = withdrawn(connection, document)
    wanted = select(table, own.c.key).join(own, own.c.number == table.c.document).order_by(table.c.number)
    if document is not None:
        wanted = wanted.where(table.c.document == document)
    for row in connection.execute(wanted).all():
        newest = newest_extraction(connection, revisions(connection, row.document)[-1][0])
        how = connection.execute(
            select(tied.c.how).where(tied.c.correction == row.number, tied.c.extraction == newest)
        ).scalar_one_or_none()
        waits = how == "waiting" and row.field != WITHDRAWN and row.number not in taken_back
        if waiting and not waits:
            continue
        text = text_of(connection, row.revision)
        content = spans_of(row.content)
        yield Correction(
            row.number, row.key, row.statement, content, " … ".join(s.of(text) for s in content), row.field,
            row.value, row.was, row.person, row.at, row.why, waits,
        )  # fmt: skip


def _append(
    connection: Connection,
    entry: Entry,
    statement: Statement,
    field: str,
    value: str | None,
    was: str | None,
    said: Said,
) -> int:
    """One correction's row, tied to its statement in this revision and in later ones that have it too."""
    document = at(connection, entry.revision)[0]
    content = json.dumps([list(span) for span in statement.content])
    number = _inserted(connection, {
        "document": document, "revision": entry.revision, "statement": statement.id, "content": content,
        "field": field, "value": value, "was": was, "person": said.by, "at": now(), "why": said.why,
    })  # fmt: skip
    for place in revisions(connection, document):
        if place[1] < entry.place:
            continue
        other = entry if place[0] == entry.revision else entry_of(connection, place)
        if other.extraction is None:
            continue
        found = replace(other.document, statements=tuple(extracted(connection, other.extraction.number)))
        attach(connection, number, other.extraction.number, found, seen=place[0] == entry.revision)
    return number


def _inserted(connection: Connection, row: dict[str, object]) -> int:
    table = tables.correction
    number: int = connection.execute(insert(table).values(row).returning(table.c.number)).scalar_one()
    return number
