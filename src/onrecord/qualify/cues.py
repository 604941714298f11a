"""What the words for saying say of the saying: the act, how they relay it, how strongly they ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from onrecord.languages.en import word_list
from onrecord.model import Act, Stance, Strength

__all__ = ["CueWord", "cue_words", "of_cue"]


@dataclass(frozen=True, slots=True)
class CueWord:
    """An entry of ``languages/en/cues.txt``; ``word`` is its base form, ``noun`` whether it is one."""

    word: str
    act: Act
    stance: Stance
    strength: Strength | None
    noun: bool


@cache
def cue_words() -> dict[tuple[str, ...], CueWord]:
    """Entries by their forms, in small letters, a phrase as several words. A verb's entry goes before a noun's."""
    made: dict[tuple[str, ...], CueWord] = {}
    entries = []
    for line in word_list("cues.txt"):
        word, act, stance, strength, *forms = line.split()
        entry = CueWord(
            word.replace("_", " "),
            Act(act),
            Stance.NEUTRAL if stance == "-" else Stance(stance),
            None if strength == "-" else Strength(strength),
            "noun" in forms,
        )
        entries.append((entry, forms))
    for entry, forms in sorted(entries, key=lambda pair: pair[0].noun):
        first, *rest = entry.word.split()
        spelt = _noun(first) if entry.noun else _verb(first, forms)
        for form in spelt:
            made.setdefault((form, *rest), entry)
    return made


_VOWELS = "aeiou"


def _noun(word: str) -> tuple[str, ...]:
    return word, word[:-1] + "ies" if word.endswith("y") and word[-2] not in _VOWELS else word + "s"


def _verb(word: str, forms: Sequence[str]) -> tuple[str, ...]:
    """The forms of a verb by the rules of spelling, with those that are given.

    >>> _verb("deny", ()), _verb("admit", ("admitted", "admitting"))[2:]
    (('deny', 'denies', 'denied', 'denying'), ('admited', 'admiting', 'admitted', 'admitting'))
    """
    if word.endswith("y") and word[-2] not in _VOWELS:
        made = (word, word[:-1] + "ies", word[:-1] + "ied", word + "ing")
    elif word.endswith("e"):
        made = (word, word + "s", word + "d", word[:-1] + "ing")
    else:
        s = "es" if word.endswith(("s", "sh", "ch", "x", "z", "o")) else "s"
        made = (word, word + s, word + "ed", word + "ing")
    return (*made, *forms)


_LONGEST = 3


def of_cue(words: Sequence[str]) -> tuple[CueWord, tuple[int, int]] | None:
    """The entry of a cue and its place in ``words`` (small letters): a phrase before a word, the last before others
    ("declined to say" is a refusal: of verbs followed by "to" the first counts).

    >>> entry, place = of_cue(["had", "pointed", "out"])
    >>> entry.word, place
    ('point out', (1, 3))
    >>> of_cue(["refused", "to", "say"])[0].word
    'refuse'
    """
    known = cue_words()
    found: list[tuple[CueWord, tuple[int, int]]] = []
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            entry = known.get(tuple(words[at : at + length]))
            if entry is not None:
                found.append((entry, (at, at + length)))
                at += length - 1
                break
        at += 1
    for item in found[:-1]:
        if item[1][1] < len(words) and words[item[1][1]] == "to" and not item[0].noun:
            return item
    return found[-1] if found else None
