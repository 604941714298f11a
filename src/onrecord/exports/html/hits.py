"""Hits made ready for a page: all words safe to show, who relays whom, the content with what was looked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from onrecord.exports.context import around, in_line
from onrecord.exports.display import corrected, likeness, long_date, manner, marks, one_line, shown_title, visible
from onrecord.exports.html.view import Address, href
from onrecord.exports.record import GAP, words
from onrecord.exports.sheet import citation
from onrecord.exports.tree import Voice, voice
from onrecord.ledger import Hit
from onrecord.model import Document, Span, Statement

__all__ = ["HitView", "Piece", "Places", "Said", "hit_view"]

_CONTEXT = 160
"""So many characters of the text stand before and after a content."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where in a report a statement and a speaker's statements are shown; None where they are not."""

    statement: Callable[[Hit], str | None] = lambda hit: None
    speaker: Callable[[str], str | None] = lambda name: None


@dataclass(frozen=True, slots=True)
class Said:
    """One of those who say it: the voice, its cue, and where more of it stands."""

    who: Voice
    cue: str | None
    address: str | None


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a content, whether they were looked for."""

    words: str
    found: bool = False


@dataclass(frozen=True, slots=True)
class HitView:
    """A statement with who says it and who relays it (``chain``, the outermost first), in its context.

    ``notes`` is what else has to be said of it.
    """

    id: str
    outlet: str
    chain: list[Said]
    before: str
    content: list[Piece]
    after: str
    marks: str
    title: str
    date: str | None
    address: Address | None
    place: str | None
    citation: str
    reviews: list[str]
    notes: list[str] = field(default_factory=list)


def hit_view(hit: Hit, places: Places | None = None) -> HitView:
    """A hit for the page; ``places`` tells where else the report shows it."""
    places = places or Places()
    document, statement = hit.entry.document, hit.statement
    before, after = around(document.text, statement.content[0].start, statement.content[-1].end, _CONTEXT)
    who = voice(document, statement)
    parts = [*([who.type] if who.type else []), *marks(statement), *manner(document, statement)]
    return HitView(
        id=statement.id,
        outlet=visible(document.outlet) if document.outlet else "Outlet not stated",
        chain=[_said(document, one, places) for one in document.statements],
        before=("… " if before.start else "") + in_line(before.of(document.text)),
        content=_pieces(document, statement, hit.found),
        after=in_line(after.of(document.text)) + (" …" if after.end < len(document.text) else ""),
        marks=" · ".join([*parts, *likeness(hit.likeness), f"score {statement.score:.2f}"]),
        title=shown_title(document),
        date=long_date(document.date) if document.date else None,
        address=Address(visible(document.url), href(document.url)) if document.url else None,
        place=places.statement(hit),
        citation=citation(hit.entry, statement),
        reviews=corrected(statement),
    )


def _said(document: Document, statement: Statement, places: Places) -> Said:
    cue = words(document, statement.cue)
    name = statement.speaker
    return Said(voice(document, statement), one_line(cue) if cue else None, places.speaker(name) if name else None)


def _pieces(document: Document, statement: Statement, found: tuple[Span, ...]) -> list[Piece]:
    """The content cut at the words that were looked for; a sign stands for what lies between its parts."""
    pieces: list[Piece] = []
    for span in statement.content:
        if pieces:
            pieces.append(Piece(GAP))
        at = span.start
        for words_ in (f for f in found if span.start <= f.start and f.end <= span.end):
            pieces.append(Piece(in_line(document.text[at : words_.start])))
            pieces.append(Piece(in_line(words_.of(document.text)), found=True))
            at = words_.end
        pieces.append(Piece(in_line(document.text[at : span.end])))
    return [piece for piece in pieces if piece.words]
