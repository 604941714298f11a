"""What is said on a matter: by whom, in which order, with which terms; what is disputed, and who vouches for what.

Statements on a matter are those with all its words, and those that mean nearly it. Nothing is judged here: what two
statements are to each other is what a program suggests or a person said (``relate.ties``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from onrecord.errors import UsageError
from onrecord.factchecks import FactChecks
from onrecord.ledger import Hit, Query, search, tables
from onrecord.ledger.dates import first_day
from onrecord.ledger.meanings import told
from onrecord.ledger.places import NUMBERS
from onrecord.ledger.query import among, places
from onrecord.meaning.encoder import Encoder
from onrecord.model import OUTLET, Certainty, Document, Kind, Statement
from onrecord.relate.reviews import Review, reviews_of
from onrecord.relate.sets import Sets
from onrecord.relate.sides import Kind as Tied
from onrecord.relate.sides import Link, Loader, Side, numbers_of
from onrecord.relate.sql import chunks
from onrecord.relate.ties import ties_of
from onrecord.relate.vicinity import nearest, nearest_of

__all__ = ["Claimed", "Matter", "Party", "Position", "matter"]

LEAST, LEAST_BESIDE = 0.45, 0.3
"""From which cosine on a statement without the words is on the matter: anybody's; and one of a document that has such a
one, or of the speaker who is asked for. Chosen by reading (docs/decisions.md)."""
_CELLS = 64
"""So many cells of meanings are looked through: few words lie farther from what is meant than a sentence does."""
_MANY = 4
"""So many times as many neighbours are looked at as are asked for: filters leave some out."""


@dataclass(frozen=True, slots=True)
class Position:
    """A statement on the matter, in its document, with those that relay it (``hit``).

    ``day`` is when it was said, as far as the text says so, else the day of publication (``published``), else nothing.
    ``reviews`` are fact-checks of similar claims.
    """

    hit: Hit
    day: str
    published: bool
    reviews: tuple[Review, ...] = ()

    @property
    def document(self) -> Document:
        """The document, of whose statements there are only this one and those that it stands in."""
        return self.hit.entry.document

    @property
    def statement(self) -> Statement:
        """The statement."""
        return self.hit.statement

    @property
    def key(self) -> tuple[int, str]:
        """What tells it from all others: the document's revision and the statement's id."""
        return self.hit.entry.revision, self.hit.statement.id

    @property
    def outlet(self) -> str:
        """The outlet, or nothing where it is not known."""
        return self.document.outlet or ""

    @property
    def vouched(self) -> bool:
        """Whether the outlet vouches for it in its own words."""
        return any(c.holder == OUTLET and c.certainty is not Certainty.UNCOMMITTED for c in self.statement.commitments)


@dataclass(frozen=True, slots=True)
class Party:
    """Who speaks: a name, and the number of the entity; None and None for all whose name is not known.

    The positions are in order of time.
    """

    name: str | None
    entity: int | None
    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class Claimed:
    """One claim, with all statements on the matter that make it, the first one first.

    ``outlets`` relay it, ``vouching`` are those of them that vouch for it in their own words.
    """

    positions: tuple[Position, ...]
    outlets: tuple[str, ...]
    vouching: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matter:
    """What is said on a matter. ``parties`` come with the most positions first, those without a name last.

    ``disputes`` and ``answers`` are links that one of the statements has part in, ``claims`` what is claimed, each
    claim once. ``more`` says that there are more statements than were asked for.
    """

    words: str
    parties: tuple[Party, ...]
    disputes: tuple[Link, ...]
    answers: tuple[Link, ...]
    claims: tuple[Claimed, ...]
    more: bool

    @property
    def positions(self) -> Iterator[Position]:
        """All of them, party by party."""
        for party in self.parties:
            yield from party.positions


def matter(
    connection: Connection,
    encoder: Encoder,
    words: str,
    query: Query,
    *,
    limit: int,
    entity: int | None = None,
    checks: FactChecks | None = None,
) -> Matter:
    """What is said on a matter, of what a query lets through; with an entity, what that one says.

    ``checks`` are the fact-checks among which similar claims are looked for.

    Raises:
        UsageError: there is no word to look for.
    """
    if not any(c.isalnum() for c in words):
        raise UsageError(f"{words!r}: there is no word to look for")
    hits, more = _hits(connection, encoder, words, query, limit, entity)
    positions = [_position(hit) for hit in hits if hit.statement.kind is Kind.STATEMENT]
    if checks is not None:
        said = [(position.hit.entry, position.statement) for position in positions]
        found = zip(positions, reviews_of(connection, said, checks), strict=True)
        positions = [replace(position, reviews=reviews) for position, reviews in found]
    keys = {position.key for position in positions}
    numbers = numbers_of(connection, tables.claim, keys)
    links = [link for link in ties_of(connection, numbers, Loader(connection)) if not link.rejected]
    return Matter(
        words,
        tuple(_parties(connection, positions)),
        tuple(link for link in links if link.kind is Tied.DISPUTES),
        tuple(link for link in links if link.kind is Tied.ANSWERS),
        tuple(_claimed(positions, [link for link in links if link.kind is Tied.RESTATES])),
        more,
    )


def _hits(
    connection: Connection, encoder: Encoder, words: str, query: Query, limit: int, entity: int | None
) -> tuple[list[Hit], bool]:
    """The statements on the matter that a query lets through, and whether there are more."""
    vector, dialect = encoder.vectors([told(words)])[0], connection.dialect.name
    present, claim = tables.present, tables.claim
    if entity is None:
        (alike,) = nearest(connection, vector[None], _MANY * limit, LEAST, _CELLS)
        near = {one.claim: one.alike for one in alike}
        beside = _beside(connection, list(near)[:limit])
        near |= {one.claim: one.alike for one in nearest_of(connection, vector, beside, LEAST_BESIDE)}
    else:
        mine = _claims_by(connection, entity)
        near = {one.claim: one.alike for one in nearest_of(connection, vector, mine, LEAST_BESIDE)}
    found: dict[int, float | None] = {}
    joined = among(query, dialect, present.c.number, claim.c.number.label("claim")).join(
        claim, (claim.c.document == present.c.document) & (claim.c.statement == present.c.id)
    )
    for some in chunks(near):
        for row in connection.execute(joined.where(claim.c.number.in_(some))):
            found[row.number] = near[row.claim]
    worded, place, _ = places(replace(query, words=words), dialect)
    numbers = [row[0] % NUMBERS for row in connection.execute(worded.order_by(place.desc()).limit(limit + 1))]
    if entity is not None:
        numbers = [number for some in chunks(numbers) for number in _said_by(connection, some, entity)]
    for number in numbers:
        found.setdefault(number, None)
    # those with the words come first, then the likest
    worded_too = set(numbers)
    order = sorted(found, key=lambda number: (number not in worded_too, -(found[number] or 0.0), -number))
    hits = list(search.alike(connection, Query(), [(number, found[number] or 0.0) for number in order[:limit]], "date"))
    return hits, len(order) > limit


def _beside(connection: Connection, claims: Iterable[int]) -> list[int]:
    """The claims of the documents that these are of."""
    table, found = tables.claim, list[int]()
    for some in chunks(claims):
        documents = select(table.c.document).where(table.c.number.in_(some))
        found += connection.execute(select(table.c.number).where(table.c.document.in_(documents))).scalars()
    return found


def _claims_by(connection: Connection, entity: int) -> list[int]:
    """The claims that an entity makes, by number."""
    bearer, present, claim = tables.bearer, tables.present, tables.claim
    return list(
        connection.execute(
            select(claim.c.number)
            .join(present, (present.c.document == claim.c.document) & (present.c.id == claim.c.statement))
            .join(bearer, (bearer.c.document == claim.c.document) & (bearer.c.name == present.c.speaker))
            .where(bearer.c.entity == entity)
        ).scalars()
    )


def _said_by(connection: Connection, numbers: Sequence[int], entity: int) -> list[int]:
    """Those of some present statements that an entity makes."""
    bearer, present = tables.bearer, tables.present
    found = set(
        connection.execute(
            select(present.c.number)
            .join(bearer, (bearer.c.document == present.c.document) & (bearer.c.name == present.c.speaker))
            .where(present.c.number.in_(numbers), bearer.c.entity == entity)
        ).scalars()
    )
    return [number for number in numbers if number in found]


def _position(hit: Hit) -> Position:
    on = hit.statement.occasion.on
    said = first_day(on) if on is not None else None
    published = hit.entry.document.date
    return Position(hit, said or (first_day(published) if published is not None else None) or "", said is None)


def _time(position: Position) -> tuple[str, int, int]:
    return position.day or "9", position.key[0], position.statement.content[0].start


def _entities(connection: Connection, positions: Iterable[Position]) -> dict[tuple[int, str], tuple[int, str]]:
    """Number and name of who speaks under a name in a document, by its revision; without names of several."""
    bearer, entity, revision = tables.bearer, tables.entity, tables.revision
    found: dict[tuple[int, str], set[tuple[int, str]]] = defaultdict(set)
    for some in chunks({position.key[0] for position in positions}):
        for row in connection.execute(
            select(revision.c.number.label("revision"), bearer.c.name, entity.c.number, entity.c.name.label("called"))
            .join(bearer, bearer.c.document == revision.c.document)
            .join(entity, entity.c.number == bearer.c.entity)
            .where(revision.c.number.in_(some))
        ):
            found[row.revision, row.name].add((row.number, row.called))
    return {at: next(iter(those)) for at, those in found.items() if len(those) == 1}


def _parties(connection: Connection, positions: Sequence[Position]) -> Iterator[Party]:
    """The positions by who speaks, in order of time."""
    entities = _entities(connection, positions)
    of: dict[tuple[str | None, int | None], list[Position]] = defaultdict(list)
    for position in sorted(positions, key=_time):
        name = position.statement.speaker
        entity = entities.get((position.key[0], name)) if name else None
        of[(entity[1], entity[0]) if entity else (name, None)].append(position)
    for (name, entity_number), mine in sorted(of.items(), key=lambda one: (one[0][0] is None, -len(one[1]))):
        yield Party(name, entity_number, tuple(mine))


def _claimed(positions: Sequence[Position], restated: Iterable[Link]) -> Iterator[Claimed]:
    """Which positions are one claim, and who relays it; the claims that most positions make first."""
    by_key = {position.key: position for position in positions}
    sets = Sets(by_key)
    for link in restated:
        one, other = (_key(side) for side in (link.first, link.second))
        if one in by_key and other in by_key:
            sets.join(one, other)
    claims: dict[tuple[int, str], list[Position]] = defaultdict(list)
    for position in sorted(positions, key=_time):
        claims[sets.of(position.key)].append(position)
    for mine in sorted(claims.values(), key=lambda one: -len(one)):
        outlets = dict.fromkeys(position.outlet for position in mine)
        vouching = dict.fromkeys(position.outlet for position in mine if position.vouched)
        yield Claimed(tuple(mine), tuple(outlets), tuple(vouching))


def _key(side: Side) -> tuple[int, str]:
    assert side.entry is not None and side.statement is not None
    return side.entry.revision, side.statement.id
