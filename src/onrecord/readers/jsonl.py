"""JSON Lines: one document a line, read as it streams; a bad line is an error of its own.

Keys that are read: ``id``, ``text``; ``title`` or ``headline``; ``date``; ``url``; ``outlet`` or
``publisher``; ``authors`` or ``author``. All others are ignored.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from onrecord.errors import DocumentError, UnreadableDocument
from onrecord.model import Document, Provenance
from onrecord.readers.base import Outcome, Reader, Source, digest, several, too_large
from onrecord.readers.bylines import names_of
from onrecord.readers.dates import iso_date
from onrecord.readers.decode import refuse_binary
from onrecord.readers.language import checked
from onrecord.settings import ReadOptions

__all__ = ["READER"]

_LOG = logging.getLogger("onrecord")
_CHUNK = 65536
_REMEMBERED = 1_000_000
"""Of so many ids it is told that they come twice: a file without end must not fill the memory."""
_MARK = b"\xef\xbb\xbf"
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line without its end: ``raw`` is None where it was over the limit and thrown away."""

    number: int
    raw: bytes | None


def _documents(source: Source, options: ReadOptions) -> Iterator[Outcome]:
    seen: dict[tuple[type, str | int], int] = {}
    empty = True
    for line in _lines(source.stream, options.max_bytes):
        where = f"{source.where}:{line.number}"
        try:
            if line.raw is None:
                raise too_large(where, options)
            if not line.raw.strip():
                continue
            if empty and line.number == 1:
                refuse_binary(line.raw, where)
            if empty and line.raw.strip() in (b"{", b"["):
                yield _not_lines(where)
                return
            empty = False
            document = _document(line.raw, where, source, options)
            _refuse_twice(document.id, seen, source.where, line.number)
            yield checked(document, where, options)
        except DocumentError as error:
            empty = False
            yield error
    if empty:
        yield UnreadableDocument(source.where, "there is no record in it")


def _lines(stream: BinaryIO, limit: int) -> Iterator[_Line]:
    """The lines one at a time; of one over the limit no more than the limit is ever held."""
    number = 0
    while raw := stream.readline(limit + 2):
        number += 1
        text = raw.rstrip(b"\r\n")
        if len(text) > limit:
            while raw and not raw.endswith(b"\n"):
                raw = stream.readline(_CHUNK)
            yield _Line(number, None)
        else:
            if not raw.endswith(b"\n") and len(raw) == limit + 2:  # "\r" at the limit, its "\n" still to come
                stream.readline(1)
            yield _Line(number, text.removeprefix(_MARK) if number == 1 else text)


def _not_lines(where: str) -> DocumentError:
    hint = "write one object a line, for example with: jq -c . FILE, or jq -c '.[]' FILE for a list"
    return UnreadableDocument(where, "this is one JSON value over several lines, not JSON Lines", hint)


def _document(raw: bytes, where: str, source: Source, options: ReadOptions) -> Document:
    record = _record(raw, where)
    text = record.get("text")
    if not isinstance(text, str):
        found = "has no text" if text is None else f"has a text that is a {type(text).__name__}"
        there = ", ".join(sorted(record)[:8]) or "none"
        raise UnreadableDocument(where, f"the record {found}", f"its keys are: {there}")
    if half := _HALF_CHARACTER.search(text):
        raise UnreadableDocument(where, f"the text holds half a character (surrogate) at offset {half.start()}")
    identifier = record.get("id")
    if identifier is None:
        identifier = where
    if isinstance(identifier, bool) or not isinstance(identifier, str | int):
        raise UnreadableDocument(where, f"the id is a {type(identifier).__name__}", "give a text or a whole number")
    return Document(
        id=identifier,
        text=text,
        title=_first_text(record, "title", "headline"),
        outlet=_first_text(record, "outlet", "publisher"),
        date=_date(record.get("date"), where),
        url=_first_text(record, "url"),
        authors=names_of(record.get("authors") or record.get("author")),
        provenance=Provenance(origin=where, reader="jsonl", raw_sha256=digest(raw)),
    )


def _record(raw: bytes, where: str) -> dict[str, object]:
    try:
        record = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise UnreadableDocument(where, f"broken UTF-8 at byte {error.start}", "JSON Lines are UTF-8") from None
    except json.JSONDecodeError as error:
        raise UnreadableDocument(where, f"not JSON: {error.msg} at column {error.colno}") from None
    except (ValueError, RecursionError) as error:
        raise UnreadableDocument(where, f"JSON that cannot be read: {error}") from None
    if not isinstance(record, dict):
        raise UnreadableDocument(where, f"a {type(record).__name__}, not an object", "write one object a line")
    return record


def _first_text(record: dict[str, object], *keys: str) -> str | None:
    """The first of the keys that holds words."""
    for key in keys:
        value = record.get(key)
        if isinstance(value, str) and value.strip():
            return value
    return None


def _date(value: object, where: str) -> str | None:
    if value is None or value == "":
        return None
    date = iso_date(value)
    if date is None:
        _LOG.warning("%s: the date %.60r cannot be read for certain: left out (write it as 2024-05-03)", where, value)
    return date


def _refuse_twice(identifier: str | int, seen: dict[tuple[type, str | int], int], file: str, number: int) -> None:
    key = (type(identifier), identifier)
    first = seen.get(key) if len(seen) >= _REMEMBERED else seen.setdefault(key, number)
    if first not in (None, number):
        raise UnreadableDocument(f"{file}:{number}", f"the id {identifier!r} was already used in line {first}")


def _sniff(head: bytes) -> bool:
    start = head.removeprefix(_MARK).lstrip()
    return start.startswith((b'{"', b"{ ", b"{\n", b"{\r", b"{}", b"[{", b"[\n"))


MEDIA_TYPES = ("application/jsonl", "application/x-ndjson", "application/jsonlines")
READER = Reader("jsonl", (".jsonl", ".ndjson", ".jsonlines"), MEDIA_TYPES, _sniff, several(_documents))
