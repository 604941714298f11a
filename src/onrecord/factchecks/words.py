"""The words of claims and of texts as they are compared: small letters, no accents, endings cut off."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

from onrecord.errors import ModelError
from onrecord.languages.en import word_list
from onrecord.ledger.query import plain

__all__ = ["Token", "Tokens", "content_words", "rarity", "readable", "tokens_of"]

_NOISE = re.compile(r"https?://\S+|www\.\S+|\bpic\.\S+/\S+|…|<[^<>]{1,80}>")
"""Addresses and markup, which say nothing of what is claimed."""
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|\d+(?:[.,:]\d+)*%?|[^\W\d_]+(?:['’][^\W\d_]+)*|[.!?;:,()\n]|\s[-–—]\s")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BLANKS = re.compile(r"[^\S\n]+")
_TAGGED = re.compile(r"[#@](\w+)")
_NOT = re.compile(r"n['’]t$")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, or a mark between two clauses: as it is written (``shown``), in small letters (``form``), and without
    its ending (``stem``, empty for marks). ``content``: neither a mark nor one of the commonest words."""

    shown: str
    form: str
    stem: str
    content: bool


@dataclass(frozen=True)
class Tokens:
    """The words and marks of a text in their order."""

    every: tuple[Token, ...]

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """The stems of the content words, in their order."""
        return tuple(token.stem for token in self.every if token.content)

    @cached_property
    def distinct(self) -> frozenset[str]:
        """The stems of the content words, each once."""
        return frozenset(self.stems)

    @cached_property
    def rarities(self) -> dict[str, float]:
        """How rare each content word is (``rarity``), by its stem; of two forms the commoner counts."""
        made: dict[str, float] = {}
        for token in self.every:
            if token.content:
                made[token.stem] = min(made.get(token.stem, _RAREST), rarity(token.form))
        return made

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers in figures."""
        return frozenset(token.stem for token in self.every if token.content and token.stem[0].isdigit())

    @cached_property
    def names(self) -> frozenset[str]:
        """The stems of the words with a capital that does not come from the beginning of a sentence; none where nearly
        all words have one, as in a headline."""
        found, begins = set[str](), True
        for token in self.every:
            if token.content and token.shown[0].isupper() and not begins:
                found.add(token.stem)
            begins = token.form in _ENDS
        words = [token for token in self.every if token.content]
        if len(words) > 3 and sum(token.shown[0].isupper() for token in words) > 0.8 * len(words):
            return frozenset()
        return frozenset(found)

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Each two content words that stand beside each other, common words between them left out."""
        return frozenset(zip(self.stems, self.stems[1:], strict=False))

    @cached_property
    def sentences(self) -> tuple[tuple[Token, ...], ...]:
        """The words and marks sentence by sentence; one without a word is none."""
        made: list[tuple[Token, ...]] = []
        start = 0
        for k, token in enumerate(self.every):
            short = token.form == "." and k > 0 and self.every[k - 1].form in _abbreviations()
            if token.form in _STOPS and not short:
                made.append(self.every[start : k + 1])
                start = k + 1
        made.append(self.every[start:])
        return tuple(sentence for sentence in made if any(token.stem or token.form.isalnum() for token in sentence))


_STOPS = frozenset([".", "!", "?", "\n"])
_ENDS = _STOPS | {":"}


def tokens_of(text: str) -> Tokens:
    """The words and marks of a text; addresses are left out, and #TagsLikeThis are taken apart.

    >>> tokens_of("Boats weren't burned in #EastVelmar! https://a.example/x").stems
    ('boat', 'burn', 'east', 'velmar')
    """
    return Tokens(tuple(_token(match[0].strip(" ")) for match in _WORD.finditer(readable(text))))


def readable(text: str) -> str:
    """A text without addresses, and with #TagsLikeThis and @namesLikeThis as words.

    >>> readable("Look: #SeaMap https://a.example/x")
    'Look: Sea Map'
    """
    tagged = _TAGGED.sub(lambda match: _CAMEL.sub(" ", match[1].replace("_", " ")), _NOISE.sub(" ", text))
    return _BLANKS.sub(" ", tagged).strip()


def content_words(text: str) -> int:
    """How many words of a text say what it is about: neither the commonest words nor repeated ones.

    >>> content_words("They said that it is so, and it is.")
    0
    """
    return len(tokens_of(text).distinct)


@lru_cache(65536)
def rarity(form: str) -> float:
    """How rare a word is in English, from 0 to about 5, whatever is compared with what.

    The word pieces of the encoder stand in the order of their frequency in the text that its makers learned them from:
    of a word that is none of them only so much is known that it is rarer than all that are.

    >>> rarity("president") < rarity("harbour") < rarity("wombat")
    True
    """
    places = _places()
    place = places.get(form.removesuffix("'s"), 0)
    if form[0].isdigit() and not place:
        return _RAREST - 1
    return math.log1p((place - _FIRST) / 200) if place >= _FIRST else _RAREST


_FIRST = 1996
"""The place of the commonest word ("the")."""
_RAREST = 5.5


@cache
def _places() -> dict[str, int]:
    file = Path(__file__).parent.parent / "models" / "extract" / "tokenizer.json"
    try:
        found: dict[str, int] = json.loads(file.read_text(encoding="utf-8"))["model"]["vocab"]
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{file}: the word pieces cannot be read: {error} (reinstall onrecord)") from error
    return found


@lru_cache(65536)
def _token(shown: str) -> Token:
    form = plain(shown).replace("’", "'")
    if not form[0].isalnum():
        return Token(shown, form, "", False)
    if shown == "US" or ("." in form and form[0].isalpha()):  # letters with full stops: no "us" and no "a.m" of words
        return Token(shown, form, f"{form.replace('.', '')}.", True)
    bare = form.removesuffix("'s")
    if bare[0].isdigit():
        return Token(shown, form, bare.replace(",", "").rstrip("%"), True)
    content = len(bare) > 1 and bare not in _common() and not _NOT.search(form)
    return Token(shown, form, _stem(bare.replace("'", "")), content)


def _stem(word: str) -> str:
    """A word without the ending that its place in the sentence gives it."""
    for ending, put, least in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            cut = word[: len(word) - len(ending)]
            if not put and ending in ("ing", "ed", "er", "ers") and len(cut) > 3 and cut[-1] == cut[-2] not in "ls":
                cut = cut[:-1]
            return (cut + put).removesuffix("e") if len(cut + put) > 3 else cut + put
    return word.removesuffix("e") if len(word) > 4 else word


_ENDINGS: Sequence[tuple[str, str, int]] = (
    ("ies", "y", 2), ("ied", "y", 2), ("sses", "ss", 2), ("ing", "", 3), ("ed", "", 3), ("es", "", 3), ("ss", "ss", 0),
    ("us", "us", 0), ("is", "is", 0), ("s", "", 3), ("ly", "", 4),
)  # fmt: skip
"""Endings, what stands for them, and how many letters must be left."""


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(word.lower() for word in word_list("abbreviations.txt"))


@cache
def _common() -> frozenset[str]:
    return frozenset(word_list("common_words.txt"))
