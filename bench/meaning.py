"""How often a statement is found by its meaning, beside full text; what the index costs.

    python bench/meaning.py --shared DIR --ledger FILE [--float GRAPH] [--states] [--forms]
    python bench/meaning.py --shared DIR --ledger FILE --large FILE|ADDRESS [--statements 1000000]

bench/gold/rephrased.jsonl has a hundred statements, drawn at random from 5,601 articles (PolNeAR, agency copy, the BBC)
and written again in other words. FILE is the ledger of all statements of these articles; where it is not there it is
made (some ten minutes). Each rephrased sentence is looked for among them. Printed:

  found      how often the statement is first, among the first ten, and the mean reciprocal rank (of ranks to 200), by
             meaning and by full text: all words as ``onrecord search`` has it, any word ranked by BM25, the same with
             words stemmed. What stands several times in the same words counts once
  exact      how many of the ten nearest vectors the index finds
  cost       wordings a second when the index is made, its size, and milliseconds a search, median and 95th percentile

``--float`` measures a 32-bit graph (train.meaning --float) too, ``--states`` the mean of the extractor's word states,
``--forms`` vectors of the content with the speaker's name, or the article's title, before it.

``--large`` measures the cost alone, in a ledger (made there where there is none) of so many statements: the articles
over and over, a third of their longer words exchanged for others of the same length, so that hardly any wording stands
twice. Let nothing else run.
"""

from __future__ import annotations

import json
import random
import re
import sqlite3
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from statistics import mean, quantiles

import numpy as np
from numpy.typing import NDArray

from common import Unusable, read_jsonl, run, use_model
from ledger import size_of, varied
from onrecord.batch import Workers, record
from onrecord.exports.record import record as written
from onrecord.extract.tagger import Tagger
from onrecord.extract.windows import pack
from onrecord.extract.words import cut
from onrecord.ledger import Hit, Ledger, Query
from onrecord.ledger.meanings import file_of, told
from onrecord.ledger.query import tokens
from onrecord.meaning.encoder import Encoder, shipped
from onrecord.meaning.index import Index
from onrecord.model import Act, Document, Form, Span
from onrecord.pipeline import read_many

GOLD = Path(__file__).parent / "gold" / "rephrased.jsonl"
MODELS = Path(sys.modules["onrecord"].__file__ or "").parent / "models"
CORPORA = ("news/agencies", "news/bbc", "polnear/train", "polnear/dev")
KEPT = ("id", "text", "date", "title", "headline", "outlet", "publisher", "url")
DEEP, NEAREST, LIMIT = 200, 10, 20

_WORD = re.compile(r"\b[a-z]{4,}\b")

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A statement of the gold: its article, where its content stands, and the sentence that is looked for."""

    document: str
    content: list[Span]
    rephrased: str


@dataclass(frozen=True, slots=True)
class Wording:
    """A statement as it stands in the ledger, for all that have the same words."""

    words: str
    speaker: str | None
    title: str | None


def articles(shared: Path, out: Path) -> None:
    """Write the articles of all corpora into one file."""
    with out.open("w", encoding="utf-8") as file:
        for name in CORPORA:
            for row in read_jsonl(shared / "data" / f"{name}.jsonl.gz"):
                file.write(json.dumps({k: row[k] for k in KEPT if row.get(k)}) + "\n")


def make(shared: Path, where: Path) -> None:
    """Record the articles, with their statements."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "articles.jsonl"
        articles(shared, file)
        with Ledger.open(where) as ledger, Workers() as hands, ledger.recorder("bench") as recorder:
            for _ in record(recorder, read_many([str(file)], extract=False), hands):
                pass


def reworded(documents: Sequence[Document], count: int) -> Iterator[Document]:
    """``count`` documents, those given over and over with other words of the same length, of many days and outlets."""
    rng = random.Random(3)
    by_length: dict[int, set[str]] = defaultdict(set)
    for document in documents:
        for word in _WORD.findall(document.text):
            by_length[len(word)].add(word)
    others = {length: sorted(words) for length, words in by_length.items()}

    def other(match: re.Match[str]) -> str:
        return rng.choice(others[len(match[0])]) if rng.random() < 1 / 3 else match[0]

    for document in varied(documents, count):
        day = date(1990, 1, 1) + timedelta(days=rng.randrange(13_000))
        text = _WORD.sub(other, document.text)
        yield replace(document, text=text, date=str(day), outlet=f"Gazette {rng.randrange(40)}")


def wanted_of(ledger: Ledger, gold: Path) -> list[Wanted]:
    """The gold's statements.

    Raises:
        Unusable: an article is not there, or has another text.
    """
    found = []
    for row in read_jsonl(gold):
        document = ledger.document(row["id"]).document
        if document.sha256 != row["sha256"]:
            raise Unusable(f"{row['id']}: has another text than the gold is of")
        found.append(Wanted(row["id"], [Span(*span) for span in row["content"]], row["rephrased"]))
    return found


def right_of(ledger: Ledger, wanted: Wanted) -> frozenset[str]:
    """The words of the statements whose content is, by half of all its letters, the one that is wanted."""
    document, right = ledger.document(wanted.document).document, set()
    mine = {k for span in wanted.content for k in range(span.start, span.end)}
    for statement in document.statements:
        theirs = {k for span in statement.content for k in range(span.start, span.end)}
        if 2 * len(mine & theirs) > len(mine | theirs):
            right.add(told(" … ".join(span.of(document.text) for span in statement.content)))
    return frozenset(right)


def wordings(where: Path) -> list[Wording]:
    """All different wordings, each as it was recorded first."""
    with sqlite3.connect(where) as connection:
        rows = connection.execute(
            "SELECT present.content, present.speaker, revision.title FROM present"
            " JOIN revision ON revision.number = present.revision ORDER BY present.number"
        ).fetchall()
    found: dict[str, Wording] = {}
    for content, speaker, title in rows:
        words = told(content)
        found.setdefault(words, Wording(words, speaker, title))
    return list(found.values())


def rank(order: Sequence[str], right: frozenset[str]) -> int | None:
    """Where the first right one stands, the first at 1; None where it is not among the first ``DEEP``."""
    different = list(dict.fromkeys(order))[:DEEP]
    return next((place for place, words in enumerate(different, 1) if words in right), None)


def line(name: str, ranks: Sequence[int | None]) -> str:
    """A row of the table."""
    first, ten = (mean(r is not None and r <= most for r in ranks) for most in (1, NEAREST))
    reciprocal = mean(1 / r if r else 0.0 for r in ranks)
    return f"  {name:38}{first:8.0%}{ten:8.0%}{reciprocal:8.3f}"


def words_of(hit: Hit) -> str:
    """A hit's words, as they are encoded."""
    return told(" … ".join(span.of(hit.entry.document.text) for span in hit.statement.content))


def by_search(ledger: Ledger, right: Sequence[frozenset[str]], search: Callable[[int], list[str]]) -> list[int | None]:
    """Ranks where ``search`` gives the words that are found for each of the gold's statements."""
    return [rank(search(number), one) for number, one in enumerate(right)]


def by_vectors(
    every: Sequence[str], vectors: Vectors, asked: Vectors, right: Sequence[frozenset[str]]
) -> list[int | None]:
    """Ranks by comparing with all vectors."""
    found = []
    for one, words in zip(asked, right, strict=True):
        order = np.argsort(-(vectors @ one), kind="stable")[: 4 * DEEP]
        found.append(rank([every[k] for k in order], words))
    return found


def by_any_word(
    every: Sequence[Wording], wanted: Sequence[Wanted], right: Sequence[frozenset[str]], stemmed: bool
) -> list[int | None]:
    """Ranks by BM25 where any word counts."""
    tokenizer = ("porter " if stemmed else "") + "unicode61 remove_diacritics 2"
    with sqlite3.connect(":memory:") as connection:
        connection.execute(f"CREATE VIRTUAL TABLE words USING fts5(content, tokenize='{tokenizer}')")
        connection.executemany(
            "INSERT INTO words(rowid, content) VALUES (?, ?)", ((k, w.words) for k, w in enumerate(every))
        )

        def search(number: int) -> list[str]:
            asked = " OR ".join(f'"{word}"' for word in tokens(wanted[number].rephrased).split())
            command = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank, rowid LIMIT ?"
            return [every[k].words for (k,) in connection.execute(command, (asked, DEEP))]

        return [rank(search(number), one) for number, one in enumerate(right)]


def states(tagger: Tagger, texts: Sequence[str]) -> Vectors:
    """The mean of the extractor's states of each text's words, ``(texts, hidden)``, of length 1."""
    made = []
    for text in texts:
        words = cut(text)
        pieces = tagger._cutter(words.strings())
        parts = [tagger._encode(words, pieces, window)[0] for window in pack(words, pieces, tagger.settings.window)]
        middle = np.concatenate(parts).mean(0) if parts else np.ones(384, np.float32)
        made.append(middle / np.linalg.norm(middle))
    return np.stack(made)


def found(options: Namespace, ledger: Ledger, wanted: Sequence[Wanted]) -> None:
    """Print how often the statements are found."""
    right = [right_of(ledger, one) for one in wanted]
    every = wordings(options.ledger)
    plain, asked = [w.words for w in every], [one.rephrased for one in wanted]
    print(f"found: {len(wanted)} statements among {len(every):,} wordings")
    print(f"  {'':38}{'first':>8}{'in ten':>8}{'MRR':>8}")

    def meant(number: int) -> list[str]:
        return [words_of(hit) for hit in ledger.search(Query(), like=asked[number], limit=2 * DEEP)]

    def all_words(number: int) -> list[str]:
        return [words_of(hit) for hit in ledger.search(Query(tokens(asked[number])), limit=DEEP)]

    print(line("by meaning (search --like)", by_search(ledger, right, meant)))
    print(line("full text, all words (search)", by_search(ledger, right, all_words)))
    for stemmed in (False, True):
        name = "full text, any word" + (", stemmed" if stemmed else "")
        print(line(name, by_any_word(every, wanted, right, stemmed)), flush=True)
    if options.float:
        exact = Encoder(options.float, MODELS / "extract" / "tokenizer.json")
        print(
            line("by meaning, 32 bits", by_vectors(plain, exact.vectors(plain), exact.vectors(asked), right)),
            flush=True,
        )
    if options.forms:
        forms = {
            "by meaning, speaker and content": [f"{w.speaker}: {w.words}" if w.speaker else w.words for w in every],
            "by meaning, title and content": [f"{w.title}. {w.words}" if w.title else w.words for w in every],
        }
        for name, texts in forms.items():
            print(line(name, by_vectors(plain, shipped().vectors(texts), shipped().vectors(asked), right)), flush=True)
    if options.states:
        tagger = use_model(None)
        print(
            line(
                "by the extractor's own states", by_vectors(plain, states(tagger, plain), states(tagger, asked), right)
            )
        )


def exact(index: Index, asked: Vectors) -> None:
    """Print how many of the nearest the index finds."""
    keys, same = index.keys(), 0
    for one in asked:
        near = index.nearest(one, DEEP)[0][:NEAREST]
        same += len(set(near.tolist()) & set(index.likeness(one, keys)[0][:NEAREST].tolist()))
    print(f"exact: {same / (NEAREST * len(asked)):.1%} of the {NEAREST} nearest of all are found by the index")


def cost(where: str, asked: Sequence[str]) -> None:
    """Print what making the index of a ledger takes, and searching with it."""
    with tempfile.TemporaryDirectory() as folder, Ledger.open(where, read_only=True, index=folder) as ledger:
        began = time.monotonic()
        made = ledger.index()
        took = time.monotonic() - began
        size = made.file.stat().st_size
        print(f"cost: {made.vectors:,} wordings indexed in {took:.0f} s ({made.vectors / took:.0f} a second),", end=" ")
        print(f"{size / 1e6:.1f} MB ({size / made.vectors:.0f} bytes each)", flush=True)
        searching(ledger, asked)


def searching(ledger: Ledger, asked: Sequence[str]) -> None:
    """Print how long searches take, until the hits stand as records."""
    rng = random.Random(5)
    kinds: dict[str, Callable[[], Query]] = {
        "alone": Query,
        "an act, a form, a year": lambda: Query(
            acts=(rng.choice(list(Act)),), forms=(rng.choice(list(Form)),), since=str(rng.randrange(1997, 2017))
        ),
        "a word": lambda: Query(rng.choice(rng.choice(asked).split()).strip(",.;’'") or "the"),
    }
    for name, draw in kinds.items():
        taken = []
        for one in asked:
            query = draw()
            began = time.perf_counter()
            for hit in ledger.search(query, like=one, limit=LIMIT):
                written(hit.entry.document, hit.statement)
            taken.append(1000 * (time.perf_counter() - began))
        cuts = quantiles(taken, n=20)
        print(f"  by meaning, {name:28}{cuts[9]:8.1f} ms{cuts[18]:8.1f} ms", flush=True)


def large(options: Namespace) -> None:
    """Measure in a large ledger, which is made where it is not there."""
    with Ledger.open(options.ledger, read_only=True) as ledger:
        documents = [d for d in ledger.documents() if d.statements]
    each = sum(len(d.statements) for d in documents) / len(documents)
    with Ledger.open(options.large) as ledger:
        if not ledger.count(Query()):
            with ledger.recorder("bench") as recorder:
                for document in reworded(documents, int(options.statements / each)):
                    recorder.add(document)
        print(f"{ledger.count(Query()):,} statements, {size_of(options.large) / 1e9:.2f} GB", flush=True)
    cost(options.large, [row["rephrased"] for row in read_jsonl(GOLD)])


def work(options: Namespace) -> None:
    """Measure and print."""
    if not options.ledger.exists():
        make(options.shared, options.ledger)
    if options.large:
        large(options)
        return
    with Ledger.open(options.ledger) as ledger:
        wanted = wanted_of(ledger, GOLD)
        ledger.index()
        found(options, ledger, wanted)
        asked = shipped().vectors([one.rephrased for one in wanted])
        exact(Index(file_of(str(options.ledger)), shipped().version), asked)
    cost(str(options.ledger), [one.rephrased for one in wanted])


def main() -> None:
    """Entry point."""
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True, metavar="DIR", help="the folder with data/")
    parser.add_argument("--ledger", type=Path, required=True, metavar="FILE")
    parser.add_argument("--float", type=Path, metavar="GRAPH")
    parser.add_argument("--states", action="store_true")
    parser.add_argument("--forms", action="store_true")
    parser.add_argument("--large", metavar="FILE|ADDRESS")
    parser.add_argument("--statements", type=int, default=1_000_000)
    sys.exit(run(parser, work))


if __name__ == "__main__":
    main()
