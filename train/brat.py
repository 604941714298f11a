"""Turn brat standoff files into training rows: ``python -m train.brat FOLDER --out mine.jsonl``.

As in PolNeAR: text-bound annotations ``Source``, ``Cue`` and ``Content`` (discontinuous ones allowed) and events
or relations ``Attribution`` that tie them (``E1 Attribution:T2 Source:T1 Content:T3``, or ``Cue:T2``). An
annotation that is broken is reported with its file and line, and stops the conversion.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

_BOUND = re.compile(r"T\d+\t(\S+) (\d+ \d+(?:;\d+ \d+)*)\t")
_ROLES = {"source": "source", "cue": "cue", "content": "content"}


class BratError(ValueError):
    """A standoff file cannot be read; the message says where and why."""


def read_pair(text: str, annotations: str, name: str) -> dict[str, Any]:
    """One training row from a document's text and its standoff annotations.

    Raises:
        BratError: a line is malformed, names an unknown annotation, or points outside the text.
    """
    bound: dict[str, tuple[str, list[list[int]]]] = {}
    ties: list[tuple[int, list[str]]] = []
    for number, line in enumerate(annotations.splitlines(), 1):
        if line.startswith("T"):
            match = _BOUND.match(line)
            if not match:
                raise BratError(f"{name}:{number}: not a text-bound annotation: {line[:60]!r}")
            spans = [[int(x) for x in part.split()] for part in match[2].split(";")]
            if any(not 0 <= a < b <= len(text) for a, b in spans):
                raise BratError(f"{name}:{number}: a span lies outside the text of {len(text)} characters")
            bound[line.split("\t", 1)[0]] = (match[1].lower(), spans)
        elif line.startswith(("E", "R")) and "\t" in line:
            ties.append((number, line.split("\t")[1].split()))
    attributions = []
    for number, parts in ties:
        item: dict[str, list[list[int]]] = {"source": [], "cue": [], "content": []}
        for part in parts:
            if ":" not in part:
                continue
            reference = part.split(":", 1)[1]
            if reference not in bound:
                raise BratError(f"{name}:{number}: {reference} is not defined")
            role, spans = bound[reference]
            if role in _ROLES:
                item[role].extend(spans)
        if item["cue"] and item["content"]:
            attributions.append({role: sorted(spans) for role, spans in item.items()})
    return {"id": name, "text": text, "attributions": attributions}


def main() -> int:
    """Entry point."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("folder", type=Path)
    p.add_argument("--out", type=Path, required=True)
    options = p.parse_args()
    rows = []
    try:
        for path in sorted(options.folder.rglob("*.ann")):
            text = path.with_suffix(".txt").read_bytes().decode("utf-8")
            name = path.relative_to(options.folder).with_suffix("").as_posix()
            rows.append(read_pair(text, path.read_text(encoding="utf-8"), name))
        if not rows:
            raise BratError(f"{options.folder}: no .ann files")
    except (OSError, ValueError) as error:
        print(f"brat: {error}", file=sys.stderr)
        return 1
    with options.out.open("w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(f"{len(rows)} documents, {sum(len(r['attributions']) for r in rows)} attributions", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
