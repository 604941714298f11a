"""Statements by the day of the saying, as bars in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from rich.text import Text

from onrecord.exports.text import console_of
from onrecord.exports.wrapped import put
from onrecord.ledger import Counted

__all__ = ["write_timeline"]

_PARTS = " ▏▎▍▌▋▊▉█"


def write_timeline(found: Sequence[Counted], out: TextIO) -> None:
    """Write a line for each day, month or interval: when, how many, and a bar as long as that."""
    console = console_of(out)
    if not found:
        put(console, Text("no statement has a day", style="dim"))
        return
    wide = max(len(one.value or "") for one in found)
    digits = max(len(f"{one.statements:,}") for one in found)
    room = max(10, min(console.width - wide - digits - 4, 60))
    most = max(one.statements for one in found)
    for one in found:
        line = Text(f"{one.value or '':<{wide}}  {one.statements:>{digits},}  ")
        line.append(bar(one.statements / most, room), style="cyan")
        put(console, line)


def bar(share: float, room: int) -> str:
    """A bar of so much of the room, to an eighth of a column, never nothing.

    >>> bar(1.0, 3), bar(0.5, 3), bar(0.001, 3)
    ('███', '█▌', '▏')
    """
    eighths = max(1, round(share * room * 8))
    return "█" * (eighths // 8) + (_PARTS[eighths % 8] if eighths % 8 else "")
