"""Links between quotations, texts and speakers made ready for a page: both sides, and what differs word by word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from onrecord.exports.display import NO_OUTLET, long_date, marks, one_line, shown_title
from onrecord.exports.html.hits import Said
from onrecord.exports.links import Piece, both, estimated, headline, judged, side_by_side, where
from onrecord.exports.record import words
from onrecord.exports.tree import voice
from onrecord.ledger import Entry
from onrecord.relate.alike import Difference
from onrecord.relate.linking import Compared
from onrecord.relate.sides import Kind, Link, Side
from onrecord.terms import chain

__all__ = ["PairPlaces", "PairView", "compared_view", "pair_view"]


@dataclass(frozen=True, slots=True)
class PairPlaces:
    """Where in a report a statement of a document and a speaker's statements are shown; None where they are not."""

    statement: Callable[[Entry, str], str | None] = lambda entry, id: None
    speaker: Callable[[str], str | None] = lambda name: None


@dataclass(frozen=True, slots=True)
class SideView:
    """One side: who says it and who relays it (the outermost first), its words, and where it stands."""

    outlet: str
    chain: list[Said]
    pieces: list[Piece]
    marks: str
    title: str
    date: str
    place: str | None
    id: str


@dataclass(frozen=True, slots=True)
class PairView:
    """A link: its kind and changes, whether these are serious, both sides, and what a person said of it.

    ``clash`` says that the marked words of both sides clash, rather than that one has other words than the other.
    """

    id: str
    what: str
    serious: bool
    sides: list[SideView]
    notes: list[str] = field(default_factory=list)
    clash: bool = False


def pair_view(link: Link, places: PairPlaces | None = None, *, key: str | None = None) -> PairView:
    """A link for the page; ``key`` is its place there (its id)."""
    places = places or PairPlaces()
    notes = [judged(link.judgement)] if link.judgement is not None else []
    if link.kind is Kind.SPEAKER:
        name = link.second.entity[1] if link.second.entity else link.second.speaker
        notes.insert(0, f"{one_line(link.first.speaker)} may be {one_line(name)}, {where(link.second)}")
    return PairView(
        link.id if key is None else key,
        headline(link),
        link.serious,
        _sides(link.first, link.second, link.differences, places),
        notes,
        link.score is not None,
    )


def compared_view(compared: Compared) -> PairView:
    """Two statements side by side."""
    alike = compared.alike
    differences = alike.differences if alike is not None else ()
    sides = _sides(compared.first, compared.second, differences, PairPlaces())
    serious = alike is not None and alike.serious
    return PairView("", side_by_side(compared), serious, sides, [estimated(compared.claims)])


def _sides(first: Side, second: Side, differences: Sequence[Difference], places: PairPlaces) -> list[SideView]:
    said = zip((first, second), both(first, second, differences), strict=True)
    return [_side(side, made, places) for side, made in said if side.entry]


def _side(side: Side, made: list[Piece], places: PairPlaces) -> SideView:
    assert side.entry is not None
    document, statement = side.entry.document, side.statement
    said: list[Said] = []
    for one in (*chain(document, statement), statement) if statement is not None else ():
        cue = words(document, one.cue)
        address = places.speaker(one.speaker) if one.speaker else None
        said.append(Said(voice(document, one), one_line(cue) if cue else None, address))
    return SideView(
        outlet=one_line(document.outlet) if document.outlet else NO_OUTLET,
        chain=said,
        pieces=made,
        marks=", ".join(marks(statement)) if statement is not None else "",
        title=shown_title(document),
        date=long_date(document.date) if document.date else "date not known",
        place=places.statement(side.entry, statement.id) if statement is not None else None,
        id=statement.id if statement is not None else "",
    )
