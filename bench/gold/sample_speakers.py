#!/usr/bin/env python3
"""Draw the statements of the speaker gold, the same ones on every machine.

    sample_speakers.py --shared ../shared [--per-article 4] >SAMPLE.jsonl

The population is every attribution of PolNeAR dev that has a cue and a content. Each article gives up to so
many, in turn from those whose source is a pronoun, a description (no capital letter after its first word),
absent, and a name, each time the one with the lowest SHA-256(SEED, article, cue's start). So hard kinds come
more often than in the articles.

One JSON object a line: id, sha256 (of the document's text in UTF-8), index (of the attribution), kind. No text
is written.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

SEED = "onrecord speaker gold 1"
KINDS = ("pronoun", "description", "none", "named")
PRONOUNS = frozenset(
    "i you he she it we they who which that him her his hers its our their them us me my".split()  # noqa: SIM905
)


def kind_of(source: str) -> str:
    """The sort of words that a source is made of, judged by their letters."""
    words = re.findall(r"\w[\w.’'-]*", source)
    if not words:
        return "none"
    if len(words) == 1 and words[0].lower() in PRONOUNS:
        return "pronoun"
    telling = words[1:] or words  # the first of several may be a sentence's
    return "named" if any(w[0].isupper() for w in telling) else "description"


def drawn(article: dict[str, Any], most: int) -> list[tuple[int, str]]:
    """Indices of the article's drawn attributions, with their kinds."""
    text = article["text"]
    pools: dict[str, list[tuple[str, int]]] = {kind: [] for kind in KINDS}
    for index, item in enumerate(article["attributions"]):
        if not item["cue"] or not item["content"]:
            continue
        key = f"{SEED}:{article['id']}:{item['cue'][0][0]}"
        source = " ".join(text[s:e] for s, e in item["source"])
        pools[kind_of(source)].append((hashlib.sha256(key.encode()).hexdigest(), index))
    queues = {kind: sorted(pool) for kind, pool in pools.items()}
    taken: list[tuple[int, str]] = []
    while len(taken) < most and any(queues.values()):
        for kind in KINDS:
            if queues[kind] and len(taken) < most:
                taken.append((queues[kind].pop(0)[1], kind))
    return sorted(taken)


def main() -> int:
    """Run the command line; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True, metavar="DIR")
    parser.add_argument("--per-article", type=int, default=4)
    options = parser.parse_args()
    with gzip.open(options.shared / "data/polnear/dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        for article in map(json.loads, filter(str.strip, lines)):
            sha256 = hashlib.sha256(article["text"].encode()).hexdigest()
            for index, kind in drawn(article, options.per_article):
                print(json.dumps({"id": article["id"], "sha256": sha256, "index": index, "kind": kind}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
