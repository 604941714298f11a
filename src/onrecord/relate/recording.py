"""Comparing documents of a ledger with those before them, and writing down what is found: speakers, quotations, copies,
claims.

Each document is compared once; one that changed since is compared anew. What is written is evidence: what it makes of
two quotations depends on who is said to say them (``relate.linking``), and on what persons say of it.
"""

from __future__ import annotations

import json
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from onrecord.ledger import tables
from onrecord.ledger.dates import first_day
from onrecord.ledger.entries import entry_of, revisions
from onrecord.ledger.identity import now
from onrecord.ledger.relations import forget
from onrecord.model import Document, SourceType, Statement
from onrecord.relate import copies, sayings
from onrecord.relate.alike import Alike, compared
from onrecord.relate.entities import Bearer, block_of, initials_of
from onrecord.relate.persons import plain
from onrecord.relate.signs import link_id, sign
from onrecord.relate.sql import chunks, next_number, write
from onrecord.relate.tying import Tying
from onrecord.relate.wording import Quoted, quotations

__all__ = ["Comparing", "bearer_row", "bearers_of", "unrelated", "unrelated_count", "words_of"]

_KEPT = 256
"""Texts of which the shingles are kept in memory."""
_PERSONS = (SourceType.NAMED_PERSON, SourceType.UNNAMED_PERSON)


def unrelated(connection: Connection, limit: int) -> list[int]:
    """The numbers of documents that were not compared yet, or changed since, in the order in which they were added."""
    number = tables.document.c.number
    return list(connection.execute(select(number).where(*_UNRELATED).order_by(number).limit(limit)).scalars())


def unrelated_count(connection: Connection) -> int:
    """How many these are."""
    return connection.execute(select(func.count()).select_from(tables.document).where(*_UNRELATED)).scalar_one()


_UNRELATED = (
    select(tables.revision.c.number).where(tables.revision.c.document == tables.document.c.number).exists(),
    ~select(tables.related.c.document).where(tables.related.c.document == tables.document.c.number).exists(),
)
"""Documents with a text that were not compared."""


def bearers_of(document: Document, key: str) -> dict[tuple[str, bool], tuple[Bearer, int]]:
    """The speakers of a document who have a name, by name and whether it is a person's, and how often each speaks.

    >>> from onrecord.model import Speaker, Span
    >>> kamara = Speaker("Ilse Kamara", SourceType.NAMED_PERSON)
    >>> said = Statement("s", (Span(0, 5),), speakers=(kamara,))
    >>> bearers_of(Document("d", "words", statements=(said,)), "1")
    {('Ilse Kamara', True): (Bearer(document='1', name='Ilse Kamara', person=True, titles=(), beside=frozenset(), \
day=None), 1)}
    """
    titles: dict[tuple[str, bool], set[str]] = {}
    count: Counter[tuple[str, bool]] = Counter()
    for statement in document.statements:
        for speaker in statement.speakers:
            if speaker.name is None or speaker.type is SourceType.UNNAMED_GROUP:
                continue
            at = (speaker.name, speaker.type in _PERSONS)
            count[at] += 1
            titles.setdefault(at, set())
            if speaker.title is not None:
                titles[at].add(" ".join(speaker.title.of(document.text).split()))
    every, day = frozenset(plain(name) for name, _ in titles), first_day(document.date)
    return {
        (name, person): (
            Bearer(key, name, person, tuple(sorted(held)), every - {plain(name)}, day), count[name, person]
        )
        for (name, person), held in titles.items()
    }  # fmt: skip


class Comparing:
    """Compares documents with those before them. Used within transactions that alone may write."""

    def __init__(self, tying: Tying) -> None:
        self._texts: OrderedDict[int, copies.Shingled] = OrderedDict()
        self._tying = tying

    def documents(self, connection: Connection, numbers: Sequence[int]) -> set[str]:
        """Compare documents, by their numbers; the blocks of speakers that are to be looked at again."""
        entities = _entities(connection, numbers)
        blocks = forget(connection, numbers)
        for number in numbers:
            self._texts.pop(number, None)
            entry = entry_of(connection, revisions(connection, number)[-1])
            name = f"{entry.collection}\0{entry.key}"
            bearers, mine = _write_bearers(connection, number, name, entry.document, entities)
            blocks |= mine
            _write_sayings(connection, number, name, entry.document, bearers)
            self._write_copies(connection, number, name, entry.document.text)
            self._tying.document(connection, number, name, entry.document)
        write(connection, tables.related, ({"document": number, "at": now()} for number in numbers))
        return blocks

    def _write_copies(self, connection: Connection, number: int, name: str, text: str) -> None:
        table, new = tables.shingle, copies.shingled(text)
        if not new.tells:
            return
        hits: Counter[int] = Counter()
        full: Counter[int] = Counter()
        for some in chunks(new.hashes):
            for value, other in connection.execute(
                select(table.c.hash, table.c.document).where(table.c.hash.in_(some))
            ):
                hits[other] += 1
                full[value] += 1
        several = [other for other, count in hits.items() if count > 1]
        kept: dict[int, int] = {}
        for mine in chunks(several):
            for other in connection.execute(select(table.c.document).where(table.c.document.in_(mine))).scalars():
                kept[other] = kept.get(other, 0) + 1
        found = []
        for other in copies.likely(new, {k: hits[k] for k in several}, kept):
            if (part := copies.share(self._text(connection, other), new)) is not None:
                one = _name(connection, other)
                found.append({"id": link_id("copy", one, name), "one": other, "other": number, "share": round(part, 4)})
        write(connection, tables.copied, found)
        write(connection, table, ({"hash": v, "document": number} for v in new.sample if full[v] < copies.COMMON))
        self._texts[number] = new

    def _text(self, connection: Connection, number: int) -> copies.Shingled:
        """The shingles of a document's last revision."""
        if number in self._texts:
            self._texts.move_to_end(number)
        else:
            last = revisions(connection, number)[-1][0]
            held = tables.revision
            text = connection.execute(select(held.c.text).where(held.c.number == last)).scalar_one()
            self._texts[number] = copies.shingled(bytes(text).decode("utf-8", "surrogatepass"))
        while len(self._texts) > _KEPT:
            self._texts.popitem(last=False)
        return self._texts[number]


def _name(connection: Connection, number: int) -> str:
    """What a document is known by for good."""
    own = tables.document
    row = connection.execute(select(own.c.collection, own.c.key).where(own.c.number == number)).one()
    return f"{row.collection}\0{row.key}"


def _entities(connection: Connection, documents: Sequence[int]) -> dict[str, int]:
    """Who the speakers of documents are, by their signs, as far as that is known."""
    table = tables.bearer
    known = select(table.c.sign, table.c.entity).where(table.c.document.in_(documents), table.c.entity.is_not(None))
    return {row.sign: row.entity for row in connection.execute(known)}


def _write_bearers(
    connection: Connection, number: int, name: str, document: Document, entities: Mapping[str, int]
) -> tuple[dict[tuple[str, bool], int], set[str]]:
    """Write the speakers of a document, with the ``entities`` that they were; their numbers, and their blocks."""
    first = next_number(connection, tables.bearer)
    found = bearers_of(document, str(number))
    rows = [
        bearer_row(bearer, sign("speaker", name, bearer.name, str(bearer.person)))
        | {"number": at, "document": number, "statements": count}
        for at, (bearer, count) in enumerate(found.values(), first)
    ]
    for row in rows:
        row["entity"] = entities.get(row["sign"])
    write(connection, tables.bearer, rows)
    return dict(zip(found, range(first, first + len(rows)), strict=True)), {row["block"] for row in rows}


def bearer_row(bearer: Bearer, signed: str) -> dict[str, Any]:
    """The columns of a bearer that say who may be the same."""
    block, head, tail = block_of(bearer)
    return {
        "sign": signed,
        "name": bearer.name,
        "person": int(bearer.person),
        "block": block,
        "head": head,
        "tail": tail,
        "initials": initials_of(bearer),
        "titles": json.dumps(bearer.titles),
        "beside": json.dumps(sorted(bearer.beside)),
        "day": bearer.day,
    }


def _write_sayings(
    connection: Connection, number: int, name: str, document: Document, bearers: dict[tuple[str, bool], int]
) -> None:
    """Write the quotations of a document, and what links them to those of others."""
    first = next_number(connection, tables.saying)
    found: list[_Said] = []
    for statement, words in quotations(document):
        if runs := sayings.runs(words):
            signed = sign("words", name, " ".join(words.forms))
            found.append(_Said(first + len(found), statement, words, signed, runs))
    if not found:
        return
    day = first_day(document.date)
    rows = [
        {
            "number": one.number, "document": number, "statement": one.statement.id, "sign": one.sign,
            "bearer": bearers.get(_speaker(one.statement)), "forms": " ".join(one.words.forms),
            "gaps": json.dumps(sorted(one.words.gaps)), "brackets": json.dumps(sorted(one.words.brackets)), "day": day,
        }
        for one in found
    ]  # fmt: skip
    write(connection, tables.saying, rows)
    having = _having(connection, {run for one in found for run in one.runs})
    links: dict[str, dict[str, Any]] = {}
    for one in found:
        shared = Counter(other for run in one.runs for other in having.get(run, ()))
        for other, other_sign, other_words in _known(connection, shared, one.words, number):
            if (alike := compared(other_words, one.words)) is not None:
                row = _link_row(other, one.number, one.sign, one.words, other_sign, other_words, alike)
                links.setdefault(row["id"], row)  # a document may have the same words twice
    known = set()
    for some in chunks(links):
        known |= set(connection.execute(select(tables.link.c.id).where(tables.link.c.id.in_(some))).scalars())
    write(connection, tables.link, (row for id, row in links.items() if id not in known))
    count = Counter(run for one in found for run in one.runs)
    write(
        connection, tables.phrase,
        (
            {"hash": run, "saying": one.number}
            for one in found for run in sorted(one.runs)
            if len(having.get(run, ())) + count[run] <= sayings.COMMON
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Said:
    """A quotation that is about to be written."""

    number: int
    statement: Statement
    words: Quoted
    sign: str
    runs: frozenset[int]


def _speaker(statement: Statement) -> tuple[str, bool]:
    """The name of the one speaker of a statement, and whether it is a person's; nobody's where there are several."""
    if len(statement.speakers) != 1 or statement.speakers[0].name is None:
        return "", False
    return statement.speakers[0].name, statement.speakers[0].type in _PERSONS


def _having(connection: Connection, runs: Iterable[int]) -> dict[int, list[int]]:
    """The quotations that have these runs of words."""
    table = tables.phrase
    made: dict[int, list[int]] = defaultdict(list)
    for some in chunks(runs):
        for run, saying in connection.execute(select(table.c.hash, table.c.saying).where(table.c.hash.in_(some))):
            made[run].append(saying)
    return made


def _known(
    connection: Connection, shared: Counter[int], words: Quoted, document: int
) -> Iterator[tuple[int, str, Quoted]]:
    """Quotations of other documents that share enough with one to be compared: number, sign, words."""
    table = tables.saying
    for some in chunks(other for other, count in shared.items() if count > 1):
        for row in connection.execute(
            select(table).where(table.c.number.in_(some), table.c.document != document).order_by(table.c.number)
        ):
            other = words_of(row)
            if shared[row.number] >= sayings.needed(other, words):
                yield row.number, row.sign, other


def words_of(row: Any) -> Quoted:
    """The words of a saying's row; without their places in the text."""
    forms = tuple(row.forms.split(" "))
    return Quoted(forms, frozenset(json.loads(row.gaps)), frozenset(json.loads(row.brackets)))


def _link_row(
    first: int, second: int, signed: str, words: Quoted, other_sign: str, other: Quoted, alike: Alike
) -> dict[str, Any]:
    return {
        "id": link_id("words", other_sign, signed),
        "first": first,
        "second": second,
        "shared": alike.shared,
        "long": sayings.long_words(other, alike),
        "whole": int(alike.whole),
        "serious": int(alike.serious),
        "differences": json.dumps([[str(d.kind), *d.first, *d.second] for d in alike.differences]),
    }
