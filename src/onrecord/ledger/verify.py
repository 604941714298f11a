"""Whether a ledger still says what was recorded: every hash, every slice, every tie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, select, text

from onrecord.errors import LedgerError
from onrecord.ledger import tables
from onrecord.ledger.attach import spans_of
from onrecord.ledger.corrections import withdrawn
from onrecord.ledger.entries import newest_extraction, numbers, revisions
from onrecord.ledger.fields import WITHDRAWN
from onrecord.ledger.identity import content_sha256
from onrecord.ledger.present import rows_of
from onrecord.ledger.rows import document_of, revision_row, statement_of, statement_rows, statements_sha256
from onrecord.model import Document

__all__ = ["Problem", "Verified", "verified"]


@dataclass(frozen=True, slots=True)
class Problem:
    """What does not hold, and where: a document's key, or a table."""

    where: str
    what: str


@dataclass(slots=True)
class Verified:
    """What was looked at, and what does not hold."""

    documents: int = 0
    revisions: int = 0
    statements: int = 0
    corrections: int = 0
    waiting: int = 0
    problems: list[Problem] = field(default_factory=list)


def verified(connection: Connection, *, is_file: bool) -> Iterator[Verified]:
    """Look at everything; gives the same account again and again, as it grows."""
    account = Verified()
    if is_file:
        for check in ("integrity_check", "foreign_key_check"):
            for row in connection.execute(text(f"PRAGMA {check}")):
                if tuple(row) != ("ok",):
                    account.problems.append(Problem("the file", " ".join(map(str, row))))
    after = 0
    while found := numbers(connection, after):
        for number in found:
            _document(connection, number, account)
            yield account
        after = found[-1]
    yield account


def _document(connection: Connection, number: int, account: Verified) -> None:
    table = tables.document
    key = connection.execute(select(table.c.key).where(table.c.number == number)).scalar_one()
    account.documents += 1
    every = revisions(connection, number)
    for revision, _, _ in every:
        account.revisions += 1
        row = connection.execute(select(tables.revision).where(tables.revision.c.number == revision)).one()
        for what in _revision(connection, row, account):
            account.problems.append(Problem(key, what))
    for what in _present(connection, number):
        account.problems.append(Problem(key, what))
    for what in _corrections(connection, number, every[-1][0], account):
        account.problems.append(Problem(key, what))


def _revision(connection: Connection, row: Row[Any], account: Verified) -> Iterator[str]:
    """What does not hold of a revision and of the statements in it."""
    name = f"revision {row.number}"
    if sha256(row.text).hexdigest() != row.text_sha256:
        yield f"{name}: the text is not the one that was recorded (SHA-256 differs)"
    try:
        document = document_of(row.body, row.text)
    except ValueError as error:
        yield f"{name}: {error}"
        return
    if content_sha256(document) != row.content_sha256:
        yield f"{name}: title, outlet, date, address or authors are not those that were recorded (SHA-256 differs)"
    for column, value in revision_row(document).items():
        if column not in ("text", "text_sha256") and value != getattr(row, column):
            yield f"{name}: the column {column} is not what was recorded"
    table = tables.extraction
    for extraction in connection.execute(select(table).where(table.c.revision == row.number)).all():
        yield from _extraction(connection, document, extraction, account)


def _extraction(connection: Connection, document: Document, extraction: Row[Any], account: Verified) -> Iterator[str]:
    table = tables.statement
    rows = connection.execute(
        select(table).where(table.c.extraction == extraction.number).order_by(table.c.number)
    ).mappings().all()  # fmt: skip
    account.statements += len(rows)
    if len(rows) != extraction.statements:
        yield f"extraction {extraction.number}: has {len(rows)} statements, {extraction.statements} were recorded"
    if statements_sha256([row["body"] for row in rows]) != extraction.statements_sha256:
        yield f"extraction {extraction.number}: its statements are not those that were recorded (SHA-256 differs)"
    for row in rows:
        try:
            statement = statement_of(row["body"])
            made = statement_rows(replace(document, statements=(replace(statement, parent=None),)), extraction.number)[
                0
            ]
        except ValueError as error:
            yield f"statement {row['id']}: {error}"
            continue
        made["parent"] = statement.parent
        made["body"] = row["body"]
        for column, value in made.items():
            if value != row[column]:
                words = column in ("source", "cue", "content")
                what = "is not the slice of the text that it was" if words else "is not what was recorded"
                yield f"statement {row['id']}: {column} {what}"


def _present(connection: Connection, document: int) -> Iterator[str]:
    """The statements that are looked through are those that the rest says."""
    table = tables.present
    try:
        wanted = {row["id"]: row for row in rows_of(connection, document)}
    except (LedgerError, ValueError) as error:
        yield str(error)
        return
    there = connection.execute(select(table).where(table.c.document == document)).mappings().all()
    if {row["id"] for row in there} != set(wanted) or len(there) != len(wanted):
        yield f"{len(there)} statements can be looked for, there are {len(wanted)}"
    for row in there:
        for name, value in wanted.get(row["id"], {}).items():
            if value != row[name]:
                yield f"statement {row['id']}: {name} is looked for otherwise than it is"


def _corrections(connection: Connection, document: int, revision: int, account: Verified) -> Iterator[str]:
    """Every correction lies within its text, and is tied to what the document is now, or waits."""
    table, tied = tables.correction, tables.attachment
    newest, taken_back = newest_extraction(connection, revision), withdrawn(connection, document)
    for row in connection.execute(select(table).where(table.c.document == document)).all():
        account.corrections += 1
        raw = connection.execute(
            select(tables.revision.c.text).where(tables.revision.c.number == row.revision)
        ).scalar_one()
        length = len(bytes(raw).decode("utf-8", "surrogatepass"))
        if any(not 0 <= s.start < s.end <= length for s in spans_of(row.content)):
            yield f"correction {row.number}: its offsets lie outside the text"
        how = connection.execute(
            select(tied.c.how).where(tied.c.correction == row.number, tied.c.extraction == newest)
        ).scalar_one_or_none()
        if how is None and newest is not None:
            yield f"correction {row.number}: is neither tied to a statement nor waiting"
        account.waiting += how == "waiting" and row.field != WITHDRAWN and row.number not in taken_back
