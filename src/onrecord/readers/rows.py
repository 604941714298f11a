"""JSON Lines of an id and texts: what is asked about, rather than documents."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from onrecord.errors import DocumentError, UnreadableDocument

__all__ = ["Row", "read_rows"]

Row = tuple[str | int, tuple[str, ...]]
"""An id, and the texts under the names that were asked for."""

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


def read_rows(
    stream: BinaryIO, where: str, names: tuple[str, ...], skip: Callable[[DocumentError], object]
) -> Iterator[Row]:
    """The id and the texts of each line, as they come; ``skip`` is told of lines that lack one.

    >>> import io
    >>> list(read_rows(io.BytesIO(b'{"id": 7, "text": "The dam broke."}'), "a.jsonl", ("text",), print))
    [(7, ('The dam broke.',))]
    """
    for number, line in enumerate(stream, start=1):
        here = f"{where}:{number}"
        line = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if not line.strip():
            continue
        try:
            yield _row(line, here, names)
        except DocumentError as error:
            skip(error)


def _row(line: bytes, where: str, names: tuple[str, ...]) -> Row:
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise UnreadableDocument(where, f"broken UTF-8 at byte {error.start}", "JSON Lines are UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise UnreadableDocument(where, f"not JSON: {error}") from None
    if not isinstance(row, dict):
        keys = ", ".join(f'"{name}": …' for name in ("id", *names))
        raise UnreadableDocument(where, f"a {type(row).__name__}, not an object", f"write {{{keys}}}")
    id = row.get("id")
    if isinstance(id, bool) or not isinstance(id, str | int):
        raise UnreadableDocument(where, "no id" if id is None else f"the id is a {type(id).__name__}")
    return id, tuple(_text(row, name, where) for name in names)


def _text(row: dict[str, object], name: str, where: str) -> str:
    text = row.get(name)
    if not isinstance(text, str) or not text.strip():
        raise UnreadableDocument(where, f"no {name}" if not text else f"the {name} is a {type(text).__name__}")
    if half := _HALF_CHARACTER.search(text):
        raise UnreadableDocument(where, f"the {name} holds half a character (surrogate) at offset {half.start()}")
    return text
