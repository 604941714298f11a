"""Comparing the claims of a document with each other and with those of the documents before it, and writing down what
ties them. What is written is what a program suggests, with its score; ``relate.ties`` shows it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import compress
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from onrecord.ledger import tables
from onrecord.ledger.dates import first_day
from onrecord.ledger.entries import entry_of, revisions
from onrecord.ledger.meanings import told
from onrecord.ledger.rows import column
from onrecord.meaning.encoder import Encoder
from onrecord.meaning.pairs import Compared, PairReader
from onrecord.model import Document, Span
from onrecord.relate.around import Read, around
from onrecord.relate.candidates import Candidate, Mine, between, inside
from onrecord.relate.claims import Claim, Tie, Tied, apart, chances_of, claims_of, clash_in, tied
from onrecord.relate.evidence import Weights, shipped_weights
from onrecord.relate.signs import link_id, sign
from onrecord.relate.sql import next_number, write
from onrecord.relate.vicinity import cells_of, packed
from onrecord.relate.worth import Worth, shipped_worth

__all__ = ["Tying"]

_FEWEST_WITHIN = 16
"""So many pairs of a document are read, if it has them: in a short one that takes no time."""
_MOST_TIES = 3
"""So many ties of one kind a claim has to those of other documents when it is new, the most probable ones: of a claim
that hundreds report each is tied to a few others, and through these to all."""


class Tying:
    """Compares claims. Used within transactions that alone may write."""

    def __init__(
        self, encoder: Encoder, reader: PairReader, weights: Mapping[str, Weights] | None = None,
        worth: Worth | None = None,
    ) -> None:  # fmt: skip
        """``weights`` and ``worth`` are the shipped ones where none are given."""
        self._encoder, self._reader, self._weights, self._worth = encoder, reader, weights, worth

    def document(self, connection: Connection, number: int, name: str, document: Document) -> None:
        """Write the claims of a document, by its number and name, and what ties them."""
        claims = claims_of(document)
        if not claims:
            return
        vectors = self._encoder.vectors([told(claim.content) for claim in claims])
        first = next_number(connection, tables.claim)
        mine = [Mine(first + k, claim, sign_of(name, claim)) for k, claim in enumerate(claims)]
        day = first_day(document.date)
        pairs = self._worthwhile(inside(mine, vectors), _FEWEST_WITHIN)
        pairs += self._worthwhile(between(connection, number, day, mine, vectors))
        said = self._reader.compare([pair.texts for pair in pairs])
        found = self._ties(_Places(connection, number, mine), pairs, said)
        _write(connection, number, mine, vectors)
        write(connection, tables.tie, found)

    def _worthwhile(self, pairs: Sequence[Candidate], fewest: int = 0) -> list[Candidate]:
        """The pairs that are worth being read, and so many at least."""
        if not pairs:
            return []
        ones, others = (np.stack(side) for side in zip(*(pair.vectors for pair in pairs), strict=True))
        kept = (self._worth or shipped_worth()).keeps([pair.words for pair in pairs], ones, others, fewest)
        return list(compress(pairs, kept))

    def _ties(self, places: _Places, pairs: Sequence[Candidate], said: Sequence[Compared]) -> list[dict[str, Any]]:
        """The rows of the ties among some pairs, given what the network says. Of disputes and answers between the same
        words the surest one stands: whoever says it, and whoever tells that he did, are two claims."""
        weights = self._weights or shipped_weights()
        made: list[tuple[Tied, Candidate, Compared]] = []
        for pair, compared, beside in zip(pairs, said, self.around(pairs, said), strict=True):
            if (what := tied(compared, chances_of(compared, pair.words, weights, beside))) is not None:
                made.append((what, pair, compared))
        made.sort(key=lambda one: (-one[0].score, one[1].first, one[1].second))
        count: Counter[tuple[int, Tie]] = Counter()
        rows: dict[str, dict[str, Any]] = {}
        shown: list[tuple[Tie, Candidate]] = []
        for what, pair, compared in made:
            once = what.tie is not Tie.RESTATES
            if once and any(tie is what.tie and places.overlap(pair, other) for tie, other in shown):
                continue
            if not pair.same_document:
                count[pair.second, what.tie] += 1
                if count[pair.second, what.tie] > _MOST_TIES:
                    continue
            if once:
                shown.append((what.tie, pair))
            words: list[list[list[int]]] = [[], []]
            if what.tie is Tie.DISPUTES:
                ends = zip((pair.first, pair.second), compared.clash, strict=True)
                words = [[list(span) for span in places.of(number, clash)] for number, clash in ends]
            first, second = (pair.second, pair.first) if what.turned else (pair.first, pair.second)
            row = {"kind": str(what.tie), "first": first, "second": second, "score": round(what.score, 4)}
            id = link_id("claims", *pair.signs)
            rows.setdefault(id, {"id": id, **row, "clash": json.dumps(words)})
        return list(rows.values())

    @staticmethod
    def around(pairs: Sequence[Candidate], said: Sequence[Compared]) -> list[list[float]]:
        """What is around each pair (``relate.around``), given what the network says of all."""
        return around(
            [
                Read(pair.first, pair.second, compared, pair.same_document, pair.days, pair.speakers)
                for pair, compared in zip(pairs, said, strict=True)
            ]
        )


class _Places:
    """Where the words of claims stand in their documents."""

    def __init__(self, connection: Connection, document: int, mine: Iterable[Mine]) -> None:
        self._connection = connection
        self._known: dict[int, tuple[int, Claim] | None] = {one.number: (document, one.claim) for one in mine}

    def of(self, number: int, clash: Sequence[Span]) -> tuple[Span, ...]:
        """The words of a claim that clash, as offsets into its document."""
        found = self._claim(number) if clash else None
        return clash_in(found[1], clash) if found is not None else ()

    def overlap(self, one: Candidate, other: Candidate) -> bool:
        """Whether both pairs are of the same words: on either side one claim stands in the other, or is it."""
        return any(
            self._same(one.first, first) and self._same(one.second, second)
            for first, second in ((other.first, other.second), (other.second, other.first))
        )

    def _same(self, one: int, other: int) -> bool:
        if one == other:
            return True
        mine, its = self._claim(one), self._claim(other)
        return mine is not None and its is not None and mine[0] == its[0] and not apart(mine[1], its[1])

    def _claim(self, number: int) -> tuple[int, Claim] | None:
        """The document of a claim, by number, and the claim; None where it is no longer there."""
        if number not in self._known:
            table = tables.claim
            row = self._connection.execute(
                select(table.c.document, table.c.statement).where(table.c.number == number)
            ).one()
            document = entry_of(self._connection, revisions(self._connection, row.document)[-1]).document
            found = (claim for claim in claims_of(document) if claim.statement.id == row.statement)
            claim = next(found, None)
            self._known[number] = None if claim is None else (row.document, claim)
        return self._known[number]


def sign_of(name: str, claim: Claim) -> str:
    """By what a claim of the document called ``name`` is known after its text was read again."""
    return sign("claim", name, claim.text)


def _write(connection: Connection, document: int, mine: Collection[Mine], vectors: NDArray[np.float32]) -> None:
    rows = [
        {
            "number": one.number, "document": document, "statement": one.claim.statement.id, "sign": one.sign,
            "words": column(one.claim.text),
        }
        for one in mine
    ]  # fmt: skip
    write(connection, tables.claim, rows)
    places = [
        {"cell": cell, "claim": one.number, "vector": packed(vector)}
        for one, cell, vector in zip(mine, cells_of(vectors), vectors, strict=True)
    ]
    write(connection, tables.nearby, places)
