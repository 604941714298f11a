#!/usr/bin/env python3
"""Headlines: how many are read right above the beginning of their article, and alone on their line.

    headlines.py [--model DIR] [--show]

Runs over `bench/gold/headlines.txt`, which was written before headlines above articles were trained on. Of each
passage only the statement of its first line counts: found is content IoU >= 0.5, attributed has the source's too
(letters and digits only). A headline of the kind `none` attributes nothing; a statement in it is a false one.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "gold"))
sys.path.insert(0, str(Path(__file__).parent))

from parse import Case, load

from common import arguments, run, use_model
from onrecord.extract import statements
from onrecord.extract.tagger import Tagger
from onrecord.model import Document, Statement
from score_nested import iou, letters

GOLD = Path(__file__).parent / "gold" / "headlines.txt"


def of_headline(text: str, tagger: Tagger) -> list[Statement]:
    """The top-level statements whose content begins in the first line of ``text``."""
    line = text.split("\n", 1)[0]
    return [
        s
        for s in statements(Document("headline", text), tagger=tagger)
        if s.parent is None and s.content[0].start < len(line)
    ]


def outcome(case: Case, text: str, tagger: Tagger) -> tuple[bool, bool, int]:
    """Whether the headline's statement is found, whether it is attributed, and how many others there are."""
    made = of_headline(text, tagger)
    if not case.statements:
        return False, False, len(made)
    (gold,) = case.statements
    content, source = letters(text, gold.content), letters(text, gold.source)
    for statement in made:
        if iou(content, letters(text, statement.content)) >= 0.5:
            return True, iou(source, letters(text, statement.source)) >= 0.5, len(made) - 1
    return False, False, len(made)


def measure(options: Namespace) -> None:
    """Print the table."""
    tagger = use_model(options.model)
    table: dict[tuple[str, str], list[tuple[bool, bool, int]]] = defaultdict(list)
    for case in load(GOLD):
        for place, text in (("above", case.text), ("alone", case.text.split("\n", 1)[0])):
            result = outcome(case, text, tagger)
            table[place, case.case].append(result)
            if options.show and (not result[1] if case.statements else result[2]):
                print(f"{place}: {text.split(chr(10), 1)[0]} ({case.case} | {case.note})", file=sys.stderr)
    print(f"{'':26}{'n':>4}{'found':>8}{'attributed':>12}{'others':>8}")
    for (place, kind), results in sorted(table.items()):
        counts = [sum(column) for column in zip(*results, strict=True)]
        print(f"{place:8}{kind:18}{len(results):4}{counts[0]:8}{counts[1]:12}{counts[2]:8}")


def main(argv: list[str] | None = None) -> int:
    """Entry point."""
    parser = arguments(__doc__)
    parser.add_argument("--show", action="store_true", help="the headlines that are read wrong, on standard error")
    return run(parser, measure, argv)


if __name__ == "__main__":
    sys.exit(main())
