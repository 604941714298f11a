"""What is said on a matter: for a person, and as JSON. Party by party, in order of time; then what is disputed.

Nothing is said to be so: each statement has who says it and who relays it, each link that a program suggests it or who
confirmed it, each review whose it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from rich.console import Console
from rich.text import Text

from onrecord.exports.attribution import attribution
from onrecord.exports.display import NO_OUTLET, UNKNOWN, counted, long_interval, one_line, shown_title
from onrecord.exports.factchecks import match_object, reviewed
from onrecord.exports.links import judgement_object, link_object, write_text
from onrecord.exports.record import dumps, record, words
from onrecord.exports.terms import lines_of
from onrecord.exports.text import console_of
from onrecord.exports.wrapped import put
from onrecord.relate.matter import Claimed, Matter, Position
from onrecord.relate.sides import Kind, Link

__all__ = ["WRITERS", "claimed", "matter_object", "notes", "tally", "tied", "unvouched", "when"]


def matter_object(found: Matter) -> dict[str, Any]:
    """What is said on a matter, made of what JSON has."""
    return {
        "matter": found.words,
        "more": found.more,
        "parties": [
            {"name": party.name, "entity": party.entity, "positions": [_position_object(p) for p in party.positions]}
            for party in found.parties
        ],
        "disputes": [link_object(link) for link in found.disputes],
        "answers": [link_object(link) for link in found.answers],
        "claims": [
            {
                "statements": [position.statement.id for position in claim.positions],
                "outlets": [outlet or None for outlet in claim.outlets],
                "vouching": [outlet or None for outlet in claim.vouching],
            }
            for claim in found.claims
        ],
    }


def write_json(found: Matter, out: TextIO) -> None:
    """Write one object."""
    out.write(dumps(matter_object(found)) + "\n")


def write_matter(found: Matter, out: TextIO) -> None:
    """Write it for a person."""
    console = console_of(out)
    put(console, Text(one_line(found.words), style="bold"))
    put(console, Text(tally(found), style="dim"))
    links = tied(found)
    for party in found.parties:
        console.print()
        put(console, Text(one_line(party.name) if party.name else UNKNOWN, style="bold" if party.name else "italic"))
        for position in party.positions:
            _put(console, position, links.get(position.key, ()))
    if found.disputes:
        console.print()
        put(console, Text("Disputed", style="bold underline"))
        write_text(found.disputes, out)
    if found.answers:
        console.print()
        put(console, Text("Answered", style="bold underline"))
        write_text(found.answers, out)
    if claims := unvouched(found):
        console.print()
        put(console, Text("Relayed, and vouched for by no outlet", style="bold underline"))
        for claim in claims:
            put(console, Text(claimed(claim)), 2, hang=2)


WRITERS = {"text": write_matter, "json": write_json}
"""How a matter is written, by the format's name."""


def tally(found: Matter) -> str:
    """How much there is, in one line."""
    positions = list(found.positions)
    documents = len({position.key[0] for position in positions})
    named = sum(party.name is not None for party in found.parties)
    days = sorted(position.day for position in positions if position.day)
    made = f"{counted(len(positions), 'statement')} of {counted(named, 'speaker')} in {counted(documents, 'document')}"
    if days:
        made += f", {long_interval(f'{days[0]}/{days[-1]}' if days[0] != days[-1] else days[0])}"
    if found.disputes:
        made += f"; {counted(len(found.disputes), 'dispute')}, as a program suggests"
    return made + ("; there are more" if found.more else "")


def when(position: Position) -> str:
    """The day of the saying, or that of publication, as such."""
    if not position.day:
        return "date not known"
    return f"published {position.day}" if position.published else f"said {position.day}"


def notes(position: Position, links: Iterable[Link]) -> list[str]:
    """What has to be said beside a statement: its terms, what it disputes, who reviewed a similar claim."""
    document = position.document
    made = [f"{label}: {text}" for label, text in lines_of(document, position.statement)]
    for link in links:
        other = link.second if _is(link.first.statement, position) else link.first
        if other.statement is None or other.entry is None:
            continue
        sure = "confirmed by a person" if link.judgement is not None else f"suggested, {link.score:.2f}"
        whom = attribution(other.entry.document, other.statement)
        made.append(
            f"{_BESIDE[link.kind]} ({sure}): {whom}, {other.day or 'date not known'} [{other.statement.id[:8]}]"
        )
    for review in position.reviews:
        said = review.judgement
        sure = f"confirmed by {one_line(said.by)}" if said is not None else f"suggested, {review.match.score:.2f}"
        made.append(f"{reviewed(review.match)} ({sure}) [{one_line(review.match.factcheck.id)}]")
    if position.vouched:
        made.append("the outlet vouches for it in its own words")
    return made


_BESIDE = {Kind.DISPUTES: "disputed", Kind.ANSWERS: "answered, or an answer", Kind.RESTATES: "the same claim"}


def unvouched(found: Matter) -> list[Claimed]:
    """The claims that outlets relay without vouching for them, those that most outlets relay first."""
    claims = [claim for claim in found.claims if not claim.vouching]
    return sorted(claims, key=lambda claim: (-len(claim.outlets), -len(claim.positions)))


def claimed(claim: Claimed) -> str:
    """A claim in one line: who says it first, in which words, and which outlets relay it."""
    first = claim.positions[0]
    said = one_line(words(first.document, first.statement.content))
    outlets = ", ".join(one_line(outlet) if outlet else NO_OUTLET for outlet in claim.outlets)
    more = f"; {counted(len(claim.positions), 'statement')}" if len(claim.positions) > 1 else ""
    return f"{first.statement.speaker or UNKNOWN}: {said} — relayed by {outlets}{more} [{first.statement.id[:8]}]"


def _put(console: Console, position: Position, links: Sequence[Link]) -> None:
    document, statement = position.document, position.statement
    head = f"{when(position)} · {attribution(document, statement)}"
    put(console, Text(head, style="dim"), 2, hang=4)
    line = Text(one_line(words(document, statement.content)))
    line.append(f"  [{statement.act or statement.kind}, {statement.score:.2f}, {statement.id[:8]}]", style="dim")
    put(console, line, 4, hang=2)
    for note in notes(position, links):
        put(console, Text(note, style="dim"), 6, hang=2)


def _is(statement: Any, position: Position) -> bool:
    return statement is not None and statement.id == position.statement.id


def tied(found: Matter) -> dict[tuple[int, str], list[Link]]:
    """The disputes and answers of each statement."""
    made: dict[tuple[int, str], list[Link]] = defaultdict(list)
    for link in (*found.disputes, *found.answers):
        for side in (link.first, link.second):
            if side.entry is not None and side.statement is not None:
                made[side.entry.revision, side.statement.id].append(link)
    return made


def _position_object(position: Position) -> dict[str, Any]:
    document, statement = position.document, position.statement
    likeness = position.hit.likeness
    return record(document, statement) | {
        "attribution": attribution(document, statement),
        "outlet": document.outlet,
        "title": shown_title(document),
        "day": position.day or None,
        "day_of": "publication" if position.published else "saying",
        "likeness": None if likeness is None else round(likeness, 4),
        "vouched": position.vouched,
        "reviews": [
            match_object(review.match) | {"judgement": judgement_object(review.judgement)}
            for review in position.reviews
        ],
    }
