"""Annotations that persons made elsewhere, in brat's standoff format or as JSON Lines, as plain spans and values.

brat as PolNeAR has it: text-bound ``Source``, ``Cue`` and ``Content`` (discontinuous ones allowed), tied by events or
relations ``Attribution`` (``E1 Attribution:T2 Source:T1 Content:T3``). JSON Lines are documents
``{"id", "text", "attributions": [{"source", "cue", "content", …}]}``, or records as ``onrecord read --format jsonl``
writes them, edited by a person.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from onrecord.errors import DocumentError, UnreadableDocument
from onrecord.model import Span

__all__ = ["Annotated", "Annotation", "read_annotations", "read_brat"]

_BOUND = re.compile(r"T\d+\t(\S+) (\d+ \d+(?:;\d+ \d+)*)\t")
_ROLES = ("source", "cue", "content")
_SKIPPED = ("document", "id", "parent", "score")


@dataclass(frozen=True, slots=True)
class Annotated:
    """One statement as a person sees it; ``id`` is its record's where that is known, ``values`` what else is said."""

    content: tuple[Span, ...]
    source: tuple[Span, ...] = ()
    cue: tuple[Span, ...] = ()
    id: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Annotation:
    """What was annotated in one text, which its SHA-256 tells; ``where`` is the file (and line) for messages."""

    where: str
    text_sha256: str
    items: tuple[Annotated, ...]


def read_annotations(path: Path) -> Iterator[Annotation | DocumentError]:
    """The annotations in a ``.jsonl`` file, a ``.ann`` file beside its ``.txt``, or a folder of these.

    An error takes the place of a file or line that cannot be read.
    """
    if path.is_dir():
        files = sorted(p for p in path.rglob("*") if p.suffix in (".ann", ".jsonl"))
        if not files:
            yield UnreadableDocument(str(path), "there is no .ann and no .jsonl file in this folder")
        for file in files:
            yield from read_annotations(file)
        return
    try:
        if path.suffix == ".ann":
            yield _brat(path)
        else:
            yield from _json_lines(path)
    except DocumentError as error:
        yield error
    except UnicodeDecodeError as error:
        yield UnreadableDocument(str(path), f"broken UTF-8 at byte {error.start}")
    except OSError as error:
        yield UnreadableDocument(str(path), f"cannot be opened: {error.strerror or error}")


def read_brat(text: str, annotations: str, where: str) -> list[Annotated]:
    """The attributions of a text from its standoff annotations; one without a cue or without content is left out.

    Raises:
        UnreadableDocument: a line is malformed, names what is not there, or points outside the text.
    """
    bound: dict[str, tuple[str, list[Span]]] = {}
    ties: list[tuple[int, list[str]]] = []
    for number, line in enumerate(annotations.splitlines(), 1):
        if line.startswith("T"):
            match = _BOUND.match(line)
            if not match:
                raise UnreadableDocument(f"{where}:{number}", f"not a text-bound annotation: {line[:60]!r}")
            spans = [Span(*map(int, part.split())) for part in match[2].split(";")]
            if any(not 0 <= a < b <= len(text) for a, b in spans):
                what = f"a span lies outside the text of {len(text)} characters"
                raise UnreadableDocument(f"{where}:{number}", what)
            bound[line.split("\t", 1)[0]] = (match[1].lower(), spans)
        elif line.startswith(("E", "R")) and "\t" in line:
            ties.append((number, line.split("\t")[1].split()))
    made = []
    for number, parts in ties:
        item: dict[str, list[Span]] = {role: [] for role in _ROLES}
        for part in parts:
            if ":" not in part:
                continue
            reference = part.split(":", 1)[1]
            if reference not in bound:
                raise UnreadableDocument(f"{where}:{number}", f"{reference} is not defined")
            role, spans = bound[reference]
            if role in item:
                item[role].extend(spans)
        if item["cue"] and item["content"]:
            source, cue, content = (tuple(sorted(item[role])) for role in _ROLES)
            made.append(Annotated(content, source, cue))
    return made


def _brat(path: Path) -> Annotation:
    beside = path.with_suffix(".txt")
    if not beside.exists():
        raise UnreadableDocument(str(path), f"its text {beside.name} is not beside it")
    text = beside.read_bytes().decode("utf-8")
    return Annotation(str(path), _sha256(text), tuple(read_brat(text, path.read_text("utf-8"), str(path))))


def _json_lines(path: Path) -> Iterator[Annotation | DocumentError]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            where = f"{path}:{number}"
            if line.strip():
                try:
                    yield _json(line, where)
                except DocumentError as error:
                    yield error


def _json(line: bytes, where: str) -> Annotation:
    try:
        row = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise UnreadableDocument(where, f"not JSON: {error}") from None
    if isinstance(row, dict) and isinstance(row.get("text"), str) and isinstance(row.get("attributions"), list):
        items = tuple(_item(item, where) for item in row["attributions"])
        return Annotation(where, _sha256(row["text"]), items)
    if isinstance(row, dict) and isinstance(row.get("text_sha256"), str) and "content" in row:
        return Annotation(where, row["text_sha256"], (_item(row, where),))
    keys = ", ".join(sorted(row)[:8]) if isinstance(row, dict) else type(row).__name__
    hint = f"it has: {keys}"
    raise UnreadableDocument(where, "neither a document with text and attributions nor a record with text_sha256", hint)


def _item(row: object, where: str) -> Annotated:
    if not isinstance(row, dict):
        raise UnreadableDocument(where, f"an attribution is a {type(row).__name__}, not an object")
    spans = {role: _spans(row.get(role) or [], role, where) for role in _ROLES}
    if not spans["content"]:
        raise UnreadableDocument(where, "an attribution has no content")
    identity = row.get("id") if isinstance(row.get("id"), str) else None
    values = {name: value for name, value in row.items() if name not in (*_ROLES, *_SKIPPED)}
    return Annotated(spans["content"], spans["source"], spans["cue"], identity, values)


def _spans(value: object, role: str, where: str) -> tuple[Span, ...]:
    try:
        spans = tuple(sorted(Span(int(start), int(end)) for start, end in value))  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        raise UnreadableDocument(where, f"{role} is no list of [start, end]") from None
    end = 0
    for span in spans:
        if not end <= span.start < span.end:
            raise UnreadableDocument(where, f"{role}: spans are empty or overlap")
        end = span.end
    return spans


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
