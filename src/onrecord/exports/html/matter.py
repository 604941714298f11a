"""What is said on a matter as a page: the parties side by side, each in order of time; then what is disputed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TextIO

from onrecord.exports.display import UNKNOWN, counted, one_line
from onrecord.exports.html import stream
from onrecord.exports.html.asked import asked
from onrecord.exports.html.hits import HitView, hit_view
from onrecord.exports.html.pairs import PairView, pair_view
from onrecord.exports.matter import claimed, notes, tally, tied, unvouched, when
from onrecord.ledger import Query
from onrecord.relate.matter import Matter

__all__ = ["matter_sheet"]

_ABOUT = (
    "Each statement is what somebody is reported to have said, not what is so. What is disputed or answered is a"
    " program's suggestion until a person confirms it."
)


@dataclass(frozen=True, slots=True)
class PartyView:
    """One party: a name, how much it says, and its statements in order of time."""

    name: str
    tally: str
    known: bool
    hits: list[HitView]


@dataclass(frozen=True, slots=True)
class MatterView:
    """What the page shows."""

    title: str
    tally: str
    about: str
    query: Sequence[tuple[str, str]]
    parties: list[PartyView]
    disputes: list[PairView]
    answers: list[PairView]
    unvouched: list[str]


def matter_sheet(found: Matter, query: Query, out: TextIO) -> None:
    """Write the page."""
    links = tied(found)
    parties = []
    for party in found.parties:
        hits = [
            replace(
                hit_view(position.hit),
                notes=[when(position), *notes(position, links.get(position.key, ()))],
            )
            for position in party.positions
        ]
        name = one_line(party.name) if party.name else UNKNOWN
        parties.append(PartyView(name, counted(len(hits), "statement"), party.name is not None, hits))
    view = MatterView(
        one_line(found.words),
        tally(found),
        _ABOUT,
        asked(query),
        parties,
        [pair_view(link) for link in found.disputes],
        [pair_view(link) for link in found.answers],
        [claimed(claim) for claim in unvouched(found)],
    )
    stream("matter.html.j2", out, view=view, title=view.title)
