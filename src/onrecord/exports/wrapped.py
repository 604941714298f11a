"""Lines for the terminal, wrapped with an indent and nothing filled up."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

__all__ = ["put"]

_LEAST = 12
"""Words are wrapped to no fewer columns than this."""


def put(console: Console, text: Text, left: int = 0, hang: int = 0) -> None:
    """Print ``text`` wrapped, ``left`` columns in and ``hang`` more after its first line."""
    # Not rich's Padding, which fills every line up with blanks.
    indent = left
    for line in text.wrap(console, max(console.width - left - hang, _LEAST), overflow="fold"):
        line.rstrip()
        console.print(Text(" " * indent) + line, soft_wrap=True)
        indent = left + hang
