"""brat's standoff format, as PolNeAR has it: a text and beside it lines about stretches of it.

Text-bound ``Source``, ``Cue`` and ``Content`` (discontinuous ones allowed) are tied by events or relations
``Attribution`` (``E1 Attribution:T4 Source:T1 Cue:T2 Content:T3``, where T4 only marks the place; or
``E1 Attribution:T2 Source:T1 Content:T3`` with the cue itself in that place). What ``onrecord export --format brat``
writes besides is read too: attributes that name a record's values, and the note ``Record`` with its id.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from onrecord.annotations.base import ROLES, Annotated, Annotation, sha256_of
from onrecord.errors import UnreadableDocument
from onrecord.model import Span

__all__ = ["BREAKS", "RECORD", "VALUES", "brat", "lined", "read_brat"]

BREAKS = "\t\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
"""Where a line or a column of the file would end: no annotated stretch can have these in it."""
RECORD = "Record"
VALUES = {"Kind": "kind", "Form": "form", "Act": "act", "SourceType": "source_type"}
"""brat's names of attributes, and the fields of a record that they are."""

_BOUND = re.compile(r"T\d+\t(\S+) (\d+ \d+(?:;\d+ \d+)*)\t")
_BETWEEN_BREAKS = re.compile(f"[^{BREAKS}]+")
_TIES = ("attribution", "cue")
_FIELDS = {name.lower(): named for name, named in VALUES.items()}


def lined(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans cut where lines end, without the blanks there, because brat takes no stretch over several lines.

    >>> lined("“We came.\\n\\n“We saw.”", [Span(0, 20)])
    (Span(start=0, end=9), Span(start=11, end=20))
    """
    return tuple(piece for span in spans for piece in _lines(text, span))


def _lines(text: str, span: Span) -> Iterator[Span]:
    found = False
    for match in _BETWEEN_BREAKS.finditer(text, *span):
        words = match[0]
        start = match.start() + len(words) - len(words.lstrip())
        end = match.start() + len(words.rstrip())
        if start < end:
            found = True
            # blanks at the ends of the span itself are the annotator's
            yield Span(
                span.start if match.start() == span.start else start, span.end if match.end() == span.end else end
            )
    if not found:
        yield span


@dataclass
class _Standoff:
    """The lines of a file, by their ids."""

    bound: dict[str, tuple[str, list[Span]]] = field(default_factory=dict)
    ties: list[tuple[str, str, list[str]]] = field(default_factory=list)
    tied: set[str] = field(default_factory=set)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    records: dict[str, dict[str, Any]] = field(default_factory=dict)


def read_brat(text: str, annotations: str, where: str) -> list[Annotated]:
    """The attributions of a text from its standoff annotations; source and cue may be missing.

    Raises:
        UnreadableDocument: a line is malformed, names what is not there, or points outside the text, or an attribution
            has no content.
    """
    return _attributions(text, _standoff(text, annotations, where))


def brat(path: Path) -> Annotation:
    """The annotations in a ``.ann`` file, with the text beside it.

    Raises:
        UnreadableDocument: as ``read_brat``, or there is no text beside it.
        OSError: it cannot be opened.
        UnicodeDecodeError: it is not UTF-8.
    """
    beside = path.with_suffix(".txt")
    if not beside.exists():
        raise UnreadableDocument(str(path), f"its text {beside.name} is not beside it")
    text = beside.read_bytes().decode("utf-8")
    found = _standoff(text, path.read_bytes().decode("utf-8"), str(path))
    names = (record.get("document") for record in found.records.values())
    document = next((str(name) for name in names if isinstance(name, str | int)), None)
    return Annotation(str(path), sha256_of(text), tuple(_attributions(text, found)), document)


def _standoff(text: str, annotations: str, where: str) -> _Standoff:
    found = _Standoff()
    for number, line in enumerate(annotations.split("\n"), 1):
        name, _, rest = line.rstrip("\r").partition("\t")
        at = f"{where}:{number}"
        if line.startswith("T"):
            found.bound[name] = _bound(text, line, at)
        elif name.startswith(("E", "R")) and rest.split():
            parts = rest.split()
            found.tied.add(name)
            if parts[0].partition(":")[0].lower() in _TIES:
                found.ties.append((at, name, parts))
        elif name.startswith(("A", "M")):
            _value(found, rest.split(), at)
        elif name.startswith("#"):
            about, _, words = rest.partition("\t")
            if (parts := about.split())[:1] == [RECORD] and len(parts) == 2:
                found.records[parts[1]] = _record(words, at)
    return found


def _bound(text: str, line: str, at: str) -> tuple[str, list[Span]]:
    match = _BOUND.match(line)
    if not match:
        raise UnreadableDocument(at, f"not a text-bound annotation: {line[:60]!r}")
    spans = [Span(*map(int, part.split())) for part in match[2].split(";")]
    if any(not 0 <= a < b <= len(text) for a, b in spans):
        raise UnreadableDocument(at, f"a span lies outside the text of {len(text)} characters")
    return match[1].lower(), spans


def _value(found: _Standoff, parts: list[str], at: str) -> None:
    """An attribute that is a value of a record; others are not ours."""
    if len(parts) == 3 and (name := _FIELDS.get(parts[0].lower())):
        known = found.values.setdefault(parts[1], {})
        if known.setdefault(name, parts[2]) != parts[2]:
            raise UnreadableDocument(at, f"{parts[1]} has two values of {parts[0]}: {known[name]} and {parts[2]}")


def _record(words: str, at: str) -> dict[str, Any]:
    try:
        made = json.loads(words)
    except (ValueError, RecursionError):
        made = None
    if not isinstance(made, dict):
        raise UnreadableDocument(at, f"the note {RECORD} is no JSON object: {words[:60]!r}")
    return made


def _attributions(text: str, found: _Standoff) -> list[Annotated]:
    made = []
    for at, name, parts in found.ties:
        spans: dict[str, list[Span]] = {role: [] for role in ROLES}
        for part in parts:
            _, colon, reference = part.partition(":")
            if not colon or reference in found.tied:
                continue
            if reference not in found.bound:
                raise UnreadableDocument(at, f"{reference} is not defined")
            role, stretches = found.bound[reference]
            if role in spans:
                spans[role].extend(stretches)
        record = found.records.get(name, {})
        source, cue, content = (_whole(text, role, spans[role], record, at) for role in ROLES)
        if not content:
            raise UnreadableDocument(at, f"{name} ties no Content: an attribution needs what is attributed")
        identity = record.get("id")
        values = found.values.get(name, {})
        made.append(Annotated(content, source, cue, identity if isinstance(identity, str) else None, values))
    return made


def _whole(text: str, role: str, spans: list[Span], record: dict[str, Any], at: str) -> tuple[Span, ...]:
    """The spans of a role: those that were exported, where they stand as they were cut into lines then."""
    found = tuple(sorted(dict.fromkeys(spans)))
    for before, after in pairwise(found):
        if after.start < before.end:
            raise UnreadableDocument(at, f"stretches of its {role} overlap: {tuple(before)} and {tuple(after)}")
    try:
        exported = tuple(Span(int(start), int(end)) for start, end in record.get(role, ()))
    except (TypeError, ValueError):
        raise UnreadableDocument(at, f"the note {RECORD}: {role} is no list of [start, end]") from None
    return exported if exported and lined(text, exported) == found else found
