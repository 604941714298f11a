"""How long it takes to show what is said on a matter, and to compare one more article, in a large ledger.

    python bench/matter.py --ledger LEDGER [--fill] [--more SAMPLE] [--rounds 3]

The ledger is one that 'onrecord relate' has compared; or, with ``--fill``, one that 'onrecord index' has indexed: then
its claims are written down with the vectors of that index, without being compared with each other, which would take a
day for 100,000 articles and changes nothing about how many are looked through. Printed are the median and the longest
time for each of the matters below, and, with ``--more``, for the articles of another ledger that are added and compared
one by one, until everything about them is written down. Let nothing else run.
"""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from itertools import islice
from statistics import median
from typing import Any

import numpy as np
from sqlalchemy import func, insert, select

from common import Unusable, run
from onrecord.ledger import Ledger, meanings, tables
from onrecord.ledger.identity import now
from onrecord.meaning.encoder import shipped
from onrecord.meaning.index import Index, _vectors
from onrecord.relate.claims import claims_of
from onrecord.relate.relations import Relations
from onrecord.relate.vicinity import cells_of, packed

MATTERS = (
    "security guarantees", "nuclear programme", "minimum wage", "border wall", "interest rates", "prisoner exchange",
    "climate change", "tax cuts", "peace talks", "oil prices", "bird flu", "election fraud", "email server",
    "troop withdrawal", "human rights",
)  # fmt: skip
ONE_BY_ONE = 21
_AT_ONCE = 500


def fill(ledger: Ledger) -> int:
    """Write the claims of a ledger with the vectors of its index; how many."""
    file = meanings.file_of(ledger.where)
    if not file.exists():
        raise Unusable(f"{file}: there is no index: run onrecord index --ledger {ledger.where}")
    index = Index(file, shipped().version)
    number, rows, keys = 0, list[dict[str, Any]](), list[int]()

    def write() -> None:
        found = _vectors(index._graph, np.array(keys, np.uint64))
        vectors = np.stack([np.zeros(384) if one is None else one for one in found]).astype(np.float32)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        cells = cells_of(vectors)
        with ledger.database.writing() as connection:
            connection.execute(insert(tables.claim), rows)
            connection.execute(insert(tables.nearby), [
                {"cell": cell, "claim": row["number"], "vector": packed(vector)}
                for row, cell, vector in zip(rows, cells, vectors, strict=True)
            ])  # fmt: skip
            documents = {row["document"] for row in rows}
            known = set(connection.execute(select(tables.related.c.document)).scalars())
            fresh = [{"document": one, "at": now()} for one in documents - known]
            if fresh:
                connection.execute(insert(tables.related), fresh)

    with ledger.database.reading() as connection:
        of = {
            row[0]: row[1] for row in connection.execute(select(tables.revision.c.number, tables.revision.c.document))
        }
    for entry in ledger.entries():
        for claim in claims_of(entry.document):
            number += 1
            rows.append({
                "number": number, "document": of[entry.revision], "statement": claim.statement.id,
                "sign": f"{number:024x}", "words": claim.text,
            })  # fmt: skip
            keys.append(meanings.key(claim.content))
        if len(rows) >= _AT_ONCE:
            write()
            rows, keys = [], []
    if rows:
        write()
    return number


def work(options: Namespace) -> None:
    """Measure."""
    with Ledger.open(options.ledger) as ledger:
        if options.fill:
            began = time.monotonic()
            print(f"{fill(ledger):,} claims written in {time.monotonic() - began:,.0f} s", file=sys.stderr)
        with ledger.database.reading() as connection:
            counts = [
                connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in (tables.document, tables.present, tables.claim)
            ]
        print("{:,} documents, {:,} statements, {:,} claims".format(*counts))
        relations = Relations(ledger)
        relations.matter("to load what is needed")
        times: list[float] = []
        for words in MATTERS:
            mine = []
            for _ in range(options.rounds):
                began = time.monotonic()
                found = relations.matter(words)
                mine.append(time.monotonic() - began)
            times.append(median(mine))
            print(
                f"{words:22} {median(mine) * 1000:7.0f} ms  {sum(len(p.positions) for p in found.parties):4} statements"
            )
        print(f"matter: median {median(times) * 1000:.0f} ms, longest {max(times) * 1000:.0f} ms")
        if options.more:
            _more(ledger, relations, options.more)


def _more(ledger: Ledger, relations: Relations, sample: str) -> None:
    relations.update()
    with Ledger.open(sample, read_only=True) as other:
        documents = list(islice((d for d in other.documents() if d.statements), ONE_BY_ONE))
    times = []
    for document in documents:
        ledger.add(document)
        began = time.monotonic()
        relations.update()
        times.append(time.monotonic() - began)
    print(
        f"one more article: median {median(times) * 1000:.0f} ms, longest of {len(times)}: {max(times) * 1000:.0f} ms"
    )


def main() -> None:
    """Entry point."""
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--ledger", required=True)
    parser.add_argument("--fill", action="store_true")
    parser.add_argument("--more", metavar="SAMPLE")
    parser.add_argument("--rounds", type=int, default=3)
    sys.exit(run(parser, work))


if __name__ == "__main__":
    main()
