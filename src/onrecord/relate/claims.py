"""Statements as claims that can be compared: in whose name, said or denied, which words; and which pairs are worth it.

A claim is compared with those of its own document and with those of others that mean nearly the same
(``relate.vicinity``); ``meaning.pairs`` says what two are to each other. What it says is a suggestion.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from onrecord.ledger.meanings import told
from onrecord.meaning.encoder import shipped
from onrecord.meaning.pairs import Compared, shipped_pairs
from onrecord.model import Document, Kind, Span, Statement
from onrecord.relate.around import ALONE
from onrecord.relate.evidence import Weights, leaning, parts_of, row_of

__all__ = [
    "ALIKE_WITHIN",
    "MOST_WITHIN",
    "Claim",
    "Compared",
    "Pair",
    "Tie",
    "Tied",
    "alike_of",
    "apart",
    "chances_of",
    "claim_of",
    "claims_of",
    "clash_in",
    "compared",
    "tied",
    "within",
]

_LEAST_WORDS = 4
"""A content of fewer words claims too little to be compared."""
_LEAST_SCORE = 0.5
ALIKE_WITHIN = 0.15
"""Two claims of one document are compared from this cosine on."""
MOST_WITHIN = 4
"""With so many others of its document a claim is compared, those that are most like it."""


class Tie(StrEnum):
    """What a claim may be to another."""

    RESTATES = "restates"
    DISPUTES = "disputes"
    ANSWERS = "answers"


LEAST = {Tie.RESTATES: 0.7, Tie.DISPUTES: 0.6, Tie.ANSWERS: 0.7}
"""From which probability on a tie is shown."""
_DOUBT = 0.22
"""What the network takes for a dispute with this probability is no restatement (docs/benchmarks.md, Claims)."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement as it is compared.

    ``text`` is the speaker's name, the cue and the content in one line; ``content`` the words of the content alone;
    ``places`` are the words of ``text`` that stand in the document, with their offsets in both.
    """

    statement: Statement
    text: str
    content: str
    places: tuple[tuple[Span, Span], ...]


def claims_of(document: Document) -> list[Claim]:
    """The statements of a document that claim enough to be compared, in their order.

    >>> made = Statement("s", (Span(11, 32),), cue=(Span(4, 10),), score=0.9)
    >>> [claim.text for claim in claims_of(Document("d", "Ruz denied the talks have failed", statements=(made,)))]
    ['denied: the talks have failed']
    """
    found = []
    for statement in document.statements:
        if statement.kind is Kind.STATEMENT and statement.score >= _LEAST_SCORE:
            claim = claim_of(document.text, statement)
            if len(claim.content.split()) >= _LEAST_WORDS:
                found.append(claim)
    return found


def claim_of(text: str, statement: Statement) -> Claim:
    """A statement of a document with this text as a claim."""
    places: list[tuple[Span, Span]] = []
    who = statement.speaker or " ".join(span.of(text) for span in statement.source)
    made = " ".join(who.split())

    def put(spans: Sequence[Span]) -> None:
        nonlocal made
        for span in spans:
            for word in _words(text, span):
                start = len(made) + bool(made)
                made = f"{made} {word.of(text)}" if made else word.of(text)
                places.append((Span(start, len(made)), word))

    put(statement.cue)
    if made:
        made += ":"
    before = len(made)
    put(statement.content)
    return Claim(statement, made, made[before:].strip(), tuple(places))


def _words(text: str, span: Span) -> Iterator[Span]:
    """The words of a stretch: what stands between spaces."""
    start = None
    for at in range(span.start, span.end):
        if text[at].isspace():
            if start is not None:
                yield Span(start, at)
            start = None
        elif start is None:
            start = at
    if start is not None:
        yield Span(start, span.end)


def clash_in(claim: Claim, clash: Sequence[Span]) -> tuple[Span, ...]:
    """The words of the document that words of a claim's text stand for."""
    return tuple(there for here, there in claim.places if any(s.start < here.end and here.start < s.end for s in clash))


def within(claims: Sequence[Claim], vectors: NDArray[np.float32]) -> list[tuple[int, int, float]]:
    """The pairs of claims of one document that are worth comparing, by number, the first one first, and how alike.

    ``vectors`` are those of the contents, of length 1. Two claims of which one stands in the other are left out.
    """
    alike = vectors @ vectors.T
    pairs: set[tuple[int, int]] = set()
    for one in range(len(claims)):
        near = sorted((k for k in range(len(claims)) if k != one), key=lambda k: -alike[one, k])
        chosen = [k for k in near if alike[one, k] >= ALIKE_WITHIN and apart(claims[one], claims[k])]
        pairs.update((min(one, k), max(one, k)) for k in chosen[:MOST_WITHIN])
    return [(one, other, float(alike[one, other])) for one, other in sorted(pairs)]


def apart(one: Claim, other: Claim) -> bool:
    """Whether no word of a document stands in both of its claims."""
    mine = [there for _, there in one.places]
    return not any(a.start < b.end and b.start < a.end for a in mine for _, b in other.places)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two claims that somebody asks about, by an id, and what b is to a."""

    id: str | int
    a: str
    b: str
    compared: Compared


def compared(pairs: Sequence[tuple[str, str]]) -> list[Compared]:
    """What the second of each two claims is to the first.

    Raises:
        ModelError: the model of pairs is missing or broken.
    """
    if not pairs:
        return []
    found = shipped_pairs().compare(pairs)
    return [leaning(one, *pair, alike) for one, pair, alike in zip(found, pairs, alike_of(pairs), strict=True)]


def alike_of(pairs: Sequence[tuple[str, str]]) -> list[float]:
    """How alike the contents of each two claims are: the cosine of their vectors."""
    contents = [[told(parts_of(text)[1]) for text in side] for side in zip(*pairs, strict=True)]
    ones, others = (shipped().vectors(side) for side in contents)
    return [float(cosine) for cosine in (ones * others).sum(1)]


@dataclass(frozen=True, slots=True)
class Tied:
    """What two claims are to each other, and how probable that is (0 to 1); ``turned``: the first one replies."""

    tie: Tie
    score: float
    turned: bool = False


def chances_of(
    compared: Compared, words: Sequence[float], weights: Mapping[str, Weights], around: Sequence[float] = ALONE
) -> dict[str, float]:
    """How probable each tie of two claims is (0 to 1), by what the network says, what their words tell, and what is
    around them (``relate.around``)."""
    row = row_of(compared, words, around)
    return {tie: weights[tie].probability(row) for tie in Tie}


def tied(compared: Compared, chances: Mapping[str, float]) -> Tied | None:
    """What two claims are to each other, given how probable each tie is; None where they are nothing that is shown."""
    best = max(Tie, key=lambda tie: chances[tie])
    if chances[best] < LEAST[best] or (best is Tie.RESTATES and compared.disputes >= _DOUBT):
        return None
    return Tied(best, chances[best], best is Tie.ANSWERS and compared.answered > compared.answers)
