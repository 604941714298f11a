"""Annotations as JSON Lines.

A line is a document ``{"id", "text", "attributions": [{"source", "cue", "content", …}]}``, or a record as
``onrecord read --format jsonl`` writes it, edited by a person.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from onrecord.annotations.base import ROLES, Annotated, Annotation, sha256_of
from onrecord.errors import DocumentError, UnreadableDocument
from onrecord.model import Span

__all__ = ["json_lines"]

_SKIPPED = ("document", "id", "parent", "score")


def json_lines(path: Path) -> Iterator[Annotation | DocumentError]:
    """The annotations of a file, a line each; an error takes the place of a line that cannot be read.

    Raises:
        OSError: it cannot be opened.
    """
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
        return Annotation(where, sha256_of(row["text"]), items, _name(row.get("id")))
    if isinstance(row, dict) and isinstance(row.get("text_sha256"), str) and "content" in row:
        return Annotation(where, row["text_sha256"], (_item(row, where),), _name(row.get("document")), whole=False)
    keys = ", ".join(sorted(row)[:8]) if isinstance(row, dict) else type(row).__name__
    hint = f"it has: {keys}"
    raise UnreadableDocument(where, "neither a document with text and attributions nor a record with text_sha256", hint)


def _name(value: object) -> str | None:
    return str(value) if isinstance(value, str | int) else None


def _item(row: object, where: str) -> Annotated:
    if not isinstance(row, dict):
        raise UnreadableDocument(where, f"an attribution is a {type(row).__name__}, not an object")
    spans = {role: _spans(row.get(role) or [], role, where) for role in ROLES}
    if not spans["content"]:
        raise UnreadableDocument(where, "an attribution has no content")
    identity = row.get("id") if isinstance(row.get("id"), str) else None
    values = {name: value for name, value in row.items() if name not in (*ROLES, *_SKIPPED)}
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
