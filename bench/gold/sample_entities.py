#!/usr/bin/env python3
"""Draw the articles of the entity gold, the same ones on every machine, and write a work sheet for each.

    sample_entities.py --shared ../shared --out DIR [--articles 94] >SAMPLE.jsonl

The population is every article of PolNeAR train and dev with 6 to 60 attributions that have source words and at
most 1,200 words. A name is a run of two to four capitalised words in the source words, titles taken off, and cut to
its last two where these are a name elsewhere; the last word is its key. Keys that several articles share are sorted
into kinds, by letters alone:

- several: names whose first words differ (families, namesakes);
- variant: names whose first words agree or nearly (initials, nicknames, suffixes, other spellings), and names that
  agree but for one or two letters of their last words;
- organisation: an abbreviation and a name with these initials, or a name that ends in an organisation's word;
- frequent: one name in eight articles or more;
- few: one name in two or three articles.

In turn (several twice) each kind gives the key with the lowest SHA-256(SEED, kind, key), and of its articles up to
two (several: three), again by hash, those first whose name had none yet, until 70 are drawn and the turn is over.
These have many people and few with more than one form of name, so the draw goes on, same seed, with variant (twice),
organisation (only keys with several names) and few in turn.

One JSON object a line: id, split, sha256 (of the document's text in UTF-8), kind and key (why it was drawn; the key is
hashed).
No text is written to standard output; the sheets in DIR have the text, with the sources of the attributions numbered.
DIR must lie outside of the repository.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

__all__ = ["Article", "draw", "kinds_of_keys", "names_in", "same_name", "sheet", "source_words"]

SEED = "onrecord entity gold 1"
KINDS = ("several", "variant", "organisation", "frequent", "few")
TURNS = ("several", "variant", "several", "organisation", "frequent", "few")
FIRST, LATER = 70, ("variant", "organisation", "variant", "few")
MOST = {"several": 3}  # articles a key; else two
SOURCES, WORDS = range(6, 61), 1200
FREQUENT, FEW = 8, range(2, 4)
HERE = Path(__file__).resolve()

# Words before a name that do not belong to it, and words that end the names of organisations and places.
TITLES = frozenset(
    """mr mrs ms dr sen sens rep reps gov govs lt gen col sgt capt adm rev president presidents senator senators
    representative congressman congresswoman secretary judge justice general director speaker republican republicans
    democrat democrats
    democratic gop the a an former vice chairman chairwoman leader mayor governor attorney pastor sheriff spokesman
    spokeswoman author professor chief minister chancellor prime pope prince king another some many both neither most
    several other all top new this these rival billionaire candidate nominee majority minority state house senate party
    """.split()  # noqa: SIM905
)
ORGANISATIONS = frozenset(
    """university college school institute center committee council commission court department office agency bureau
    association federation union foundation fund coalition alliance league club group project party pac times post
    journal news press magazine report network house senate congress campaign club society chamber service board
    """.split()  # noqa: SIM905
)
NOT_SURNAMES = ORGANISATIONS | frozenset(
    """republicans democrats americans voters poll polls survey state states city county york carolina hampshire jersey
    virginia california iowa america research policy studies politics affairs security program church media action
    today watch convention ministry island partners press caucus act war institution conservatives supporters officials
    usa corps campaign latinos catholics muslims delegates
    """.split()  # noqa: SIM905
)
SUFFIXES = frozenset("jr sr ii iii iv".split())  # noqa: SIM905
WORD = re.compile(r"[^\W_](?:[\w.&’'-]*[^\W_])?")

Article = Mapping[str, Any]
Name = tuple[str, ...]


def ranked(kind: str, word: str) -> str:
    """What puts keys and articles into an order that has nothing to do with their words."""
    return hashlib.sha256(f"{SEED}:{kind}:{word}".encode()).hexdigest()


def source_words(article: Article) -> list[str]:
    """The source words of every attribution of the article, those of several spans joined by a blank."""
    return [" ".join(article["text"][s:e] for s, e in item["source"]) for item in article["attributions"]]


def names_in(source: str) -> list[Name]:
    """The names of two to four words and the abbreviations in source words, titles and suffixes taken off."""
    found: list[Name] = []
    run: list[str] = []
    end = 0

    def close() -> None:
        while run and run[0].lower() in TITLES:
            del run[0]
        while run and run[-1].lower() in SUFFIXES:
            del run[-1]
        if 2 <= len(run) <= 4 or (len(run) == 1 and 2 <= len(run[0]) <= 5 and run[0].isupper()):
            found.append(tuple(run))
        run.clear()

    for match in WORD.finditer(source):
        between = source[end : match.start()]
        word = re.sub(r"[’']s$", "", match[0])
        owner = word != match[0]
        if run and between not in (" ", ". "):
            close()
        if word[0].isupper():
            run.append(word.replace(".", ""))
            if owner:
                close()
        else:
            close()
        end = match.end()
    close()
    return found


def distance(left: str, right: str) -> int:
    """How many letters must be changed, added or taken away to get from one word to the other."""
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(right, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def same_name(left: Name, right: Name) -> bool:
    """Whether two names with one last word could be forms of one, by the letters of their first words."""
    if set(left) <= set(right) or set(right) <= set(left):
        return True
    one, other = sorted((left[0].lower(), right[0].lower()), key=len)
    return other.startswith(one[:3]) or (len(one) > 3 and distance(one, other) <= 2)


def kinds_of_keys(articles: Sequence[Article]) -> dict[str, dict[str, list[tuple[Name, int]]]]:
    """By kind and key, the names and the index of the article that each stands in."""
    found = [{name for source in source_words(article) for name in names_in(source)} for article in articles]
    attested = set().union(*found)
    where: dict[Name, set[int]] = defaultdict(set)
    for index, names_here in enumerate(found):
        for name in names_here:
            where[name[-2:] if name[-2:] in attested else name].add(index)
    by_last: dict[str, list[Name]] = defaultdict(list)
    for name in sorted(where):
        if len(name) > 1:
            by_last[name[-1]].append(name)
    kinds: dict[str, dict[str, list[tuple[Name, int]]]] = {kind: {} for kind in KINDS}

    def put(kind: str, key: str, names: Sequence[Name]) -> None:
        places = [(name, index) for name in names for index in sorted(where[name])]
        if len({index for _, index in places}) > 1:
            kinds[kind][key] = places

    for last, names in by_last.items():
        if last.lower() in NOT_SURNAMES:
            if last.lower() in ORGANISATIONS:
                for name in names:
                    put("organisation", " ".join(name), [name])
            continue
        if len(last) < 3 or last.isupper():
            continue
        pairs = [(a, b, same_name(a, b)) for a, b in combinations(names, 2)]
        if not all(same for _, _, same in pairs):
            put("several", last, names)
        if any(same for _, _, same in pairs):
            put("variant", last, sorted({n for a, b, same in pairs if same for n in (a, b)}))
        for name in names:
            if len(where[name]) >= FREQUENT:
                put("frequent", " ".join(name), [name])
            if len(where[name]) in FEW:
                put("few", " ".join(name), [name])
    for name in sorted(where):  # an abbreviation, and the names that begin with its letters
        letters = [n for n in where if len(n) > 1 and "".join(word[0] for word in n) == name[0]]
        if len(name) == 1 and (long := [n for n in letters if len(n) > 2 or n[-1].lower() in NOT_SURNAMES]):
            put("organisation", name[0], [name, *sorted(long)])
    lasts: dict[str, list[str]] = defaultdict(list)
    for last, names in by_last.items():
        for first in sorted({name[0] for name in names}):
            lasts[first].append(last)
    for first, several in sorted(lasts.items()):
        for one, other in combinations(sorted(several), 2):
            if min(len(one), len(other)) > 4 and distance(one, other) <= 2 and one.lower() not in NOT_SURNAMES:
                names = [n for last in (one, other) for n in by_last[last] if n[0] == first]
                put("variant", f"{first} {one}/{other}", names)
    return kinds


def draw(articles: Sequence[Article], most: int) -> list[tuple[int, str, str]]:
    """The drawn articles in the order of the draw: index, and the kind and the key that drew each."""
    kinds = kinds_of_keys(articles)
    queues = {kind: sorted(kinds[kind], key=partial(ranked, kind)) for kind in KINDS}
    drawn: dict[int, tuple[str, str]] = {}

    def choose(kind: str, key: str) -> Iterator[int]:
        """The key's articles, those first whose name had none yet."""
        places = sorted(kinds[kind][key], key=lambda place: ranked(key, articles[place[1]]["id"]))
        seen: set[Name] = set()
        rest: list[int] = []
        for name, index in places:
            if name in seen or (kind != "variant" and any(same_name(name, other) for other in seen)):
                rest.append(index)
            else:
                seen.add(name)
                yield index
        yield from rest

    while len(drawn) < most:
        later = len(drawn) >= FIRST
        turns = LATER if later else TURNS
        if not any(queues[kind] for kind in turns):
            break
        for kind in turns:
            if later and kind == "organisation":  # an organisation with one name brings no form
                queues[kind] = [key for key in queues[kind] if len({name for name, _ in kinds[kind][key]}) > 1]
            if not queues[kind]:
                continue
            key = queues[kind].pop(0)
            for index in list(dict.fromkeys(choose(kind, key)))[: MOST.get(kind, 2)]:
                if index not in drawn and len(drawn) < most:
                    drawn[index] = (kind, key)
    return [(index, *why) for index, why in drawn.items()]


def sheet(article: Article) -> str:
    """The article's text with its attributions' source words in braces, numbered, and a list of the attributions.

    Several attributions with the same source words share a brace: `{3,5:the mayor}`.
    """
    text = article["text"]
    marks: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, item in enumerate(article["attributions"]):
        for start, end in item["source"]:
            marks[start, end].append(index)
    edits: list[tuple[int, int, int, str]] = []  # (offset, opening after closing, outer first, words)
    for (start, end), indices in marks.items():
        edits.append((start, 1, -end, "{" + ",".join(map(str, indices)) + ":"))
        edits.append((end, 0, -start, "}"))
    out: list[str] = []
    at = 0
    for offset, _, _, words in sorted(edits):
        out += [text[at:offset], words]
        at = offset
    out.append(text[at:])
    lines = [f"# {article['id']} ({article['publisher']}, {article['date']})", "", "".join(out), "", "---"]
    for index, (item, source) in enumerate(zip(article["attributions"], source_words(article), strict=True)):
        cue, content = (" … ".join(text[s:e] for s, e in item[role]) or "-" for role in ("cue", "content"))
        lines.append(f"{index}\t{source or '-'}\t{cue}\t{content if len(content) < 70 else content[:66] + ' …'}")
    return "\n".join(lines) + "\n"


def load(shared: Path) -> list[dict[str, Any]]:
    """The population, in the order of the files; each article with its `split`."""
    articles = []
    for split in ("train", "dev"):
        with gzip.open(shared / f"data/polnear/{split}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for article in map(json.loads, filter(str.strip, lines)):
                sources = sum(bool(item["source"]) for item in article["attributions"])
                if sources in SOURCES and len(article["text"].split()) <= WORDS:
                    articles.append({**article, "split": split})
    return articles


def main() -> int:
    """Run the command line; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True, metavar="DIR")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the work sheets go")
    parser.add_argument("--articles", type=int, default=94)
    options = parser.parse_args()
    if options.out.resolve().is_relative_to(HERE.parents[2]):
        parser.error(f"{options.out}: lies in the repository, and the sheets have the articles' text; choose another")
    options.out.mkdir(parents=True, exist_ok=True)
    articles = load(options.shared)
    drawn = draw(articles, options.articles)
    for number, (index, kind, key) in enumerate(drawn):
        article = articles[index]
        (options.out / f"{number:03}.txt").write_text(sheet(article), "utf-8")
        sha256 = hashlib.sha256(article["text"].encode()).hexdigest()
        row = {"id": article["id"], "split": article["split"], "sha256": sha256, "kind": kind, "key": ranked(kind, key)}
        print(json.dumps(row))
    chosen = [articles[index] for index, _, _ in drawn]
    speakers = {json.loads(line)["id"] for line in (HERE.parent / "speakers.jsonl").open(encoding="utf-8")}
    counts = {
        "population": len(articles),
        "drawn": len(chosen),
        **Counter(article["split"] for article in chosen),
        **Counter(kind for _, kind, _ in drawn),
        "words": sum(len(article["text"].split()) for article in chosen),
        "attributions with source words": sum(bool(i["source"]) for a in chosen for i in a["attributions"]),
        "also in speakers.jsonl": sum(article["id"] in speakers for article in chosen),
    }
    print(", ".join(f"{name} {count}" for name, count in counts.items()), file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
