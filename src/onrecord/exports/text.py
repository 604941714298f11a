"""The terminal view: who said it, by which words, and what, nested statements indented under their parent.

Nothing depends on colour, and nothing is cut: long contents are wrapped to the width of the terminal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TextIO

from rich.console import Console
from rich.text import Text

from onrecord.exports.base import Export
from onrecord.exports.display import corrected, manner, marks, one_line, particulars, shown_title, visible
from onrecord.exports.record import words
from onrecord.exports.tree import Node, Voice, tree, voice, walk
from onrecord.exports.wrapped import put
from onrecord.model import Document

__all__ = ["EXPORT", "console_of", "write"]

_INDENT = 4
_DEEPEST = 4
"""Nesting is indented this far at most, so that narrow terminals keep room for words; numbers go on."""
_NARROW = 48
"""Below so many columns one column is the indent."""


def write(documents: Iterable[Document], out: TextIO, *, ids: bool = False) -> None:
    """Write the view of each document; colour only where ``out`` is a terminal that wants it.

    ``ids`` shows with each statement the beginning of its id.
    """
    console = console_of(out)
    for place, document in enumerate(documents):
        if place:
            console.print()
            console.rule(style="dim")
            console.print()
        _head(console, document)
        nodes = tree(document)
        if not nodes:
            console.print()
            console.print(Text("no statements found", style="dim"))
        colours: dict[str, str] = {}
        for node in walk(nodes):
            if node.depth == 0:
                console.print()
            _statement(console, document, node, colours, ids)


def console_of(out: TextIO) -> Console:
    """A console that writes words as they are, in the width of the terminal."""
    return _Console(file=out, highlight=False, markup=False, emoji=False, soft_wrap=False)


class _Console(Console):
    """Leaves it to the caller what a closed pipe means; rich would end the program."""

    def on_broken_pipe(self) -> None:
        """Pass on the BrokenPipeError that is being handled."""
        raise


def _head(console: Console, document: Document) -> None:
    put(console, Text(shown_title(document), style="bold"))
    put(console, Text(" · ".join(particulars(document))))
    if document.url:
        put(console, Text(visible(document.url), style="dim"))


_COLOURS = ("cyan", "magenta", "yellow", "blue", "green", "red")
"""Colours of speakers in the order of their first statement, then again from the start."""


def _statement(console: Console, document: Document, node: Node, colours: dict[str, str], ids: bool) -> None:
    statement = node.statement
    who = voice(document, statement)
    cue = words(document, statement.cue)
    first = who.key not in colours
    head = Text()
    head.append(f"{node.number:<{_INDENT - 1}} ", style="dim")
    head.append(who.words if who.words and who.spelt_out else who.name, style=_style(who, colours))
    if who.known and first and who.title and not who.spelt_out:
        head.append(f", {who.title}", style="dim")
    if who.words and not who.spelt_out:
        head.append(f" (“{who.words}”)", style="dim")
    if who.doubt:
        head.append(f" ({who.doubt}?)", style="italic")
    if cue:
        head.append(" — ")
        head.append(one_line(cue), style="italic green")
    head.append("  ")
    parts = [
        *([who.type] if who.type else []),
        *marks(statement),
        *manner(document, statement),
        f"{statement.score:.2f}",
        *([statement.id[:8]] if ids else []),
    ]
    head.append(f"[{', '.join(parts)}]", style="dim")
    step = _INDENT if console.width >= _NARROW else 1
    left = step * min(node.depth, _DEEPEST)
    put(console, head, left, hang=step)
    put(console, Text(_paragraphs(words(document, statement.content) or "")), left + step)
    for line in corrected(statement):
        put(console, Text(line, style="dim"), left + step, hang=step)
    urls = [link.url for link in statement.links]
    if statement.post and statement.post.url:
        urls.append(statement.post.url)
    for url in dict.fromkeys(urls):
        put(console, Text(visible(url), style="dim"), left + step)


def _style(who: Voice, colours: dict[str, str]) -> str:
    """A speaker's colour, the same at each statement; a speaker who is not known has none."""
    if not who.known:
        return "italic"
    colours.setdefault(who.key, _COLOURS[len(colours) % len(_COLOURS)])
    return f"bold {colours[who.key]}"


def _paragraphs(text: str) -> str:
    return re.sub(r"\s*\n\s*", "\n", visible(text)).strip()


EXPORT = Export(name="text", suffix=".txt", write=write)
