"""The one that writes documents: each is recorded whole or not at all, and never twice."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert, select, text, update
from sqlalchemy.exc import DataError, IntegrityError

from onrecord.errors import DocumentError, Removed, UnreadableDocument
from onrecord.ledger import tables
from onrecord.ledger.attach import attach_all
from onrecord.ledger.database import Database
from onrecord.ledger.identity import as_of, content_sha256, keys, located, now
from onrecord.ledger.present import Fresh, refresh_all
from onrecord.ledger.rows import column, revision_row, statement_rows, statements_sha256
from onrecord.model import Document

__all__ = ["Added", "Recorder", "Status"]

_MOST, _SECONDS = 100, 1.0
"""So many documents are written at a time, or those of so many seconds."""
_MANY = 1000
"""So many documents change how a server had best look for words."""


class Status(StrEnum):
    """What became of a document that was to be recorded."""

    ADDED = "added"
    REVISED = "revised"
    UNCHANGED = "unchanged"
    EXTRACTED = "extracted"
    """Read again by a newer extractor; the earlier statements are history."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one document: its id, how many statements it has, how many corrections wait for a person."""

    status: Status
    document: str | int
    statements: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class _Known:
    """A document of the ledger as a reading of it finds it; ``number`` is None where it is not there yet."""

    key: str
    number: int | None
    same: bool
    second: bool
    """Another text under this key was read in this run before."""


Changed = Mapping[int, Fresh | None]
"""Extractions that were just written, by their documents' numbers."""


class _Refused(Exception):
    """The database does not take what is to be looked through of some document."""


class Recorder:
    """Writes the documents of one run. Documents wait in memory until ``flush``, which ``add`` calls when it is time.

    ``extractor`` says which program found the statements. Used by one thread; other processes may write too.
    """

    def __init__(self, database: Database, command: str, extractor: str, version: str, collection: str = "") -> None:
        self.run_id = uuid.uuid4().hex
        self._database, self._command, self._collection = database, command, collection
        self.extractor, self._version = extractor, version
        self._waiting: list[tuple[Document, int | None, str]] = []
        self._since = time.monotonic()
        self._met = _Numbers()
        self._begun, self._changed = False, 0
        self._started_at = now()

    def unchanged(self, document: Document) -> bool:
        """Whether the ledger has this very document, so that its statements need not be looked for.

        Raises:
            Removed: it was taken out of the ledger.
        """
        with self._database.reading() as connection:
            known = self._known(connection, document, now())
            if known.number is None:
                return False
            self._refuse_removed(connection, known.number, document)
        if known.same:
            self._met.add(known.number)
        return known.same

    def add(self, document: Document, revision: int | None = None) -> list[Added | DocumentError]:
        """Take a document with its statements; what became of those that were written now.

        ``revision`` is the one of the ledger that was read again, for statements of a newer extractor.
        """
        self._waiting.append((document, revision, now()))
        if len(self._waiting) >= _MOST or time.monotonic() - self._since >= _SECONDS:
            return self.flush()
        return []

    def flush(self) -> list[Added | DocumentError]:
        """Write all that waits, together; what became of each, in their order."""
        self._since = time.monotonic()
        if not self._waiting:
            return []
        met, begun = self._met.copy(), self._begun
        try:
            try:
                results = self._written(together=True)
            except _Refused:
                self._met, self._begun = met.copy(), begun
                results = self._written(together=False)
        except BaseException:
            self._met, self._begun = met, begun
            raise
        self._waiting.clear()
        return results

    def _written(self, *, together: bool) -> list[Added | DocumentError]:
        """Write all that waits; the present statements of all documents ``together``, or else of each one with it.

        Raises:
            _Refused: the database does not take the present statements of some document of those together.
        """
        results: list[Added | DocumentError] = []
        changed: dict[int, Fresh | None] = {}
        with self._database.writing() as connection:
            for document, revision, read_at in self._waiting:
                result, fresh = self._tried(connection, document, revision, read_at, together=together)
                results.append(result)
                changed |= fresh
            self._changed += len(changed)
            if together and changed:
                try:
                    refresh_all(connection, changed)
                except (IntegrityError, DataError) as error:
                    raise _Refused from error
        return results

    def finish(self) -> list[Added | DocumentError]:
        """Write what waits and say that the run is over."""
        results = self.flush()
        if self._begun:
            with self._database.writing() as connection:
                if self._changed >= _MANY and not self._database.is_file:
                    connection.execute(text("ANALYZE present"))  # else the first searches are planned for what was
                connection.execute(update(tables.run).where(tables.run.c.id == self.run_id).values(finished_at=now()))
        return results

    def _tried(
        self, connection: Connection, document: Document, revision: int | None, read_at: str, *, together: bool
    ) -> tuple[Added | DocumentError, Changed]:
        """One document, written whole or not at all, without harm to those beside it; what was extracted anew."""
        begun = self._begun
        try:
            with connection.begin_nested():
                if revision is None:
                    added, fresh = self._record(connection, document, read_at)
                else:
                    added, fresh = self._extract(connection, document, revision)
                if fresh and not together:
                    refresh_all(connection, fresh)
                return added, fresh
        except DocumentError as error:
            return error, {}
        except (IntegrityError, DataError) as error:
            self._begun = begun
            what = f"cannot be recorded: {' '.join(str(error.orig).split())}"
            return UnreadableDocument(_where(document), what), {}

    def _known(self, connection: Connection, document: Document, read_at: str) -> _Known:
        """The document as the ledger has it: under its first key that no other one of this run has."""
        content = content_sha256(document)
        for key in keys(document):
            number = connection.execute(
                select(tables.document.c.number)
                .where(tables.document.c.collection == self._collection, tables.document.c.key == column(key))
            ).scalar_one_or_none()  # fmt: skip
            if number is None:
                return _Known(key, None, False, False)
            moment = as_of(document, read_at)
            same = _same(connection, number, content, moment, captured=moment != read_at)
            second = number in self._met and moment == read_at
            if same or not second:
                break
        return _Known(key, number, same, second)

    def _record(self, connection: Connection, document: Document, read_at: str) -> tuple[Added, Changed]:
        known = self._known(connection, document, read_at)
        number = known.number
        if number is not None:
            self._refuse_removed(connection, number, document)
            if known.same:
                self._met.add(number)
                return Added(Status.UNCHANGED, document.id), {}
            if known.second:
                raise UnreadableDocument(
                    _where(document),
                    f"another text was read as {known.key!r} in this run",
                    "give each document an id of its own",
                )
        self._begin(connection)
        status = Status.ADDED if number is None else Status.REVISED
        if number is None:
            row = {"collection": self._collection, "key": column(known.key)}
            number = _inserted(connection, tables.document, row)
        revision = _inserted(connection, tables.revision, revision_row(located(document)) | {
            "document": number, "run": self.run_id, "read_at": read_at, "as_of": as_of(document, read_at),
            "content_sha256": content_sha256(document), "version": self._version,
        })  # fmt: skip
        waiting, fresh = self._extraction(connection, number, revision, document)
        self._met.add(number)
        return Added(status, document.id, len(document.statements), waiting), {number: fresh}

    def _extract(self, connection: Connection, document: Document, revision: int) -> tuple[Added, Changed]:
        """Statements of another extractor for a revision; nothing where this one has read it already."""
        table = tables.extraction
        there = connection.execute(
            select(table.c.number).where(table.c.revision == revision, table.c.extractor == self.extractor)
        ).first()
        number = connection.execute(
            select(tables.revision.c.document).where(tables.revision.c.number == revision)
        ).scalar_one_or_none()
        if there or number is None:
            return Added(Status.UNCHANGED, document.id), {}
        self._begin(connection)
        waiting, fresh = self._extraction(connection, number, revision, document)
        return Added(Status.EXTRACTED, document.id, len(document.statements), waiting), {number: fresh}

    def _extraction(self, connection: Connection, number: int, revision: int, document: Document) -> tuple[int, Fresh]:
        """Write a revision's statements; how many corrections wait for a person, and what was written."""
        rows = statement_rows(document, 0)
        extraction = _inserted(connection, tables.extraction, {
            "revision": revision, "run": self.run_id, "at": now(), "extractor": self.extractor,
            "statements": len(rows), "statements_sha256": statements_sha256([row["body"] for row in rows]),
        })  # fmt: skip
        if rows:
            connection.execute(insert(tables.statement), [row | {"extraction": extraction} for row in rows])
        waiting = attach_all(connection, number, extraction, document)
        return waiting, Fresh(revision, extraction, document)

    def _refuse_removed(self, connection: Connection, number: int, document: Document) -> None:
        table = tables.removal
        row = connection.execute(
            select(table.c.at, table.c.reason).where(table.c.document == number, table.c.lifted_at.is_(None))
        ).first()
        if row:
            what = f"was removed from the ledger on {row.at[:10]}: {row.reason}"
            raise Removed(_where(document), what, "onrecord remove --lift lets it in again")

    def _begin(self, connection: Connection) -> None:
        """Write down the run, when it first writes anything."""
        if not self._begun:
            row = {"id": self.run_id, "started_at": self._started_at}
            connection.execute(insert(tables.run).values(row | {"command": self._command, "version": self._version}))
            self._begun = True


def _same(connection: Connection, document: int, content: str, moment: str, *, captured: bool) -> bool:
    """Whether the ledger has this content: as what the document is now, or for a capture, was at that moment.

    A capture is compared with what the document was just before, at the same moment, and just after.
    """
    table = tables.revision
    mine = select(table.c.content_sha256).where(table.c.document == document)
    before = mine.order_by(table.c.as_of.desc(), table.c.number.desc())
    if not captured:
        return connection.execute(before.limit(1)).scalar_one_or_none() == content
    after = mine.where(table.c.as_of > moment).order_by(table.c.as_of, table.c.number)
    near = [
        *connection.execute(before.where(table.c.as_of <= moment).limit(1)).scalars(),
        *connection.execute(mine.where(table.c.as_of == moment)).scalars(),
        *connection.execute(after.limit(1)).scalars(),
    ]
    return content in near


def _where(document: Document) -> str:
    """Where a document came from, for messages."""
    return document.provenance.origin if document.provenance else str(document.id)


def _inserted(connection: Connection, table: Any, row: dict[str, Any]) -> int:
    """Insert a row; its number."""
    number: int = connection.execute(insert(table).values(row).returning(table.c.number)).scalar_one()
    return number


class _Numbers:
    """A set of numbers, one bit each, so that ten million documents take a megabyte."""

    def __init__(self, bits: Iterable[int] = b"") -> None:
        self._bits = bytearray(bits)

    def add(self, number: int) -> None:
        """Take it in."""
        place = number >> 3
        if place >= len(self._bits):
            self._bits.extend(bytes(place + 1 - len(self._bits) + 1024))
        self._bits[place] |= 1 << (number & 7)

    def __contains__(self, number: int) -> bool:
        place = number >> 3
        return place < len(self._bits) and bool(self._bits[place] >> (number & 7) & 1)

    def copy(self) -> _Numbers:
        """Another set of the same numbers."""
        return _Numbers(self._bits)
