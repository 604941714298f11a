"""A statement's head and its surroundings, as several views show them."""

from __future__ import annotations

import re

from rich.text import Text

from onrecord.exports.display import one_line, visible
from onrecord.exports.record import words
from onrecord.exports.tree import voice
from onrecord.model import Document, Span, Statement

__all__ = ["around", "head", "in_line"]


def around(text: str, start: int, stop: int, length: int) -> tuple[Span, Span]:
    """Up to ``length`` characters of the text before ``start`` and after ``stop``, cut at blanks.

    >>> [span.of("one two three four") for span in around("one two three four", 8, 13, 5)]
    ['two ', ' four']
    """
    first, last = max(0, start - length), min(len(text), stop + length)
    while 0 < first < start and not text[first - 1].isspace():
        first += 1
    while stop < last < len(text) and not text[last].isspace():
        last -= 1
    return Span(first, start), Span(stop, last)


def in_line(words: str) -> str:
    """Words as a part of a line, safe to show; blanks at their ends stay.

    >>> in_line("They\\n will ")
    'They will '
    """
    return re.sub(r"\s+", " ", visible(words))


def head(document: Document, statement: Statement) -> Text:
    """Who says it, in which words of the document, and by which cue."""
    who = voice(document, statement)
    made = Text(who.name, style="bold" if who.known else "italic")
    if who.words and not who.spelt_out:
        made.append(f" (“{who.words}”)", style="dim")
    if statement.cue:
        made.append(f" — {one_line(words(document, statement.cue))}", style="italic green")
    return made
