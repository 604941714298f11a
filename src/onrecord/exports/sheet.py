"""One statement of a ledger as a sheet to check it by: words, context, proof, provenance, corrections, citation."""

from __future__ import annotations

from typing import Any, TextIO

from rich.console import Console
from rich.text import Text

from onrecord.exports.attribution import attribution, speaks
from onrecord.exports.context import around, head, in_line
from onrecord.exports.display import corrected, manner, marks, one_line, shown_title, visible
from onrecord.exports.provenance import provenance
from onrecord.exports.record import record, words
from onrecord.exports.text import console_of
from onrecord.exports.tree import voice
from onrecord.exports.wrapped import put
from onrecord.ledger import Entry, column
from onrecord.model import Document, Span, Statement

__all__ = ["citation", "sheet", "write_sheet"]

_CONTEXT = 200
"""So many characters of the text are shown before and after a statement, to the next blank."""


_SAME = {
    True: "the words that were recorded are those of the stored text",
    False: "THE STORED TEXT HAS OTHER WORDS THERE than were recorded",
    None: "a person's words on where it stands: nothing was recorded to compare with",
}
_HASH = {True: "the stored text has it", False: "THE STORED TEXT HAS ANOTHER"}


def sheet(entry: Entry, statement: Statement, *, recorded: str | None = None) -> dict[str, Any]:
    """The sheet, made of what JSON has: the record, and what proves it.

    ``recorded`` are the content's words as they were written down beside its offsets; ``proof`` says whether they are
    the slice of the stored text (``same``; null where a person said where it stands), and whether that text has the
    hash that was written down.
    """
    document = entry.document
    if any(review.field in ("content", "statement") and not review.confirms for review in statement.reviews):
        recorded = None
    before, after = _around(document, statement)
    return {
        "record": record(document, statement),
        "chain": [speaks(document, s) for s in _chain(entry, statement)],
        "context": {"before": before.of(document.text), "after": after.of(document.text)},
        "proof": {
            "slices": [
                {"role": role, "start": span.start, "end": span.end, "words": span.of(document.text)}
                for role in ("source", "cue", "content")
                for span in getattr(statement, role)
            ],
            "recorded": recorded,
            "same": None if recorded is None else recorded == column(words(document, statement.content)),
            "text_sha256": entry.text_sha256,
            "text_same": entry.text_sha256 == document.sha256,
        },
        "provenance": provenance(entry),
        "citation": citation(entry, statement),
    }


def citation(entry: Entry, statement: Statement) -> str:
    """One line to cite a statement by: who is reported to have said what, in whose words, by whom, where it stands.

    It names who relays it, down to the outlet, by which word of the outlet's it is said to be said (a deed or an
    attitude is no saying), what the offsets are valid for, and that a program found it or who
    corrected or checked it.
    """
    document = entry.document
    offsets = ", ".join(f"{span.start}–{span.end}" for span in statement.content)
    cue = f" — {one_line(words(document, statement.cue))}" if statement.cue else ""
    parts = [
        attribution(document, statement, _chain(entry, statement)[:-1])
        + f"{cue}: {one_line(words(document, statement.content))}",
        f"“{shown_title(document)}”",
        visible(document.date) if document.date else "date not stated",
        *([visible(document.url)] if document.url else []),
        f"characters {offsets} of the text with SHA-256 {document.sha256}",
        f"onrecord {statement.id}",
        _found(statement),
    ]
    return ", ".join(" ".join(part.split()) for part in parts) + "."


def _found(statement: Statement) -> str:
    """That a program found a statement, or who corrected it, and who else checked it."""
    changed = dict.fromkeys(one_line(review.by) for review in statement.reviews if not review.confirms)
    checked = dict.fromkeys(one_line(review.by) for review in statement.reviews)
    others = [by for by in checked if by not in changed]
    told = [f"corrected by {', '.join(changed)}"] if changed else [f"found by a program (score {statement.score:.2f})"]
    return ", ".join([*told, *([f"checked by {', '.join(others)}"] if others else [])])


def write_sheet(entry: Entry, statement: Statement, recorded: str | None, out: TextIO) -> None:
    """Write the sheet for a person."""
    made = sheet(entry, statement, recorded=recorded)
    document, console = entry.document, console_of(out)
    before, after = _around(document, statement)
    for depth, above in enumerate(_chain(entry, statement)):
        _said(console, document, above, depth)
    for review in corrected(statement):
        put(console, Text(review, style="dim"), 2, hang=2)
    if any(r.id == statement.id for r in entry.rejected):
        put(console, Text("A person says that this is no statement.", style="bold"), 2)
    _part(console, "Context")
    line = Text("… " if before.start else "")
    line.append(in_line(before.of(document.text)), style="dim")
    line.append(in_line(document.text[before.end : after.start]), style="bold")
    line.append(in_line(after.of(document.text)) + (" …" if after.end < len(document.text) else ""), style="dim")
    put(console, line, 2)
    _part(console, "Proof")
    for piece in made["proof"]["slices"]:
        place = f"[{piece['start']}, {piece['end']})"
        put(console, Text(f"{piece['role']:<8}{place}  {one_line(piece['words'])}"), 2, hang=10)
    put(console, Text(_SAME[made["proof"]["same"]]), 2, hang=2)
    put(console, Text(f"text SHA-256 {entry.text_sha256}: {_HASH[made['proof']['text_same']]}"), 2, hang=2)
    _part(console, "Provenance")
    for line_ in _provenance(made["provenance"]):
        put(console, Text(visible(line_)), 2, hang=2)
    _part(console, "To cite")
    put(console, Text(made["citation"]), 2)


def _provenance(known: dict[str, Any]) -> list[str]:
    read = f"read {known['read_at'][:19]}Z by onrecord {known['version']} ({known['reader'] or 'given'} reader)"
    lines = [f"{known['origin'] or known['key']}, {read}", f"run {known['run']}"]
    if known["raw_sha256"]:
        lines.append(f"bytes SHA-256 {known['raw_sha256']}")
    if known["captured"]:
        lines.append(f"as of {known['captured']}" + (f", {known['record']}" if known["record"] else ""))
    lines.append(f"revision {known['revision']} of {known['revisions']}")
    if known["extractor"]:
        lines.append(f"found by {known['extractor']}, {known['extracted_at'][:19]}Z, run {known['extraction_run']}")
    return lines


def _chain(entry: Entry, statement: Statement) -> list[Statement]:
    """The statements around this one, the outermost first, then itself."""
    by_id = {s.id: s for s in (*entry.document.statements, *entry.rejected)}
    chain, seen = [statement], {statement.id}
    while (parent := chain[0].parent) is not None and parent in by_id and parent not in seen:
        chain.insert(0, by_id[parent])
        seen.add(parent)
    return chain


def _said(console: Console, document: Document, statement: Statement, depth: int) -> None:
    line, who = head(document, statement), voice(document, statement)
    parts = [*([who.type] if who.type else []), *marks(statement), *manner(document, statement)]
    line.append(f"  [{', '.join([*parts, f'{statement.score:.2f}', statement.id])}]", style="dim")
    put(console, line, 2 * depth, hang=2)
    put(console, Text(one_line(words(document, statement.content))), 2 * depth + 2)


def _all(statement: Statement) -> list[Span]:
    return sorted((*statement.source, *statement.cue, *statement.content))


def _around(document: Document, statement: Statement) -> tuple[Span, Span]:
    every = _all(statement)
    return around(document.text, every[0].start, max(span.end for span in every), _CONTEXT)


def _part(console: Console, name: str) -> None:
    console.print()
    put(console, Text(name, style="dim"))
