"""Terms → text, JSON or JSON Lines: offers, commitments and refusals by party."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from rich.console import Console
from rich.text import Text

from onrecord.exports.base import Export
from onrecord.exports.display import UNKNOWN, long_interval, one_line, particulars, shown_title, visible
from onrecord.exports.record import dumps, record, words
from onrecord.exports.tree import source_words, voice
from onrecord.exports.wrapped import put
from onrecord.model import Document, Span, Statement
from onrecord.terms import chain, parties

__all__ = ["FORMATS", "lines_of"]


def _objects(document: Document) -> Iterator[dict[str, Any]]:
    """One object a statement: its party, what it does, in whose chain it stands, and the terms with their words."""
    for party in parties(document):
        for statement in party.statements:
            made = record(document, statement)
            detail = made["act_detail"]
            yield {
                "document": document.id,
                "party": party.name,
                "act": made["act"],
                "id": statement.id,
                "source_text": made["source_text"],
                "cue_text": made["cue_text"],
                "content": made["content"],
                "content_text": made["content_text"],
                "form": made["form"],
                "conditions": _told(document, statement.deed.conditions if statement.deed else ()),
                "exceptions": _told(document, statement.deed.exceptions if statement.deed else ()),
                "binds": detail["binds_text"],
                "said_on": made["said_on"],
                "according_to": [voice(document, above).name for above in chain(document, statement)],
                "outlet": document.outlet,
                "score": detail["score"],
            }


def _told(document: Document, spans: Iterable[Span]) -> list[dict[str, Any]]:
    return [{"span": list(span), "text": " ".join(span.of(document.text).split())} for span in spans]


def write_jsonl(documents: Iterable[Document], out: TextIO) -> None:
    """One statement a line."""
    for document in documents:
        for made in _objects(document):
            out.write(dumps(made) + "\n")


def write_json(documents: Iterable[Document], out: TextIO) -> None:
    """One object a document, on one line, with its terms."""
    for document in documents:
        known = {"id": document.id, "title": document.title, "outlet": document.outlet, "date": document.date}
        out.write(dumps(known | {"sha256": document.sha256, "terms": list(_objects(document))}) + "\n")


def write_text(documents: Iterable[Document], out: TextIO) -> None:
    """For the terminal: a heading for each party, under it what it offers, promises and refuses."""
    console = Console(file=out, highlight=False, markup=False, emoji=False)
    for place, document in enumerate(documents):
        if place:
            console.print()
        console.print(Text(shown_title(document), style="bold"))
        console.print(Text(" · ".join(particulars(document))))
        found = parties(document)
        if not found:
            console.print(Text("no offers, commitments or refusals found", style="dim"))
        for party in found:
            console.print()
            console.print(
                Text(visible(party.name) if party.name else UNKNOWN, style="bold" if party.name else "italic")
            )
            for statement in party.statements:
                put(console, _line(document, statement), 2, hang=2)
                for label, text in lines_of(document, statement):
                    put(console, Text(f"{label}: {text}", style="dim"), 6, hang=2)


def _line(document: Document, statement: Statement) -> Text:
    line = Text()
    line.append(f"{statement.act}  ", style="green")
    if not statement.speaker and statement.source:
        line.append(f"(“{source_words(document, statement)}”) ", style="dim")
    cue = words(document, statement.cue)
    if cue:
        line.append(f"{one_line(cue)} — ", style="italic")
    line.append(one_line(words(document, statement.content)))
    return line


def lines_of(document: Document, statement: Statement) -> Iterator[tuple[str, str]]:
    """The conditions, the exceptions and whom it binds; when it was said, and according to whom: a label and words."""
    deed = statement.deed
    if deed is None:
        return
    for label, spans in (
        ("condition", deed.conditions),
        ("exception", deed.exceptions),
        ("binds", (deed.binds,) if deed.binds else ()),
    ):
        for span in spans:
            yield label, one_line(span.of(document.text))
    if statement.occasion.on:
        yield "said", long_interval(statement.occasion.on)
    above = chain(document, statement)
    if above:
        yield "according to", " → ".join(voice(document, one).name for one in above)


FORMATS = {
    "text": Export("text", ".txt", write_text),
    "json": Export("json", ".json", write_json),
    "jsonl": Export("jsonl", ".jsonl", write_jsonl),
}
"""How terms can be written."""
