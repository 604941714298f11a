"""Recall by kind of attribution, as in the shared guide's baselines.

    python bench/kinds.py --shared DIR --data DIR/data/polnear/dev.jsonl.gz [PREDICTED.jsonl]

PREDICTED is what to_attributions.py --top writes; without it the extractor is run over the data.
Found and attributed are those of score_attribution.py (one-to-one matching over all attributions of a
document); the share is of the gold attributions of that kind. The kind is read off the gold alone.

Each attribution is of one of the first four kinds:
  direct          all letters and digits of its content stand in quotation marks
  mixed           some do
  indirect, say   none does, and the cue has a verb of bench/say_verbs.txt
  indirect, other none does, and the cue has none of them (or there is no cue)
and may be of any of the other three besides:
  several spans   letters or digits that are not of the content stand between its spans
  no source       its source is empty
  headline        its content begins in the text's first paragraph
"""

from __future__ import annotations

import json
import re
import sys
from argparse import Namespace
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import ModuleType

from common import (
    FOUND,
    Roles,
    Row,
    Unusable,
    gold_arguments,
    hits,
    letters,
    read_gold,
    roles,
    run,
    scorer,
    top_level,
    use_model,
)
from onrecord.extract.quotes import quotations
from onrecord.extract.spans import covered
from onrecord.model import Span

KINDS = ("direct", "mixed", "indirect, say", "indirect, other", "several spans", "no source", "headline")
SAY_VERBS = Path(__file__).parent / "say_verbs.txt"
BASELINES: Mapping[str, tuple[str, str]] = {
    "direct": ("63/58", "80/75"),
    "mixed": ("63/58", "42/35"),
    "indirect, say": ("68/60", "77/70"),
    "indirect, other": ("34/29", "7/6"),
    "several spans": ("34/29", "55/52"),
    "no source": ("7/0", "8/0"),
    "headline": ("27/24", "0/0"),
}
"""Found/attributed of Citron with its fix and of the rules, from the shared guide/baselines.md."""


@dataclass
class Tally:
    """Gold attributions of a kind, and how many of them were found and attributed."""

    gold: int = 0
    found: int = 0
    attributed: int = 0

    def shares(self) -> dict[str, float]:
        """Recall, 0 to 1, with the number that it rests on."""
        n = self.gold or 1
        return {"n": self.gold, "found": self.found / n, "attributed": self.attributed / n}


@dataclass
class Table:
    """Tallies by kind, and of all."""

    kinds: dict[str, Tally] = field(default_factory=lambda: {kind: Tally() for kind in ("all", *KINDS)})


@cache
def say_pattern() -> re.Pattern[str]:
    """Matches a cue that has a verb or a phrase of say_verbs.txt."""
    terms: list[str] = []
    for line in SAY_VERBS.read_text(encoding="utf-8").splitlines():
        if line.startswith('"'):
            terms.append(r"\s+".join(map(re.escape, line.strip('" ').split())))
        elif not line.startswith("#"):
            terms.extend(map(re.escape, line.split()))
    return re.compile(rf"\b(?:{'|'.join(terms)})\b", re.IGNORECASE)


def kinds_of(text: str, gold: Roles, quoted: Sequence[Span]) -> list[str]:
    """The kinds of a gold attribution; ``quoted`` are the outer quotations of ``text``."""
    content = sorted(Span(*pair) for pair in gold["content"])
    inside, total = covered(content, quoted, text)
    cue = " ".join(text[start:end] for start, end in gold.get("cue") or ())
    if inside:
        found = ["direct" if inside == total else "mixed"]
    else:
        found = ["indirect, say" if say_pattern().search(cue) else "indirect, other"]
    gaps = (text[a.end : b.start] for a, b in pairwise(content))
    if any(c.isalnum() for gap in gaps for c in gap):
        found.append("several spans")
    if not any(c.isalnum() for start, end in gold.get("source") or () for c in text[start:end]):
        found.append("no source")
    if "\n" not in text[: content[0].start].lstrip():
        found.append("headline")
    return found


def tally(score: ModuleType, documents: Iterable[tuple[str, Sequence[Roles], Sequence[Roles]]]) -> Table:
    """The table over (text, gold attributions, predicted attributions)."""
    table = Table()
    for text, gold, predicted in documents:
        quoted = [q.span for q in quotations(text) if q.depth == 0]
        wanted = letters(score, text, gold)
        got = [p for p in letters(score, text, predicted) if p["content"]]
        pairs = dict(hits(score, wanted, got))
        for number, attribution in enumerate(gold):
            if not wanted[number]["content"]:
                continue  # the scorer leaves these out too
            partner = pairs.get(number)
            attributed = partner is not None and score.iou(wanted[number]["source"], got[partner]["source"]) >= FOUND
            for kind in ("all", *kinds_of(text, attribution, quoted)):
                table.kinds[kind].gold += 1
                table.kinds[kind].found += partner is not None
                table.kinds[kind].attributed += attributed
    return table


def predictions(score: ModuleType, rows: Sequence[Row], options: Namespace) -> list[Sequence[Roles]]:
    """What was predicted for each row: from the file, or found now."""
    if options.predicted is None:
        model = use_model(options.model)
        return [[roles(s) for s in top_level(row, model)] for row in rows]
    given = score.read(str(options.predicted))
    known = {row["id"] for row in rows}
    if not options.limit and (unknown := sorted(set(given) - known, key=str)):
        raise Unusable(f"{len(unknown)} predicted documents are not in the data, e.g. {unknown[0]!r}")
    for identity, row in given.items():
        if "attributions" not in row:
            raise Unusable(
                f"{options.predicted}: {identity!r} has no attributions (pipe it through to_attributions.py)"
            )
    return [given[row["id"]]["attributions"] if row["id"] in given else [] for row in rows]


def show(table: Table) -> None:
    """Print the table; the two last columns are the tools of the guide."""
    print(f"{'recall, %':18}{'n':>6}{'found':>8}{'attributed':>12}{'Citron':>10}{'rules':>8}")
    for kind, counts in table.kinds.items():
        row = counts.shares()
        citron, rules = BASELINES.get(kind, ("", ""))
        rates = f"{100 * row['found']:8.1f}{100 * row['attributed']:12.1f}"
        print(f"{kind:18}{counts.gold:6}{rates}{citron:>10}{rules:>8}".rstrip())


def work(options: Namespace) -> None:
    """Measure and print."""
    score = scorer(options.shared)
    rows = read_gold(score, options.data, options.limit)
    given = predictions(score, rows, options)
    table = tally(score, ((row["text"], row["attributions"], p) for row, p in zip(rows, given, strict=True)))
    if options.json:
        print(json.dumps({kind: counts.shares() for kind, counts in table.kinds.items()}))
    else:
        show(table)


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; returns the exit status."""
    parser = gold_arguments(__doc__)
    parser.add_argument("--json", action="store_true", help="print the shares (0 to 1) as one JSON object")
    parser.add_argument("predicted", nargs="?", type=Path, metavar="PREDICTED.jsonl")
    return run(parser, work, argv)


if __name__ == "__main__":
    sys.exit(main())
