"""What changed in a document's statements from one revision to the next, for a person and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TextIO

from rich.text import Text

from onrecord.exports.display import shown_title, visible
from onrecord.exports.record import record
from onrecord.exports.text import console_of
from onrecord.exports.tree import voice
from onrecord.exports.wrapped import put
from onrecord.ledger import Change, Entry
from onrecord.model import Document, Statement

__all__ = ["revision_objects", "write_revisions"]

_STYLE = {"same": "", "cut": "strike red", "added": "underline green"}


def revision_objects(
    every: Sequence[Entry], steps: Sequence[tuple[Entry, Entry, list[Change]]]
) -> list[dict[str, Any]]:
    """The revisions, each with what changed from the one before; one object a revision."""
    changed = {after.revision: (before, found) for before, after, found in steps}
    made = []
    for entry in every:
        before, found = changed.get(entry.revision, (None, []))
        made.append({
            "document": entry.document.id,
            "revision": entry.place,
            "as_of": entry.as_of,
            "read_at": entry.read_at,
            "origin": entry.document.provenance.origin if entry.document.provenance else None,
            "text_sha256": entry.document.sha256,
            "statements": len(entry.document.statements),
            "changes": [_object(before.document, entry.document, c) for c in found] if before else [],
        })  # fmt: skip
    return made


def _object(before: Document, after: Document, change: Change) -> dict[str, Any]:
    return {
        "edited": change.edited,
        "before": record(before, change.before) if change.before else None,
        "after": record(after, change.after) if change.after else None,
        "words": [{"kind": piece.kind, "words": piece.words} for piece in change.pieces],
        "fields": {name: {"before": was, "after": now} for name, was, now in change.fields},
    }


def write_revisions(every: Sequence[Entry], steps: Sequence[tuple[Entry, Entry, list[Change]]], out: TextIO) -> None:
    """Write the revisions and what the outlet changed; words cut stand in [-…-], words added in {+…+}."""
    console = console_of(out)
    put(console, Text(shown_title(every[-1].document), style="bold"))
    changed = {after.revision: (before, found) for before, after, found in steps}
    for entry in every:
        console.print()
        origin = entry.document.provenance.origin if entry.document.provenance else entry.key
        count = len(entry.document.statements)
        put(console, Text(f"Revision {entry.place} of {entry.of}, as of {entry.as_of[:19]}Z, {count} statements"))
        put(console, Text(f"{visible(origin)}, text SHA-256 {entry.document.sha256}", style="dim"), 2, hang=2)
        if entry.revision not in changed:
            continue
        before, found = changed[entry.revision]
        edited = [change for change in found if change.edited]
        for change in edited:
            _write(console, before.document, entry.document, change)
        if not edited:
            put(console, Text("no statement was edited"), 2)
        if others := len(found) - len(edited):
            what = "statement was" if others == 1 else "statements were"
            told = f"{others} more {what} read otherwise in sentences that are the same (--format json shows them)"
            put(console, Text(told, style="dim"), 2, hang=2)


def _write(console: Any, before: Document, after: Document, change: Change) -> None:
    if change.after is not None:
        statement, document, what = change.after, after, "changed" if change.before is not None else "new"
    else:
        assert change.before is not None
        statement, document, what = change.before, before, "gone"
    head = Text(f"{what}: ", style="bold")
    head.append(voice(document, statement).name)
    ids = [s.id[:8] for s in (change.before, change.after) if s is not None]
    head.append(f"  [{' → '.join(ids)}]", style="dim")
    put(console, head, 2, hang=2)
    put(console, _words(document, statement, change), 4)
    for name, was, now in change.fields:
        put(console, Text(f"{name}: {visible(was or 'not known')} → {visible(now or 'not known')}"), 4, hang=2)


def _words(document: Document, statement: Statement, change: Change) -> Text:
    if not change.pieces:
        return Text(visible(" ".join(" … ".join(s.of(document.text) for s in statement.content).split())))
    made = Text()
    for piece in change.pieces:
        marks = {"same": ("", ""), "cut": ("[-", "-]"), "added": ("{+", "+}")}[piece.kind]
        made.append(f"{marks[0]}{visible(piece.words)}{marks[1]}", style=_STYLE[piece.kind])
        made.append(" ")
    return made
