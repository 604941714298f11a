"""Headlines as training texts of their own: ``python -m train.headlines --data train.jsonl.gz --out FILE``.

PolNeAR's headlines are one line in forty, American ones: "Okafor: Pact is near" is frequent in them, "Pact is near:
Okafor" and "Pact is near – Okafor" are not, though most of the world writes so. Each headline of a
training article becomes a text of its own, and each one with a colon is given the other way round too.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from train.data import read_jsonl

Spans = list[list[int]]


def headline(row: dict[str, Any]) -> dict[str, Any]:
    """The first line of an article with the attributions that lie in it."""
    text = row["text"].split("\n", 1)[0].rstrip()
    kept = [
        {role: item[role] for role in ("source", "cue", "content")}
        for item in row["attributions"]
        if all(end <= len(text) for role in ("source", "cue", "content") for _, end in item[role])
    ]
    return {"id": f"{row['id']}#headline", "text": text, "attributions": kept}


def turned(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A headline "SOURCE: content" as "content: SOURCE" and "content – SOURCE"."""
    text = row["text"]
    if len(row["attributions"]) != 1:
        return
    item = row["attributions"][0]
    if len(item["source"]) != 1 or len(item["content"]) != 1:
        return
    (start, end), (first, last) = item["source"][0], item["content"][0]
    cue = "".join(text[a:b] for a, b in item["cue"]).strip()
    if start != 0 or first < end or (cue != ":" and text[end:first].strip() != ":") or last < len(text) - 1:
        return
    content, source = text[first:last].rstrip(".…"), text[start:end]
    for number, mark in enumerate((": ", " – ", " - ")):
        made = content + mark + source
        sign = len(content) + len(mark) - len(mark.lstrip())
        yield {
            "id": f"{row['id']}#{number}",
            "text": made,
            "attributions": [
                {
                    "source": [[len(content) + len(mark), len(made)]],
                    "cue": [[sign, sign + 1]],
                    "content": [[0, len(content)]],
                }
            ],
        }


def main() -> None:
    """Entry point."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", required=True)
    p.add_argument("--out", required=True)
    options = p.parse_args()
    heads = [headline(row) for row in read_jsonl(Path(options.data))]
    extra = [made for head in heads for made in turned(head)]
    with Path(options.out).open("w", encoding="utf-8") as out:
        for row in heads + extra:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(f"{len(heads)} headlines, {len(extra)} turned round")


if __name__ == "__main__":
    main()
