#!/usr/bin/env python3
"""Who is speaking: how often the named speaker is right, and how often one is named.

    speakers.py --shared DIR [--model DIR] [--curve FILE.svg] [--show] [--found]

Runs over `bench/gold/speakers.jsonl`, 331 attributions of PolNeAR dev. The statements are PolNeAR's own, so that
nothing but the choice of speakers is measured; `--found` takes those that onrecord finds (content IoU >= 0.5)
instead.

Precision: of the statements for which speakers are named, how many have the right ones, all of them (`same_name` of
the shared `score_sourcing.py`). Coverage: of the statements whose speaker the article names, for how many somebody is
named. Type: how often the source type is right. The baseline names the person who was named last before the source
words.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from argparse import Namespace
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from common import Unusable, agree, arguments, flat, run, scorer, use_model
from onrecord.extract import read_statements
from onrecord.extract.reading import Reading
from onrecord.identify import identified, view_of
from onrecord.model import Document, Statement

GOLD = Path(__file__).parent / "gold" / "speakers.jsonl"
KINDS = ("named", "pronoun", "description", "none")
PERSON = "named_person"


@dataclass(frozen=True)
class Judged:
    """One gold statement and what was made of it; ``names`` is empty where nobody was named."""

    kind: str
    names: tuple[str, ...]
    score: float
    known: bool
    right: bool
    type_right: bool
    last_right: bool
    last_named: bool


def as_found(
    score: ModuleType,
    document: Document,
    made: tuple[Statement, ...],
    reading: Reading,
    items: Sequence[dict[str, Any]],
) -> dict[int, Statement]:
    """For each attribution the statement that was found for it."""
    text = document.text
    named = identified(replace(document, statements=made), view_of(text, reading))
    top = [s for s in named.statements if s.parent is None]
    gold = [{r: score.letters(text, item.get(r) or ()) for r in score.ROLES} for item in items]
    got = [{r: score.letters(text, getattr(s, r)) for r in score.ROLES} for s in top]
    return {g: top[p] for g, p in score.match(gold, got) if score.iou(gold[g]["content"], got[p]["content"]) >= 0.5}


def judge(options: Namespace) -> list[Judged]:
    """What is made of each gold statement."""
    tagger = use_model(options.model)
    module, score = scorer(options.shared, "score_sourcing"), scorer(options.shared)
    wanted: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in GOLD.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        wanted[row["id"]].append(row)
    judged = []
    with gzip.open(options.shared / "data/polnear/dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        for article in map(json.loads, lines):
            rows = wanted.pop(str(article["id"]), [])
            if not rows:
                continue
            text = article["text"]
            if hashlib.sha256(text.encode()).hexdigest() != rows[0]["sha256"]:
                raise Unusable(f"{article['id']}: not the text that was labelled")
            document = Document(article["id"], text)
            found, reading = read_statements(document, tagger=tagger)
            if options.found:
                made = as_found(score, document, found, reading, article["attributions"])
            else:
                pairs = flat(article["attributions"])
                named = identified(replace(document, statements=tuple(s for _, s in pairs)), view_of(text, reading))
                made = {index: s for (index, _), s in zip(pairs, named.statements, strict=True)}
            for row in rows:
                judged.append(verdict(module, text, row, made.get(row["index"]), options.show))
    if wanted:
        raise Unusable(f"{len(wanted)} labelled articles are not in the data")
    return judged


def verdict(module: ModuleType, text: str, row: dict[str, Any], statement: Statement | None, show: bool) -> Judged:
    """One gold statement and its verdict."""
    gold = [text[a:b] for a, b in row["speaker"]]
    names = tuple(s.name for s in statement.speakers if s.name) if statement else ()
    kind = str(statement.source_type) if statement else "unknown"
    person = row["source_type"] == PERSON
    last = text[slice(*row["last_named"])] if row["last_named"] else ""
    right = bool(names) and agree(module, gold, names, person)
    if show and ((names and not right) or kind != row["source_type"] or (gold and not names)):
        words = " … ".join(text[a:b] for a, b in row["source"])
        print(f"{row['kind']:12} {row['id'][:40]} #{row['index']} [{words}] gold {gold} {row['source_type']}"
              f" got {list(names)} {kind} {statement.speaker_score if statement else 0:.2f}"
              f" {statement.candidates if statement else ''}", file=sys.stderr)  # fmt: skip
    return Judged(
        row["kind"], names, statement.speaker_score if statement else 0.0, bool(gold), right,
        kind == row["source_type"], bool(last) and agree(module, gold, [last], person), bool(last),
    )  # fmt: skip


def line(name: str, items: Sequence[Judged]) -> str:
    """One row of the table."""
    named = [j for j in items if j.names]
    known = [j for j in items if j.known]
    guessed = [j for j in items if j.last_named]
    share = [
        sum(j.right for j in named) / max(1, len(named)),
        sum(bool(j.names) for j in known) / max(1, len(known)),
        sum(j.type_right for j in items) / max(1, len(items)),
        sum(j.last_right for j in guessed) / max(1, len(guessed)),
    ]
    return f"{name:14}{len(items):6}{len(known):8}" + "".join(f"{100 * value:12.1f}" for value in share)


def curve(items: Sequence[Judged]) -> list[tuple[float, float]]:
    """Coverage and precision as the least score falls: the statements with a known speaker that are named, surest
    first."""
    named = sorted((j for j in items if j.names), key=lambda j: -j.score)
    known = sum(j.known for j in items)
    points, right, covered = [], 0, 0
    for count, item in enumerate(named, start=1):
        right += item.right
        covered += item.known
        points.append((covered / known, right / count))
    return points


def picture(points: dict[str, list[tuple[float, float]]], baseline: tuple[float, float]) -> str:
    """The risk-coverage curves as SVG: coverage to the right, precision upwards from one half."""
    width, height, left, top = 520, 320, 56, 16
    colours = ("#1c1b19", "#1c5a8c", "#875700", "#1b6a50", "#a33f17")

    def place(coverage: float, precision: float) -> str:
        down = (1 - max(precision, 0.5)) * 2
        return f"{left + coverage * (width - left - 120):.1f},{top + down * (height - top - 44):.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"',
        ' font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="#fdfcf8"/>',
    ]
    for tick in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0):
        x, y = place(0, tick).split(",")
        end = place(1, tick).split(",")[0]
        parts.append(f'<line x1="{x}" x2="{end}" y1="{y}" y2="{y}" stroke="#d9d5ca"/>')
        parts.append(
            f'<text x="{left - 8}" y="{float(y) + 4:.1f}" text-anchor="end" fill="#66625a">{100 * tick:.0f}%</text>'
        )
    for tick in (0, 0.2, 0.4, 0.6, 0.8, 1.0):
        x, y = place(tick, 0.5).split(",")
        parts.append(
            f'<text x="{x}" y="{float(y) + 18:.1f}" text-anchor="middle" fill="#66625a">{100 * tick:.0f}%</text>'
        )
    for number, (name, line_of) in enumerate(points.items()):
        path = " ".join(place(*point) for point in line_of)
        wide = 2.5 if number == 0 else 1.2
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colours[number]}" stroke-width="{wide}"/>')
        parts.append(f'<text x="{width - 112}" y="{top + 14 + 18 * number}" fill="{colours[number]}">{name}</text>')
    x, y = place(*baseline).split(",")
    parts.append(f'<circle cx="{x}" cy="{y}" r="4" fill="#a33f17"/>')
    label = f"last named person ({100 * baseline[1]:.0f}%)"
    parts.append(f'<text x="{float(x) - 8:.1f}" y="{float(y) - 8:.1f}" text-anchor="end" fill="#a33f17">{label}</text>')
    label = "coverage: share of known speakers that are named"
    parts.append(f'<text x="{left}" y="{height - 6}" fill="#66625a">{label}</text></svg>')
    return "\n".join(parts) + "\n"


def measure(options: Namespace) -> None:
    """Print the table; write the picture."""
    judged = judge(options)
    print(f"{'':14}{'n':>6}{'known':>8}{'precision':>12}{'coverage':>12}{'type':>12}{'last named':>12}")
    for kind in KINDS:
        print(line(kind, [j for j in judged if j.kind == kind]))
    print(line("together", judged))
    points = curve(judged)
    for least in (0.5, 0.6, 0.7, 0.8, 0.9):
        kept = [j for j in judged if j.names and j.score >= least]
        known = sum(j.known for j in judged)
        covered = sum(j.known for j in kept) / known
        precision = sum(j.right for j in kept) / max(1, len(kept))
        print(f"score >= {least:.1f}: precision {100 * precision:.1f}, coverage {100 * covered:.1f}")
    if options.curve:
        by_kind = {"all": points} | {k: curve([j for j in judged if j.kind == k]) for k in KINDS}
        guessed = [j for j in judged if j.last_named]
        right = sum(j.last_right for j in guessed) / len(guessed)
        covered = sum(j.known for j in guessed) / sum(j.known for j in judged)
        options.curve.write_text(picture(by_kind, (covered, right)), encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; returns the exit status."""
    parser = arguments(__doc__)
    parser.add_argument("--shared", type=Path, required=True, metavar="DIR", help="the folder with bench/ and data/")
    parser.add_argument("--found", action="store_true", help="on the statements that onrecord finds")
    parser.add_argument("--curve", type=Path, metavar="FILE.svg", help="write the risk-coverage curve")
    parser.add_argument("--show", action="store_true", help="what is wrong, on standard error")
    return run(parser, measure, argv)


if __name__ == "__main__":
    sys.exit(main())
