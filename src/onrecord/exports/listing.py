"""The documents of a ledger, for a person and as JSON Lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from rich.text import Text

from onrecord.exports.display import particulars, shown_title, visible
from onrecord.exports.record import dumps
from onrecord.exports.text import console_of
from onrecord.exports.wrapped import put
from onrecord.ledger import Entry

__all__ = ["write_listing"]


def write_listing(entries: Iterable[Entry], format_: str, out: TextIO) -> None:
    """Write documents, ``text`` or ``jsonl``: what they are called, title, outlet, date, statements, revisions."""
    console = console_of(out)
    for entry in entries:
        document = entry.document
        if format_ == "jsonl":
            made = {
                "key": entry.key, "collection": entry.collection or None, "id": document.id, "title": document.title,
                "outlet": document.outlet, "date": document.date, "url": document.url, "revisions": entry.of,
                "as_of": entry.as_of, "statements": len(document.statements), "text_sha256": entry.text_sha256,
            }  # fmt: skip
            out.write(dumps(made) + "\n")
            continue
        put(console, Text(visible(entry.key), style="bold"))
        counts = f"{len(document.statements)} statements, revision {entry.place} of {entry.of}"
        title = [shown_title(document)] if document.title else []
        put(console, Text(" · ".join([*title, *particulars(document), counts]), style="dim"), 2, hang=2)
