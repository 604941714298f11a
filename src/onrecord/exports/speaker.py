"""One speaker of a ledger: titles over time, outlets, acts, statements, for a person and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TextIO

from rich.text import Text

from onrecord.exports.display import visible
from onrecord.exports.hits import hit_object, write_jsonl, write_text
from onrecord.exports.record import dumps
from onrecord.exports.text import console_of
from onrecord.exports.wrapped import put
from onrecord.ledger import Counted, SpeakerView

__all__ = ["write_speaker"]


def write_speaker(view: SpeakerView, format_: str, out: TextIO) -> None:
    """Write what a speaker says: ``text``, ``json`` (one object), or ``jsonl`` (the statements alone)."""
    if format_ == "jsonl":
        write_jsonl(view.hits, out)
        return
    counts = {"titles": view.titles, "source_types": view.source_types, "outlets": view.outlets, "acts": view.acts}
    if format_ == "json":
        made = {name: [asdict(one) for one in found] for name, found in counts.items()}
        out.write(dumps({"speaker": view.name, **made, "statements": [hit_object(hit) for hit in view.hits]}) + "\n")
        return
    console = console_of(out)
    put(console, Text(visible(view.name), style="bold"))
    for name, found in counts.items():
        line = ", ".join(_words(one) for one in found if one.value is not None)
        if line:
            put(console, Text(f"{name.replace('_', ' ')}: {line}"), 2, hang=4)
    console.print()
    write_text(view.hits, out)


def _words(one: Counted) -> str:
    days = [day for day in dict.fromkeys((one.first, one.last)) if day]
    return f"{visible(str(one.value))} ({one.statements:,}{', ' if days else ''}{' to '.join(days)})"
