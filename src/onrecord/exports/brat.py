"""brat: a folder to look through statements and correct them by hand, a ``.txt`` and an ``.ann`` a document.

As PolNeAR has it: text-bound ``Source``, ``Cue`` and ``Content``, tied by an event ``Attribution`` whose own stretch
only marks the place (the cue's, without one the content's). An event within another has it as ``Within``. Attributes
name kind, form, act and source type, the note ``AnnotatorNotes`` says who speaks and who relays it, the note ``Record``
(JSON) has the ids of statement and document. ``onrecord import-annotations`` reads all of it back but the first note.

The text is ``Document.text`` in UTF-8 as it is, so that offsets are code points; a lone surrogate, which UTF-8 cannot
carry, becomes U+FFFD, and such a text is not taken for the ledger's when it comes back. brat takes no stretch over
several lines: it is cut where a line ends, and ``Record`` then has the offsets as they were.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import count
from pathlib import Path

from onrecord.annotations.brat import BREAKS, RECORD, VALUES, lined
from onrecord.errors import UsageError
from onrecord.exports.attribution import attribution
from onrecord.exports.base import LedgerExport, checked
from onrecord.exports.display import corrected, manner
from onrecord.exports.files import carried, slug, whole_bytes, whole_file
from onrecord.exports.tree import voice
from onrecord.ledger import Entry
from onrecord.model import Act, Form, Kind, SourceType, Span, Statement

__all__ = ["EXPORT", "standoff", "write_folder"]

_ROLES = ("source", "cue", "content")
_BREAK = re.compile(f"[{BREAKS}]")
_VALUES: dict[str, type[StrEnum]] = {"Kind": Kind, "Form": Form, "Act": Act, "SourceType": SourceType}

_ANNOTATION = """\
[entities]
Source
Cue
Content

[relations]
<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>

[events]
Attribution\tSource?:Source, Cue?:Cue, Content+:Content, Within?:Attribution

[attributes]
"""

_VISUAL = """\
[labels]
Attribution | Attribution | Attr

[drawing]
SPAN_DEFAULT\tfgColor:black, bgColor:#eeeeee, borderColor:darken
Source\tbgColor:#b7d7f5
Cue\tbgColor:#c9e8c0
Content\tbgColor:#fbe3a6
Attribution\tbgColor:#e4d5f3
ARC_DEFAULT\tcolor:black, arrowHead:triangle-5
Within\tcolor:#8050a0, dashArray:3-3
ATTRIBUTE_DEFAULT\tglyph:*
"""


def standoff(entry: Entry) -> str:
    """The lines of a document's ``.ann`` file."""
    return "".join(line + "\n" for line in _lines(entry))


def _lines(entry: Entry) -> Iterator[str]:
    document = entry.document
    stretches, attributes, notes = count(1), count(1), count(1)
    events = {statement.id: f"E{number}" for number, statement in enumerate(document.statements, 1)}
    known: dict[tuple[str, tuple[Span, ...]], str] = {}
    for statement in document.statements:
        ties = []
        for role in _ROLES:
            spans = lined(document.text, getattr(statement, role))
            if not spans:
                continue
            if (role, spans) not in known:
                known[role, spans] = f"T{next(stretches)}"
                yield _bound(known[role, spans], role.capitalize(), document.text, spans)
            ties.append(f"{role.capitalize()}:{known[role, spans]}")
        place = lined(document.text, statement.cue or statement.content)[:1]
        mark, event = f"T{next(stretches)}", events[statement.id]
        yield _bound(mark, "Attribution", document.text, place)
        if statement.parent is not None:
            ties.append(f"Within:{events[statement.parent]}")
        yield f"{event}\tAttribution:{mark} {' '.join(ties)}"
        for name, field in VALUES.items():
            if (value := getattr(statement, field)) not in (None, Kind.STATEMENT):  # what nearly all are goes unsaid
                yield f"A{next(attributes)}\t{name} {event} {value}"
        yield f"#{next(notes)}\tAnnotatorNotes {event}\t{_note(entry, statement)}"
        yield f"#{next(notes)}\t{RECORD} {event}\t{_record(entry, statement)}"


def _bound(name: str, role: str, text: str, spans: Sequence[Span]) -> str:
    offsets = ";".join(f"{span.start} {span.end}" for span in spans)
    words = _BREAK.sub(" ", carried(" ".join(span.of(text) for span in spans)))
    return f"{name}\t{role} {offsets}\t{words}"


def _note(entry: Entry, statement: Statement) -> str:
    """Who speaks, through whom the outlet has it, and how, on one line."""
    document = entry.document
    about = voice(document, statement).about
    parts = [
        attribution(document, statement),
        *([about] if about else []),
        *manner(document, statement),
        f"score {statement.score:.2f}",
        *corrected(statement),
    ]
    return " ".join("; ".join(parts).split())


def _record(entry: Entry, statement: Statement) -> str:
    document = entry.document
    made: dict[str, object] = {"id": statement.id, "document": document.id}
    for role in _ROLES:
        spans = getattr(statement, role)
        if lined(document.text, spans) != spans:
            made[role] = [list(span) for span in spans]
    return json.dumps(made)


def write_folder(entries: Iterable[Entry], folder: Path) -> None:
    """Write a pair of files a document, and what brat has to know of the types.

    Raises:
        UsageError: there are texts or annotations in the folder, which may be somebody's work.
    """
    if any(file.suffix in (".txt", ".ann") for file in folder.iterdir()):
        raise UsageError(f"{folder}: there are .txt or .ann files, maybe somebody's annotations: give an empty folder")
    values = "".join(f"{name}\tArg:Attribution, Value:{'|'.join(kind)}\n" for name, kind in _VALUES.items())
    for name, words in (("annotation.conf", _ANNOTATION + values), ("visual.conf", _VISUAL)):
        with whole_file(folder / name) as out:
            out.write(words)
    taken: dict[str, int] = {}
    for entry in checked(entries):
        name = slug(entry.document, taken)
        with whole_bytes(folder / f"{name}.txt") as text, whole_file(folder / f"{name}.ann") as lines:
            text.write(carried(entry.document.text).encode())
            lines.write(standoff(entry))


EXPORT = LedgerExport(name="brat", suffix=".ann", write_folder=write_folder)
