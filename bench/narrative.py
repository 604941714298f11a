"""False statements per 1,000 words on narrative that attributes nothing to anybody.

    python bench/ood_gold.py --shared DIR --out OUT
    python bench/narrative.py OUT/narrative-docs.jsonl [--show]

The stretches go the whole way that `onrecord read` takes; whatever is found in them is false. Words are
counted between white space.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from common import Unusable, arguments, run, use_model
from onrecord.errors import DocumentError
from onrecord.exports.record import words as words_of
from onrecord.model import Document, Statement
from onrecord.pipeline import read_many

LEVELS = (0.0, 0.5, 0.7, 0.9)
"""Values of --min-score to count at."""


def rates(documents: Sequence[Document], least: float) -> tuple[int, float, int]:
    """False statements of that score or more: how many, how many per 1,000 words, how many of them nested."""
    total = sum(len(d.text.split()) for d in documents)
    false = [s for d in documents for s in d.statements if s.score >= least]
    return len(false), 1000 * len(false) / total, sum(s.parent is not None for s in false)


def shown(document: Document, statement: Statement) -> str:
    """A statement on one line: score, [source], <cue>, content."""
    source, cue, content = (words_of(document, spans) for spans in (statement.source, statement.cue, statement.content))
    return f"  {statement.score:.2f} [{source or ''}] <{cue or ''}> {content} ({document.id})".replace("\n", " / ")


def work(options: Namespace) -> None:
    """Measure and print."""
    use_model(options.model)
    documents = []
    for outcome in read_many([options.documents]):
        if isinstance(outcome, DocumentError):
            raise Unusable(str(outcome))
        documents.append(outcome)
    total = sum(len(d.text.split()) for d in documents)
    print(f"{len(documents)} stretches of narrative, {total:,} words")
    print(f"{'min-score':>9}{'false':>7}{'nested':>8}{'per 1,000 words':>17}")
    for least in LEVELS:
        false, rate, nested = rates(documents, least)
        print(f"{least:9.1f}{false:7}{nested:8}{rate:17.2f}")
    if options.show:
        print("\n".join(shown(d, s) for d in documents for s in d.statements))


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; returns the exit status."""
    parser = arguments(__doc__)
    parser.add_argument("documents", type=Path, metavar="DOCS.jsonl")
    parser.add_argument("--show", action="store_true", help="list the false statements")
    return run(parser, work, argv)


if __name__ == "__main__":
    sys.exit(main())
