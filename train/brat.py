"""Turn brat standoff files into training rows: ``python -m train.brat FOLDER --out mine.jsonl``.

As in PolNeAR: text-bound annotations ``Source``, ``Cue`` and ``Content`` (discontinuous ones allowed) and events
or relations ``Attribution`` that tie them (``E1 Attribution:T2 Source:T1 Content:T3``, or ``Cue:T2``). An
annotation that is broken is reported with its file and line, and stops the conversion.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from onrecord.annotations import read_brat
from onrecord.errors import UnreadableDocument


def read_pair(text: str, annotations: str, name: str) -> dict[str, Any]:
    """One training row from a document's text and its standoff annotations; attributions without a cue are left out.

    Raises:
        UnreadableDocument: a line is malformed, names an unknown annotation, or points outside the text.
    """
    found = [item for item in read_brat(text, annotations, name) if item.cue]  # the tagger starts from cues
    roles = ("source", "cue", "content")
    attributions = [{role: [list(span) for span in getattr(item, role)] for role in roles} for item in found]
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
            raise UnreadableDocument(str(options.folder), "no .ann files")
    except (OSError, ValueError, UnreadableDocument) as error:
        print(f"brat: {error}", file=sys.stderr)
        return 1
    with options.out.open("w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(f"{len(rows)} documents, {sum(len(r['attributions']) for r in rows)} attributions", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
