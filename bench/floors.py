#!/usr/bin/env python3
"""Score the shipped extractor on the project's own sentences and hold it to committed floors.

    floors.py [--model DIR] [--write [--lower]]

Runs over `tests/gold/cases.txt`, whose sentences were written before the extractor was trained, and
`tests/gold/speakers.txt`, articles that say who makes each statement, and compares with
`bench/floors.json`: overall figures, found recall for each kind of case, and how many statements get
just the right speakers and the right source type. Exit status 1 where a figure is below its floor.
`--write` raises floors to what is reached now, less a margin; `--lower` lets them fall too, which needs
a reason in the changelog.

Scoring is that of PolNeAR's scorer: letters and digits only, one-to-one, best overlap first; found is
content IoU >= 0.5, attributed has the source's too, strict is both identical. A nested statement is right
where its content and its parent's are found.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "gold"))
sys.path.insert(0, str(Path(__file__).parent))

from parse import Case, load

from onrecord.extract import read_statements, statements
from onrecord.extract.tagger import Tagger, shipped
from onrecord.identify import identified, view_of
from onrecord.model import Document, Span, Statement
from score_nested import Tally, iou, letters

HERE = Path(__file__).parent
CASES = HERE.parent / "tests" / "gold" / "cases.txt"
SPEAKERS = CASES.with_name("speakers.txt")
FLOORS = HERE / "floors.json"
MARGIN = {"overall": 0.01, "case": 0.1}
MEASURES = ("found", "attributed", "strict", "nested")
NAMING = ("speakers", "source types")


def pairs(gold: list[dict[str, frozenset[int]]], got: list[dict[str, frozenset[int]]]) -> list[tuple[int, int]]:
    """One-to-one pairs whose contents overlap, best overlap first."""
    scored = sorted(
        (
            ([iou(a[role], b[role]) for role in ("content", "source", "cue")], -g, -p)
            for g, a in enumerate(gold)
            for p, b in enumerate(got)
            if a["content"] & b["content"]
        ),
        reverse=True,
    )
    chosen: dict[int, int] = {}
    for _, g, p in scored:
        if -g not in chosen and -p not in chosen.values():
            chosen[-g] = -p
    return list(chosen.items())


def score(cases: list[Case], tagger: Tagger) -> dict[str, Tally]:
    """Tallies: the four measures over all cases, and ``found`` for each kind of case (``case:KIND``)."""
    tallies: defaultdict[str, Tally] = defaultdict(Tally)

    def add(name: str, hits: int, gold: int, got: int) -> None:
        tally = tallies[name]
        tally.gold, tally.predicted = tally.gold + gold, tally.predicted + got
        tally.gold_hits, tally.predicted_hits = tally.gold_hits + hits, tally.predicted_hits + hits

    for case in cases:
        text = case.text
        made = statements(Document("case", text), tagger=tagger)
        number = {s.id: k for k, s in enumerate(made)}
        gold = [{r: letters(text, getattr(s, r)) for r in ("source", "cue", "content")} for s in case.statements]
        got = [{r: letters(text, getattr(s, r)) for r in ("source", "cue", "content")} for s in made]
        for nested in (False, True):
            mine = [k for k, s in enumerate(case.statements) if (s.parent is not None) == nested]
            theirs = [k for k, s in enumerate(made) if (s.parent is not None) == nested]
            matched = [(mine[g], theirs[p]) for g, p in pairs([gold[k] for k in mine], [got[k] for k in theirs])]
            found = [(g, p) for g, p in matched if iou(gold[g]["content"], got[p]["content"]) >= 0.5]
            if nested:
                right = 0
                for g, p in found:
                    above, below = case.statements[g].parent, made[p].parent
                    assert above is not None and below is not None
                    right += iou(gold[above]["content"], got[number[below]]["content"]) >= 0.5
                add("nested", right, len(mine), len(theirs))
                continue
            attributed = [(g, p) for g, p in found if iou(gold[g]["source"], got[p]["source"]) >= 0.5]
            strict = [(g, p) for g, p in matched if all(gold[g][r] == got[p][r] for r in ("content", "source"))]
            for name, hits in (("found", found), ("attributed", attributed), ("strict", strict)):
                add(name, len(hits), len(mine), len(theirs))
            add(f"case:{case.case}", len(found), len(mine), len(theirs))
    return dict(tallies)


def naming(articles: list[Case], tagger: Tagger, show: bool = False) -> dict[str, Tally]:
    """Of the statements of articles as they were marked, how many get the right speakers and source type."""
    tallies = {name: Tally() for name in NAMING}
    for case in articles:
        document = Document("case", case.text)
        _, reading = read_statements(document, tagger=tagger)
        marked = tuple(
            Statement(str(k), spans(s.content), spans(s.source), spans(s.cue)) for k, s in enumerate(case.statements)
        )
        named = identified(replace(document, statements=marked), view_of(document.text, reading))
        for k, statement in enumerate(named.statements):
            wanted = case.speakers[k]
            names = tuple(s.name for s in statement.speakers if s.name)
            right = (sorted(names) == sorted(wanted.names), statement.source_type == wanted.type)
            for name, good in zip(NAMING, right, strict=True):
                tally = tallies[name]
                tally.gold, tally.predicted = tally.gold + 1, tally.predicted + 1
                tally.gold_hits, tally.predicted_hits = tally.gold_hits + good, tally.predicted_hits + good
            if show and not all(right):
                print(f"{case.note}, {k + 1}: {names} {statement.source_type}, not {wanted}", file=sys.stderr)
    return tallies


def spans(given: tuple[tuple[int, int], ...]) -> tuple[Span, ...]:
    """Spans in order."""
    return tuple(Span(*span) for span in sorted(given))


def reached(tallies: dict[str, Tally]) -> dict[str, float]:
    """The figures that have floors: F1 overall, recall a kind, false statements in passages that hold none."""
    result = {name: tallies[name].figures()["f1"] for name in (*MEASURES, *NAMING)}
    for name, tally in sorted(tallies.items()):
        if name.startswith("case:") and tally.gold:
            result[name] = tally.figures()["recall"]
        elif name.startswith("case:"):
            result[name] = 1.0 / (1 + tally.predicted)
    return result


def main() -> int:
    """Entry point."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--model", help="folder of another model than the shipped one")
    p.add_argument("--write", action="store_true")
    p.add_argument("--lower", action="store_true")
    p.add_argument("--show", action="store_true", help="whose speakers are wrong, on standard error")
    options = p.parse_args()
    cases = load(CASES)
    tagger = Tagger(Path(options.model)) if options.model else shipped()
    tallies = score(cases, tagger) | naming(load(SPEAKERS), tagger, options.show)
    figures = reached(tallies)
    floors: dict[str, float] = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
    if not options.write and not floors:
        print(f"{FLOORS}: no floors (write them with --write)", file=sys.stderr)
        return 2
    for name, value in figures.items():
        tally = tallies[name]
        print(
            f"{name:28}{100 * value:6.1f}  floor {100 * floors.get(name, 0):5.1f}"
            f"  gold {tally.gold:4} predicted {tally.predicted:4}"
        )
    if options.write:
        for name, value in figures.items():
            new = round(max(0.0, value - MARGIN["case" if name.startswith("case:") else "overall"]), 3)
            floors[name] = new if options.lower else max(new, floors.get(name, 0.0))
        FLOORS.write_text(json.dumps(floors, indent=1) + "\n", encoding="utf-8")
        return 0
    below = [name for name, floor in floors.items() if figures.get(name, 0.0) < floor]
    for name in below:
        print(
            f"floors: {name} is {100 * figures.get(name, 0.0):.1f}, its floor {100 * floors[name]:.1f}", file=sys.stderr
        )
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
