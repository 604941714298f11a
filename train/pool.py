"""Pairs of statements that nobody labelled: ``python -m train.pool --ledger LEDGER --out POOL.jsonl``.

They are those that ``onrecord relate`` compares, of one document or of two, in a ledger of articles that may be trained
on (``onrecord add``); all at once, since a pool need not grow. Each line has the texts ``a`` and ``b``, and ``of``,
the documents that they stand in.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from onrecord.ledger import Ledger
from onrecord.ledger.meanings import told
from onrecord.meaning.encoder import shipped
from onrecord.relate.claims import Claim, claims_of, within
from onrecord.relate.copies import copies

MOST, LEAST = 4, 0.5
_STEP = 1000


def pairs_of(ledger: Ledger) -> Iterator[tuple[tuple[str, Claim], tuple[str, Claim]]]:
    """Pairs of claims worth comparing, each with its document's id: of one document, then of two.

    Of two documents: each claim with the ``MOST`` likest ones from a cosine of ``LEAST`` on, without copied articles.
    """
    documents = [(str(document.id), document.text, claims_of(document)) for document in ledger.documents()]
    claims = [(name, claim) for name, _, mine in documents for claim in mine]
    vectors = shipped().vectors([told(claim.content) for _, claim in claims])
    start = 0
    for _, _, mine in documents:
        for one, other, _ in within(mine, vectors[start : start + len(mine)]):
            yield claims[start + one], claims[start + other]
        start += len(mine)
    copied = {frozenset((c.one, c.other)) for c in copies([(name, text) for name, text, _ in documents])}
    own = np.array([name for name, _ in claims])
    seen: set[tuple[int, int]] = set()
    for start in range(0, len(claims), _STEP):
        alike = vectors[start : start + _STEP] @ vectors.T
        alike[own[start : start + _STEP, None] == own[None]] = -1
        for row, values in enumerate(alike):
            near = [int(k) for k in np.argsort(-values)[: 3 * MOST] if values[k] >= LEAST]
            kept = [k for k in near if frozenset((own[start + row], own[k])) not in copied][:MOST]
            for pair in ((min(start + row, k), max(start + row, k)) for k in kept):
                if pair not in seen:
                    seen.add(pair)
                    yield claims[pair[0]], claims[pair[1]]


def main() -> None:
    """Entry point."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--ledger", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    options = p.parse_args()
    with Ledger.open(options.ledger) as ledger, options.out.open("w", encoding="utf-8") as out:
        for (one, a), (other, b) in pairs_of(ledger):
            row: dict[str, Any] = {"a": a.text, "b": b.text, "of": [one, other]}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
