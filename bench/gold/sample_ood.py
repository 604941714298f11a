#!/usr/bin/env python3
"""Draw the articles and the candidate stretches of the out-of-domain gold.

    sample_ood.py --shared DIR articles      the 15 articles: ten of agency copy, five of the BBC
    sample_ood.py --shared DIR candidates    stretches among which narrative was chosen by hand

DIR is the folder that holds data/news/agencies.jsonl.gz and data/news/bbc.jsonl.gz. Output is one
JSON object a line: {"corpus", "id", "sha256", "start", "end", "words"}; --text adds the words
themselves, for reading them: they are other people's and never enter the repository.

The draw is stratified and otherwise blind: it looks at length and at the kind that the id names
(AFP or Xinhua; the BBC's five sections), at no word of the text. Of several documents with the same
text only the first can be drawn. Exit status 2 on unusable input.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SEED = 20
ARTICLE_WORDS = range(150, 451)  # "among articles of 150-450 words"
STRETCH_WORDS = range(50, 171)
STRETCHES_PER_KIND = 25

# How many articles of which kind; the kind is what the id says before its number.
ARTICLES = {
    "agencies": {"silver/AFP_ENG": 5, "silver/XIN_ENG": 5},
    "bbc": {
        "bbc/business": 1,
        "bbc/entertainment": 1,
        "bbc/politics": 1,
        "bbc/sport": 1,
        "bbc/tech": 1,
    },
}


@dataclass(frozen=True)
class Stretch:
    """Code points [start, end) of one document of a corpus."""

    corpus: str
    id: str
    text: str
    start: int
    end: int

    @property
    def words(self) -> int:
        """Number of words between white space."""
        return len(self.text[self.start : self.end].split())

    def line(self, with_text: bool) -> str:
        """This stretch as one line of JSON."""
        row: dict[str, str | int] = {
            "corpus": self.corpus,
            "id": self.id,
            "sha256": hashlib.sha256(self.text.encode()).hexdigest(),
            "start": self.start,
            "end": self.end,
            "words": self.words,
        }
        if with_text:
            row["text"] = self.text[self.start : self.end]
        return json.dumps(row, ensure_ascii=False)


def kind(document_id: str) -> str:
    """The part of an id before its number: "silver/AFP_ENG", "bbc/politics"."""
    return re.split(r"[_-]?\d", document_id, maxsplit=1)[0]


def documents(shared: Path, corpus: str) -> list[Stretch]:
    """Whole documents of a corpus in file order, copies left out."""
    found, seen = [], set()
    with gzip.open(shared / "data" / "news" / f"{corpus}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["text"] not in seen:
                seen.add(row["text"])
                found.append(Stretch(corpus, row["id"], row["text"], 0, len(row["text"])))
    return found


def articles(shared: Path, seed: int) -> list[Stretch]:
    """The articles to annotate: the same for the same seed and files."""
    draw, drawn = random.Random(seed), []
    for corpus, wanted in ARTICLES.items():
        fitting = [d for d in documents(shared, corpus) if d.words in ARTICLE_WORDS]
        for name, count in wanted.items():
            drawn += draw.sample([d for d in fitting if kind(d.id) == name], count)
    return drawn


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Code points of each line of `text` that has more than white space."""
    return [m.span() for m in re.finditer(r"\S(?:[^\n]*\S)?", text)]


def candidates(shared: Path, seed: int) -> Iterator[Stretch]:
    """Runs of neighbouring paragraphs from documents that are not among the articles.

    From a random paragraph on, paragraphs are taken until the run has the least words wanted; a
    run that then has too many, or reaches the document's end before, is passed over.
    """
    taken = {(d.corpus, d.id) for d in articles(shared, seed)}
    draw = random.Random(f"{seed} narrative")
    for corpus, wanted in ARTICLES.items():
        pool = [d for d in documents(shared, corpus) if (d.corpus, d.id) not in taken]
        for name in wanted:
            of_kind = [d for d in pool if kind(d.id) == name]
            draw.shuffle(of_kind)
            count = 0
            for document in of_kind:
                lines = paragraphs(document.text)
                if not lines:
                    continue
                first = draw.randrange(len(lines))
                for _, end in lines[first:]:
                    run = Stretch(corpus, document.id, document.text, lines[first][0], end)
                    if run.words >= STRETCH_WORDS.start:
                        if run.words in STRETCH_WORDS:
                            count += 1
                            yield run
                        break
                if count == STRETCHES_PER_KIND:
                    break


def main() -> int:
    """Command line; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("articles", "candidates"))
    parser.add_argument("--shared", type=Path, required=True, metavar="DIR")
    parser.add_argument("--seed", type=int, default=SEED, help="default: %(default)s, the gold's")
    parser.add_argument("--text", action="store_true", help="add the words themselves")
    options = parser.parse_args()
    try:
        draw = articles if options.what == "articles" else candidates
        for stretch in draw(options.shared, options.seed):
            print(stretch.line(options.text))
    except (OSError, EOFError, ValueError, KeyError) as error:
        print(f"sample_ood: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
