"""How quickly a ledger is exported in each format, how large that gets, and how much memory it takes.

    python bench/exports.py --sample LEDGER [--statements 10000,100000,1000000] [--formats jsonl,parquet]
    python bench/exports.py --ledger LARGE [--formats jsonl,parquet]

A sample is a ledger that ``onrecord add`` made of real articles; its documents are written again and again with other
digits (as in ledger.py) until there are so many statements. ``--ledger`` exports one as it is. Each format is written
in a process of its own, in the way that ``onrecord export`` writes it; printed are statements a second, megabytes
written and the highest resident memory of the process. Let nothing else run.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from shutil import rmtree
from typing import Any

from common import Unusable, run
from ledger import size_of, varied
from onrecord.cli.output import write, write_ledger
from onrecord.exports import FORMATS, LEDGER_FORMATS, export_for, ledger_export_for
from onrecord.ledger import Entry, Ledger
from onrecord.model import Document

EVERY = [*FORMATS, *LEDGER_FORMATS]


def exported(format_: str, where: str, folder: str) -> None:
    """Write a ledger in one format; seconds, statements, megabytes and memory as JSON."""
    statements = 0

    def counted(entries: Iterator[Entry]) -> Iterator[Entry]:
        nonlocal statements
        for entry in entries:
            statements += len(entry.document.statements)
            yield entry

    began = time.monotonic()
    with Ledger.open(where, read_only=True) as ledger:
        entries = counted(ledger.entries())
        if format_ in FORMATS:
            plain = export_for(format_)
            output = f"{folder}/pages/" if plain.index else f"{folder}/all{plain.suffix}"
            write(plain, (entry.document for entry in entries), output)
        else:
            made = ledger_export_for(format_)
            write_ledger(made, entries, f"{folder}/all/" if made.write_folder else f"{folder}/all{made.suffix}")
    seconds = time.monotonic() - began
    size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
    print(json.dumps({"seconds": seconds, "statements": statements, "size": size / 1e6, "memory": peak()}))


def peak() -> float:
    """The highest resident memory of this process in MB; what it was started from has no part in it (Linux).

    Raises:
        Unusable: the system does not tell it.
    """
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
    if not found:
        raise Unusable("there is no /proc/self/status with VmHWM: memory can be measured on Linux only")
    return int(found[1]) * 1024 / 1e6


def measured(format_: str, where: str) -> dict[str, Any]:
    """What ``exported`` tells, from a process of its own, whose files are thrown away."""
    folder = tempfile.mkdtemp()
    try:
        command = [sys.executable, __file__, "--part", format_, where, folder]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise Unusable(f"{format_}: {done.stderr.strip()}")
        told: dict[str, Any] = json.loads(done.stdout)
        return told
    finally:
        rmtree(folder)


def measure(where: str, formats: Sequence[str]) -> None:
    """Export a ledger in these formats and print what each took."""
    print(f"  {'':12}{'statements/s':>14}{'MB':>10}{'MB memory':>12}{'seconds':>10}")
    for format_ in formats:
        told = measured(format_, where)
        speed = told["statements"] / told["seconds"]
        print(
            f"  {format_:12}{speed:14,.0f}{told['size']:10,.1f}{told['memory']:12,.0f}{told['seconds']:10,.1f}",
            flush=True,
        )


def filled(where: str, documents: Sequence[Document], statements: int) -> int:
    """Write a ledger of so many statements; how many documents that are."""
    each = sum(len(document.statements) for document in documents) / len(documents)
    count = round(statements / each)
    with Ledger.open(where) as ledger, ledger.recorder("bench") as recorder:
        for document in varied(documents, count):
            recorder.add(document)
    return count


def work(options: Namespace) -> None:
    """Measure and print."""
    if options.ledger:
        print(f"{options.ledger}, {size_of(options.ledger) / 1e6:,.0f} MB")
        measure(options.ledger, options.formats)
        return
    with Ledger.open(options.sample, read_only=True) as ledger:
        documents = [d for d in islice(ledger.documents(), 2000) if d.statements]
    if not documents:
        raise Unusable(f"{options.sample}: has no statements")
    for statements in options.statements:
        with tempfile.TemporaryDirectory() as folder:
            where = str(Path(folder) / "large.db")
            count = filled(where, documents, statements)
            print(f"{statements:,} statements in {count:,} documents, a ledger of {size_of(where) / 1e6:,.0f} MB")
            measure(where, options.formats)


def formats_of(words: str) -> list[str]:
    """The formats that are named, with commas between.

    >>> formats_of("jsonl,ftm")
    ['jsonl', 'ftm']
    """
    names = words.split(",")
    if unknown := [name for name in names if name not in EVERY]:
        raise ArgumentTypeError(f"there is no format {', '.join(unknown)} (there are {', '.join(EVERY)})")
    return names


def counts_of(words: str) -> list[int]:
    """Numbers with commas between.

    >>> counts_of("10000,100000")
    [10000, 100000]
    """
    return [int(word) for word in words.split(",")]


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point."""
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--sample", metavar="LEDGER", help="a ledger of real articles to make large ones of")
    which.add_argument("--ledger", metavar="LARGE", help="a ledger to export as it is")
    parser.add_argument("--statements", type=counts_of, default=[10_000, 100_000, 1_000_000], metavar="N,N")
    parser.add_argument("--formats", type=formats_of, default=EVERY, metavar="NAME,NAME")
    return run(parser, work, argv)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--part"]:
        exported(*sys.argv[2:])
    else:
        sys.exit(main())
