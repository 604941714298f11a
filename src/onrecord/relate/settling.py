"""Which speakers are one person or organisation, written down: only where something changed, and as persons judged.

The program's own joining (``relate.entities``) is redone for whole blocks of names; an entity keeps its number where
most of its speakers stay together. What a person said comes before it: a confirmed link holds two speakers together, a
rejected one keeps them apart, for good.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, or_, select, update

from onrecord.ledger import tables
from onrecord.relate.entities import Bearer, Joined, block_of, initials_of, joined, shortened, spelt_alike
from onrecord.relate.persons import person_name
from onrecord.relate.sets import Sets
from onrecord.relate.sql import chunks

__all__ = ["Verdict", "judged", "settle", "unsettled"]

_BLOCKS = 200
"""So many blocks are settled in one go, as far as nothing ties them to others."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A bearer as the ledger has it."""

    number: int
    sign: str
    reference: str | None
    entity: int | None
    bearer: Bearer


def unsettled(connection: Connection) -> set[str]:
    """The blocks with speakers of whom it is not known yet who they are."""
    table = tables.bearer
    return set(connection.execute(select(table.c.block).where(table.c.entity.is_(None)).distinct()).scalars())


def settle(connection: Connection, blocks: Collection[str]) -> set[str]:
    """Join the speakers of some of these blocks, and of those that belong to them; the blocks that are done by that."""
    some = set(sorted(blocks)[:_BLOCKS])
    rows = _closed(connection, some)
    if rows:
        _settle(connection, rows)
    return some


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person said of two speakers, by their signs: that they are one, or that the first is not the second."""

    first: str
    second: str
    confirmed: bool


def judged(connection: Connection, signs: Collection[str]) -> list[Verdict]:
    """What persons last said of speakers with these signs."""
    table = tables.judgement
    rows: dict[int, Any] = {}
    if connection.execute(select(table.c.number).where(table.c.kind == "speaker").limit(1)).first() is None:
        return []
    for some in chunks(signs):
        mine = or_(table.c.first.in_(some), table.c.second.in_(some))
        for row in connection.execute(select(table).where(table.c.kind == "speaker", mine)):
            rows[row.number] = row
    made: dict[frozenset[str], Verdict] = {}
    for _, row in sorted(rows.items()):
        made[frozenset((row.first, row.second))] = Verdict(row.first, row.second, row.verdict == "confirmed")
    return list(made.values())


def _closed(connection: Connection, blocks: set[str]) -> list[_Row]:
    """The bearers of blocks and of all blocks that belong to them; these are added to ``blocks``."""
    rows: dict[int, _Row] = {}
    new = set(blocks)
    while new:
        blocks |= new
        found = list(_rows(connection, tables.bearer.c.block, new))
        rows |= {row.number: row for row in found}
        new = _beside(connection, found) - blocks
    return [rows[number] for number in sorted(rows)]


def _rows(connection: Connection, column: ColumnElement[Any], values: Iterable[str]) -> Iterator[_Row]:
    table = tables.bearer
    for some in chunks(values):
        for row in connection.execute(select(table).where(column.in_(some))):
            of = f"reference {row.reference}" if row.document is None else str(row.document)
            beside = frozenset(json.loads(row.beside))
            bearer = Bearer(of, row.name, bool(row.person), tuple(json.loads(row.titles)), beside, row.day)
            yield _Row(row.number, row.sign, row.reference, row.entity, bearer)


def _beside(connection: Connection, rows: Sequence[_Row]) -> set[str]:
    """The blocks that names of these bearers may belong to as well: other spellings, initials, what persons said."""
    table = tables.bearer
    found: set[str] = set()
    blocks = {bearer: block_of(bearer) for bearer in {Bearer("", r.bearer.name, r.bearer.person) for r in rows}}
    for place, name in ((1, "head"), (2, "tail")):
        families: dict[str, set[str]] = defaultdict(set)
        for parts in blocks.values():
            if (key := parts[place]) is not None:
                families[key].add(parts[0])
        for some in chunks(families):
            column = table.c[name]
            for key, block in connection.execute(select(column, table.c.block).where(column.in_(some)).distinct()):
                if any(spelt_alike(block, own) for own in families[key]):
                    found.add(block)
    long = {f"other {initials}" for bearer in blocks if (initials := initials_of(bearer))}
    found |= _blocks(connection, table.c.block, long)
    found |= _blocks(connection, table.c.initials, {key for bearer in blocks if (key := shortened(bearer))})
    signs = {s for v in judged(connection, [row.sign for row in rows]) for s in (v.first, v.second)}
    found |= _blocks(connection, table.c.sign, signs)
    return found | _blocks(connection, table.c.reference, {r.reference for r in rows if r.reference is not None})


def _blocks(connection: Connection, column: ColumnElement[Any], values: Iterable[str]) -> set[str]:
    """The blocks of the bearers with one of these values."""
    found: set[str] = set()
    for some in chunks(values):
        found |= set(connection.execute(select(tables.bearer.c.block).where(column.in_(some)).distinct()).scalars())
    return found


def _settle(connection: Connection, rows: Sequence[_Row]) -> None:
    """Write down which of these bearers are one."""
    bearers = [row.bearer for row in rows]
    found = joined(bearers)
    verdicts = judged(connection, [row.sign for row in rows])
    groups = _as_judged(found, rows, verdicts)
    numbers = _numbered(connection, groups, rows)
    of = {k: numbers[n] for n, group in enumerate(groups) for k in group}
    moved = [{"key": row.number, "to": of[k]} for k, row in enumerate(rows) if row.entity != of[k]]
    table = tables.bearer
    if moved:
        connection.execute(
            update(table).where(table.c.number == bindparam("key")).values(entity=bindparam("to")), moved
        )
    _write_doubts(connection, _doubts(found, rows, of, verdicts), [row.number for row in rows])
    gone = {row.entity for row in rows if row.entity is not None} - set(numbers)
    for some in chunks(gone):
        kept = set(connection.execute(select(table.c.entity).where(table.c.entity.in_(some))).scalars())
        empty = [number for number in some if number not in kept]
        connection.execute(delete(tables.doubt).where(tables.doubt.c.entity.in_(empty)))
        connection.execute(delete(tables.entity).where(tables.entity.c.number.in_(empty)))


def _as_judged(found: Joined, rows: Sequence[_Row], verdicts: Sequence[Verdict]) -> list[list[int]]:
    """The groups as persons and imported lists have them.

    Speakers that a person or a list holds together are one kernel; kernels of one group that are kept apart are two.
    """
    sets = Sets(range(len(rows)))
    at: dict[str, list[int]] = defaultdict(list)
    by_list: dict[str, list[int]] = defaultdict(list)
    for k, row in enumerate(rows):
        at[row.sign].append(k)
        if row.reference is not None:
            by_list[row.reference].append(k)
    known = [verdict for verdict in verdicts if verdict.first in at and verdict.second in at]
    for verdict in known:
        if verdict.confirmed:
            sets.join(at[verdict.first][0], at[verdict.second][0])
    for members in (*by_list.values(), *at.values()):
        for k in members[1:]:
            sets.join(k, members[0])
    kernel = [sets.of(k) for k in range(len(rows))]
    apart: dict[int, set[int]] = defaultdict(set)
    last: set[int] = set()
    for verdict in known:
        if not verdict.confirmed:
            one, other = kernel[at[verdict.first][0]], kernel[at[verdict.second][0]]
            apart[one].add(other)
            apart[other].add(one)
            last.add(one)  # the one that is kept apart is not who the others gather round
    listed = {kernel[members[0]] for members in by_list.values()}
    made: list[set[int]] = []
    of: dict[int, int] = {}
    for group in found.groups:
        mine = sorted(dict.fromkeys(kernel[k] for k in group), key=lambda k: k in last)
        _gather(mine, apart, listed, made, of)
    members_of: dict[int, list[int]] = defaultdict(list)
    for k, one in enumerate(kernel):
        members_of[of[one]].append(k)
    return sorted(members_of.values())


def _gather(
    kernels: Sequence[int], apart: Mapping[int, set[int]], listed: set[int], made: list[set[int]], of: dict[int, int]
) -> None:
    """Put the kernels of a group together, each with the first that nothing keeps it apart from."""
    mine = list(dict.fromkeys(of[one] for one in kernels if one in of))
    for one in kernels:
        if one in of:
            continue
        place = next((n for n in mine if _may_join(one, made[n], apart, listed)), None)
        if place is None:
            place = len(made)
            made.append(set())
            mine.append(place)
        made[place].add(one)
        of[one] = place
    # a kernel that is in two groups makes these one
    for n in mine[1:]:
        if made[n] and all(_may_join(one, made[mine[0]], apart, listed) for one in made[n]):
            made[mine[0]] |= made[n]
            of |= dict.fromkeys(made[n], mine[0])
            made[n] = set()


def _may_join(kernel: int, others: set[int], apart: Mapping[int, set[int]], listed: set[int]) -> bool:
    if kernel in listed and not listed.isdisjoint(others):
        return False  # a list has them as two
    return apart.get(kernel, set()).isdisjoint(others)


def _numbered(connection: Connection, groups: Sequence[Sequence[int]], rows: Sequence[_Row]) -> list[int]:
    """The numbers of the groups' entities: those that most of their members had, or new ones."""
    wishes = Counter(
        (n, entity) for n, group in enumerate(groups) for k in group if (entity := rows[k].entity) is not None
    )
    numbers: dict[int, int] = {}
    given: set[int] = set()
    for (n, entity), _ in sorted(wishes.items(), key=lambda item: (-item[1], item[0])):
        if n not in numbers and entity not in given:
            numbers[n] = entity
            given.add(entity)
    table = tables.entity
    last: int = connection.execute(select(func.coalesce(func.max(table.c.number), 0))).scalar_one()
    fresh, known = [], []
    for n, group in enumerate(groups):
        row = {
            "name": _fullest([rows[k].bearer for k in group]),
            "person": int(any(rows[k].bearer.person for k in group)),
            "reference": next((rows[k].reference for k in group if rows[k].reference is not None), None),
        }
        if n in numbers:
            known.append({f"new_{name}": value for name, value in row.items()} | {"key": numbers[n]})
        else:
            last += 1
            numbers[n] = last
            fresh.append(row | {"number": last})
    if fresh:
        connection.execute(insert(table), fresh)
    if known:
        columns = ("name", "person", "reference")
        change = update(table).where(table.c.number == bindparam("key"))
        connection.execute(change.values(**{name: bindparam(f"new_{name}") for name in columns}), known)
    return [numbers[n] for n in range(len(groups))]


def _fullest(bearers: Sequence[Bearer]) -> str:
    """The name that an entity is shown by: the most frequent of those with a first name; of organisations, of all."""
    count = Counter(bearer.name for bearer in bearers)

    def full(name: str) -> bool:
        parts = person_name(name)
        return parts is not None and any(len(given) > 1 for given in parts.given)

    persons = {bearer.name for bearer in bearers if bearer.person}
    return max(count, key=lambda name: (name in persons and full(name), count[name], -len(name), name))


def _doubts(
    found: Joined, rows: Sequence[_Row], of: dict[int, int], verdicts: Sequence[Verdict]
) -> set[tuple[int, int]]:
    """The speakers that may be one of several, each with the entities that it may be, as far as nobody decided it."""
    size = Counter(of.values())
    entities: dict[str, set[int]] = defaultdict(set)
    for k, row in enumerate(rows):
        entities[row.sign].add(of[k])
    refused: dict[str, set[int]] = defaultdict(set)
    for verdict in verdicts:
        if not verdict.confirmed:
            refused[verdict.first] |= entities[verdict.second]
            refused[verdict.second] |= entities[verdict.first]
    return {
        (rows[k].number, of[other])
        for k, others in found.open
        for other in others
        if of[other] != of[k] and size[of[k]] == 1 and of[other] not in refused[rows[k].sign]
    }


def _write_doubts(connection: Connection, doubts: set[tuple[int, int]], bearers: Iterable[int]) -> None:
    table = tables.doubt
    for some in chunks(bearers):
        connection.execute(delete(table).where(table.c.bearer.in_(some)))
    if doubts:
        connection.execute(insert(table), [{"bearer": bearer, "entity": entity} for bearer, entity in sorted(doubts)])
