"""How quickly a large ledger is searched, how long it takes to write, and how large its tables and indexes get.

    python bench/search.py --sample LEDGER [--large FILE] [--statements 1000000] [--queries 100] [--repeat 1]
                           [--postgres ADDRESS]

LEDGER is one that ``onrecord add`` made of real articles; its documents are written again and again with other digits
(as in ledger.py) until there are so many statements, their days spread over 1990 to 2025 in about the order of time,
one in ten without a day, the outlets drawn from forty names. With ``--large`` the SQLite ledger is kept in that file,
and reused where it is there; a database of ``--postgres`` is reused where it holds a ledger.

Queries are drawn, seeded, from the words of the ledger's first documents: single words, two words, phrases of three,
beginnings, filters alone, words with filters, by meaning; and counts over everything, and of an outlet. Each is run in
this process and timed until its twenty hits stand as records (of counts: until they are there). Printed: median and
95th percentile in milliseconds, by kind, for SQLite and for PostgreSQL. Let nothing else run; where something does,
with ``--repeat 3`` the quickest of three counts.
"""

from __future__ import annotations

import random
import re
import sqlite3
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from statistics import quantiles

from common import Unusable, run
from ledger import size_of, varied
from onrecord.errors import UsageError
from onrecord.exports.record import record
from onrecord.ledger import Ledger, Query
from onrecord.model import Act, Document, Form, SourceType

LIMIT = 20
DRAWN = 400
"""Queries are drawn from so many documents."""
COUNTS = 5
"""Counts over everything are run so many times."""
FIRST, LAST = date(1990, 1, 1), date(2025, 12, 31)
PLACES = ("Border", "Eastern", "Evening", "Harbour", "Island", "Northern", "River", "Valley")
PAPERS = ("Chronicle", "Courier", "Gazette", "Mail", "Post")


def spread(documents: Sequence[Document], count: int) -> Iterator[Document]:
    """``count`` documents, those given over and over, with days and outlets of their own."""
    rng, days = random.Random(11), (LAST - FIRST).days
    for number, document in enumerate(varied(documents, count)):
        day = number * days // count + rng.randrange(-30, 31)  # some are recorded late
        on = str(FIRST + timedelta(days=min(days, max(0, day))))
        outlet = f"{rng.choice(PLACES)} {rng.choice(PAPERS)}"
        yield replace(document, outlet=outlet, date=rng.choices((on, on[:7], None), (85, 5, 10))[0])


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

    def month() -> str:
        return f"{year()}-{rng.randrange(1, 13):02}"

    def in_month() -> Query:
        when = month()
        return Query(phrase(1), since=when, until=when)

    return {
        "one word": lambda: Query(phrase(1)),
        "two words": lambda: Query(f"{phrase(1)} {phrase(1)}"),
        "phrase": lambda: Query(f'"{phrase(3)}"'),
        "beginning": lambda: Query(phrase(1)[:4] + "*"),
        "speaker": lambda: Query(speaker=rng.choice(speakers).split()[-1]),
        "filters alone": lambda: Query(
            acts=(rng.choice(list(Act)),), forms=(rng.choice(list(Form)),), since=year(),
        ),
        "rare filters": lambda: Query(
            acts=(rng.choice((Act.THREATEN, Act.ADMIT, Act.EXPRESS)),), forms=(Form.PARTIAL,),
            source_types=(rng.choice((SourceType.DOCUMENT, SourceType.UNNAMED_PERSON)),), until=year(),
        ),
        "word and filters": lambda: Query(
            phrase(1), acts=(rng.choice(list(Act)),), source_types=(rng.choice(list(SourceType)),), until=year(),
        ),
        "word in a month": in_month,
        "speaker, filters": lambda: Query(
            speaker=rng.choice(speakers).split()[-1], forms=(rng.choice(list(Form)),), min_score=0.9,
        ),
        "said since": lambda: Query(said_since=month(), outlet=rng.choice(PLACES)),
    }  # fmt: skip


def counts(ledger: Ledger) -> dict[str, Callable[[], object]]:
    """What is counted, over everything and over the papers of one name."""
    paper = Query(outlet=PAPERS[1])
    return {
        "count": lambda: ledger.count(Query("the")),
        "speakers": lambda: ledger.speakers(),
        "speakers, outlet": lambda: ledger.speakers(paper),
        "stats": lambda: ledger.months(),
        "stats, outlet": lambda: ledger.months(paper),
        "timeline": lambda: ledger.timeline(by="month"),
        "timeline, outlet": lambda: ledger.timeline(paper, by="month"),
    }


def quickest(function: Callable[[], object], repeat: int) -> tuple[float, object]:
    """How many milliseconds a call takes at least, of so many; what it gave."""
    took = []
    for _ in range(repeat):
        began = time.perf_counter()
        given = function()
        took.append(1000 * (time.perf_counter() - began))
    return min(took), given


def timed(ledger: Ledger, draw: Callable[[], Query], count: int, repeat: int) -> tuple[float, float, float]:
    """Median and 95th percentile of ``count`` queries in milliseconds, and how many hits they have on average."""

    def searched(query: Query) -> int:
        found = [record(hit.entry.document, hit.statement) for hit in ledger.search(query, limit=LIMIT)]
        return len(found)

    took: list[float] = []
    hits = 0
    while len(took) < count:
        try:
            query = draw()
        except UsageError:  # a name without a word to look for
            continue
        least, found = quickest(lambda query=query: searched(query), repeat)  # type: ignore[misc]
        took.append(least)
        hits += int(str(found))
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


def sizes(where: str) -> list[tuple[str, int]]:
    """Bytes of each table and index, the largest first."""
    if "://" not in where:
        with sqlite3.connect(where) as file:
            return file.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY 1 ORDER BY 2 DESC").fetchall()
    import psycopg

    with psycopg.connect(where) as connection:
        return connection.execute(
            "SELECT relname::text, pg_relation_size(oid) + coalesce(pg_relation_size(nullif(reltoastrelid, 0)), 0)"
            " FROM pg_class WHERE relkind IN ('r', 'i') AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC"
        ).fetchall()


def filled(where: str, options: Namespace) -> None:
    """Write the large ledger.

    Raises:
        Unusable: there is no sample.
    """
    if options.sample is None:
        raise Unusable(f"{where}: holds nothing yet: give the --sample that it is to be made of")
    with Ledger.open(options.sample, read_only=True) as ledger:
        documents = [d for d in islice(ledger.documents(), 2000) if d.statements]
    count = int(options.statements * len(documents) / sum(len(d.statements) for d in documents))
    began, worked = time.monotonic(), time.process_time()
    with Ledger.open(where) as ledger, ledger.recorder("bench") as recorder:
        for document in spread(documents, count):
            recorder.add(document)
    took, busy = time.monotonic() - began, time.process_time() - worked
    print(
        f"{count:,} documents written in {took:,.0f} s ({busy:,.0f} s of them in this process), {count / took:,.0f}/s"
    )


def measure(where: str, options: Namespace) -> None:
    """Fill a ledger where it is empty, and search it."""
    with Ledger.open(where) as ledger:
        empty = next(ledger.documents(), None) is None
    if empty:
        filled(where, options)
    with Ledger.open(where, read_only=True) as ledger:
        documents = list(islice(ledger.documents(), DRAWN))
        name = "PostgreSQL" if "://" in where else "SQLite"
        print(f"{name}: {ledger.count(Query()):,} statements, {size_of(where) / 1e9:.2f} GB")
        for part, size in sizes(where)[: options.parts]:
            print(f"  {part:34}{size / 1e6:8.0f} MB")
        print(f"  {'':18}{'median':>10}{'95%':>10}{'hits':>8}", flush=True)
        for kind, draw in kinds(documents, 5).items():
            median, most, hits = timed(ledger, draw, options.queries, options.repeat)
            print(f"  {kind:18}{median:8.1f} ms{most:8.1f} ms{hits:8.1f}", flush=True)
        for kind, function in counts(ledger).items():
            took, _ = quickest(function, max(options.repeat, COUNTS if options.repeat > 1 else 1))
            print(f"  {kind:18}{took:8.1f} ms", flush=True)
    with tempfile.TemporaryDirectory() as folder, Ledger.open(where, read_only=True, index=folder) as ledger:
        by_meaning(ledger, documents, options)


def work(options: Namespace) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        measure(str(options.large or Path(folder) / "large.db"), options)
    if options.postgres:
        measure(options.postgres, options)


def main() -> None:
    """Entry point."""
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--sample", metavar="LEDGER")
    parser.add_argument("--large", type=Path, metavar="FILE", help="the large SQLite ledger, kept and reused")
    parser.add_argument("--statements", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=100, help="of each kind")
    parser.add_argument("--repeat", type=int, default=1, help="so often each, the quickest counts")
    parser.add_argument("--parts", type=int, default=12, help="so many tables and indexes are listed")
    parser.add_argument("--postgres", metavar="ADDRESS")
    sys.exit(run(parser, work))


if __name__ == "__main__":
    main()
