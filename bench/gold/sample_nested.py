#!/usr/bin/env python3
"""Draw the sentences of the nested-attribution gold, the same ones on every machine.

    sample_nested.py --shared ../shared [--per-corpus 100] >SAMPLE.jsonl

The population is every sentence of PolNeAR train and of the agency copy that has at least two
cue-like words (`VERBS`, `NOUNS`, `PHRASES` below, in all their inflections) and at most 90 words.
Each sentence gets the rank SHA-256(SEED, corpus, document, start); the sample is the lowest ranks of
each corpus, at most two sentences an article, a wording only once. So a larger --per-corpus continues
the same draw, and no state of a random generator can differ between Python versions.

One JSON object a line: corpus, id, start, end (code points, half-open, into the document's text),
sha256 (of the document's text in UTF-8). No text is written. Exit status 2 on unusable input.
"""

from __future__ import annotations

import argparse
import collections
import gzip
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

SEED = "onrecord nested gold 1"
MAX_WORDS = 90
MAX_PER_ARTICLE = 2
MIN_CUES = 2
CORPORA = {"polnear": "data/polnear/train.jsonl.gz", "agencies": "data/news/agencies.jsonl.gz"}

VERBS = """
accept accuse acknowledge add admit advise advocate affirm agree aim allege announce anticipate apologise
apologize appeal approve argue ask assert assess assume assure attack attribute back believe blame boast
brand call caution challenge charge cite claim comment commit complain concede conclude condemn confess confirm
consider contend contradict convince criticise criticize decide declare decline decry defend demand denounce
deny describe determine disagree discuss dismiss dispute doubt echo emphasise emphasize endorse estimate expect
explain express fear feel find forecast guess hint hope imply indicate inform insist intend interpret joke judge
label lament maintain mention mull note oppose order permit plan pledge ponder portray praise predict prefer
proclaim promise propose question quip quote reaffirm reassure recall recommend refuse reiterate reject remark
remind repeat reply report request respond reveal rule say seek sense shout show signal speculate stress suggest
support suspect swear tell testify think threaten tout understand urge view voice vow want warn welcome wish
wonder worry write
""".split()  # noqa: SIM905 - a list literal of this length cannot be read
IRREGULAR = {
    "feel": "felt",
    "find": "found",
    "say": "said",
    "seek": "sought",
    "show": "showed shown",
    "swear": "swore sworn",
    "tell": "told",
    "think": "thought",
    "understand": "understood",
    "write": "wrote written",
}
DOUBLED = frozenset({"admit", "commit", "label", "permit", "plan", "prefer", "quip", "signal"})
NOUNS = """
accusation admission agreement allegation announcement argument assertion assessment assumption belief
commitment complaint conclusion confirmation criticism decision declaration denial desire determination
estimate expectation explanation goal idea impression insistence intention notion opinion perception
pledge prediction proposal prospect recommendation rejection rumour rumor sentiment speculation statement
suggestion suspicion testimony theory threat view vow warning willingness
""".split()  # noqa: SIM905 - a list literal of this length cannot be read
PHRASES = """
according to|adamant that|allegedly|as saying|certain that|come out against|concerned that|concerns that
confident that|convinced|critical of|determined to|eager to|hopeful|in favor of|in favour of|in his view|in her view
in their view|made clear|make clear|makes clear|of the opinion|on the grounds that|opposed to|point out|points out
pointed out|pointing out|prepared to|ready to|reportedly|reluctant to|sceptical|skeptical|speak of|speaks of|spoke of
speaking of|stated|stating|supposed to|supposedly|sure that|unwilling|willing to|would like
"""
ABBREVIATIONS = """
mr mrs ms dr prof rev gen col lt sgt capt cmdr maj adm gov sen rep reps sens pres hon st mt ft jr sr no nos vs
inc co corp ltd bros dept univ assn jan feb mar apr jun jul aug sep sept oct nov dec ala ariz ark calif colo conn
del fla ga ill ind kan ky la md mass mich minn miss mo mont neb nev okla ore pa penn tenn tex va vt wash wis wyo
e.g i.e etc u.s u.n u.k e.u a.m p.m d.c n.y n.j n.h n.c s.c ph.d
""".split()  # noqa: SIM905


def inflections(verb: str) -> list[str]:
    """The forms of an English verb: base, -s, -ing, past and participle.

    >>> inflections("deny")
    ['deny', 'denies', 'denying', 'denied']
    """
    stem = verb + verb[-1] if verb in DOUBLED else verb
    third, participle, past = verb + "s", stem + "ing", stem + "ed"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        third, past = verb[:-1] + "ies", verb[:-1] + "ied"
    elif verb.endswith(("s", "sh", "ch", "x", "z", "cho")):
        third = verb + "es"
    elif verb.endswith("e"):
        participle, past = verb if verb.endswith("ee") else verb[:-1], verb + "d"
        participle += "ing"
    return [verb, third, participle, *IRREGULAR.get(verb, past).split()]


def cue_pattern() -> re.Pattern[str]:
    """One expression that finds cue-like words, longest alternative first."""
    words = {form for verb in VERBS for form in inflections(verb)}
    words |= set(NOUNS) | {noun[:-1] + "ies" if noun.endswith("y") else noun + "s" for noun in NOUNS}
    words |= set(re.split(r"[|\n]", PHRASES.strip()))
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(r"\b(?:" + "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered) + r")\b", re.I)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence of `text`: code points, half-open, white space trimmed.

    A sentence never crosses an empty line. It ends at . ! or ? with any closing marks, before white
    space and something that can open a sentence, unless the full stop belongs to an abbreviation or
    an initial.

    >>> list(sentences("Mr. Ode left. She stayed."))
    [(0, 13), (14, 25)]
    """
    for block in re.finditer(r"\S(?:.|\n(?!\s*\n))*", text):
        start, end = block.span()
        for stop in re.finditer(r"[.!?]+[\"'”’»)\]]*(?=\s+[\"'“‘«(\[]*[A-Z0-9])", block.group()):
            before = re.search(r"[\w.]*$", block.group()[: stop.start()])
            word = before.group().lower() if before else ""
            mark = stop.group()
            if mark[0] == "." and mark[:2] != ".." and (word in ABBREVIATIONS or re.fullmatch(r"[a-z]", word)):
                continue
            border = block.start() + stop.end()
            yield from trimmed(text, start, border)
            start = border
        yield from trimmed(text, start, end)


def trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span without white space at its edges; nothing if nothing is left."""
    piece = text[start:end]
    if piece.strip():
        yield start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def draw(documents: list[tuple[str, str]], corpus: str, wanted: int) -> list[dict[str, object]]:
    """The `wanted` sentences of lowest rank among (id, text) documents, in order of rank."""
    cues, ranked = cue_pattern(), []
    for identity, text in documents:
        for start, end in sentences(text):
            sentence = text[start:end]
            if len(sentence.split()) <= MAX_WORDS and len(cues.findall(sentence)) >= MIN_CUES:
                rank = hashlib.sha256(f"{SEED}\t{corpus}\t{identity}\t{start}".encode()).hexdigest()
                ranked.append((rank, identity, start, end, text))
    ranked.sort(key=lambda row: row[:3])
    rows: list[dict[str, object]] = []
    taken: collections.Counter[str] = collections.Counter()
    seen: set[str] = set()
    for _, identity, start, end, text in ranked:
        wording = " ".join(text[start:end].split())
        if len(rows) == wanted or taken[identity] == MAX_PER_ARTICLE or wording in seen:
            continue
        taken[identity] += 1
        seen.add(wording)
        digest = hashlib.sha256(text.encode()).hexdigest()
        rows.append({"corpus": corpus, "id": identity, "start": start, "end": end, "sha256": digest})
    return rows


def read(path: Path) -> list[tuple[str, str]]:
    """(id, text) of every document of a gzipped JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [(row["id"], row["text"]) for row in map(json.loads, filter(str.strip, lines))]


def main() -> int:
    """Print the sample; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True, metavar="DIR", help="the shared folder that has data/")
    parser.add_argument("--per-corpus", type=int, default=100, metavar="N", help="sentences of each corpus (100)")
    options = parser.parse_args()
    try:
        for corpus, path in CORPORA.items():
            for row in draw(read(options.shared / path), corpus, options.per_corpus):
                print(json.dumps(row))
    except (OSError, ValueError, KeyError) as error:
        print(f"sample_nested: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
