"""Time expressions → JSON Lines or text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from onrecord.exports.base import Export
from onrecord.exports.display import particulars, shown_title, visible
from onrecord.exports.record import dumps, timex
from onrecord.model import Document
from onrecord.qualify.times import times

__all__ = ["FORMATS"]

_AROUND = 30
"""So many characters before and after an expression are shown with it."""


def write_jsonl(documents: Iterable[Document], out: TextIO) -> None:
    """One document a line: its id and its time expressions, offsets in code points."""
    for document in documents:
        found = [timex(one) for one in times(document.text, document.date)]
        out.write(dumps({"id": document.id, "timex": found}) + "\n")


def write_text(documents: Iterable[Document], out: TextIO) -> None:
    """A table for the terminal: the expression in its sentence, type, value."""
    console = Console(file=out, highlight=False, markup=False, emoji=False)
    for place, document in enumerate(documents):
        if place:
            console.print()
        console.print(Text(shown_title(document), style="bold"))
        console.print(Text(" · ".join(particulars(document))))
        table = Table(expand=True)
        for name, share in (("Words", 6), ("Type", 2), ("Value", 3)):
            table.add_column(name, ratio=share, overflow="fold")
        for one in times(document.text, document.date):
            start, end = one.span
            line = Text(_flat(document.text[max(0, start - _AROUND) : start]), style="dim")
            line.append(_flat(document.text[start:end]), style="not dim bold")
            line.append(_flat(document.text[end : end + _AROUND]))
            value = Text(one.value or "–", style="" if one.value else "dim")
            if one.modifier:
                value.append(f" {one.modifier}", style="dim")
            table.add_row(line, Text(str(one.type)), value)
        if table.row_count:
            console.print(table)
        else:
            console.print(Text("no time expressions found", style="dim"))


def _flat(words: str) -> str:
    return visible(words).replace("\n", " ")


FORMATS = {"text": Export("text", ".txt", write_text), "jsonl": Export("jsonl", ".jsonl", write_jsonl)}
"""How time expressions can be written."""
