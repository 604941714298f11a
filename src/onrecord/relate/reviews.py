"""Fact-checks of claims that are similar to what statements say: found by ``onrecord.factchecks``, judged by persons.

That a similar claim was reviewed is a suggestion until a person confirms it for the statement; what was rejected does
not come back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from onrecord.factchecks import ClaimStance, FactChecks, Match
from onrecord.factchecks.words import tokens_of
from onrecord.ledger import tables
from onrecord.ledger.corrections import Said
from onrecord.ledger.entries import Entry
from onrecord.model import Statement
from onrecord.relate.claims import claim_of
from onrecord.relate.linking import write_judgement
from onrecord.relate.sides import Judgement, judgement_from
from onrecord.relate.signs import link_id
from onrecord.relate.sql import chunks
from onrecord.relate.tying import sign_of

__all__ = ["COVERED", "LEAST", "Review", "judge_review", "reviews_of"]

COVERED = 0.6
"""So much of the rarity of a reviewed claim's words a statement must have."""
LEAST = 0.3
"""From which score on a fact-check stands beside a statement unasked: below it two of three are of something else."""


@dataclass(frozen=True, slots=True)
class Review:
    """A fact-check of a claim similar to a statement's, and what a person said of that likeness, if anything."""

    match: Match
    judgement: Judgement | None = None


def reviews_of(
    connection: Connection,
    statements: Sequence[tuple[Entry, Statement]],
    checks: FactChecks,
) -> list[tuple[Review, ...]]:
    """For each statement the fact-checks of similar claims: what a person confirmed first, then the likest.

    What a person rejected is left out, and so is what shares too few of the reviewed claim's words to stand beside a
    statement unasked: among a handful of fact-checks the ranker is too sure of the only one about the same place.
    """
    claims = [claim_of(entry.document.text, statement) for entry, statement in statements]
    signs = [
        sign_of(f"{entry.collection}\0{entry.key}", claim) for (entry, _), claim in zip(statements, claims, strict=True)
    ]
    said = _said(connection, signs)
    found_for = checks.match([claim.content for claim in claims], least=LEAST)
    made = []
    for sign, claim, matches in zip(signs, claims, found_for, strict=True):
        judged = said.get(sign, {})
        near = [match for match in matches if _covers(claim.content, match.factcheck.claim)]
        found = {m.factcheck.id: Review(m, judged.get(m.factcheck.id)) for m in near}
        for id, judgement in judged.items():
            if id not in found and judgement.confirmed and (known := checks.get(id)) is not None:
                found[id] = Review(Match(known, 0.0, False, ClaimStance.ASSERTS, ()), judgement)
        kept = [review for review in found.values() if review.judgement is None or review.judgement.confirmed]
        made.append(tuple(sorted(kept, key=lambda review: (review.judgement is None, -review.match.score))))
    return made


def _covers(statement: str, claim: str) -> bool:
    """Whether a statement has most of what a reviewed claim is about."""
    wanted, there = tokens_of(claim).rarities, tokens_of(statement).rarities
    return sum(value for stem, value in wanted.items() if stem in there) >= COVERED * sum(wanted.values())


def judge_review(
    connection: Connection, statement: tuple[Entry, Statement], check: str, said: Said, *, confirmed: bool
) -> str:
    """Append what a person says of a statement and the fact-check with an id; the id of what ties them."""
    entry, told = statement
    sign = sign_of(f"{entry.collection}\0{entry.key}", claim_of(entry.document.text, told))
    link = link_id("review", sign, check)
    write_judgement(connection, link, ("review", sign, check), said, confirmed=confirmed)
    return link


def _said(connection: Connection, signs: Sequence[str]) -> dict[str, dict[str, Judgement]]:
    """What persons last said of these claims and fact-checks, by the claim's sign and the fact-check's id."""
    table = tables.judgement
    made: dict[str, dict[str, Judgement]] = defaultdict(dict)
    for some in chunks(signs):
        rows = select(table).where(table.c.kind == "review", table.c.first.in_(some)).order_by(table.c.number)
        for row in connection.execute(rows):
            made[row.first][row.second] = judgement_from(row)
    return made
