#!/usr/bin/env python3
"""Draw the statements of the gold for search by meaning.

    sample_rephrased.py --ledger FILE >SAMPLE.jsonl

The population is every statement of a ledger (bench/meaning.py makes it) whose content has six words or more, editor's
notes and non-responses left out, in the order of their documents' keys; a hundred of them are drawn with a seed. One
JSON object a line: id and sha256 of the document, content. No text is written.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sqlite3

SEED, COUNT, LEAST = 20, 100, 6


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ledger", required=True, metavar="FILE")
    options = parser.parse_args()
    with sqlite3.connect(options.ledger) as connection:
        rows = connection.execute(
            "SELECT document.key, revision.text_sha256, present.content, statement.body FROM present"
            " JOIN document ON document.number = present.document JOIN revision ON revision.number = present.revision"
            " JOIN statement ON statement.extraction = present.extraction AND statement.id = present.id"
            " WHERE present.kind = 'statement' ORDER BY document.key, present.start, present.id"
        ).fetchall()
    long = [row for row in rows if len(re.findall(r"\w+", row[2])) >= LEAST]
    for key, sha256, _, body in random.Random(SEED).sample(long, COUNT):
        print(json.dumps({"id": key, "sha256": sha256, "content": json.loads(body)["content"]}))


if __name__ == "__main__":
    main()
