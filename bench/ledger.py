"""What recording costs: documents a second with and without it, bytes an article, memory.

    python bench/ledger.py --data DIR/data/news [--rounds 3] [--limit N] [--postgres ADDRESS] [--picture FILE.svg]

Printed, in this order:
  overhead   documents a second of ``onrecord add`` with two workers, and of the same two workers whose statements are
             thrown away. Runs of the two alternate, each in a process of its own; the median counts
  size       bytes of the ledger an article, beside those of the texts
  memory     highest resident memory of the process that writes, for 1,000 and for 50,000 documents (--many), made from
             extracted ones by a seeded change of their digits, and documents a second without extraction

``--postgres`` is the address of an empty database: size and writing are measured there too. Let nothing else run.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import cycle, islice
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from statistics import median

from common import Unusable, run
from onrecord.batch import Workers, record
from onrecord.ledger import Ledger
from onrecord.model import Document
from onrecord.pipeline import read_many

WORKERS = 2
STEP = 1000
"""Memory is looked at each time so many documents were written."""


def news(folder: Path, limit: int, out: Path) -> int:
    """Write the articles of a folder's JSON Lines files into one; how many there are.

    Raises:
        Unusable: there is none.
    """
    count = 0
    with out.open("w", encoding="utf-8") as file:
        for path in sorted(folder.glob("*.jsonl.gz")):
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                for line in lines:
                    if limit and count >= limit:
                        break
                    row = json.loads(line)
                    kept = {key: row[key] for key in ("id", "text", "date", "title", "url") if row.get(key)}
                    file.write(json.dumps(kept) + "\n")
                    count += 1
    if not count:
        raise Unusable(f"{folder}: there are no articles (*.jsonl.gz)")
    return count


def timed(*command: str) -> float:
    """Seconds that a command of this file takes, from start to end."""
    began = time.monotonic()
    done = subprocess.run([sys.executable, __file__, "--part", *command], stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise Unusable(f"{' '.join(command)}: {done.stderr.strip()}")
    return time.monotonic() - began


def extract(file: str) -> None:
    """Find the statements and throw them away."""
    with Workers(WORKERS) as workers:
        for _ in workers.extracted(read_many([file], extract=False)):
            pass


def add(file: str, where: str) -> None:
    """Find the statements and record them, as ``onrecord add`` does."""
    with Ledger.open(where) as ledger, Workers(WORKERS) as workers, ledger.recorder("bench") as recorder:
        for _ in record(recorder, read_many([file], extract=False), workers):
            pass


def varied(documents: Sequence[Document], count: int) -> Iterator[Document]:
    """``count`` documents, those given over and over with other digits, each with ids of its own.

    >>> one = Document("a", "In 1999 it rained.")
    >>> [(d.id, d.text) for d in varied([one], 2)]
    [('a-0', 'In 1999 it rained.'), ('a-1', 'In 2000 it rained.')]
    """
    for number, document in enumerate(islice(cycle(documents), count)):
        shift = number // len(documents) % 10
        digits = str.maketrans("0123456789", "0123456789"[shift:] + "0123456789"[:shift])
        text = document.text.translate(digits)

        def named(identity: str | None, number: int = number) -> str | None:
            return None if identity is None else sha256(f"{number} {identity}".encode()).hexdigest()[:16]

        statements = tuple(replace(s, id=named(s.id) or "", parent=named(s.parent)) for s in document.statements)
        yield replace(document, id=f"{document.id}-{number}", text=text, statements=statements)


def write(sample: str, count: str, where: str) -> None:
    """Record so many varied documents; memory in kilobytes after each thousand, seconds."""
    with Ledger.open(sample, read_only=True) as ledger:
        documents = list(islice(ledger.documents(), 500))
    began, memory = time.monotonic(), []
    with Ledger.open(where) as ledger, ledger.recorder("bench") as recorder:
        for number, document in enumerate(varied(documents, int(count)), 1):
            recorder.add(document)
            if number % STEP == 0:
                memory.append(getrusage(RUSAGE_SELF).ru_maxrss)
    print(json.dumps({"seconds": time.monotonic() - began, "memory": memory}))


def written(sample: str, count: int, where: str) -> tuple[float, list[int]]:
    """What ``write`` tells, from a process of its own."""
    command = [sys.executable, __file__, "--part", "write", sample, str(count), where]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Unusable(done.stderr.strip())
    told = json.loads(done.stdout)
    return told["seconds"], told["memory"]


def picture(memory: Sequence[int], statements: int) -> str:
    """Memory of the writing process by documents written, as SVG."""
    width, height, left, top, wide, tall = 520, 300, 64, 56, 420, 180
    most = max(memory) / 1024 * 1.25
    points = " ".join(
        f"{left + wide * (k + 1) / len(memory):.1f},{top + tall - tall * kb / 1024 / most:.1f}"
        for k, kb in enumerate(memory)
    )
    ticks = "".join(
        f'<path class="grid" d="M{left} {y:.1f}H{left + wide}"/>'
        f'<text class="soft" x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{value:.0f}</text>'
        for value in (0, most / 4, most / 2, most * 3 / 4)
        for y in (top + tall - tall * value / most,)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'role="img" aria-labelledby="t d"><title id="t">Memory of the writing process</title>'
        f'<desc id="d">{memory[0] / 1024:.0f} MiB after {STEP:,} documents, {memory[-1] / 1024:.0f} MiB after '
        f"{len(memory) * STEP:,}</desc><style>svg {{ font: 13px system-ui, sans-serif }} .page {{ fill: #fff }} "
        "text { fill: #1f2328 } .soft { fill: #59636e } .grid { stroke: #d1d9e0 } "
        ".line { stroke: #0b57a4; stroke-width: 2.5; fill: none } @media (prefers-color-scheme: dark) { "
        ".page { fill: #0d1117 } text { fill: #e6edf3 } .soft { fill: #9198a1 } .grid { stroke: #30363d } "
        f'.line {{ stroke: #79b8ff }} }}</style><rect class="page" width="{width}" height="{height}"/>'
        f'<text x="{left}" y="24" font-weight="600">Memory of the writing process, MiB</text>'
        f'<text class="soft" x="{left}" y="42">{statements:,} statements in {len(memory) * STEP:,} documents</text>'
        f'{ticks}<polyline class="line" points="{points}"/>'
        f'<text class="soft" x="{left}" y="{top + tall + 20}">{STEP:,}</text>'
        f'<text class="soft" x="{left + wide}" y="{top + tall + 20}" text-anchor="end">{len(memory) * STEP:,}</text>'
        f'<text x="{left + wide / 2}" y="{top + tall + 40}" text-anchor="middle">documents written</text></svg>\n'
    )


def size_of(where: str) -> int:
    """Bytes of a ledger that nobody has open."""
    if "://" not in where:
        return Path(where).stat().st_size
    import psycopg

    with psycopg.connect(where) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return int(row[0]) if row else 0


def work(options: Namespace) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        file, ledger = Path(folder) / "news.jsonl", Path(folder) / "news.db"
        count = news(options.data, options.limit, file)
        without, recorded = [], []
        for _ in range(options.rounds):
            without.append(timed("extract", str(file)))
            ledger.unlink(missing_ok=True)
            recorded.append(timed("add", str(file), str(ledger)))
        plain, full = median(without), median(recorded)
        print(f"overhead, {count:,} articles, {WORKERS} workers, {options.rounds} rounds")
        print(f"  extraction alone  {count / plain:7.1f} documents/s")
        print(f"  onrecord add      {count / full:7.1f} documents/s, {100 * (full / plain - 1):+.1f}% time")
        again = timed("add", str(file), str(ledger))
        print(f"  add again         {count / again:7.1f} documents/s, all unchanged")
        with Ledger.open(ledger, read_only=True) as opened:
            (*_, account) = opened.verify()
            texts = sum(len(d.text.encode()) for d in opened.documents())
        print(
            f"size: {size_of(str(ledger)) / count:,.0f} bytes an article ({account.statements / count:.1f} statements)"
        )
        print(f"  its text {texts / count:,.0f}, {len(account.problems)} problems")
        places = [(str(Path(folder) / "few.db"), STEP), (str(Path(folder) / "many.db"), options.many)]
        if options.postgres:
            places.append((options.postgres, options.many))
        memory: list[int] = []
        for where, number in places:
            seconds, memory = written(str(ledger), number, where)
            kind = "PostgreSQL" if "://" in where else "SQLite"
            print(
                f"writing {number:,} documents, {kind}: {memory[-1] / 1024:.0f} MiB at the highest, "
                f"{number / seconds:,.0f} documents/s, {size_of(where) / number:,.0f} bytes a document"
            )
            if number == options.many and kind == "SQLite" and options.picture:
                every = round(account.statements / count * number)
                options.picture.write_text(picture(memory, every), encoding="utf-8")


def main() -> None:
    """Entry point."""
    if sys.argv[1:2] == ["--part"]:
        parts: dict[str, Callable[..., None]] = {"extract": extract, "add": add, "write": write}
        parts[sys.argv[2]](*sys.argv[3:])
        return
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="a folder of .jsonl.gz files")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=int, default=0, help="so many articles; 0: all")
    parser.add_argument("--many", type=int, default=50_000)
    parser.add_argument("--postgres", metavar="ADDRESS", help="an empty database")
    parser.add_argument("--picture", type=Path, metavar="FILE.svg")
    sys.exit(run(parser, work))


if __name__ == "__main__":
    os.environ.setdefault("ONRECORD_THREADS", "1")
    main()
