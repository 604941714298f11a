"""Annotations made elsewhere become corrections: what differs corrects a statement, what is new is added."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sqlalchemy import Connection, select

from onrecord.annotations import Annotated, Annotation
from onrecord.errors import DocumentError, UnreadableDocument, UsageError
from onrecord.extract import statement_at
from onrecord.ledger import entries, tables
from onrecord.ledger.attach import overlap
from onrecord.ledger.corrections import Said, add_statement, correct
from onrecord.ledger.entries import Entry
from onrecord.ledger.fields import FIELDS, REJECTED, value_of
from onrecord.model import Span, Statement

__all__ = ["Imported", "imported"]

_ALIKE = 0.5
"""An annotation is of the statement whose content it shares so much with (Jaccard, in code points)."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an annotated document brought: statements that were the same, corrected, added and rejected."""

    same: int = 0
    corrected: int = 0
    added: int = 0
    rejected: int = 0


def imported(
    connection: Connection, annotation: Annotation, said: Said, collection: str | None, *, complete: bool
) -> Imported | DocumentError:
    """Bring one annotated text into the ledger; ``complete``: what is not annotated is no statement.

    The document is the one with this very text: an annotation of another text is an error, for its offsets mean
    nothing here. Of several with this text, it is the one that the annotation names, if it names one. Nothing is said
    twice: importing again changes nothing.

    Raises:
        UsageError: ``complete`` is said of a record, which says nothing of the others of its document.
    """
    if complete and not annotation.whole:
        raise UsageError(
            f"{annotation.where}: a record says nothing of the other statements of its document: import records without"
            ' --complete, and write "rejected": true into those that are none'
        )
    found = _entries(connection, annotation.text_sha256, collection)
    found = [e for e in found if str(e.document.id) == annotation.document] or found
    if not found:
        what = "the ledger has no document with this text"
        return UnreadableDocument(annotation.where, what, "offsets are of one text only: add the document first")
    counts = dict.fromkeys(("same", "corrected", "added", "rejected"), 0)
    for entry in found:
        end = len(entry.document.text)
        taken: set[str] = set()
        for item in sorted(annotation.items, key=lambda item: item.id is None):  # what is named is not taken by others
            if any(span.end > end for span in (*item.content, *item.source, *item.cue)):
                return UnreadableDocument(annotation.where, f"a span lies outside the text of {end} characters")
            try:
                counts[_one(connection, entry, item, said, taken)] += 1
            except UsageError as error:
                return UnreadableDocument(annotation.where, str(error))
        if complete:
            for statement in entry.document.statements:
                if statement.id not in taken:
                    correct(connection, entry, statement, [(REJECTED, "yes")], said)
                    counts["rejected"] += 1
    return Imported(**counts)


def _entries(connection: Connection, text_sha256: str, collection: str | None) -> list[Entry]:
    """The last revision with this text of each document that has one."""
    table, own = tables.revision, tables.document
    wanted = select(table.c.number).where(table.c.text_sha256 == text_sha256).order_by(table.c.as_of, table.c.number)
    if collection is not None:
        wanted = wanted.join(own, own.c.number == table.c.document).where(own.c.collection == collection)
    last: dict[int, tuple[int, int, int]] = {}
    for revision in connection.execute(wanted).scalars().all():
        document, place = entries.at(connection, revision)
        last[document] = place
    return [entries.entry_of(connection, place) for place in last.values()]


def _one(connection: Connection, entry: Entry, item: Annotated, said: Said, taken: set[str]) -> str:
    """One annotated statement: what became of it."""
    document, rejected = entry.document, [s for s in entry.rejected if s.id not in taken]
    present = [s for s in document.statements if s.id not in taken]
    statement = _meant(item, present, rejected) or _nearest(item, present) or _nearest(item, rejected)
    if statement is None:
        others = taken.union(s.id for s in (*document.statements, *entry.rejected))
        statement = statement_at(document, item.content, item.source, item.cue, others)
        if statement.id in others:
            return "same"  # the very spans of another one
        add_statement(connection, entry, statement, said)
        entry = entries.entry_of(connection, (entry.revision, entry.place, entry.of))
        statement = next(s for s in entry.document.statements if s.id == statement.id)
        taken.add(statement.id)
        correct(
            connection, entry, statement, _differing(document.text, statement, item, roles=False), said, confirms=False
        )
        return "added"
    taken.add(statement.id)
    changes = _differing(document.text, statement, item, roles=True)
    if statement in rejected:
        again = (REJECTED, "yes")
        changes = [c for c in changes if c != again] if again in changes else [*changes, (REJECTED, "no")]
    return "corrected" if correct(connection, entry, statement, changes, said, confirms=False) else "same"


def _meant(item: Annotated, *statements: Sequence[Statement]) -> Statement | None:
    """The statement that an annotation names by its id."""
    return next((s for s in chain(*statements) if s.id == item.id), None)


def _nearest(item: Annotated, statements: Sequence[Statement]) -> Statement | None:
    """The statement that an annotation is of by its content, where exactly one is nearest."""
    near = sorted(
        ((overlap(item.content, s.content), _roles(item, s), k) for k, s in enumerate(statements)), reverse=True
    )
    if not near or near[0][0] < _ALIKE or (len(near) > 1 and near[1][:2] == near[0][:2]):
        return None
    return statements[near[0][2]]


def _roles(item: Annotated, statement: Statement) -> float:
    """How much source and cue are the same, to tell statements with one content."""
    return overlap(item.source, statement.source) + overlap(item.cue, statement.cue)


def _differing(text: str, statement: Statement, item: Annotated, *, roles: bool) -> list[tuple[str, str]]:
    """The fields in which an annotation differs from a statement, with its values as a person writes them."""
    changes = []
    said: dict[str, Any] = dict(item.values)
    if roles:
        said |= {"source": item.source, "cue": item.cue, "content": item.content}
    for name, value in said.items():
        if name in FIELDS and (isinstance(value, str | list | tuple) or value is None):
            now = _record_value(text, statement, name)
            given = [list(pair) for pair in value] if isinstance(value, list | tuple) else value
            if given != now:
                changes.append((name, _written(given)))
        elif name == REJECTED and value in (True, "yes"):
            changes.append((name, "yes"))
    return changes


def _record_value(text: str, statement: Statement, name: str) -> Any:
    """A field as a record has it: spans as pairs, but a single place as its words on one line."""
    value = value_of(statement, name)
    if value is None:
        return [] if FIELDS[name].spans == 2 else None
    found = json.loads(value)
    return " ".join(Span(*found[0]).of(text).split()) if FIELDS[name].spans == 1 else found


def _written(value: list[list[int]] | str | None) -> str:
    if isinstance(value, list):
        return ",".join(f"{start}-{end}" for start, end in value)
    return value or ""
