"""Statements for a teacher to judge: ``python -m train.unlabelled --shared DIR --labels FILE --out FILE``.

Reads agency copy, the BBC and PolNeAR's training articles with the shipped model and writes the statements that
it finds, nested ones too, as JSON Lines of ``{"corpus", "id", "source", "cue", "content"}``; none of an article that
lends anything to the gold, none that ``--labels`` has.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path
from typing import Any

from onrecord.extract import read_statements
from onrecord.model import Document, Kind
from train.acts import FILES
from train.data import read_jsonl

READ = {corpus: FILES[corpus][0] for corpus in ("agencies", "bbc", "polnear")}
"""The file of each corpus: of PolNeAR's the training split."""
GOLD = Path(__file__).parent.parent / "bench/gold"
LEAST = 0.35
SHORTEST, LONGEST = 300, 9000
"""Code points of the articles that are read."""


def wanted(shared: Path) -> Iterator[tuple[str, str, str]]:
    """Corpus, id and text of the articles that are read."""
    gold = {row.get("sha256") for path in GOLD.glob("*.jsonl") for row in read_jsonl(path)}
    for corpus, name in READ.items():
        for row in read_jsonl(shared / "data" / name):
            text = row["text"]
            if SHORTEST < len(text) < LONGEST and hashlib.sha256(text.encode()).hexdigest() not in gold:
                yield corpus, str(row["id"]), text


def found(article: tuple[str, str, str]) -> list[dict[str, Any]]:
    """The statements of one article."""
    corpus, name, text = article
    return [
        {"corpus": corpus, "id": name}
        | {role: [list(span) for span in getattr(s, role)] for role in ("source", "cue", "content")}
        for s in read_statements(Document(name, text))[0]
        if s.kind is Kind.STATEMENT and s.score >= LEAST
    ]


def main() -> None:
    """Entry point."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--shared", type=Path, required=True)
    p.add_argument("--labels", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--processes", type=int, default=2)
    options = p.parse_args()

    def key(item: dict[str, Any]) -> str:
        return json.dumps([item["corpus"], str(item["id"]), item["cue"], item["content"]])

    have = {key(label) for label in read_jsonl(options.labels)}
    count = 0
    with Pool(options.processes) as pool, options.out.open("w", encoding="utf-8") as out:
        for statements in pool.imap(found, wanted(options.shared), chunksize=8):
            for item in statements:
                if key(item) not in have:
                    out.write(json.dumps(item) + "\n")
                    count += 1
    print(f"{count} statements")


if __name__ == "__main__":
    main()
