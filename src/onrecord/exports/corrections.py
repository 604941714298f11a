"""Corrections of a ledger, for a person and as JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import TextIO

from rich.text import Text

from onrecord.exports.display import one_line, visible
from onrecord.exports.record import dumps
from onrecord.exports.text import console_of
from onrecord.exports.wrapped import put
from onrecord.ledger import Correction

__all__ = ["write_corrections"]


def write_corrections(found: Iterable[Correction], format_: str, out: TextIO) -> None:
    """Write corrections: ``text``, or ``jsonl`` with one a line, its values as JSON and its spans as pairs."""
    console = console_of(out)
    for one in found:
        value, was = (json.loads(v) if v is not None else None for v in (one.value, one.was))
        if format_ == "jsonl":
            made = asdict(one) | {"value": value, "was": was, "content": [list(span) for span in one.content]}
            out.write(dumps(made) + "\n")
            continue
        waits = ", WAITS FOR YOU" if one.waiting else ""
        put(
            console, Text(f"{one.number}  {one.field} of {one.statement[:8]} in {visible(one.document)}{waits}"), hang=4
        )
        put(console, Text(f"{_shown(was)} → {_shown(value)}"), 4, hang=4)
        put(console, Text(f"{visible(one.by)}, {one.at[:19]}Z: {visible(one.why)}"), 4, hang=4)
        put(console, Text(one_line(one.words), style="dim"), 4, hang=4)


def _shown(value: object) -> str:
    if value is None:
        return "not known"
    return visible(value) if isinstance(value, str) else visible(json.dumps(value, ensure_ascii=False))
