#!/usr/bin/env python3
"""How and when it was said: acts, commitment, polarity, certainty and dates against labels.

    acts.py --shared DIR [--model DIR] [--confusion FILE.svg] [--show]

Runs over `bench/gold/acts.jsonl`: statements of PolNeAR dev, the Markkula study's development articles and agency copy,
set apart before anything judged acts and labelled twice. The statements are the labelled ones, so that nothing but how
they are judged is measured.

- act: accuracy and macro F1 with 95% bootstrap intervals, how far the two labellings agree, and what the cue's entry in
  the lexicon alone reaches.
- the outlet's or relayer's commitment: of the statements that a word vouches for (or keeps at arm's length), precision
  and recall; every false commitment is listed.
- the speaker's certainty (macro F1) and polarity (F1 of negative).
- said_on: precision (the date given is the labelled one) and recall on 150 statements, half of them with a date, drawn
  by hash; and on all.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from common import arguments, articles, f1_of, flat, read_jsonl, run, statements, use_model
from onrecord.extract import read_statements
from onrecord.identify import identified, view_of
from onrecord.identify.view import said_of
from onrecord.model import Act, Document, Polarity, Stance, Statement
from onrecord.qualify import qualified
from onrecord.qualify.cues import of_cue
from onrecord.readers.dates import iso_date

GOLD = Path(__file__).parent / "gold" / "acts.jsonl"
ROUNDS = 2000
DATED = 75


@dataclass(frozen=True)
class Judged:
    """A labelled statement, what was made of it, the cue's entry alone, and its words for showing."""

    label: dict[str, Any]
    made: Statement
    by_cue: str
    words: str


def judge(options: Namespace) -> list[Judged]:
    """What is made of each labelled statement."""
    tagger = use_model(options.model)
    judged = []
    for row, labels in articles(options.shared, list(read_jsonl(GOLD))):
        text = row["text"]
        document = Document(str(row["id"]), text, date=iso_date(labels[0]["date"]))
        found, reading = read_statements(document, tagger=tagger)
        mine = statements(text, labels)
        others = [s for _, s in flat(row["attributions"])] if "attributions" in row else found
        others = [replace(s, id=f"other {s.id}", parent=None) for s in others if not any(_same(s, m) for m in mine)]
        view = view_of(text, reading)
        document = replace(document, statements=tuple(sorted([*mine, *others], key=lambda s: s.content[0].start)))
        made = {s.id: s for s in qualified(identified(document, view), view).statements}
        for one, label in zip(mine, labels, strict=True):
            entry = of_cue([view.lower[i] for i in said_of(view, one).cue])
            words = " … ".join(span.of(text) for span in (*one.source, *one.cue, *one.content))
            judged.append(Judged(label, made[one.id], str(entry[0].act) if entry else "assert", words))
    return judged


def _same(one: Statement, other: Statement) -> bool:
    return one.cue == other.cue and one.content[0].start == other.content[0].start


def accuracy(pairs: Sequence[tuple[str, str]]) -> float:
    """The share of pairs that agree."""
    return sum(a == b for a, b in pairs) / len(pairs)


def macro(pairs: Sequence[tuple[str, str]]) -> float:
    """Macro F1 over the values of the gold."""
    gold, got = [g for g, _ in pairs], [p for _, p in pairs]
    values = sorted(set(gold))
    return sum(f1_of(gold, got, value) for value in values) / len(values)


def interval(pairs: Sequence[tuple[str, str]], figure: Callable[[Sequence[tuple[str, str]]], float]) -> str:
    """A figure with its 95% bootstrap interval, in per cent."""
    rng = random.Random(0)
    drawn = sorted(figure(rng.choices(pairs, k=len(pairs))) for _ in range(ROUNDS))
    low, high = drawn[int(0.025 * ROUNDS)], drawn[int(0.975 * ROUNDS)]
    return f"{100 * figure(pairs):.1f} ({100 * low:.1f}–{100 * high:.1f})"


def share(right: int, total: int) -> str:
    """A share in per cent with its counts."""
    return f"{100 * right / total:.1f} ({right} of {total})" if total else "–"


def acts(judged: Sequence[Judged]) -> None:
    """The figures of the act."""
    pairs = [(j.label["act"], str(j.made.act)) for j in judged]
    print(f"act: accuracy {interval(pairs, accuracy)}, macro F1 {interval(pairs, macro)}, n {len(pairs)}")
    cue = [(j.label["act"], j.by_cue) for j in judged]
    print(f"  by the cue's entry alone: accuracy {100 * accuracy(cue):.1f}, macro F1 {100 * macro(cue):.1f}")
    passes = [tuple(j.label["passes"]["act"]) for j in judged if "passes" in j.label]
    print(f"  the two labellings: accuracy {100 * accuracy(passes):.1f}, macro F1 {100 * macro(passes):.1f}")
    either = sum(p in (j.label["act"], j.label["second"]) for j, (_, p) in zip(judged, pairs, strict=True))
    print(f"  first or second act of the label: {100 * either / len(pairs):.1f}")
    for name, test in (
        ("as they come", "random"),
        ("drawn by acts", "act:"),
        ("by stance", "stance"),
        ("by time", "time"),
    ):
        some = [p for j, p in zip(judged, pairs, strict=True) if j.label["drawn"].startswith(test)]
        print(f"  {name}: accuracy {100 * accuracy(some):.1f}, n {len(some)}")
    sure = sorted(
        ((j.made.deed.score, g == p) for j, (g, p) in zip(judged, pairs, strict=True) if j.made.deed), reverse=True
    )
    for part in (0.5, 0.75):
        top = sure[: int(part * len(sure))]
        rightly = sum(right for _, right in top) / len(top)
        print(f"  the surest {100 * part:.0f}%: {100 * rightly:.1f}, from score {top[-1][0]:.2f}")
    gold, got = [g for g, _ in pairs], [p for _, p in pairs]
    print("  F1: " + ", ".join(f"{act} {100 * f1_of(gold, got, act):.0f} ({gold.count(act)})" for act in Act))


def commitments(judged: Sequence[Judged]) -> None:
    """The figures of the outlet's commitment, and of the speaker's certainty and polarity."""
    for stance in (Stance.ENDORSE, Stance.DISTANCE):
        given = [j for j in judged if j.made.cue_stance is stance]
        wanted = [j for j in judged if j.label["stance"] == stance]
        right = sum(j.label["stance"] == stance for j in given)
        print(f"{stance}: precision {share(right, len(given))}, recall {share(right, len(wanted))}")
    neutral = sum(j.label["stance"] == "neutral" for j in judged)
    print(f"  statements that no word commits anybody to: {neutral}; false commitments:")
    for j in judged:
        if j.made.cue_stance is Stance.ENDORSE and j.label["stance"] != Stance.ENDORSE:
            print(f"    {j.label['corpus']} {j.label['id']} {j.label['content'][0]} {j.label['stance']}")
    certainty = [(j.label["certainty"], str(j.made.commitments[0].certainty)) for j in judged]
    print(f"certainty: macro F1 {interval(certainty, macro)}, accuracy {100 * accuracy(certainty):.1f}")
    polarity = [(j.label["polarity"], str(j.made.commitments[0].polarity)) for j in judged]
    gold, got = [g for g, _ in polarity], [p for _, p in polarity]
    print(f"polarity: F1 of negative {100 * f1_of(gold, got, Polarity.NEGATIVE):.1f}, n {gold.count('negative')}")


def dates(judged: Sequence[Judged]) -> None:
    """The figures of said_on."""

    def order(j: Judged) -> str:
        return hashlib.sha256(json.dumps([j.label["sha256"], j.label["content"]]).encode()).hexdigest()

    dated = sorted((j for j in judged if value_of(j)), key=order)
    undated = sorted((j for j in judged if not j.label["said_on"]), key=order)
    for name, some in ((f"{2 * DATED} drawn, half dated", [*dated[:DATED], *undated[:DATED]]), ("all", judged)):
        given = [j for j in some if j.made.occasion.on]
        wanted = [j for j in some if value_of(j)]
        right = sum(j.made.occasion.on == value_of(j) for j in given)
        print(f"said_on, {name}: precision {share(right, len(given))}, recall {share(right, len(wanted))}")
    both = [j for j in judged if j.label["at"] or j.label["channel"]]
    for name in ("at", "channel"):
        given = [j for j in judged if getattr(j.made.occasion, name)]
        right = sum(overlap(j.label[name], getattr(j.made.occasion, name)) for j in given)
        wanted = [j for j in both if j.label[name]]
        print(f"{name}: precision {share(right, len(given))}, recall {share(right, len(wanted))}")
    aimed = [j for j in judged if j.made.deed and j.made.deed.target and j.label["act"] == j.made.act]
    right = sum(overlap(j.label["target"], j.made.deed.target) for j in aimed if j.made.deed)
    wanted = [j for j in judged if j.label["target"]]
    told = f"precision {share(right, len(aimed))}; of all labelled {share(right, len(wanted))}"
    print(f"target, where the act is right: {told}")


def value_of(j: Judged) -> str | None:
    """The labelled date, None where there is none or it has no value."""
    on = j.label["said_on"]
    return on["value"] if on else None


def overlap(gold: Sequence[int] | None, got: tuple[int, int] | None) -> bool:
    """Whether two stretches share a character."""
    return gold is not None and got is not None and gold[0] < got[1] and got[0] < gold[1]


def picture(pairs: Iterable[tuple[str, str]]) -> str:
    """The confusion matrix as SVG: rows the label's act, columns the act given."""
    counts = Counter(pairs)
    names = [str(act) for act in Act]
    size, left, top = 34, 84, 84
    side = size * len(names)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + side + 12} {top + side + 36}"',
        ' font-family="sans-serif" font-size="11">',
        f'<rect width="{left + side + 12}" height="{top + side + 36}" fill="#fdfcf8"/>',
    ]
    for r, gold in enumerate(names):
        total = sum(counts[gold, got] for got in names)
        y = top + r * size
        parts.append(f'<text x="{left - 6}" y="{y + 21}" text-anchor="end" fill="#1c1b19">{gold}</text>')
        x = left + r * size + size // 2
        parts.append(f'<text transform="translate({x + 4},{top - 6}) rotate(-60)" fill="#1c1b19">{gold}</text>')
        for c, got in enumerate(names):
            count = counts[gold, got]
            part = count / total if total else 0
            colour = "#1c5a8c" if gold == got else "#a33f17"
            x = left + c * size
            parts.append(
                f'<rect x="{x}" y="{y}" width="{size - 1}" height="{size - 1}" fill="{colour}"'
                f' fill-opacity="{part:.2f}" stroke="#d9d5ca" stroke-width="0.5"/>'
            )
            if count:
                ink = "#ffffff" if part > 0.55 else "#1c1b19"
                parts.append(f'<text x="{x + size // 2}" y="{y + 21}" text-anchor="middle" fill="{ink}">{count}</text>')
    label = "rows: the label’s act; columns: the act given"
    parts.append(f'<text x="{left}" y="{top + side + 22}" fill="#66625a">{label}</text></svg>')
    return "\n".join(parts) + "\n"


def measure(options: Namespace) -> None:
    """Print the figures; write the picture."""
    judged = judge(options)
    acts(judged)
    commitments(judged)
    dates(judged)
    if options.confusion:
        pairs = ((j.label["act"], str(j.made.act)) for j in judged)
        options.confusion.write_text(picture(pairs), encoding="utf-8")
    if options.show:
        for j in judged:
            if j.label["act"] != j.made.act:
                print(f"{j.label['act']} got {j.made.act}: {j.words[:300]}", file=sys.stderr)


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; returns the exit status."""
    parser = arguments(__doc__)
    parser.add_argument("--shared", type=Path, required=True, metavar="DIR", help="the folder with bench/ and data/")
    parser.add_argument("--confusion", type=Path, metavar="FILE.svg", help="write the confusion matrix")
    parser.add_argument("--show", action="store_true", help="what is wrong, on standard error")
    return run(parser, measure, argv)


if __name__ == "__main__":
    sys.exit(main())
