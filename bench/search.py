"""How quickly a large ledger is searched, and how long and large its tables get.

    python bench/search.py --sample LEDGER [--statements 1000000] [--queries 100] [--postgres ADDRESS]

LEDGER is one that ``onrecord add`` made of real articles; its documents are written again and again with other digits
(as in ledger.py) until there are so many statements. Queries are drawn, seeded, from the words of the sample: single
words, two words, phrases of three, beginnings, filters alone, words with filters, by meaning; each is run in this
process and timed until its twenty hits stand as records. Printed: median and 95th percentile in milliseconds, by kind,
for SQLite and, with ``--postgres`` (an empty database), for PostgreSQL. Let nothing else run.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from statistics import quantiles

from common import run
from ledger import size_of, varied
from onrecord.errors import UsageError
from onrecord.exports.record import record
from onrecord.ledger import Ledger, Query
from onrecord.model import Act, Document, Form, SourceType

LIMIT = 20


def words_of(documents: Sequence[Document]) -> list[list[str]]:
    """The words of contents, a list each."""
    found = []
    for document in documents:
        for statement in document.statements:
            words = re.findall(r"[a-z]{3,}", statement.content[0].of(document.text).lower())
            if len(words) >= 4:
                found.append(words)
    return found


def kinds(documents: Sequence[Document], seed: int) -> dict[str, Callable[[], Query]]:
    """For each kind of query a function that draws one."""
    rng, contents = random.Random(seed), words_of(documents)
    speakers = sorted({s.speaker for d in documents for s in d.statements if s.speaker})

    def phrase(count: int) -> str:
        words = rng.choice(contents)
        start = rng.randrange(len(words) - count + 1)
        return " ".join(words[start : start + count])

    def year() -> str:
        return str(rng.randrange(1990, 2026))

    return {
        "one word": lambda: Query(phrase(1)),
        "two words": lambda: Query(f"{phrase(1)} {phrase(1)}"),
        "phrase": lambda: Query(f'"{phrase(3)}"'),
        "beginning": lambda: Query(phrase(1)[:4] + "*"),
        "speaker": lambda: Query(speaker=rng.choice(speakers).split()[-1]),
        "filters alone": lambda: Query(
            acts=(rng.choice(list(Act)),), forms=(rng.choice(list(Form)),), since=year(),
        ),
        "word and filters": lambda: Query(
            phrase(1), acts=(rng.choice(list(Act)),), source_types=(rng.choice(list(SourceType)),), until=year(),
        ),
    }  # fmt: skip


def timed(ledger: Ledger, draw: Callable[[], Query], count: int) -> tuple[float, float, float]:
    """Median and 95th percentile of ``count`` queries in milliseconds, and how many hits they have on average."""
    took: list[float] = []
    hits = 0
    while len(took) < count:
        try:
            query = draw()
        except UsageError:  # a name without a word to look for
            continue
        began = time.perf_counter()
        found = [record(hit.entry.document, hit.statement) for hit in ledger.search(query, limit=LIMIT)]
        took.append(1000 * (time.perf_counter() - began))
        hits += len(found)
    cuts = quantiles(took, n=20)
    return cuts[9], cuts[18], hits / count


def by_meaning(ledger: Ledger, documents: Sequence[Document], options: Namespace) -> None:
    """Search by meaning, alone and with filters: the beginnings of contents, three in four of their words, shuffled."""
    rng, contents = random.Random(7), [words for words in words_of(documents) if len(words) >= 6]
    began = time.monotonic()
    made = ledger.index()
    took_index, size = time.monotonic() - began, made.file.stat().st_size / 1e6
    print(f"  {made.vectors:,} wordings indexed in {took_index:,.0f} s, {size:,.0f} MB")
    draw = kinds(documents, 7)["filters alone"]
    for name, query in (("by meaning", Query), ("by meaning and filters", draw)):
        took, hits = [], 0
        for _ in range(options.queries):
            words = rng.choice(contents)[:20]
            like, asked = " ".join(rng.sample(words, len(words) * 3 // 4)), query()
            began = time.perf_counter()
            hits += len([record(h.entry.document, h.statement) for h in ledger.search(asked, like=like, limit=LIMIT)])
            took.append(1000 * (time.perf_counter() - began))
        cuts = quantiles(took, n=20)
        print(f"  {name:22}{cuts[9]:6.1f} ms{cuts[18]:8.1f} ms{hits / options.queries:8.1f}", flush=True)


def measure(where: str, documents: Sequence[Document], options: Namespace) -> None:
    """Fill a ledger and search it."""
    each = sum(len(d.statements) for d in documents) / len(documents)
    count = int(options.statements / each)
    began = time.monotonic()
    with Ledger.open(where) as ledger, ledger.recorder("bench") as recorder:
        for document in varied(documents, count):
            recorder.add(document)
    took = time.monotonic() - began
    kind = "PostgreSQL" if "://" in where else "SQLite"
    print(f"{kind}: {options.statements:,} statements in {count:,} documents, written in {took:,.0f} s", end="")
    print(f", {size_of(where) / 1e9:.2f} GB")
    print(f"  {'':18}{'median':>10}{'95%':>10}{'hits':>8}")
    with Ledger.open(where, read_only=True) as ledger:
        for name, draw in kinds(documents, 5).items():
            median, most, hits = timed(ledger, draw, options.queries)
            print(f"  {name:18}{median:8.1f} ms{most:8.1f} ms{hits:8.1f}", flush=True)
    with tempfile.TemporaryDirectory() as folder, Ledger.open(where, read_only=True, index=folder) as ledger:
        by_meaning(ledger, documents, options)


def work(options: Namespace) -> None:
    """Measure and print."""
    with Ledger.open(options.sample, read_only=True) as ledger:
        documents = [d for d in islice(ledger.documents(), 2000) if d.statements]
    with tempfile.TemporaryDirectory() as folder:
        measure(str(Path(folder) / "large.db"), documents, options)
    if options.postgres:
        measure(options.postgres, documents, options)


def main() -> None:
    """Entry point."""
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--sample", required=True, metavar="LEDGER")
    parser.add_argument("--statements", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=100, help="of each kind")
    parser.add_argument("--postgres", metavar="ADDRESS")
    sys.exit(run(parser, work))


if __name__ == "__main__":
    main()
