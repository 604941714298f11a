"""How well altered quotations are told from honest ones, pair by pair.

    python bench/alterations.py --shared SHARED [--split train] [--seed 7] [--show KIND]

Real quotations of eight words and more from PolNeAR are altered by a seeded program, each in one of twelve ways: a
negation dropped or put in, a number changed, a word substituted, two words substituted, a pronoun changed, a modal
made stronger, words cut within, a sentence cut within, words added, two phrases swapped, the quotation given to another
speaker. The negatives are honest: other marks and case, contractions written out, numbers in figures, words left out
at an end, at an ellipsis or around an interposed "he said", brackets, and other quotations of the same document, at
least ten to each positive. Printed: precision, recall and the share of kinds that are right, by way; nothing of
``onrecord.relate`` takes part in the altering.
"""

from __future__ import annotations

import random
import re
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from common import read_jsonl, run
from onrecord.model import Document, Form, Span, Statement
from onrecord.relate.sayings import Saying, links
from onrecord.relate.wording import quoted

_SAID = re.compile(r"“([^“”\n]{30,600})”|\"([^\"\n]{30,600})\"")
_NUMBERS = {"two": "three", "three": "four", "four": "six", "five": "eight", "six": "nine", "ten": "twenty",
            "hundred": "thousand", "million": "billion", "first": "second"}  # fmt: skip
_FIGURES = {"two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "ten": "10"}
_PRONOUNS = {"we": "they", "they": "we", "I": "we", "he": "she", "she": "he", "our": "their", "their": "our"}
_STRONGER = {"might": "will", "may": "will", "could": "will", "should": "must", "would": "will", "some": "all"}
_AUXILIARIES = ("will", "is", "are", "was", "were", "can", "could", "would", "should", "must", "has", "have", "do")
_WRITTEN = {"don't": "do not", "won't": "will not", "can't": "cannot", "isn't": "is not", "we're": "we are",
            "I'm": "I am", "they're": "they are", "we'll": "we will", "didn't": "did not", "doesn't": "does not",
            "we've": "we have", "I've": "I have", "aren't": "are not", "wasn't": "was not"}  # fmt: skip
_FILLERS = ("clearly", "again", "never before", "secretly", "of course", "at all costs", "very", "in this country")

Words = list[str]


def said_of(text: str) -> list[Words]:
    """The quotations of a text of eight words and more, as words with their marks."""
    found = [(m[1] or m[2]).split() for m in _SAID.finditer(text)]
    return [words for words in found if len(words) >= 8 and not any("[" in w or "…" in w or "..." in w for w in words)]


def bare(word: str) -> str:
    """A word without marks around it."""
    return word.strip(".,;:!?—–-()'’\"").replace("’", "'")


def swap(words: Words, table: dict[str, str], rng: random.Random) -> Words | None:
    """One word of the table for another."""
    at = [k for k, w in enumerate(words) if bare(w) in table and 0 < k < len(words) - 1]
    if not at:
        return None
    k = rng.choice(at)
    return [*words[:k], words[k].replace(bare(words[k]), table[bare(words[k])]), *words[k + 1 :]]


class Alterations:
    """The twelve ways; each gives None for a quotation that it does not suit."""

    def __init__(self, vocabulary: Sequence[str], rng: random.Random) -> None:
        self.vocabulary, self.rng = vocabulary, rng

    def other(self, words: Words) -> str:
        """A word that the quotation does not have."""
        while (word := self.rng.choice(self.vocabulary)) in {bare(w).lower() for w in words}:
            pass
        return word

    def middle(self, words: Words, length: int) -> int:
        """Where a stretch of this length begins that leaves three words on either side."""
        return self.rng.randrange(3, len(words) - length - 2)

    def negation_dropped(self, words: Words) -> Words | None:
        """Without its "not" or "never"."""
        at = [k for k, w in enumerate(words) if bare(w) in ("not", "never") and 0 < k < len(words) - 1]
        return [w for k, w in enumerate(words) if k != at[0]] if at else None

    def negation_put_in(self, words: Words) -> Words | None:
        """With a "not" behind an auxiliary."""
        at = [k for k, w in enumerate(words) if w in _AUXILIARIES and 0 < k < len(words) - 2]
        at = [k for k in at if bare(words[k + 1]) not in ("not", "never", "no")]
        return [*words[: at[0] + 1], "not", *words[at[0] + 1 :]] if at else None

    def number_changed(self, words: Words) -> Words | None:
        """Another number."""
        at = [k for k, w in enumerate(words) if re.fullmatch(r"\d{1,3}(,\d{3})*", bare(w)) and 0 < k < len(words) - 1]
        if at:
            k = self.rng.choice(at)
            value = int(bare(words[k]).replace(",", ""))
            return [
                *words[:k],
                words[k].replace(bare(words[k]), str(value + self.rng.randrange(1, 9))),
                *words[k + 1 :],
            ]
        return swap(words, _NUMBERS, self.rng)

    def word_substituted(self, words: Words) -> Words | None:
        """One content word for another."""
        at = [k for k, w in enumerate(words) if 0 < k < len(words) - 1 and len(bare(w)) > 3 and bare(w).islower()]
        if not at:
            return None
        k = self.rng.choice(at)
        return [*words[:k], words[k].replace(bare(words[k]), self.other(words)), *words[k + 1 :]]

    def two_words_substituted(self, words: Words) -> Words | None:
        """Two words beside each other for two others."""
        if len(words) < 10:
            return None
        k = self.middle(words, 2)
        return [*words[:k], self.other(words), self.other(words), *words[k + 2 :]]

    def pronoun_changed(self, words: Words) -> Words | None:
        """Another person."""
        return swap(words, _PRONOUNS, self.rng)

    def made_stronger(self, words: Words) -> Words | None:
        """A modal for a stronger one."""
        return swap(words, _STRONGER, self.rng)

    def cut_within(self, words: Words) -> Words | None:
        """Two to five words missing without a sign."""
        length = self.rng.randrange(2, 6)
        if len(words) < length + 9:
            return None
        k = self.middle(words, length)
        return [*words[:k], *words[k + length :]]

    def sentence_cut(self, words: Words) -> Words | None:
        """A sentence in the middle missing without a sign."""
        ends = [k + 1 for k, w in enumerate(words[:-1]) if w.endswith((".", "!", "?"))]
        if len(ends) < 2 or not 2 <= ends[1] - ends[0] <= 12:
            return None
        return [*words[: ends[0]], *words[ends[1] :]]

    def words_added(self, words: Words) -> Words | None:
        """Words that nobody said."""
        k = self.middle(words, 0)
        return [*words[:k], *self.rng.choice(_FILLERS).split(), *words[k:]]

    def phrases_swapped(self, words: Words) -> Words | None:
        """Two phrases of two or three words in each other's place."""
        if len(words) < 12:
            return None
        size = self.rng.randrange(2, 4)
        k = self.rng.randrange(2, len(words) - 2 * size - 1)
        made = [*words[:k], *words[k + size : k + 2 * size], *words[k : k + size], *words[k + 2 * size :]]
        return made if made != words else None


class Honest:
    """The ways of quoting that alter nothing; each gives texts that stand for the quotation."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def marks(self, words: Words) -> list[str] | None:
        """Other marks."""
        made = [re.sub(",$", " –", w).replace(";", ",").replace("’", "'") for w in words]
        return [" ".join(made).rstrip(".,") + "!"]

    def case(self, words: Words) -> list[str] | None:
        """Other capitals."""
        return [" ".join(w.upper() if k % 3 == 0 else w for k, w in enumerate(words))]

    def written_out(self, words: Words) -> list[str] | None:
        """Contractions written out."""
        made = [_WRITTEN.get(w.replace("’", "'")) or w for w in words]
        return [" ".join(made)] if made != words else None

    def figures(self, words: Words) -> list[str] | None:
        """Numbers in figures."""
        made = [_FIGURES.get(w, w) for w in words]
        return [" ".join(made)] if made != words else None

    def end_left_out(self, words: Words) -> list[str] | None:
        """The end left out."""
        return [" ".join(words[: max(6, len(words) - self.rng.randrange(2, 6))])] if len(words) > 9 else None

    def beginning_left_out(self, words: Words) -> list[str] | None:
        """The beginning left out."""
        return [" ".join(words[self.rng.randrange(2, len(words) - 6) :])] if len(words) > 9 else None

    def ellipsis(self, words: Words) -> list[str] | None:
        """Words left out in the middle, with the sign for it."""
        if len(words) < 14:
            return None
        k = self.rng.randrange(4, len(words) - 8)
        return [" ".join([*words[:k], self.rng.choice(("…", "...", ". . .")), *words[k + 3 :]])]

    def interposed(self, words: Words) -> list[str] | None:
        """Two quoted stretches with "he said" between them, and words missing there."""
        if len(words) < 14:
            return None
        k = self.rng.randrange(5, len(words) - 6)
        return [" ".join(words[:k]) + ",", " ".join(words[k + self.rng.randrange(0, 3) :])]

    def bracket(self, words: Words) -> list[str] | None:
        """A word of the outlet's in brackets for one of the speaker's."""
        k = self.rng.randrange(3, len(words) - 3)
        return [" ".join([*words[:k], "[the plan]", *words[k + 1 :]])]


def document(stretches: Sequence[str]) -> tuple[Document, Statement]:
    """A document in which a statement has these quoted stretches."""
    text, spans = "", []
    for stretch in stretches:
        start = len(text)
        text += f"“{stretch}”"
        spans.append(Span(start, len(text)))
        text += " he said, "
    statement = Statement("s", tuple(spans), quoted=tuple(spans), form=Form.VERBATIM)
    return Document("d", text, statements=(statement,)), statement


EXPECTED = {
    "negation_dropped": {"negation"}, "negation_put_in": {"negation"}, "number_changed": {"number"},
    "word_substituted": {"substituted"}, "two_words_substituted": {"substituted"}, "pronoun_changed": {"substituted"},
    "made_stronger": {"substituted"}, "cut_within": {"cut", "negation", "number"},
    "sentence_cut": {"cut", "negation", "number"}, "words_added": {"added", "negation"}, "phrases_swapped": {"order"},
    "given_to_another": {"speaker"},
}  # fmt: skip
"""The kinds that are right. What is cut or added may hold a negation or a number: then that is what is told."""


def work(options: Namespace) -> None:
    """Alter, compare, print."""
    rng = random.Random(options.seed)
    rows = list(read_jsonl(options.shared / f"data/polnear/{options.split}.jsonl.gz"))
    of = {row["id"]: said_of(row["text"]) for row in rows}
    every = [(id, words) for id, found in of.items() for words in found]
    vocabulary = sorted({bare(w) for _, words in every for w in words if len(bare(w)) > 4 and bare(w).islower()})
    alterations, honest = Alterations(vocabulary, rng), Honest(rng)

    def differs(a: Sequence[str], b: Sequence[str], speaker: str = "a") -> tuple[bool, list[str]]:
        one, other = (quoted(*document(stretches)) for stretches in (a, b))
        if one is None or other is None:
            return False, []
        found = links([Saying("1", "d1", "a", one), Saying("2", "d2", speaker, other)])
        kinds = [
            k for link in found for k in ([str(d.kind) for d in link.alike.differences] + ["speaker"] * link.moved)
        ]
        return bool(kinds), kinds

    shown = 0
    ways: dict[str, Counter[str]] = defaultdict(Counter)
    for _, words in every:
        name = rng.choice(list(EXPECTED))
        moved = name == "given_to_another"
        made = words if moved else getattr(alterations, name)(list(words))
        if made is None:
            continue
        found, kinds = differs([" ".join(words)], [" ".join(made)], "b" if moved else "a")
        ways[name].update(n=1, found=found, right=found and set(kinds) <= EXPECTED[name])
        if options.show == name and not (found and set(kinds) <= EXPECTED[name]) and shown < 20:
            shown += 1
            print(f"{kinds}\n  {' '.join(words)}\n  {' '.join(made)}")
    positives = sum(c["n"] for c in ways.values())
    fine: dict[str, Counter[str]] = defaultdict(Counter)
    names: list[str] = [n for n in vars(Honest) if not n.startswith("_")]
    for id, words in every:
        for name in names:
            make: Callable[[Words], list[str] | None] = getattr(honest, name)
            stretches = make(list(words))
            if stretches is not None:
                found, _ = differs([" ".join(words)], stretches)
                fine[name].update(n=1, found=found)
                if found and options.show == name and shown < 20:
                    shown += 1
                    print(f"{_}\n  {' '.join(words)}\n  {stretches}")
        for other in of[id]:
            if other is not words and " ".join(other) != " ".join(words):
                found, _ = differs([" ".join(words)], [" ".join(other)])
                fine["other of the same article"].update(n=1, found=found)
    true, false = sum(c["found"] for c in ways.values()), sum(c["found"] for c in fine.values())
    right = sum(c["right"] for c in ways.values())
    print(f"{'altered':26}{'n':>8}{'found':>8}{'kind right':>12}")
    for name, c in ways.items():
        print(
            f"  {name.replace('_', ' '):24}{c['n']:8,}{c['found'] / c['n']:8.1%}{c['right'] / max(1, c['found']):12.1%}"
        )
    print(f"{'honest':26}{'n':>8}{'found':>8}")
    for name, c in fine.items():
        print(f"  {name.replace('_', ' '):24}{c['n']:8,}{c['found'] / c['n']:8.2%}")
    negatives = sum(c["n"] for c in fine.values())
    print(f"{positives:,} altered, {negatives:,} honest ({negatives / positives:.1f} to one)")
    print(f"precision {true / (true + false):.1%}, recall {true / positives:.1%}, kinds right {right / true:.1%}")


def main() -> None:
    """Entry point."""
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--split", default="train", choices=["train", "dev"])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--show", help="up to twenty pairs of this way that went wrong")
    sys.exit(run(parser, work))


if __name__ == "__main__":
    main()
