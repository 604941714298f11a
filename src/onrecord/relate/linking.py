"""Links between quotations, texts, speakers and claims of a ledger, as they are shown and judged.

What two quotations with the same words are depends on who is said to say them at present: repeated, altered, or given
to another speaker.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, insert, or_, select

from onrecord.errors import UsageError
from onrecord.ledger import tables
from onrecord.ledger.corrections import Said
from onrecord.ledger.entries import Entry
from onrecord.ledger.identity import now
from onrecord.meaning.pairs import Compared as Judged
from onrecord.model import Statement
from onrecord.relate.alike import Alike, Change, Difference, compared
from onrecord.relate.claims import claim_of
from onrecord.relate.claims import compared as compared_claims
from onrecord.relate.paths import Pair, path
from onrecord.relate.sayings import tells
from onrecord.relate.sides import Kind, Link, Loader, Side, judgement_of, numbers_of
from onrecord.relate.signs import link_id, sign
from onrecord.relate.sql import chunks
from onrecord.relate.ties import KINDS, claim_side, signs_of, ties, ties_with
from onrecord.relate.wording import quoted

__all__ = [
    "Compared",
    "compared_statements",
    "doubts",
    "first_of",
    "judge",
    "link_of",
    "links",
    "links_of_statements",
]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two statements side by side. ``alike`` is what their quotations share, None where they are not of one saying or
    one of them quotes nobody (then ``quoted`` is False); ``claims`` is what a program takes the second to be to the
    first."""

    first: Side
    second: Side
    quoted: bool
    alike: Alike | None
    claims: Judged


def links_of_statements(connection: Connection, statements: Collection[tuple[int, str]]) -> Iterator[Link]:
    """The links between quotations that one of these statements has part in: a document's revision and the
    statement's id; of each saying those that tell how it went on, and those that a person rejected left out."""
    loaded = Loader(connection)
    found: dict[str, Any] = {}
    for part in chunks(numbers_of(connection, tables.saying, statements)):
        tied = or_(tables.link.c.first.in_(part), tables.link.c.second.in_(part))
        found |= {row.id: row for row in connection.execute(_words().where(tied))}
    kept = path(_pairs(connection, found.values()))
    for row in sorted((row for id, row in found.items() if id in kept), key=lambda row: (row.first, row.second)):
        if (link := _of_words(connection, row, loaded)) is not None:
            yield link


def links(
    connection: Connection,
    kinds: Sequence[Kind] = (),
    *,
    serious: bool = False,
    rejected: bool = False,
    every: bool = False,
) -> Iterator[Link]:
    """The links of some kinds (all), in the order in which they were found; those that a person rejected left out.

    Of the links between quotations those that tell how a saying went on (``relate.paths``); with ``every`` all pairs.
    Those between claims come the most probable first. Links of what is no longer in the ledger, or changed since it was
    compared, are left out too.
    """
    wanted = set(kinds or Kind)
    loaded = Loader(connection)
    if wanted & {Kind.REPEATS, Kind.ALTERED}:
        rows = _words().order_by(tables.link.c.first, tables.link.c.second)
        kept = None if every or rejected else path(_pairs(connection, connection.execute(rows)))
        for row in connection.execute(rows):
            if kept is not None and row.id not in kept:
                continue
            link = _of_words(connection, row, loaded)
            if link and link.kind in wanted and (link.serious or not serious) and link.rejected == rejected:
                yield link
    if Kind.COPY in wanted and not serious:
        for row in connection.execute(select(tables.copied).order_by(tables.copied.c.one, tables.copied.c.other)):
            link = _of_copies(connection, row, loaded)
            if link and link.rejected == rejected:
                yield link
    if Kind.SPEAKER in wanted and not serious:
        yield from doubts(connection)
    if not serious:
        yield from (link for link in ties(connection, wanted, loaded) if link.rejected == rejected)


def doubts(connection: Connection) -> Iterator[Link]:
    """The speakers that may be one of several entities, with each of these; those with the fewest first."""
    loaded = Loader(connection)
    rows = connection.execute(_doubts()).all()
    count = Counter(row.bearer for row in rows)
    for row in sorted(rows, key=lambda row: count[row.bearer]):
        yield _of_doubt(connection, row, loaded)


def link_of(connection: Connection, prefix: str) -> Link:
    """The link whose id begins so.

    Raises:
        UsageError: there is none, or there are several.
    """
    loaded = Loader(connection)
    found: dict[str, Link | None] = {}
    for row in connection.execute(_words().where(tables.link.c.id.startswith(prefix, autoescape=True)).limit(3)):
        found[row.id] = _of_words(connection, row, loaded)
    for row in connection.execute(
        select(tables.copied).where(tables.copied.c.id.startswith(prefix, autoescape=True)).limit(3)
    ):
        found[row.id] = _of_copies(connection, row, loaded)
    for row in _doubts_with(connection, prefix):
        link = _of_doubt(connection, row, loaded)
        found[link.id] = link
    found |= {link.id: link for link in ties_with(connection, prefix, loaded)}
    there = [link for link in found.values() if link is not None]
    if len(there) > 1:
        raise UsageError(f"{prefix}: {len(there)} links begin so: write more of the id")
    if not there:
        raise UsageError(f"{prefix}: there is no link whose id begins so (onrecord links, onrecord queue list them)")
    return there[0]


def judge(connection: Connection, prefix: str, said: Said, *, confirmed: bool) -> tuple[Link, set[str]]:
    """Append what a person says of a link; the link as it was, and blocks of speakers that are to be settled anew.

    Raises:
        UsageError: there is no such link, or several.
    """
    link = link_of(connection, prefix)
    blocks: set[str] = set()
    if link.kind is Kind.SPEAKER:
        (row,) = _doubts_with(connection, link.id)
        first = _first_of(connection, row.entity)
        pair = ("speaker", row.sign, first.sign)
        blocks = {row.block, first.block}
    elif link.kind is Kind.COPY:
        names = [f"{side.entry.collection}\0{side.entry.key}" for side in (link.first, link.second) if side.entry]
        pair = ("copy", sign("copy", names[0]), sign("copy", names[1]))
    elif link.kind in KINDS:
        pair = ("claims", *signs_of(connection, link.id))
    else:
        row = connection.execute(_words().where(tables.link.c.id == link.id)).one()
        pair = ("words", row.first_sign, row.second_sign)
    write_judgement(connection, link.id, pair, said, confirmed=confirmed)
    return link, blocks


def write_judgement(
    connection: Connection, link: str, pair: tuple[str, str, str], said: Said, *, confirmed: bool
) -> None:
    """Append a person's word: ``pair`` is the kind and the two signs."""
    kind, first, second = pair
    connection.execute(insert(tables.judgement).values(
        link=link, kind=kind, first=first, second=second, verdict="confirmed" if confirmed else "rejected",
        person=said.by, at=now(), why=said.why,
    ))  # fmt: skip


def compared_statements(first: tuple[Entry, Statement], second: tuple[Entry, Statement]) -> Compared:
    """Two statements side by side."""
    both = (first, second)
    made = [quoted(entry.document, statement) for entry, statement in both]
    texts = [claim_of(entry.document.text, statement).text for entry, statement in both]
    (claims,) = compared_claims([(texts[0], texts[1])])
    one, other = made
    if one is None or other is None:
        return Compared(claim_side(*first), claim_side(*second), False, None, claims)
    sides = [Side(*each, words.spans, each[1].speaker) for each, words in zip(both, (one, other), strict=True)]
    return Compared(sides[0], sides[1], True, compared(one, other), claims)


def _words() -> Select[Any]:
    """The links between quotations, with what both are."""
    table = tables.link
    parts: list[Any] = [table]
    source: Any = table
    for name, key in (("first", table.c.first), ("second", table.c.second)):
        saying, bearer = tables.saying.alias(f"{name}_saying"), tables.bearer.alias(f"{name}_bearer")
        entity = tables.entity.alias(f"{name}_entity")
        source = source.join(saying, saying.c.number == key)
        source = source.outerjoin(bearer, bearer.c.number == saying.c.bearer)
        source = source.outerjoin(entity, entity.c.number == bearer.c.entity)
        parts += [
            *(saying.c[c].label(f"{name}_{c}") for c in ("document", "statement", "forms", "day", "sign")),
            entity.c.number.label(f"{name}_entity"), entity.c.name.label(f"{name}_name"),
            entity.c.person.label(f"{name}_person"),
        ]  # fmt: skip
    return select(*parts).select_from(source)


def _pairs(connection: Connection, rows: Iterable[Any]) -> Iterator[Pair]:
    """What links are between."""
    judgement = tables.judgement
    said = select(judgement.c.link, judgement.c.verdict).where(judgement.c.kind == "words").order_by(judgement.c.number)
    verdicts = {row.link: row.verdict for row in connection.execute(said)}
    for row in rows:
        differences = _differences(row)
        if differences is not None:
            ends = sorted(((row.first_day or "9", row.first), (row.second_day or "9", row.second)))
            rejected = verdicts.get(row.id) == "rejected"
            yield Pair(row.id, ends[0], ends[1], bool(differences), bool(row.whole), rejected)


def _differences(row: Any) -> list[Difference] | None:
    """How the second quotation of a link's row differs; None where both are not of one saying."""
    found = [Difference(Change(kind), (a, b), (c, d)) for kind, a, b, c, d in json.loads(row.differences)]
    entities = row.first_entity, row.second_entity
    if not tells(row.shared, row.long, *entities, altered=bool(found), serious=bool(row.serious)):
        return None
    # an organisation and whoever speaks for it are one voice, and organisations have many names
    if None not in entities and entities[0] != entities[1] and row.first_person and row.second_person:
        found.append(Difference(Change.SPEAKER, (0, 0), (0, 0)))
    return found


def _of_words(connection: Connection, row: Any, loaded: Loader) -> Link | None:
    found = _differences(row)
    if found is None:
        return None
    sides = []
    for name in ("first", "second"):
        number, called = getattr(row, f"{name}_entity"), getattr(row, f"{name}_name")
        entity = (number, called) if number is not None else None
        side = loaded.quotation(getattr(row, f"{name}_document"), getattr(row, f"{name}_statement"),
                           getattr(row, f"{name}_forms"), entity)  # fmt: skip
        if side is None:
            return None
        sides.append(side)
    if (row.second_day or "9") < (row.first_day or "9"):
        sides.reverse()
        found = [Difference(_mirrored(d.kind), d.second, d.first) for d in found]
    kind = Kind.ALTERED if found else Kind.REPEATS
    said = judgement_of(connection, row.id)
    return Link(row.id, kind, sides[0], sides[1], bool(row.whole), tuple(found), None, said)


def _mirrored(kind: Change) -> Change:
    return {Change.CUT: Change.ADDED, Change.ADDED: Change.CUT}.get(kind, kind)


def _of_copies(connection: Connection, row: Any, loaded: Loader) -> Link | None:
    sides = [Side(entry) for number in (row.one, row.other) if (entry := loaded.entry(number)) is not None]
    if len(sides) < 2:
        return None
    sides.sort(key=lambda side: side.day or "9")
    return Link(row.id, Kind.COPY, sides[0], sides[1], share=row.share, judgement=judgement_of(connection, row.id))


def _doubts() -> Select[Any]:
    """The speakers that may be one of several entities, with each of these."""
    doubt, bearer, entity = tables.doubt, tables.bearer, tables.entity
    return (
        select(doubt.c.bearer, doubt.c.entity, bearer.c.document, bearer.c.name, bearer.c.sign, bearer.c.block,
               entity.c.name.label("other"))
        .join(bearer, bearer.c.number == doubt.c.bearer).join(entity, entity.c.number == doubt.c.entity)
        .order_by(doubt.c.bearer, doubt.c.entity)
    )  # fmt: skip


def _doubts_with(connection: Connection, prefix: str) -> list[Any]:
    """The doubts whose links' ids begin so."""
    rows = connection.execute(_doubts()).all()
    return [r for r in rows if link_id("speaker", r.sign, _first_of(connection, r.entity).sign).startswith(prefix)]


def _of_doubt(connection: Connection, row: Any, loaded: Loader) -> Link:
    founder = _first_of(connection, row.entity)
    identity = link_id("speaker", row.sign, founder.sign)
    one = Side(loaded.entry(row.document) if row.document is not None else None, speaker=row.name)
    other = Side(
        loaded.entry(founder.document) if founder.document is not None else None,
        speaker=founder.name, entity=(row.entity, row.other),
    )  # fmt: skip
    return Link(identity, Kind.SPEAKER, one, other, judgement=judgement_of(connection, identity))


def first_of(connection: Connection, entity: int) -> Any | None:
    """The first speaker of an entity, who stands for it: sign, block, document, name; None where there is none."""
    table = tables.bearer
    return connection.execute(
        select(table.c.sign, table.c.block, table.c.document, table.c.name)
        .where(table.c.entity == entity).order_by(table.c.number).limit(1)
    ).first()  # fmt: skip


def _first_of(connection: Connection, entity: int) -> Any:
    """The same of an entity that a doubt names, which has speakers."""
    found = first_of(connection, entity)
    assert found is not None
    return found
