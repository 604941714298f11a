#!/usr/bin/env python3
"""The sourcing table against the Markkula study's tables, beside what language models answered there.

    sourcing.py --shared DIR [--model DIR] [--ids 3,5] [--least SCORE] [--show]

Prints micro F1 of `score_sourcing.py` over `data/markkula/dev.jsonl.gz`, then, for each file of models' answers,
onrecord and the models on the articles that the file has, in one table. "Everything with a mark" is the baseline that
takes each paragraph with a quotation mark or said, told or according to for a statement.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from common import arguments, run, scorer, use_model
from onrecord.pipeline import read_text
from onrecord.sourcing import LEAST, rows, type_name

FIGURES = ("found", "attributed", "name", "title", "justification")
MODELS = ("llm-2025-dev.jsonl.gz", "llm-2024-dev.jsonl.gz")

Rows = list[dict[str, str]]


def lines(path: Path) -> list[dict[str, Any]]:
    """The rows of a gzipped JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def ours(article: dict[str, Any], least: float) -> Rows:
    """Our table of one article."""
    document = read_text(article["text"], id=article["id"], title=article.get("headline"), outlet=article["publisher"])
    return [
        {
            "statement": " ".join(row.span.of(document.text).split()),
            "type": type_name(row.type),
            "name": row.name or "",
            "title": row.title or "",
            "justification": row.justification or "",
        }
        for row in rows(document, least)
    ]


def marked(text: str) -> Rows:
    """The baseline: every paragraph that has a quotation mark or one of three words."""
    found = re.compile(r"[\"“”]|\b(?:said|told|according to)\b", re.IGNORECASE)
    empty = {"type": "", "name": "", "title": "", "justification": ""}
    return [{"statement": line} | empty for line in text.split("\n") if found.search(line)]


def line(name: str, figures: dict[str, dict[str, float]]) -> str:
    """One row of the table."""
    return f"{name:36}" + "".join(f"{100 * figures[key]['f1']:12.1f}" for key in FIGURES)


def measure(options: Namespace) -> None:
    """Print the tables."""
    use_model(options.model)
    module = scorer(options.shared, "score_sourcing")
    data = options.shared / "data/markkula"
    articles = {str(row["id"]): row for row in lines(data / "dev.jsonl.gz")}
    wanted = options.ids.split(",") if options.ids else list(articles)
    gold = {i: module.rows(articles[i]["gold"], i) for i in wanted}
    made = {i: ours(articles[i], options.least) for i in wanted}
    base = {i: marked(articles[i]["text"]) for i in wanted}
    heads = f"{'F1':36}" + "".join(f"{key:>12}" for key in FIGURES)
    print(f"{heads}\n{line(f'onrecord, {len(wanted)} articles', module.score((gold[i], made[i]) for i in wanted))}")
    print(line("everything with a mark", module.score((gold[i], base[i]) for i in wanted)))
    for name in MODELS:
        answers = [row for row in lines(data / name) if str(row["id"]) in gold]
        ids = sorted({str(row["id"]) for row in answers}, key=wanted.index)
        print(f"\n{name}: {len(ids)} articles\n{heads}")
        print(line("onrecord", module.score((gold[i], made[i]) for i in ids)))
        for model in sorted({row["model"] for row in answers}):
            theirs = {str(r["id"]): module.rows(r["statements"], r["id"]) for r in answers if r["model"] == model}
            print(line(model, module.score((gold[i], theirs.get(i, [])) for i in ids)))
    if options.show:
        show(module, gold, made)


def show(module: Any, gold: dict[str, Rows], made: dict[str, Rows]) -> None:
    """What is wrong, on standard error."""
    for i in gold:
        pairs = module.pair(gold[i], made[i])
        for g, p in pairs:
            named = module.same_name(g["name"], p["name"], g["type"].lower() == "named person")
            if not named or g["type"].lower() != p["type"].lower():
                print(
                    f"{i} SOURCE {g['type']}/{g['name']} | {p['type']}/{p['name']} | {p['statement'][:90]}",
                    file=sys.stderr,
                )
            for field in ("title", "justification"):
                if (g[field] or p[field]) and module.overlap(g[field], p[field]) < 0.5:
                    print(f"{i} {field.upper()} {g['name']}: {g[field][:90]} | {p[field][:90]}", file=sys.stderr)
        for name, items, other in (("MISSED", gold[i], 0), ("EXTRA", made[i], 1)):
            for item in items:
                if all(item is not pair[other] for pair in pairs):
                    print(f"{i} {name} {item['type']}/{item['name']}: {item['statement'][:120]}", file=sys.stderr)


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; returns the exit status."""
    parser = arguments(__doc__)
    parser.add_argument("--shared", type=Path, required=True, metavar="DIR", help="the folder with bench/ and data/")
    parser.add_argument("--ids", help="comma-separated article ids")
    parser.add_argument("--least", type=float, default=LEAST, help="least score of a statement in the table")
    parser.add_argument("--show", action="store_true", help="what is wrong, on standard error")
    return run(parser, measure, argv)


if __name__ == "__main__":
    sys.exit(main())
