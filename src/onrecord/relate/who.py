"""The persons and organisations of a ledger across its documents: listed, imported, put together and told apart."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, distinct, func, insert, select

from onrecord.errors import UsageError
from onrecord.ledger import tables
from onrecord.ledger.corrections import Said
from onrecord.ledger.query import plain
from onrecord.relate.entities import Bearer
from onrecord.relate.linking import first_of, write_judgement
from onrecord.relate.recording import bearer_row
from onrecord.relate.sets import Sets
from onrecord.relate.signs import link_id, sign
from onrecord.relate.sql import chunks, next_number

__all__ = [
    "Entity",
    "Known",
    "Voice",
    "entities",
    "import_known",
    "independent",
    "known_of",
    "merge",
    "split",
    "voices",
]


@dataclass(frozen=True, slots=True)
class Entity:
    """A person or an organisation: its number and fullest name, all its names, in how many documents and outlets it
    speaks. ``independent`` counts the documents that are no copies of each other. ``reference`` is its id in a list."""

    number: int
    name: str
    kind: str
    names: tuple[str, ...]
    statements: int
    documents: int
    independent: int
    outlets: int
    reference: str | None


@dataclass(frozen=True, slots=True)
class Voice:
    """A speaker of one document, or a name of a list (then there is no document)."""

    document: str | None
    outlet: str | None
    date: str | None
    name: str
    titles: tuple[str, ...]
    statements: int


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody of an imported list: id, names, whether a person."""

    id: str
    names: tuple[str, ...]
    person: bool


def entities(connection: Connection, words: str = "", limit: int | None = 50) -> list[Entity]:
    """The entities that speak most; with words, those with a name that has them all."""
    table, bearer = tables.entity, tables.bearer
    said = func.sum(bearer.c.statements)
    wanted = (
        select(table, said.label("statements"), func.count(distinct(bearer.c.document)).label("documents"))
        .join(bearer, bearer.c.entity == table.c.number).group_by(table.c.number)
        .order_by(said.desc(), table.c.number)
    )  # fmt: skip
    asked = plain(words).split()
    every = select(bearer.c.entity, bearer.c.name).distinct()
    called = {entity for entity, name in connection.execute(every) if _has(name, asked)} if asked else None
    made: list[Entity] = []
    for row in connection.execute(wanted):
        if limit is not None and len(made) == limit:
            break
        if called is not None and row.number not in called:
            continue
        mine = select(bearer.c.document).where(bearer.c.entity == row.number)
        present = tables.present
        outlets = select(func.count(distinct(present.c.outlet))).where(present.c.document.in_(mine))
        documents = [number for number in connection.execute(mine.distinct()).scalars() if number is not None]
        made.append(Entity(
            row.number, row.name, "person" if row.person else "organization", _names(connection, row.number),
            row.statements, row.documents, independent(connection, documents),
            connection.execute(outlets).scalar_one(), row.reference,
        ))  # fmt: skip
    return made


def named(connection: Connection, name: str) -> int:
    """The number of the one entity that is meant, by its number or by words of its name; of several that have the words
    the one whose whole name they are.

    Raises:
        UsageError: there is none, or several.
    """
    if name.strip().isdigit():
        number = int(name)
        _founder(connection, number)
        return number
    found = entities(connection, name, limit=20)
    whole = [one for one in found if plain(one.name) == plain(name)]
    if whole and len(plain(name).split()) > 1:  # a family name may be anybody's
        found = whole
    if not found:
        raise UsageError(f"{name}: nobody of this name speaks (see onrecord entities list, after onrecord relate)")
    if len(found) > 1:
        several = ", ".join(f"{one.name} ({one.number})" for one in found[:5])
        more = ", …" * (len(found) > 5)
        raise UsageError(f"{name}: {len(found)} speakers have this name: {several}{more}: say which, by number")
    return found[0].number


def independent(connection: Connection, documents: Sequence[int]) -> int:
    """How many of these documents are left when of those that are copies of each other one counts."""
    sets, mine = Sets(documents), set(documents)
    table, judgement = tables.copied, tables.judgement
    refused = select(judgement.c.link).where(judgement.c.kind == "copy", judgement.c.verdict == "rejected")
    for some in chunks(documents):
        for one, other in connection.execute(
            select(table.c.one, table.c.other).where(table.c.one.in_(some), table.c.id.not_in(refused))
        ):
            if other in mine:
                sets.join(one, other)
    return len({sets.of(number) for number in documents})


def voices(connection: Connection, number: int) -> list[Voice]:
    """The speakers that an entity is, document by document.

    Raises:
        UsageError: there is no such entity.
    """
    _founder(connection, number)
    return [
        Voice(row.key, row.outlet, row.date, row.name, tuple(json.loads(row.titles)), row.statements)
        for row in _speakers(connection, number)
    ]


def merge(connection: Connection, one: int, other: int, said: Said) -> set[str]:
    """Say that two entities are one; the blocks that are to be settled anew.

    Raises:
        UsageError: there is no such entity, or both are one.
    """
    if one == other:
        raise UsageError(f"{one} and {other} are one already")
    first, second = _founder(connection, one), _founder(connection, other)
    _judge(connection, first.sign, second.sign, said, confirmed=True)
    return {first.block, second.block}


def split(connection: Connection, number: int, documents: Sequence[str], said: Said) -> set[str]:
    """Say that the speakers of some documents are another than an entity; the blocks that are to be settled anew.

    Raises:
        UsageError: there is no such entity, it does not speak in one of the documents, or in no other.
    """
    rows = _speakers(connection, number)
    if not rows:
        _founder(connection, number)
    wanted = set(documents)
    if unknown := sorted(wanted - {row.key for row in rows}):
        raise UsageError(f"{unknown[0]}: entity {number} does not speak there (onrecord entities show {number})")
    out = [row for row in rows if row.key in wanted]
    rest = [row for row in rows if row.key not in wanted]
    if not rest:
        raise UsageError(f"entity {number} speaks nowhere else: there is nothing to tell it from")
    for row in out:
        _judge(connection, row.sign, rest[0].sign, said, confirmed=False)
    # what stays is one too, under all its names, though one that went may have held them together
    names = list({row.name: row for row in rest}.values())
    for first, others in ((out[0], out[1:]), (rest[0], names)):
        for row in others:
            if row.sign != first.sign:
                _judge(connection, row.sign, first.sign, said, confirmed=True)
    return {row.block for row in (*out, *rest)}


def import_known(connection: Connection, known: Iterable[Known]) -> tuple[int, set[str]]:
    """Take over a list of known people and organisations; how many, and the blocks that are to be settled anew.

    Somebody whose id is there already gets the names of the list.
    """
    table = tables.bearer
    rows: list[dict[str, Any]] = []
    references: set[str] = set()
    for one in known:
        references.add(one.id)
        for name in dict.fromkeys(one.names):
            bearer = Bearer(f"reference {one.id}", name, one.person)
            rows.append(
                bearer_row(bearer, sign("reference", one.id, name))
                | {"document": None, "reference": one.id, "statements": 0}
            )
    blocks: set[str] = {row["block"] for row in rows}
    for some in chunks(references):
        old = (table.c.document.is_(None), table.c.reference.in_(some))
        numbers = select(table.c.number).where(*old)
        blocks |= set(connection.execute(select(table.c.block).where(*old)).scalars())
        connection.execute(delete(tables.doubt).where(tables.doubt.c.bearer.in_(numbers)))
        connection.execute(delete(table).where(*old))
    first = next_number(connection, table)
    if rows:
        connection.execute(insert(table), [row | {"number": n} for n, row in enumerate(rows, first)])
    return len(references), blocks


def known_of(file: Path) -> Iterator[Known]:
    """The people and organisations of a list: CSV with the columns id, name, aliases (divided by semicolons) and kind
    (person or organization), or FollowTheMoney entities, as JSON Lines or one JSON list.

    Raises:
        UsageError: the file is neither, or a line has no id or no name.
    """
    try:
        words = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: cannot be read: {error}") from None
    if words.lstrip()[:1] in ("{", "["):
        yield from _of_money(file, words)
        return
    reader = csv.DictReader(words.splitlines())
    missing = {"id", "name"} - set(reader.fieldnames or ())
    if missing:
        raise UsageError(f"{file}: the first line names no column {' and no '.join(sorted(missing))}")
    for number, row in enumerate(reader, 2):
        kind = (row.get("kind") or "person").strip().lower()
        if kind not in ("person", "organization"):
            raise UsageError(f"{file}:{number}: kind is {kind!r}: write person or organization")
        names = [row["name"], *(row.get("aliases") or "").split(";")]
        yield _known(f"{file}:{number}", row["id"], names, kind == "person")


def _of_money(file: Path, words: str) -> Iterator[Known]:
    try:
        rows = (
            json.loads(words) if words.lstrip()[0] == "[" else [json.loads(x) for x in words.splitlines() if x.strip()]
        )
    except json.JSONDecodeError as error:
        raise UsageError(f"{file}: is no JSON: {error}") from None
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict) or not isinstance(row.get("properties"), dict):
            raise UsageError(f"{file}: entity {number} has no properties: this is no FollowTheMoney entity")
        properties = row["properties"]
        if row.get("schema") not in _SCHEMAS:
            continue
        names = [n for p in ("name", "alias", "weakAlias", "previousName") for n in properties.get(p, ())]
        yield _known(f"{file}: entity {number}", str(row.get("id") or ""), names, row["schema"] == "Person")


_SCHEMAS = ("Person", "Organization", "Company", "PublicBody", "LegalEntity")
"""Of FollowTheMoney: those that may speak."""


def _known(where: str, id: str, names: Iterable[str], person: bool) -> Known:
    kept = tuple(" ".join(name.split()) for name in names if name.strip())
    if not (id or "").strip() or not kept:
        raise UsageError(f"{where}: has no id or no name")
    return Known(id.strip(), kept, person)


def _has(name: str, asked: Sequence[str]) -> bool:
    return all(word in plain(name) for word in asked)


def _names(connection: Connection, number: int) -> tuple[str, ...]:
    """All names of an entity, the most frequent first."""
    table = tables.bearer
    count = func.count()
    found = (
        select(table.c.name).where(table.c.entity == number).group_by(table.c.name).order_by(count.desc(), table.c.name)
    )
    return tuple(connection.execute(found).scalars())


def _speakers(connection: Connection, number: int) -> list[_Spoken]:
    """The bearers of an entity with their documents as they are at present, by date; names of a list come first."""
    bearer, own, revision = tables.bearer, tables.document, tables.revision
    rows = connection.execute(
        select(bearer, own.c.key).outerjoin(own, own.c.number == bearer.c.document)
        .where(bearer.c.entity == number).order_by(bearer.c.number)
    ).all()  # fmt: skip
    latest: dict[int, Any] = {}
    for some in chunks(row.document for row in rows if row.document is not None):
        for found in connection.execute(
            select(revision.c.document, revision.c.outlet, revision.c.date)
            .where(revision.c.document.in_(some)).order_by(revision.c.as_of, revision.c.number)
        ):  # fmt: skip
            latest[found.document] = found
    spoken = [_Spoken(row, latest.get(row.document)) for row in rows]
    return sorted(spoken, key=lambda one: "" if one.key is None else one.date or "9")


class _Spoken:
    """A bearer's row with the outlet and the date of its document."""

    def __init__(self, row: Any, found: Any) -> None:
        self.sign, self.block, self.name, self.titles = row.sign, row.block, row.name, row.titles
        self.statements, self.key = row.statements, row.key
        self.outlet: str | None = found.outlet if found else None
        self.date: str | None = found.date if found else None


def _founder(connection: Connection, number: int) -> Any:
    row = first_of(connection, number)
    if row is None:
        raise UsageError(f"there is no entity {number} (onrecord entities list)")
    return row


def _judge(connection: Connection, first: str, second: str, said: Said, *, confirmed: bool) -> None:
    link = link_id("speaker", first, second)
    write_judgement(connection, link, ("speaker", first, second), said, confirmed=confirmed)
