"""Add nested attributions to training articles.

``python -m train.nested --data train.jsonl.gz --labels train/nested_labels.jsonl [--model DIR] --out FILE``

PolNeAR is flat: nothing inside a content is marked. Two things fill that in. ``--labels`` are contents
labelled for onrecord by reading them (offsets only). ``--model`` is a model trained on the flat data, applied to
each other content as if it stood alone, and again inside what it finds: silver labels. It misses two in three, so a
content in which it finds nothing teaches nothing, and its doubtful cues are left out. With ``--check``
the model's labels are scored against those instead, to choose ``--least``. Labels of the part
"choose" are kept back, without silver in their place: ``train.choose`` sets the nested threshold on them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from onrecord.extract.drafts import one_owner
from onrecord.extract.spans import to_spans
from onrecord.extract.tagger import Tagger
from train.data import read_jsonl

Spans = list[list[int]]
_SHORTEST = 4


def joined(positions: Iterable[int]) -> Spans:
    """Positions in order as spans, neighbours in one."""
    spans: Spans = []
    for position in positions:
        if spans and spans[-1][1] == position:
            spans[-1][1] = position + 1
        else:
            spans.append([position, position + 1])
    return spans


def inside(
    tagger: Tagger, text: str, content: Spans, least: float, depth: int = 3
) -> tuple[list[dict[str, Any]], Spans]:
    """Attributions inside a content, found by reading the content's words alone; and the doubtful cues.

    Doubtful is a cue whose attribution has a score under ``least``.
    """
    places: list[int] = []
    for number, (start, end) in enumerate(content):
        if number:
            places.append(-1)
        places.extend(range(start, end))
    alone = "".join(" " if p < 0 else text[p] for p in places)
    if depth == 0 or len(alone.split()) < _SHORTEST:
        return [], []

    def back(spans: Iterable[tuple[int, int]]) -> Spans:
        return joined(p for start, end in spans for p in places[start:end] if p >= 0)

    words, found = tagger.tag(alone)
    result: list[dict[str, Any]] = []
    doubtful = [s for f in found if f.score < least for s in back(to_spans(range(*f.cue), words))]
    for item in one_owner([f for f in found if f.score >= least]):
        roles = {
            "source": back(to_spans(item.source, words)),
            "cue": back(to_spans(range(*item.cue), words)),
            "content": back(to_spans(item.content, words)),
        }
        if roles["cue"] and roles["content"]:
            deeper, doubted = inside(tagger, text, roles["content"], least, depth - 1)
            result.extend([roles, *deeper])
            doubtful.extend(doubted)
    return result, doubtful


def without(spans: Spans, holes: Spans) -> Spans:
    """``spans`` less the characters of ``holes``."""
    out = {i for s, e in holes for i in range(s, e)}
    return joined(i for start, end in spans for i in range(start, end) if i not in out)


def check(tagger: Tagger, texts: dict[str, str], labels: list[dict[str, Any]], least: float) -> tuple[int, int, int]:
    """How many nested contents are found (half of the words shared at least), predicted, and labelled."""

    def letters(text: str, spans: Spans) -> frozenset[int]:
        return frozenset(i for s, e in spans for i in range(s, e) if text[i].isalnum())

    hits = predicted = wanted = 0
    for row in labels:
        text = texts[row["id"]]
        gold = [letters(text, n["content"]) for n in row["nested"]]
        got = [letters(text, n["content"]) for n in inside(tagger, text, row["region"], least)[0]]
        wanted, predicted = wanted + len(gold), predicted + len(got)
        for g in gold:
            best = max(got, key=lambda p: len(g & p) / len(g | p), default=frozenset())
            if best and 2 * len(g & best) >= len(g | best):
                hits += 1
                got.remove(best)
    return hits, predicted, wanted


def main() -> None:
    """Entry point."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", required=True)
    p.add_argument("--labels", required=True)
    p.add_argument("--model", help="folder of a flat model, for silver labels")
    p.add_argument("--least", type=float, default=0.6, help="least score of a silver label")
    p.add_argument("--exclude", help="JSON Lines whose ids get no silver labels: the articles of a held-out gold")
    p.add_argument("--check", action="store_true")
    p.add_argument("--out")
    options = p.parse_args()
    rows = list(read_jsonl(Path(options.data)))
    labels = list(read_jsonl(Path(options.labels)))
    tagger = Tagger(Path(options.model)) if options.model else None
    if options.check:
        assert tagger, "--check needs --model"
        texts = {r["id"]: r["text"] for r in rows}
        for least in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
            hits, predicted, wanted = check(tagger, texts, labels, least)
            f1 = 2 * hits / (predicted + wanted)
            print(f"least {least}: precision {hits / max(1, predicted):.3f} recall {hits / wanted:.3f} F1 {f1:.3f}")
        return
    by_hand: dict[str, list[dict[str, Any]]] = {}
    kept_back: dict[str, Spans] = {}
    for label in labels:
        if label["part"] == "fit":
            by_hand.setdefault(label["id"], []).append(label)
        else:
            kept_back.setdefault(label["id"], []).extend(label["region"])
    held_out = {r["id"] for r in read_jsonl(Path(options.exclude))} if options.exclude else set()
    silver = 0
    with Path(options.out).open("w", encoding="utf-8") as out:
        for row in rows:
            mine = by_hand.get(row["id"], [])
            nested = [n for label in mine for n in label["nested"]]
            known = [span for label in mine for span in label["region"]]
            if tagger and row["id"] not in held_out:
                for item in row["attributions"]:
                    taken = known + kept_back.get(row["id"], [])
                    if any(s < b and a < e for s, e in item["content"] for a, b in taken):
                        continue
                    found, doubtful = inside(tagger, row["text"], item["content"], options.least)
                    if found:
                        nested.extend(found)
                        silver += len(found)
                        known = known + without(item["content"], doubtful)
            out.write(json.dumps(row | {"nested": nested, "nested_known": known}, ensure_ascii=False) + "\n")
    by_hand_count = sum(len(label["nested"]) for items in by_hand.values() for label in items)
    print(f"{by_hand_count} by hand, {silver} silver")


if __name__ == "__main__":
    main()
