"""Segments → the inline HTML of a paragraph: ``mark`` for content, ``b`` for sources, ``i`` for cues.

Each element stands also without style sheet and script. The number after a statement's content leads to
its entry in the list.
"""

from __future__ import annotations

from itertools import groupby

from markupsafe import Markup, escape

from onrecord.exports.display import visible
from onrecord.exports.html.segments import Segment
from onrecord.exports.html.view import DocumentView, StatementView, href

__all__ = ["inline"]

_LEVELS = 3
"""So many statements around a segment are shown by lines; the card names them all."""


def inline(shown: DocumentView, row: list[Segment]) -> Markup:
    """The HTML of one paragraph."""
    parts: list[Markup] = []
    for link, group in groupby(row, key=lambda segment: segment.link):
        target = href(shown.document.links[link].url) if link is not None else None
        opened = False
        for segment in group:
            if target and not opened:
                parts.append(Markup('<a class="link" href="{}" rel="noopener noreferrer nofollow">').format(target))
                opened = True
            parts.append(_segment(shown, segment))
            if segment.ends:
                if opened:
                    parts.append(Markup("</a>"))
                    opened = False
                parts += [_reference(shown.statements[index]) for index in segment.ends]
        if opened:
            parts.append(Markup("</a>"))
    return Markup("").join(parts)


def _segment(shown: DocumentView, segment: Segment) -> Markup:
    html = escape(visible(segment.span.of(shown.document.text)))
    for tag, role, indices in (("i", "cue", segment.cues), ("b", "src", segment.sources)):
        if indices:
            hue = shown.statements[indices[-1]].hue
            html = Markup('<{0} class="{1} {2}" data-{1}="{3}">{4}</{0}>').format(
                tag, role, hue, _keys(shown, indices), html
            )
    if segment.contents:
        inner, *outer = reversed(segment.contents)
        names = [shown.statements[inner].hue, "quoted" if inner in segment.quoted else "told"]
        for level, index in enumerate(outer[: _LEVELS - 1], start=1):
            names.append(f"in{level} in{level}-{shown.statements[index].hue.split()[0]}")
        html = Markup('<mark class="{}" data-say="{}">{}</mark>').format(
            " ".join(names), _keys(shown, segment.contents), html
        )
    return html


def _keys(shown: DocumentView, indices: tuple[int, ...]) -> str:
    return " ".join(shown.statements[index].key for index in indices)


def _reference(statement: StatementView) -> Markup:
    return Markup('<a class="ref {}" id="{}" href="#{}" data-key="{}" aria-label="{}">{}</a>').format(
        statement.hue,
        statement.ref,
        statement.key,
        statement.key,
        f"Statement {statement.number}: {statement.said_by}, {statement.marks}",
        statement.number,
    )
