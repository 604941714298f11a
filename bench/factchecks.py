#!/usr/bin/env python3
"""How well texts find the reviewed claim that they make, and how often a denial is taken for it.

    factchecks.py --shared DIR [--curve FILE.svg] [--show]

The pairs of *That is a Known Lie* (Shaar et al., ACL 2020): tweets, each with the claim that Snopes reviewed, looked up
in all 10,381 claims; split by the claim (`train/factchecks.py`). The ranker was trained on the first 60%; of `dev`
(20%) choices were made, `test` (20%) is for measuring. A claim that stands there twice with other marks is one.

MAP@5 and P@1: by BM25 alone, by the cosine of vectors alone, by both ranks together, ranked, and as the command shows
it (denials worth half, what has too small a score left out). Abstention: the best match of a text that is long enough
and denies nothing, the surest first: how many are right, by the share of texts that are answered; with each tweet's
claim among those reviewed, and with half of the tweets' claims taken out. `news`: statements of PolNeAR dev, hardly
any of which was reviewed. `gold/denied.jsonl`: 50 invented claims, each said in other words and denied, looked up among
these and all others. `--show` prints what went wrong in dev.
"""

from __future__ import annotations

import json
import re
import sys
import time
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from common import run
from onrecord.factchecks.factcheck import FactCheck
from onrecord.factchecks.matching import Match, Reviewed, vectors
from onrecord.factchecks.ranker import shipped
from onrecord.factchecks.stance import ClaimStance

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for train, wherever this is called from

from train.factchecks import Pair, average_precision, collection, key, news, pairs, split

GOLD = Path(__file__).parent / "gold" / "denied.jsonl"
SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)

_Vectors = NDArray[np.float32]
Best = list[tuple[float, bool]]
"""For each text that is answered the score of its best match, and whether it is right."""


def places(scores: _Vectors) -> _Vectors:
    """The place of each score, from 0."""
    made = np.empty(len(scores), np.float32)
    made[np.argsort(-scores, kind="stable")] = np.arange(len(scores))
    return made


def figures(ranked: Sequence[Sequence[bool]]) -> str:
    """MAP@5 and P@1."""
    first = sum(bool(right and right[0]) for right in ranked) / len(ranked)
    return f"{100 * sum(map(average_precision, ranked)) / len(ranked):10.1f}{100 * first:10.1f}"


def ways(reviewed: Reviewed, mine: Sequence[Pair], shown: Sequence[Sequence[Match]]) -> None:
    """The table of ways of looking."""
    names = ("BM25 alone", "vectors alone", "both ranks", "ranked", "as shown")
    made: dict[str, list[list[bool]]] = {name: [] for name in names}
    for pair, found, matches in zip(mine, reviewed.find([pair.text for pair in mine]), shown, strict=True):
        right = [key(reviewed.checks[k].claim) == pair.claim for k in found.places]
        both = np.asarray(1 / (10 + places(found.bm25)) + 1 / (10 + places(found.cosine)), np.float32)
        scores: tuple[_Vectors, ...] = (found.bm25, found.cosine, both, shipped().chances(found.rows))
        for name, one in zip(names, scores, strict=False):
            made[name].append([right[k] for k in np.argsort(-one, kind="stable")])
        made["as shown"].append([key(match.factcheck.claim) == pair.claim for match in matches])
    print(f"{'':16}{'MAP@5':>10}{'P@1':>10}   n {len(mine)}")
    for name in names:
        print(f"{name:16}{figures(made[name])}")


def best(matched: Sequence[Sequence[Match]], mine: Sequence[Pair]) -> Best:
    """The best match of each text that asserts, surest first; whether it may be sure is left to the score."""
    made = []
    for matches, pair in zip(matched, mine, strict=True):
        fine = [match for match in matches if match.stance is ClaimStance.ASSERTS]
        if fine:
            made.append((fine[0].score, key(fine[0].factcheck.claim) == pair.claim))
    return sorted(made, reverse=True)


def curve(found: Best, count: int) -> list[tuple[float, float]]:
    """The share of texts that are answered, and how many of the answers are right, as the least score falls."""
    right, points = 0, []
    for number, (_, good) in enumerate(found, start=1):
        right += good
        points.append((number / count, right / number))
    return points


def picture(curves: dict[str, list[tuple[float, float]]]) -> str:
    """The curves as SVG."""
    import pygal
    from pygal.style import Style

    colours = ("#1c5a8c", "#a33f17", "#1b6a50", "#875700")
    style = Style(background="#fdfcf8", plot_background="#fdfcf8", colors=colours, font_family="sans-serif")
    chart = pygal.XY(
        width=640, height=400, style=style, js=(), show_dots=False, range=(50, 100), xrange=(0, 100),
        x_title="texts answered, %", y_title="right of these, %", legend_at_bottom=True, legend_at_bottom_columns=2,
        stroke_style={"width": 2}, disable_xml_declaration=True, explicit_size=True,
    )  # fmt: skip
    for name, points in curves.items():
        chart.add(name, [(100 * x, 100 * y) for x, y in points if x >= 0.02])
    drawn: str = chart.render(is_unicode=True)
    drawn = re.sub(r"<script\b.*?</script>|<!--.*?-->", "", drawn, flags=re.DOTALL)
    return drawn.replace(chart.uuid, "factchecks") + "\n"


def denied(checks: Sequence[FactCheck], of_claims: _Vectors, of_titles: _Vectors) -> None:
    """The 50 pairs among all claims."""
    rows = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    mine = [FactCheck(f"own {n}", row["claim"]) for n, row in enumerate(rows)]
    reviewed = Reviewed(
        [*mine, *checks], np.concatenate([vectors([check.claim for check in mine]), of_claims]),
        np.concatenate([vectors([None] * len(mine)), of_titles]),
    )  # fmt: skip
    for name in ("asserted", "denied"):
        found = reviewed.match([row[name] for row in rows])
        own = [next((m for m in matches if m.factcheck.id == f"own {n}"), None) for n, matches in enumerate(found)]
        first = sum(bool(ms) and ms[0].factcheck.id == f"own {n}" for n, ms in enumerate(found))
        asserts = sum(m is not None and m.stance is ClaimStance.ASSERTS for m in own)
        sure = sum(m is not None and m.sure for m in own)
        there = sum(m is not None for m in own)
        print(f"{name:10} found {there:3}  first {first:3}  as asserted {asserts:3}  sure {sure:3}")


def measure(options: Namespace) -> None:
    """Print the tables; write the picture."""
    checks, parts = collection(options.shared), split(pairs(options.shared))
    of_claims, of_titles = (vectors([getattr(check, name) for check in checks]) for name in ("claim", "title"))
    start = time.perf_counter()
    reviewed = Reviewed(checks, of_claims, of_titles)
    ready = time.perf_counter() - start
    curves: dict[str, list[tuple[float, float]]] = {}
    for name in ("dev", "test"):
        mine = parts[name]
        texts = [pair.text for pair in mine]
        start = time.perf_counter()
        shown = reviewed.match(texts)
        each = (time.perf_counter() - start) / len(mine)
        print(f"\n{name}")
        ways(reviewed, mine, shown)
        said = sum(bool(ms) and ms[0].stance is ClaimStance.DENIES for ms in shown)
        print(f"best match called a denial: {said}")
        gone = {pair.claim for pair in mine}
        left = [n for n, check in enumerate(checks) if key(check.claim) not in gone]
        without = Reviewed([checks[n] for n in left], of_claims[left], of_titles[left]).match(texts)
        there, lacking = best(shown, mine), best(without, mine)
        mixed = sorted(there + lacking, reverse=True)
        lines = {"claim reviewed": curve(there, len(mine)), "half not reviewed": curve(mixed, 2 * len(mine))}
        print(f"{'answered':20}" + "".join(f"{100 * share:7.0f}%" for share in SHARES))
        for title, points in lines.items():
            curves[f"{name}: {title}"] = points
            at = [next((y for x, y in points if x >= share), None) for share in SHARES]
            print(f"{title:20}" + "".join(f"{'–' if y is None else f'{100 * y:.1f}':>8}" for y in at))
        for title, every in (("claim reviewed", shown), ("not reviewed", without)):
            sure = [(m, pair) for ms, pair in zip(every, mine, strict=True) for m in ms[:1] if m.sure]
            right = sum(key(m.factcheck.claim) == pair.claim for m, pair in sure)
            none = sum(not ms for ms in every)
            print(f"sure, {title}: {len(sure)} of {len(mine)}, {right} right; nothing shown: {none}")
        if options.show and name == "dev":
            show(shown, mine, checks)
    others = news(options.shared, "dev", 160)
    found = reviewed.match([pair.text for pair in others])
    certain, none = sum(bool(ms) and ms[0].sure for ms in found), sum(not ms for ms in found)
    print(f"\nnews: {len(others)} statements, nothing shown for {none}, sure {certain}")
    print("\n50 invented claims among all")
    denied(checks, of_claims, of_titles)
    print(f"\n{len(checks):,} fact-checks made ready in {ready:.1f} s; {1000 * each:.0f} ms a text")
    if options.curve:
        options.curve.write_text(picture(curves), encoding="utf-8")


def show(shown: Sequence[Sequence[Match]], mine: Sequence[Pair], checks: Sequence[FactCheck]) -> None:
    """What went wrong: the tweet, its claim, and what stood first."""
    claims = {key(check.claim): check.claim for check in checks}
    for matches, pair in zip(shown, mine, strict=True):
        place = next((n for n, m in enumerate(matches) if key(m.factcheck.claim) == pair.claim), None)
        if place != 0:
            first = f"{matches[0].score:.2f} {matches[0].stance} {matches[0].factcheck.claim}" if matches else "nothing"
            print(
                f"\ntweet: {' '.join(pair.text.split())}\nright: {claims[pair.claim]} (place {place})\nfirst: {first}"
            )


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point."""
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True, metavar="DIR", help="the folder with data/ in it")
    parser.add_argument("--curve", type=Path, metavar="FILE.svg", help="where the abstention curves are drawn")
    parser.add_argument("--show", action="store_true", help="print what went wrong in dev")
    return run(parser, measure, argv)


if __name__ == "__main__":
    sys.exit(main())
