"""Pairs of claims and what a program takes one to be to the other: for the terminal and as JSON Lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TextIO

from rich.text import Text

from onrecord.exports.display import one_line, visible
from onrecord.exports.links import estimated, estimates
from onrecord.exports.record import dumps
from onrecord.exports.text import console_of
from onrecord.exports.wrapped import put
from onrecord.relate.claims import Pair

__all__ = ["pair_object", "write_pairs"]


def write_pairs(pairs: Iterable[Pair], format_: str, out: TextIO) -> None:
    """Write pairs as they come, as ``text`` or ``jsonl``."""
    console = console_of(out)
    for pair in pairs:
        if format_ == "jsonl":
            out.write(dumps(pair_object(pair)) + "\n")
            continue
        put(console, Text(visible(str(pair.id)), style="bold"))
        for name, text in (("a", pair.a), ("b", pair.b)):
            put(console, Text(f"{name}: {one_line(text)}"), 2, hang=3)
        put(console, Text(estimated(pair.compared), style="dim"), 2, hang=3)


def pair_object(pair: Pair) -> dict[str, Any]:
    """A pair, made of what JSON has: ``id``, estimates of what b is to a (0 to 1), and the words that clash, as code
    points of each claim."""
    clash = {name: [list(s) for s in spans] for name, spans in zip("ab", pair.compared.clash, strict=True)}
    return {"id": pair.id, **estimates(pair.compared), "clash": clash}
