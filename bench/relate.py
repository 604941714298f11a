"""How long it takes to compare the documents of a ledger with each other, and one more with all that are there.

    python bench/relate.py --sample LEDGER [--documents 1000,10000,100000] [--folder DIR]

A sample is a ledger that ``onrecord add`` made of real articles; its documents are written again and again with a third
of their longer words exchanged for others (as in meaning.py), the speakers' names as they are, until there are so many.
Each size in a process of its own; printed are seconds, milliseconds a document, the highest resident memory, the bytes
that the ledger grows by, what is found, and the median and the longest time for one more article of the sample (the
articles that come next), until everything about it is written down. With ``--folder`` the ledgers are kept there and
used again. Let nothing else run.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from statistics import median

from common import Unusable, run
from ledger import size_of
from meaning import reworded
from onrecord.ledger import Ledger
from onrecord.relate.relations import Relations

ONE_BY_ONE = 21


def measured(sample: str, count: int, where: str) -> None:
    """Write a ledger of so many documents and compare them; what it takes, as JSON."""
    with Ledger.open(sample, read_only=True) as ledger:
        documents = [d for d in ledger.documents() if d.statements]
    made = reworded(documents, count + ONE_BY_ONE)
    with Ledger.open(where) as ledger:
        there = next(iter(ledger.entries()), None) is not None
        with ledger.recorder("bench") as recorder:
            for document in islice(made, count):
                if not there:
                    recorder.add(document)
        before, began = size_of(where), time.monotonic()
        relations = Relations(ledger)
        found = relations.update()
        took, memory = time.monotonic() - began, getrusage(RUSAGE_SELF).ru_maxrss
        single = []
        for document in made:
            ledger.add(document)
            began = time.monotonic()
            relations.update()
            single.append(time.monotonic() - began)
    print(json.dumps(asdict(found) | {
        "seconds": took, "memory": memory, "grown": size_of(where) - before,
        "one": median(single), "longest": max(single),
    }))  # fmt: skip


def work(options: Namespace) -> None:
    """Measure and print."""
    print(
        f"{'documents':>10}{'seconds':>9}{'ms each':>9}{'MiB':>7}{'MB more':>9}{'one more':>10}{'longest':>9}   found"
    )
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        for count in options.documents:
            where = str(folder / f"relate{count}.db")
            command = [sys.executable, __file__, "--sample", options.sample, "--part", str(count), where]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise Unusable(done.stderr.strip())
            made = json.loads(done.stdout)
            print(
                f"{count:10,}{made['seconds']:9.1f}{1000 * made['seconds'] / max(1, made['compared']):9.1f}"
                f"{made['memory'] / 1024:7.0f}{made['grown'] / 1e6:9.1f}{1000 * made['one']:7.0f} ms"
                f"{1000 * made['longest']:6.0f} ms   {made['entities']:,} persons and organizations,"
                f" {made['quotations']:,} quotations, {made['links']:,} links, {made['copies']:,} copies",
                flush=True,
            )


def counts_of(words: str) -> list[int]:
    """Numbers with commas between them."""
    try:
        return [int(word) for word in words.split(",")]
    except ValueError:
        raise ArgumentTypeError("write numbers with commas between them") from None


def main() -> None:
    """Entry point."""
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--sample", required=True, metavar="LEDGER")
    parser.add_argument("--documents", type=counts_of, default=[1_000, 10_000, 100_000], metavar="N,N")
    parser.add_argument("--folder", type=Path, metavar="DIR")
    parser.add_argument("--part", nargs=2, metavar=("COUNT", "FILE"))
    if (options := parser.parse_args()).part:
        measured(options.sample, int(options.part[0]), options.part[1])
    else:
        sys.exit(run(parser, work))


if __name__ == "__main__":
    main()
