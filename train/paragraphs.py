"""Paragraphs of agency copy and the BBC as training texts of their own.

``python -m train.paragraphs --shared DIR --labels train/paragraph_labels.jsonl --out FILE``

PolNeAR is US political news, and only its headlines begin a text. The labels are offsets into documents of
``DIR/data/news``, every attribution of a paragraph, nested ones with the index of their parent; the texts are read
from there and must have the hash that they were labelled with. None is from a document of ``bench/gold``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

from train.data import read_jsonl

ROLES = ("source", "cue", "content")


def paragraph(label: dict[str, Any], text: str) -> dict[str, Any]:
    """A labelled paragraph of ``text`` as a training row, offsets counted from the paragraph's start.

    Raises:
        ValueError: the text is not the one that was labelled.
    """
    where = f"{label['corpus']}:{label['id']}"
    if hashlib.sha256(text.encode()).hexdigest() != label["sha256"]:
        raise ValueError(f"{where}: the text is not the one that was labelled")
    start = label["start"]
    moved = [{role: [[a - start, b - start] for a, b in item[role]] for role in ROLES} for item in label["statements"]]
    pairs = list(zip(moved, label["statements"], strict=True))
    top = [new for new, old in pairs if old["parent"] is None]
    return {
        "id": f"{where}:{start}",
        "text": text[start : label["end"]],
        "attributions": top,
        "nested": [new for new, old in pairs if old["parent"] is not None],
        "nested_known": [span for item in top for span in item["content"]],
    }


def main() -> None:
    """Entry point."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--shared", type=Path, required=True)
    p.add_argument("--labels", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    options = p.parse_args()
    labels = list(read_jsonl(options.labels))
    texts: dict[tuple[str, str], str] = {}
    for corpus in sorted({label["corpus"] for label in labels}):
        for row in read_jsonl(options.shared / "data" / "news" / f"{corpus}.jsonl.gz"):
            texts[corpus, row["id"]] = row["text"]
    made = [paragraph(label, texts[label["corpus"], label["id"]]) for label in labels]
    with options.out.open("w", encoding="utf-8") as out:
        for row in made:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(f"{len(made)} paragraphs, {sum(len(r['attributions']) for r in made)} statements in them")


if __name__ == "__main__":
    main()
