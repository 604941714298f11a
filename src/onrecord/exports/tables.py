"""Tables of counts: for the terminal, as JSON, JSON Lines and CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO

from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from onrecord.exports.csv import cell
from onrecord.exports.display import one_line, visible
from onrecord.exports.record import dumps
from onrecord.exports.text import console_of
from onrecord.exports.wrapped import put

__all__ = ["FORMATS", "write_table"]

FORMATS = ("text", "json", "jsonl", "csv")

Row = Mapping[str, Any]
_WIDEST = 10_000


def write_table(rows: Iterable[Row], columns: Sequence[str], format_: str, out: TextIO) -> None:
    """Write rows with these columns; what is not known is empty, and null in JSON.

    A value may be a mapping of counts: in the terminal it is one line, most first.
    """
    if format_ == "jsonl":
        for row in rows:
            out.write(dumps({name: row[name] for name in columns}) + "\n")
    elif format_ == "json":
        out.write(dumps([{name: row[name] for name in columns} for row in rows]) + "\n")
    elif format_ == "csv":
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow([cell(row[name]) for name in columns])
    else:
        _text(list(rows), columns, out)


def _text(rows: Sequence[Row], columns: Sequence[str], out: TextIO) -> None:
    """A table; where rows have counts, a line for each row and lines for its counts below it."""
    console = console_of(out)
    if not rows:
        put(console, Text("nothing", style="dim"))
        return
    counts = [name for name in columns if any(isinstance(row[name], Mapping) for row in rows)]
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    single = [name for name in columns if name not in counts]
    for name in single:
        numbers = bool(rows) and all(isinstance(row[name], int | float) for row in rows)
        table.add_column(name.replace("_", " "), justify="right" if numbers else "left", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(_words(row[name])) for name in single))
    # a name is never cut: where the terminal is too narrow, lines run on
    whole = Measurement.get(console, console.options.update(width=_WIDEST), table).maximum
    console.width = max(console.width, whole)
    if not counts:
        console.print(table)
        return
    for row in rows:
        put(console, Text(" · ".join(f"{_words(row[name])}{_UNIT.get(name, '')}" for name in single), style="bold"))
        for name in counts:
            put(console, Text(f"{name.replace('_', ' ')}: {_words(row[name])}"), 2, hang=4)


_UNIT = {"documents": " documents", "statements": " statements", "anonymous_share": " anonymous"}
"""What stands behind a value on a line that has no heads."""


def _words(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, Mapping):
        most = sorted(value.items(), key=lambda item: (-item[1], item[0]))
        return ", ".join(f"{visible(str(name))} {count:,}" for name, count in most)
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.0%}" if isinstance(value, float) else one_line(str(value))
