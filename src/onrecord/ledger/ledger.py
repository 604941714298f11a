"""The ledger: documents and statements recorded for good, in an SQLite file or in PostgreSQL."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from sqlalchemy import Connection

from onrecord.annotations import Annotation
from onrecord.errors import DocumentError, UsageError
from onrecord.filters import with_parents
from onrecord.ledger import (
    backup,
    changes,
    corrections,
    entries,
    importing,
    meanings,
    present,
    removal,
    search,
    summaries,
    verify,
)
from onrecord.ledger.changes import Change
from onrecord.ledger.corrections import Correction, Said
from onrecord.ledger.database import Database
from onrecord.ledger.entries import Entry, Removal
from onrecord.ledger.importing import Imported
from onrecord.ledger.meanings import Indexed, Progress
from onrecord.ledger.query import Query
from onrecord.ledger.recorder import Added, Recorder
from onrecord.ledger.search import Hit
from onrecord.ledger.summaries import Counted, Month, SpeakerCount, SpeakerView
from onrecord.ledger.verify import Verified
from onrecord.model import Document, Statement

if TYPE_CHECKING:
    from onrecord.ledger.likeness import Likeness

__all__ = ["DEFAULT", "Ledger", "place"]

DEFAULT = "onrecord.db"
_ALL = 2**31 - 1


def place(where: str | Path | None, environment: Mapping[str, str] | None = None) -> str:
    """The ledger that is meant: the one given, else the one in ``ONRECORD_LEDGER``, else ``onrecord.db``.

    >>> place(None, {"ONRECORD_LEDGER": "desk.db"}), place(None, {}), place("other.db")
    ('desk.db', 'onrecord.db', 'other.db')
    """
    environment = os.environ if environment is None else environment
    return str(where) if where is not None else environment.get("ONRECORD_LEDGER") or DEFAULT


class Ledger:
    """A ledger that is open; a context manager. Made by ``Ledger.open``.

    Its methods raise ``LedgerError`` where the database cannot do what is asked, ``LedgerBusy`` where another program
    writes to it for longer than the timeout.
    """

    def __init__(self, database: Database, collection: str | None = None, index: str | Path | None = None) -> None:
        self._database = database
        self._collection = collection
        self._index = index
        self._likeness_of: Likeness | None = None

    @classmethod
    def open(
        cls,
        where: str | Path | None = None,
        *,
        create: bool = True,
        read_only: bool = False,
        collection: str | None = None,
        timeout: float = 30.0,
        index: str | Path | None = None,
    ) -> Self:
        """Open the ledger in a file or at a ``postgresql://`` address; None: ``ONRECORD_LEDGER`` or ``onrecord.db``.

        One that is not there is made, unless ``create`` is False or it is opened ``read_only``. ``collection`` is a
        part of the ledger in which ids are its own (two collections may each have a document "1"): documents are
        recorded in it (without one: in the part that has no name) and looked for in it (without one: in all).
        ``timeout`` is how many seconds a writer waits for another. ``index`` is the folder for its index of meanings
        (None: ``ONRECORD_INDEX``, else beside the ledger's file, else the user's cache).

        Raises:
            LedgerError: it cannot be opened, is no ledger, or a newer onrecord wrote it.
            UsageError: it is not there, or the address is none.
        """
        made = create and not read_only
        database = Database(place(where), create=made, writes=not read_only, timeout=timeout, upgraded=present.upgraded)
        return cls(database, collection, index)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    @property
    def where(self) -> str:
        """Where the ledger is, without a password."""
        return self._database.where

    @property
    def database(self) -> Database:
        """The database, for the stages that keep tables of their own in the ledger."""
        return self._database

    # recording

    def add(self, document: Document) -> Added:
        """Record a document with its statements; nothing changes where the ledger has it as it is.

        Raises:
            DocumentError: it cannot be recorded; the message says why.
        """
        with self.recorder("add") as recorder:
            (outcome,) = (*recorder.add(document), *recorder.flush())
        if isinstance(outcome, DocumentError):
            raise outcome
        return outcome

    @contextmanager
    def recorder(self, command: str, extractor: str | None = None) -> Iterator[Recorder]:
        """A run that records many documents; what it still holds is written at the end.

        ``command`` says what was called, ``extractor`` which program found the statements (this one).
        """
        from onrecord.pipeline import extractor_version

        named = extractor or extractor_version()
        recorder = Recorder(self._database, command, named, version("onrecord"), self._collection or "")
        try:
            yield recorder
        except KeyboardInterrupt:
            recorder.flush()  # what waits is whole
            raise
        recorder.finish()

    # reading

    def documents(self) -> Iterator[Document]:
        """Every document at its last revision, with its statements as persons corrected them, in the order added."""
        for entry in self.entries():
            yield entry.document

    def entries(self, query: Query | None = None) -> Iterator[Entry]:
        """Every document at its last revision, with its provenance, in the order added.

        With a query, those with statements that it asks for; they have these and the statements around them.
        """
        if query is None:
            with self._database.reading() as connection:
                yield from entries.entries(connection, self._collection)
                return
        for entry, asked in self.chosen(query):
            kept = with_parents(entry.document.statements, asked)
            yield replace(entry, document=replace(entry.document, statements=kept))

    def chosen(self, query: Query) -> Iterator[tuple[Entry, frozenset[str]]]:
        """The documents with statements that a query asks for, in the order added, whole, and these statements' ids."""
        with self._database.reading() as connection:
            yield from search.chosen(connection, self.within(query))

    def revisions(self, name: str) -> list[Entry]:
        """All revisions of the document with this id, address or path, the earliest first.

        Raises:
            UsageError: there is none, it was removed, or several collections have one.
        """
        with self._database.reading() as connection:
            number = self._document(connection, name)
            return [entries.entry_of(connection, at) for at in entries.revisions(connection, number)]

    def document(self, name: str) -> Entry:
        """The last revision of the document with this id, address or path.

        Raises:
            UsageError: there is none, it was removed, or several collections have one.
        """
        with self._database.reading() as connection:
            number = self._document(connection, name)
            return entries.entry_of(connection, entries.revisions(connection, number)[-1])

    def changes(self, name: str) -> list[tuple[Entry, Entry, list[Change]]]:
        """What changed in a document's statements from each revision to the next.

        Raises:
            UsageError: as ``revisions``.
        """
        every = self.revisions(name)
        return [(a, b, changes.changes(a.document, b.document)) for a, b in itertools.pairwise(every)]

    def statements(self, prefix: str) -> list[tuple[Entry, Statement]]:
        """The statements whose id begins with ``prefix``, each with its document's revision.

        A text that stands in several documents has its statements in each of them. A statement that only an earlier
        extractor found comes with that extractor's statements.
        """
        with self._database.reading() as connection:
            return [(entry, statement) for entry, statement, _ in self._statements(connection, prefix)]

    def search(
        self,
        query: Query,
        *,
        limit: int = 20,
        sort: str = "relevance",
        like: str | None = None,
        progress: Progress | None = None,
    ) -> Iterator[Hit]:
        """The first ``limit`` statements that a query asks for, with whoever relays them.

        ``sort`` is ``relevance`` (without words: as ``date``), ``date`` (the latest published first) or ``recorded``.
        Of words that more than 2,000 statements have (and more than ``limit``), the latest published 2,000 are put in
        the order of relevance, and the others left out.

        With ``like``, a sentence, those that are most like it in meaning, the likest first, of all that the query asks
        for; another order is theirs alone. For that the index of meanings is brought up to date, which ``progress``
        is told of: how many of how many statements.

        Raises:
            UsageError: there is no such order, or no word in ``like``, or the index may not be written.
            LedgerError: the index cannot be read or written.
        """
        search.checked(sort)
        within = self.within(query)
        if like is None:
            with self._database.reading() as connection:
                yield from search.search(connection, within, limit, sort)
            return
        from onrecord.ledger.likeness import alike

        vector = self._likeness.vector(like)
        index = self._likeness.index(progress)
        with self._database.reading() as connection:
            found = alike(connection, within, limit, vector, index)
            yield from search.alike(connection, within, found, sort)

    def index(self, progress: Progress | None = None) -> Indexed:
        """Bring the index of meanings up to date ahead of a search; what it holds then.

        Raises:
            UsageError: it may not be written.
            LedgerError: it cannot be read or written.
        """
        return self._likeness.bring(progress)

    @property
    def _likeness(self) -> Likeness:
        """The index of meanings; what it needs is loaded only here."""
        if self._likeness_of is None:
            from onrecord.ledger.likeness import Likeness

            self._likeness_of = Likeness(self._database, meanings.file_of(self.where, self._index))
        return self._likeness_of

    def count(self, query: Query, *, most: int | None = None) -> int:
        """How many statements a query asks for; ``most`` + 1 where they are more than ``most``."""
        with self._database.reading() as connection:
            return search.count(connection, self.within(query), most)

    def speakers(self, query: Query | None = None, *, limit: int = 100) -> list[SpeakerCount]:
        """Those who speak most in what a query asks for, by name."""
        with self._database.reading() as connection:
            return summaries.speakers(connection, self.within(query or Query()), limit)

    def speaker(self, name: str, query: Query | None = None) -> SpeakerView:
        """What one speaker says, by name or words of the name; with a query, only what it asks for.

        Raises:
            UsageError: nobody of this name speaks, or several.
        """
        with self._database.reading() as connection:
            whole = summaries.speaker_named(connection, name)
            asked = replace(self.within(query or Query()), speaker_name=whole)
            titles, types, outlets, acts = (
                summaries.counted_by(connection, asked, column)
                for column in ("source_title", "source_type", "outlet", "act")
            )
        hits = self.search(asked, limit=_ALL, sort="date")
        return SpeakerView(whole, titles, types, outlets, acts, hits)

    def timeline(self, query: Query | None = None, *, by: str = "day") -> list[Counted]:
        """How many statements were said when, by ``day``, ``month`` or ``year``; those without a day are left out."""
        with self._database.reading() as connection:
            return summaries.timeline(connection, self.within(query or Query()), by)

    def months(self, query: Query | None = None) -> list[Month]:
        """Counts by outlet and month of publication."""
        with self._database.reading() as connection:
            return summaries.months(connection, self.within(query or Query()))

    def within(self, query: Query) -> Query:
        """The query in the part of the ledger that is open: its collection."""
        return query if self._collection is None else replace(query, collection=self._collection)

    def recorded_words(self, entry: Entry, id: str) -> str | None:
        """The words of a statement's content as they were written down beside its offsets; None for a person's."""
        with self._database.reading() as connection:
            return entries.recorded_words(connection, entry, id)

    def has_document(self, name: str) -> bool:
        """Whether there is a document, or the tombstone of one, with this id, address or path."""
        with self._database.reading() as connection:
            return bool(entries.find_document(connection, name, self._collection))

    def removed(self, name: str) -> Removal | None:
        """The tombstone of a document that was removed."""
        with self._database.reading() as connection:
            found = entries.find_document(connection, name, self._collection)
            return next((r for number in found if (r := removal.removal_of(connection, number))), None)

    def unread(self, extractor: str, name: str | None = None) -> Iterator[tuple[int, Document]]:
        """Texts in which this extractor has not looked for statements, with their revisions' numbers.

        Raises:
            UsageError: there is no document of this name.
        """
        after, number = 0, None
        if name is not None:
            with self._database.reading() as connection:
                number = self._document(connection, name)
        while True:
            with self._database.reading() as connection:
                found = entries.unread(connection, extractor, number, self._collection, after)
            if not found:
                return
            yield from found
            after = found[-1][0]

    # persons

    def correct(self, id: str, changes: Sequence[tuple[str, str]], *, by: str, why: str) -> Statement:
        """Correct fields of a statement; the statement as it stands then.

        ``id`` may be the beginning of one. A value is written as on the command line: words, one of the field's
        values, or for a place in the text its offsets (``12-25``) or its words; empty for "not known".
        ``rejected=yes`` says that this is no statement. A value that the field has is confirmed by that.

        Raises:
            UsageError: there is no such statement or field, it cannot have the value, or the same person said that of
                it last.
        """
        said = Said(by, why)
        with self._database.writing() as connection:
            for entry, statement in (found := self._one(connection, id)):
                corrections.correct(connection, entry, statement, changes, said)
            return self._one(connection, found[0][1].id)[0][1]

    def add_statement(self, name: str, statement: Statement, *, by: str, why: str) -> int:
        """Record a statement that the extractor missed; the number of the correction.

        Raises:
            UsageError: there is no such document, or the statement lies outside of its text.
        """
        said = Said(by, why)
        with self._database.writing() as connection:
            number = self._document(connection, name)
            entry = entries.entry_of(connection, entries.revisions(connection, number)[-1])
            end = len(entry.document.text)
            if any(s.end > end for s in (*statement.source, *statement.cue, *statement.content, *statement.quoted)):
                raise UsageError(f"{name}: the statement lies outside of the text's {end} characters")
            return corrections.add_statement(connection, entry, statement, said)

    def import_annotations(
        self, annotations: Iterable[Annotation | DocumentError], *, by: str, why: str, complete: bool = False
    ) -> Iterator[Imported | DocumentError]:
        """Take over annotations that persons made elsewhere; what each document brought, or why it was skipped.

        ``complete`` says that all statements were annotated, so that what was not is none.
        """
        said = Said(by, why)
        for annotation in annotations:
            if isinstance(annotation, DocumentError):
                yield annotation
                continue
            try:
                with self._database.writing() as connection:
                    made = importing.imported(connection, annotation, said, self._collection, complete=complete)
                    if isinstance(made, DocumentError):
                        raise made  # nothing of it is kept
            except DocumentError as error:
                yield error
            else:
                yield made

    def withdraw(self, number: int, *, by: str, why: str) -> None:
        """Take a correction back; it stays on record.

        Raises:
            UsageError: there is no such correction.
        """
        with self._database.writing() as connection:
            corrections.withdraw(connection, number, Said(by, why))

    def settle(self, number: int, id: str) -> None:
        """Attach a correction that waits to a statement.

        Raises:
            UsageError: it does not wait, or the statement is not of its document.
        """
        with self._database.writing() as connection:
            entry, statement = self._one(connection, id)[0]
            corrections.settle(connection, number, entry, statement)

    def corrections(self, name: str | None = None, *, waiting: bool = False) -> list[Correction]:
        """The corrections of one document or of all, in their order; ``waiting``: those whose statement is gone.

        Raises:
            UsageError: there is no such document.
        """
        with self._database.reading() as connection:
            number = self._document(connection, name) if name is not None else None
            return list(corrections.corrections(connection, number, waiting=waiting))

    def remove(self, name: str, *, by: str, reason: str) -> None:
        """Take a document out: its words go, a tombstone stays. Its vectors go from the index of meanings too.

        Raises:
            UsageError: there is no such document, or it was removed before, or the index may not be rewritten.
        """
        with ExitStack() as held:
            purges = [held.enter_context(purging) for purging in self._purging()]
            with self._database.writing() as connection:
                before = present.mark(connection)
                removal.remove(connection, self._document(connection, name), by, reason)
                for purge in purges:
                    purge(connection, before)
        self._database.forget()

    def _purging(self) -> Iterator[AbstractContextManager[Callable[[Connection, str | None], None]]]:
        """What takes the vectors of a removed document out of each index that there is."""
        for file in meanings.files_of(self.where, self._index):
            if meanings.is_there(file):
                from onrecord.ledger.likeness import purging

                yield purging(file)

    def lift(self, name: str) -> None:
        """Let a removed document be recorded again.

        Raises:
            UsageError: it was not removed.
        """
        with self._database.writing() as connection:
            for number in entries.find_document(connection, name, self._collection) or [0]:
                removal.lift(connection, number)

    # care

    def verify(self) -> Iterator[Verified]:
        """Check every hash and every slice; gives its account as it grows, the whole one last."""
        with self._database.reading() as connection:
            yield from verify.verified(connection, is_file=self._database.is_file)

    def backup(self, file: str | Path) -> None:
        """Write the ledger as it is at this moment to an SQLite file, while others read and write.

        Raises:
            UsageError: the file is there already, or its folder is not.
        """
        backup.backup(self._database, Path(file), self._database.timeout)

    def _document(self, connection: Connection, name: str) -> int:
        """The number of the one document of this name.

        Raises:
            UsageError: there is none, it was removed, or there are several.
        """
        found = entries.find_document(connection, name, self._collection)
        if not found:
            raise UsageError(f"{name}: {self.where} has no such document")
        there = [number for number in found if entries.revisions(connection, number)]
        if not there:
            gone = removal.removal_of(connection, found[0])
            raise UsageError(f"{name}: was removed on {gone.at[:10]}: {gone.reason}" if gone else f"{name}: is empty")
        if len(there) > 1:
            raise UsageError(f"{name}: {len(there)} documents have this name: say which --collection")
        return there[0]

    def _statements(self, connection: Connection, prefix: str) -> list[tuple[Entry, Statement, bool]]:
        """Statements by the beginning of their id, each in the last revision of a document that has it.

        With each, whether the newest extraction has it.
        """
        latest: dict[tuple[int, str], tuple[Entry, Statement, bool]] = {}
        for revision, identity in entries.find_statements(connection, prefix):
            number, at = entries.at(connection, revision)
            entry = entries.entry_of(connection, at)
            if self._collection is not None and entry.collection != self._collection:
                continue
            statement = newest = _with_id(entry, identity)
            if statement is None:
                earlier = entries.extraction_with(connection, revision, identity)
                entry = entries.entry_of(connection, at, earlier)
                statement = _with_id(entry, identity)
            before = latest.get((number, identity))
            if statement is not None and (before is None or before[0].place < entry.place):
                latest[number, identity] = (entry, statement, newest is not None)
        return list(latest.values())

    def _one(self, connection: Connection, id: str) -> list[tuple[Entry, Statement]]:
        """The statement that is meant, in each document that has it.

        Raises:
            UsageError: there is none, several begin so, or it is history.
        """
        found = self._statements(connection, id)
        if not found:
            raise UsageError(f"{id}: {self.where} has no statement whose id begins so")
        if len(names := {statement.id for _, statement, _ in found}) > 1:
            raise UsageError(f"{id}: {len(names)} statements begin so: write more of the id")
        now = [(entry, statement) for entry, statement, newest in found if newest]
        if not now:
            raise UsageError(f"{id}: only an earlier extractor found it: correct what the newest one found")
        return now


def _with_id(entry: Entry, identity: str) -> Statement | None:
    return next((s for s in (*entry.document.statements, *entry.rejected) if s.id == identity), None)
