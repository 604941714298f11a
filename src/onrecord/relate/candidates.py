"""Which claims a document's claims are compared with: those of its own, those of others that mean nearly the same, and
those of the document that reports the same event.

Two reports of one event on the same days are to each other what the paragraphs of one report are: who says in one that
the talks go on, and in the other that everybody has gone home, dispute each other though no word is the same. Which
report that is shows in the claims that mean nearly the same in both. (New documents are put to their event by their
likest neighbours in time since Allan et al. 1998.)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from onrecord.ledger import tables
from onrecord.relate.claims import ALIKE_WITHIN, MOST_WITHIN, Claim, within
from onrecord.relate.evidence import words_of
from onrecord.relate.sql import chunks
from onrecord.relate.vicinity import nearest, unpacked

__all__ = ["Candidate", "Mine", "between", "inside"]

_ALIKE_BETWEEN = 0.55
"""Claims of two documents are compared from this cosine on."""
_MOST_BETWEEN = 4
"""With so many claims of other documents a claim is compared, those that are most like it."""
_SAME_EVENT = 2
"""Two documents tell of the same event where so many claims of one have one of the other that near."""
_DAYS = 3
"""So many days there are between them at most."""

_Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Mine:
    """A claim of the document that is being compared."""

    number: int
    claim: Claim
    sign: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two claims to be compared, the one that was there first before the other."""

    first: int
    second: int
    signs: tuple[str, str]
    texts: tuple[str, str]
    vectors: tuple[_Vector, _Vector]
    """Those of both contents, of length 1."""
    words: list[float]
    """What the words of both tell (``evidence.words_of``)."""
    same_document: bool
    days: int | None = 0
    speakers: frozenset[str] = frozenset()
    """See ``around.Read``."""


def inside(mine: Sequence[Mine], vectors: _Vector) -> list[Candidate]:
    """Pairs of claims of the document; ``vectors`` ``(claims, SIZE)`` are those of their contents, of length 1."""
    pairs = []
    for first, second, alike in within([one.claim for one in mine], vectors):
        one, other = mine[first], mine[second]
        texts, names = (one.claim.text, other.claim.text), [m.claim.statement.speaker for m in (one, other)]
        pairs.append(
            Candidate(
                one.number,
                other.number,
                (one.sign, other.sign),
                texts,
                (vectors[first], vectors[second]),
                words_of(*texts, alike, same_document=True),
                True,
                speakers=frozenset(name for name in names if name) if all(names) else frozenset(),
            )
        )
    return pairs


def between(
    connection: Connection, document: int, day: str | None, mine: Sequence[Mine], vectors: _Vector
) -> list[Candidate]:
    """Pairs of the document's claims with those of others that mean nearly the same, and with those of the document
    that reports the same event; copies of it are left out.

    ``day`` is that of its publication, if it is known; ``vectors`` as for ``inside``.
    """
    left_out = {document, *_copies(connection, document)}
    found = nearest(connection, vectors, 3 * _MOST_BETWEEN, _ALIKE_BETWEEN)
    rows = _rows(connection, {near.claim for some in found for near in some})
    near = [[one for one in some if rows[one.claim].document not in left_out] for some in found]
    published = _published(connection, {rows[one.claim].document for some in near for one in some})
    days = {other: _days_between(day, its) for other, its in published.items()}

    def candidate(row: Any, vector: _Vector, number: int, alike: float) -> Candidate:
        one, texts = mine[number], (row.words, mine[number].claim.text)
        return Candidate(
            row.number,
            one.number,
            (row.sign, one.sign),
            texts,
            (vector, vectors[number]),
            words_of(*texts, alike, same_document=False),
            False,
            days.get(row.document),
        )

    pairs = [
        candidate(rows[one.claim], one.vector, number, one.alike)
        for number, some in enumerate(near)
        for one in some[:_MOST_BETWEEN]
    ]
    if (other := _same_event([{rows[one.claim].document for one in some} for some in near], days)) is not None:
        known = {(one.first, one.second) for one in pairs}
        its, others = _claims(connection, other)
        for number, alike in enumerate(vectors @ others.T):
            likest = np.argsort(-alike, kind="stable")[:MOST_WITHIN].tolist()
            pairs += [
                candidate(its[k], others[k], number, float(alike[k]))
                for k in likest
                if alike[k] >= ALIKE_WITHIN and (its[k].number, mine[number].number) not in known
            ]
    return pairs


def _same_event(near: Iterable[Collection[int]], days: Mapping[int, int | None]) -> int | None:
    """The document that reports the same event, of those that have a claim ``near`` each of some; None where none
    does. Of several it is the one with the most such claims."""
    count = Counter(other for documents in near for other in documents)
    near_in_time = (other for other, between in days.items() if between is not None and between <= _DAYS)
    likest = min(near_in_time, key=lambda other: (-count[other], days[other], other), default=None)
    return likest if likest is not None and count[likest] >= _SAME_EVENT else None


def _rows(connection: Connection, numbers: Collection[int]) -> dict[int, Any]:
    """Claims by their numbers."""
    table, rows = tables.claim, dict[int, Any]()
    for some in chunks(numbers):
        rows.update((row.number, row) for row in connection.execute(select(table).where(table.c.number.in_(some))))
    return rows


def _claims(connection: Connection, document: int) -> tuple[Sequence[Any], _Vector]:
    """The claims of a document, in their order, and the vectors of their contents."""
    claim, nearby = tables.claim, tables.nearby
    found = select(claim, nearby.c.vector).join(nearby, nearby.c.claim == claim.c.number)
    rows = connection.execute(found.where(claim.c.document == document).order_by(claim.c.number)).all()
    return rows, unpacked([row.vector for row in rows])


def _published(connection: Connection, documents: Collection[int]) -> dict[int, str]:
    """The days on which some documents with statements were published, where these are known."""
    table, days = tables.present, dict[int, str]()
    for some in chunks(documents):
        found = select(table.c.document, table.c.published_from).where(table.c.document.in_(some)).distinct()
        days.update((row.document, row.published_from) for row in connection.execute(found) if row.published_from)
    return days


def _days_between(one: str | None, other: str | None) -> int | None:
    return abs((date.fromisoformat(one) - date.fromisoformat(other)).days) if one and other else None


def _copies(connection: Connection, document: int) -> set[int]:
    table = tables.copied
    found = connection.execute(
        select(table.c.one, table.c.other).where((table.c.one == document) | (table.c.other == document))
    )
    return {number for row in found for number in row}
