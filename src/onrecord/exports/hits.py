"""Statements that were looked for, in their context, with a citation: for a person, and as JSON Lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, TextIO

from rich.text import Text

from onrecord.exports.context import around, head, in_line
from onrecord.exports.csv import write as write_rows
from onrecord.exports.display import likeness, manner, marks, particulars, visible
from onrecord.exports.record import record, write_lines, write_list
from onrecord.exports.sheet import citation
from onrecord.exports.text import console_of
from onrecord.exports.tree import voice
from onrecord.exports.wrapped import put
from onrecord.ledger import Hit
from onrecord.model import Document, Span

__all__ = ["WRITERS", "hit_object"]

_CONTEXT = 120
"""So many characters of the text stand before and after a content."""


def hit_object(hit: Hit) -> dict[str, Any]:
    """A hit, made of what JSON has: its record, and where the words stand that were looked for, context and citation.

    ``chain`` are the records of the statements that it stands in, the outermost first; ``likeness`` is there where a
    sentence was looked for by its meaning.
    """
    document = hit.entry.document
    before, after = _around(hit)
    return record(document, hit.statement) | {
        "chain": [record(document, s) for s in document.statements[:-1]],
        "found": [list(span) for span in hit.found],
        "context": {"before": before.of(document.text), "after": after.of(document.text)},
        "citation": citation(hit.entry, hit.statement),
        **({} if hit.likeness is None else {"likeness": round(hit.likeness, 4)}),
    }


def write_jsonl(hits: Iterable[Hit], out: TextIO) -> int:
    """Write one hit a line; how many there were."""
    return write_lines(map(hit_object, hits), out)


def write_json(hits: Iterable[Hit], out: TextIO) -> int:
    """Write one list; how many there were."""
    return write_list(map(hit_object, hits), out)


def write_csv(hits: Iterable[Hit], out: TextIO) -> int:
    """Write one record a row, before it those that it stands in; how many hits there were."""
    count = 0

    def documents() -> Iterator[Document]:
        nonlocal count
        written: set[tuple[int, str]] = set()
        for hit in hits:
            count += 1
            document, number = hit.entry.document, hit.entry.revision
            rows = tuple(s for s in document.statements if (number, s.id) not in written)
            written.update((number, s.id) for s in rows)
            yield replace(document, statements=rows)

    write_rows(documents(), out)
    return count


def write_text(hits: Iterable[Hit], out: TextIO) -> int:
    """Write hits for a person, the words that were looked for in bold; how many there were."""
    console, count = console_of(out), 0
    for hit in hits:
        if count:
            console.print()
        count += 1
        document = hit.entry.document
        for depth, statement in enumerate(document.statements):
            line = Text("  " * depth) + head(document, statement)
            if statement.id == hit.statement.id:
                kind = voice(document, statement).type
                parts = [*([kind] if kind else []), *marks(statement), *manner(document, statement)]
                parts += likeness(hit.likeness)
                line.append(f"  [{', '.join([*parts, f'{statement.score:.2f}', statement.id[:8]])}]", style="dim")
            put(console, line, 0, hang=4)
        put(console, _in_context(hit), 2)
        where = [visible(document.title or str(document.id)), *particulars(document)]
        put(console, Text(" · ".join(where), style="dim"), 2, hang=2)
        put(console, Text(citation(hit.entry, hit.statement), style="dim"), 2, hang=2)
    return count


def _around(hit: Hit) -> tuple[Span, Span]:
    content = hit.statement.content
    return around(hit.entry.document.text, content[0].start, content[-1].end, _CONTEXT)


def _in_context(hit: Hit) -> Text:
    """The content between what stands before and after it, with the words that were looked for in bold."""
    text = hit.entry.document.text
    before, after = _around(hit)
    made = Text("… " if before.start else "", style="dim")
    made.append(in_line(before.of(text)), style="dim")
    at = before.end
    for span in hit.found:
        made.append(in_line(text[at : span.start]), style="none")
        made.append(in_line(span.of(text)), style="bold reverse")
        at = span.end
    made.append(in_line(text[at : after.start]), style="none")
    made.append(in_line(after.of(text)) + (" …" if after.end < len(text) else ""), style="dim")
    return made


WRITERS: dict[str, Callable[[Iterable[Hit], TextIO], int]] = {
    "text": write_text,
    "json": write_json,
    "jsonl": write_jsonl,
    "csv": write_csv,
}
"""How hits are written, by the format's name."""
