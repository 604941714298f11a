"""Sourcing tables → files: text, CSV, JSON, JSON Lines, or a page."""

from __future__ import annotations

import csv as _csv
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table as _Table
from rich.text import Text

from onrecord.exports.base import Export
from onrecord.exports.csv import guard
from onrecord.exports.display import particulars, shown_title, visible
from onrecord.exports.html import render
from onrecord.exports.record import dumps
from onrecord.model import Document
from onrecord.sourcing import Row, rows, summary, type_name

__all__ = ["FORMATS", "counts"]

_COLUMNS = ("document", "statement", "type", "name", "title", "justification", "anonymity_reason", "start", "end")


def _words(document: Document, row: Row) -> str:
    return " ".join(row.span.of(document.text).split())


def _object(document: Document, row: Row) -> dict[str, Any]:
    return {
        "statement": _words(document, row),
        "type": type_name(row.type),
        "name": row.name or "",
        "title": row.title or "",
        "justification": row.justification or "",
        "anonymity_reason": row.anonymity_reason or "",
        "span": list(row.span),
        "statements": list(row.statements),
    }


def _table(document: Document, table: Sequence[Row]) -> dict[str, Any]:
    return {"id": document.id, "statements": [_object(document, row) for row in table]}


def write_jsonl(documents: Iterable[Document], out: TextIO) -> None:
    """One table a line."""
    for document in documents:
        out.write(dumps(_table(document, rows(document))) + "\n")


def write_json(documents: Iterable[Document], out: TextIO) -> None:
    """One table a line, with what is known of the document and the counts."""
    for document in documents:
        known = {"title": document.title, "outlet": document.outlet, "date": document.date, "url": document.url}
        table = rows(document)
        made = known | {"sha256": document.sha256, "summary": counts(table)} | _table(document, table)
        out.write(dumps(made) + "\n")


def write_csv(documents: Iterable[Document], out: TextIO) -> None:
    """One row a row; offsets are code points of the document's text."""
    lines = _csv.writer(out, lineterminator="\r\n")
    lines.writerow(_COLUMNS)
    for document in documents:
        for row in rows(document):
            made = _object(document, row) | {"document": document.id, "start": row.span.start, "end": row.span.end}
            cells = (made[name] for name in _COLUMNS)
            lines.writerow(
                [guard(c.encode("utf-8", "replace").decode("utf-8")) if isinstance(c, str) else c for c in cells]
            )


def write_text(documents: Iterable[Document], out: TextIO) -> None:
    """A table for the terminal: statement, type, name and title, justification."""
    console = Console(file=out, highlight=False, markup=False, emoji=False)
    for place, document in enumerate(documents):
        if place:
            console.print()
        console.print(Text(shown_title(document), style="bold"))
        console.print(Text(" · ".join(particulars(document))))
        table = _Table(show_lines=True, expand=True)
        for name, share in (("Statement", 5), ("Type", 2), ("Source", 3), ("Why this source", 3)):
            table.add_column(name, ratio=share, overflow="fold")
        for row in rows(document):
            source = Text(visible(row.name or "–"), style="bold" if row.name else "dim")
            if row.title:
                source.append(f"\n{visible(row.title)}", style="not bold dim")
            why = " — ".join(visible(part) for part in (row.justification, row.anonymity_reason) if part)
            table.add_row(Text(visible(_words(document, row))), Text(type_name(row.type)), source, Text(why))
        if table.row_count:
            console.print(table)
        else:
            console.print(Text("no sourced statements found", style="dim"))


def write_html(documents: Iterable[Document], out: TextIO) -> None:
    """One page with a table for each document."""
    out.write(
        render(
            "sourcing.html.j2",
            title="Sourcing",
            documents=[_shown(document) for document in documents],
        )
    )


def _shown(document: Document) -> dict[str, Any]:
    """What the page shows of one document, all words safe to show."""
    table = rows(document)
    return {
        "title": shown_title(document),
        "particulars": " · ".join(particulars(document)),
        "summary": counts(table),
        "rows": [
            {key: visible(value) if isinstance(value, str) else value for key, value in _object(document, row).items()}
            for row in table
        ],
    }


def counts(table: tuple[Row, ...]) -> dict[str, Any]:
    """The summary of a table made of what JSON has."""
    told = summary(table)
    return {
        "rows": told.rows,
        "by_type": {type_name(kind): count for kind, count in told.by_type},
        "anonymous": told.anonymous,
        "anonymous_with_reason": told.reasoned,
        "sources": told.sources,
        "single_source": told.single_source,
    }


FORMATS = {
    "text": Export("text", ".txt", write_text),
    "csv": Export("csv", ".csv", write_csv),
    "json": Export("json", ".json", write_json),
    "jsonl": Export("jsonl", ".jsonl", write_jsonl),
    "html": Export("html", ".html", write_html),
}
"""The formats of a sourcing table by name."""
