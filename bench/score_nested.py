#!/usr/bin/env python3
"""Score nested statements against the hand-labelled sentences of bench/gold/nested.jsonl.

    score_nested.py --shared DIR GOLD --docs DOCS.jsonl
    onrecord read DOCS.jsonl --format jsonl >PREDICTED.jsonl
    score_nested.py --shared DIR GOLD PREDICTED.jsonl [--json]

GOLD       one sentence a line: {"corpus", "id", "sha256", "start", "end", "statements": [...]}; each
           statement has source, cue and content (lists of [start, end), code points into the text of
           the document) and parent (an index into the same list, or null)
PREDICTED  one statement a line: {"document", "id", "parent", "source", "cue", "content", "kind"?};
           document is "polnear:ID" or "agencies:ID", as --docs writes it; parent is an id or null;
           "-" reads standard input

Only nested statements count, those with a parent. Of the predicted ones those count whose content has
letters or digits within a labelled sentence; contents are cut to the sentence before they are
compared, because a content may run beyond it. Records of kind editor_note are left out. Within a
sentence matching is one to one, best overlap first (content, then the parent's content, source, cue).

  nested found        content IoU >= 0.5, over letters and digits
  right parent        found, and the parents' contents too have IoU >= 0.5
  by depth            recall over the gold of that depth, precision over the predicted of that depth;
                      a statement in a top-level one has depth 2

A document without predictions counts as predicted empty. Exit status 2 on unusable input.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CORPORA = {"polnear": "data/polnear/train.jsonl.gz", "agencies": "data/news/agencies.jsonl.gz"}
ROLES = ("source", "cue", "content")
THRESHOLD = 0.5

Letters = frozenset[int]
Spans = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Nested:
    """One nested statement: its letters by role, its parent's content (None if unknown), its depth from 2 on."""

    source: Letters
    cue: Letters
    content: Letters
    parent: Letters | None
    depth: int


@dataclass
class Tally:
    """Counts behind one precision, recall and F1; the hits may differ where depth is scored."""

    gold: int = 0
    predicted: int = 0
    gold_hits: int = 0
    predicted_hits: int = 0

    def figures(self) -> dict[str, float]:
        """Precision, recall and F1 (0 to 1) with the counts they rest on."""
        precision = self.predicted_hits / self.predicted if self.predicted else 0.0
        recall = self.gold_hits / self.gold if self.gold else 0.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        return {"precision": precision, "recall": recall, "f1": f1, "gold": self.gold, "predicted": self.predicted}


@dataclass
class Report:
    """Tallies by name, and what was predicted in sentences whose gold has nothing nested."""

    tallies: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    bare_sentences: int = 0
    predicted_in_bare: int = 0
    unknown_parents: int = 0


def letters(text: str, spans: Spans, start: int = 0, end: int | None = None) -> Letters:
    """Positions of the letters and digits that `spans` cover in `text`, within [start, end)."""
    end = len(text) if end is None else end
    positions: set[int] = set()
    for first, last in spans:
        if not 0 <= first <= last <= len(text):
            raise ValueError(f"span [{first}, {last}) lies outside the text of {len(text)} characters")
        positions.update(i for i in range(max(first, start), min(last, end)) if text[i].isalnum())
    return frozenset(positions)


def iou(a: Letters, b: Letters) -> float:
    """Intersection over union; 1.0 where both are empty."""
    return len(a & b) / len(a | b) if a or b else 1.0


def parent_overlap(gold: Nested, predicted: Nested) -> float:
    """IoU of the parents' contents, 0.0 where the predicted parent is unknown."""
    if gold.parent is None or predicted.parent is None:
        return 0.0
    return iou(gold.parent, predicted.parent)


def match(gold: Sequence[Nested], predicted: Sequence[Nested]) -> list[tuple[int, int]]:
    """One-to-one pairs (gold index, predicted index) whose contents overlap, best overlap first."""
    scored = sorted(
        (
            (
                (
                    iou(a.content, b.content),
                    parent_overlap(a, b),
                    iou(a.source, b.source),
                    iou(a.cue, b.cue),
                ),
                -g,
                -p,
            )
            for g, a in enumerate(gold)
            for p, b in enumerate(predicted)
            if a.content & b.content
        ),
        reverse=True,
    )
    pairs: list[tuple[int, int]] = []
    used_gold: set[int] = set()
    used_predicted: set[int] = set()
    for _, g, p in scored:
        if -g not in used_gold and -p not in used_predicted:
            pairs.append((-g, -p))
            used_gold.add(-g)
            used_predicted.add(-p)
    return pairs


def gold_nested(row: Mapping[str, Any], text: str) -> list[Nested]:
    """The nested statements of one gold sentence."""
    statements = row["statements"]
    nested = []
    for statement in statements:
        if statement["parent"] is None:
            continue
        depth, above = 1, statement["parent"]
        while above is not None:
            depth, above = depth + 1, statements[above]["parent"]
            if depth > len(statements):
                raise ValueError(f"{row['corpus']}:{row['id']}: the parents form a circle")
        roles = {role: letters(text, statement[role]) for role in ROLES}
        parent = letters(text, statements[statement["parent"]]["content"])
        nested.append(Nested(**roles, parent=parent, depth=depth))
    return nested


def predicted_nested(records: Sequence[Mapping[str, Any]], text: str, start: int, end: int) -> list[Nested]:
    """The predicted nested statements that reach into [start, end), cut to it."""
    by_id: dict[str, Mapping[str, Any]] = {}
    for record in records:
        by_id.setdefault(record["id"], record)
    nested = []
    for record in records:
        if record.get("kind") == "editor_note" or not record.get("parent"):
            continue
        roles = {role: letters(text, record.get(role) or [], start, end) for role in ROLES}
        if not roles["content"]:
            continue
        above = by_id.get(record["parent"])
        parent = letters(text, above["content"], start, end) if above else None
        depth = 2
        while above is not None and above.get("parent") and depth <= len(records):
            depth, above = depth + 1, by_id.get(above["parent"])
        nested.append(Nested(**roles, parent=parent, depth=depth))
    return nested


def depth_name(depth: int) -> str:
    """The row of the report that a depth belongs to."""
    return "depth 2" if depth == 2 else "depth 3+"


def score(
    gold: Iterable[Mapping[str, Any]],
    texts: Mapping[str, str],
    predictions: Mapping[str, Sequence[Mapping[str, Any]]],
) -> Report:
    """Figures over gold rows, the texts of their documents and the predicted records, both by "corpus:id"."""
    report = Report()
    for row in gold:
        key = f"{row['corpus']}:{row['id']}"
        wanted = gold_nested(row, texts[key])
        got = predicted_nested(predictions.get(key, ()), texts[key], row["start"], row["end"])
        pairs = [(wanted[g], got[p]) for g, p in match(wanted, got)]
        found = [(a, b) for a, b in pairs if iou(a.content, b.content) >= THRESHOLD]
        right = [(a, b) for a, b in found if parent_overlap(a, b) >= THRESHOLD]
        for measure, hits in (("nested found", found), ("right parent", right)):
            for group in ("", f", {row['corpus']}"):
                tally = report.tallies[measure + group]
                tally.gold += len(wanted)
                tally.predicted += len(got)
                tally.gold_hits += len(hits)
                tally.predicted_hits += len(hits)
            for statement in wanted:
                report.tallies[f"{measure}, {depth_name(statement.depth)}"].gold += 1
            for statement in got:
                report.tallies[f"{measure}, {depth_name(statement.depth)}"].predicted += 1
            for a, b in hits:
                report.tallies[f"{measure}, {depth_name(a.depth)}"].gold_hits += 1
                report.tallies[f"{measure}, {depth_name(b.depth)}"].predicted_hits += 1
        report.unknown_parents += sum(statement.parent is None for statement in got)
        if not wanted:
            report.bare_sentences += 1
            report.predicted_in_bare += len(got)
    return report


def read_gold(path: Path) -> list[dict[str, Any]]:
    """The labelled sentences, one dict a line."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def read_texts(shared: Path, gold: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Texts of the gold's documents by "corpus:id", checked against their SHA-256."""
    hashes = {f"{row['corpus']}:{row['id']}": row["sha256"] for row in gold}
    texts: dict[str, str] = {}
    for corpus, path in CORPORA.items():
        if not any(key.startswith(corpus + ":") for key in hashes):
            continue
        with gzip.open(shared / path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, filter(str.strip, lines)):
                key = f"{corpus}:{row['id']}"
                if key in hashes:
                    if hashlib.sha256(row["text"].encode()).hexdigest() != hashes[key]:
                        raise ValueError(f"{key}: the text in {shared / path} is not the one that was labelled")
                    texts[key] = row["text"]
    if missing := sorted(set(hashes) - set(texts)):
        raise ValueError(f"{len(missing)} labelled documents are not under {shared}, e.g. {missing[0]!r}")
    return texts


def read_predictions(path: str, known: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """Predicted records by document."""
    predictions: dict[str, list[dict[str, Any]]] = defaultdict(list)
    text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    for line in filter(str.strip, text.split("\n")):
        record = json.loads(line)
        predictions[record["document"]].append(record)
    if unknown := sorted(set(predictions) - set(known)):
        raise ValueError(f"{len(unknown)} predicted documents are not in the gold, e.g. {unknown[0]!r}")
    return predictions


def show(report: Report) -> None:
    """Print the report as a table, percentages."""
    print(f"{'':26}{'precision':>10}{'recall':>10}{'F1':>10}{'gold':>7}{'predicted':>11}")
    for name, tally in sorted(report.tallies.items()):
        row = tally.figures()
        rates = "".join(f"{100 * row[key]:10.1f}" for key in ("precision", "recall", "f1"))
        print(f"{name:26}{rates}{tally.gold:7}{tally.predicted:11}")
    print(f"{report.predicted_in_bare} predicted in the {report.bare_sentences} sentences that have none")


def main() -> int:
    """Run the command line; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True, metavar="DIR", help="the shared folder that has data/")
    parser.add_argument("gold", type=Path)
    parser.add_argument("predicted", nargs="?")
    parser.add_argument("--docs", type=Path, metavar="OUT", help='write the labelled documents as {"id", "text"}')
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")
    options = parser.parse_args()
    if options.predicted is None and options.docs is None:
        parser.error("give PREDICTED, or --docs OUT to write the documents to read")
    try:
        gold = read_gold(options.gold)
        texts = read_texts(options.shared, gold)
        if options.docs is not None:
            with options.docs.open("w", encoding="utf-8") as out:
                for key, text in texts.items():
                    out.write(json.dumps({"id": key, "text": text}, ensure_ascii=False) + "\n")
        if options.predicted is None:
            return 0
        report = score(gold, texts, read_predictions(options.predicted, texts))
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"score_nested: {error}", file=sys.stderr)
        return 2
    if report.unknown_parents:
        print(f"score_nested: {report.unknown_parents} parents are not among the predicted records", file=sys.stderr)
    if options.json:
        print(json.dumps({name: tally.figures() for name, tally in report.tallies.items()}))
    else:
        show(report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
