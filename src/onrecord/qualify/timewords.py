"""The pattern that finds what may be a time expression, compiled from the rules and the language's word lists."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from onrecord.languages.en import word_list
from onrecord.qualify.timerules import FRAGMENTS, RULES

__all__ = ["Grammar", "grammar", "meaning", "pairs", "spaced"]

# A gap between words, within a paragraph.
_GAP = r"(?:[^\S\r\n]{1,9}(?:\r?\n[^\S\r\n]{0,9})?|\r?\n[^\S\r\n]{0,9})"
_LISTS = (
    "modifiers",
    "numbers",
    "ordinals",
    "parts",
    "holidays",
    "vague",
    "sets",
    "months",
    "weekdays",
    "seasons",
    "units",
)


@dataclass(frozen=True, slots=True)
class Grammar:
    """``scan`` finds the next expression: the number of its group that matched, from 1, is its kind's in ``kinds``.

    ``rules`` are the kinds' own patterns, with named groups, compiled when they are first asked for. All are for
    lower-case text.
    """

    scan: re.Pattern[str]
    kinds: tuple[str, ...]
    rules: Rules


class Rules(dict[str, re.Pattern[str]]):
    """Patterns by their kind; each is compiled when it is first asked for, as all together take a fifth of a second."""

    def __init__(self, sources: dict[str, str]) -> None:
        super().__init__()
        self._sources = sources

    def __missing__(self, kind: str) -> re.Pattern[str]:
        self[kind] = re.compile(self._sources[kind])
        return self[kind]


@cache
def pairs(name: str) -> dict[str, str]:
    """The list ``times_NAME.txt``, whose lines end in a value: words and their value."""
    return {words: value for words, _, value in (line.rpartition(" ") for line in word_list(f"times_{name}.txt"))}


def spaced(words: str) -> str:
    """Words as the lists have them: single spaces, straight apostrophes."""
    return " ".join(words.replace("’", "'").split())


def meaning(name: str, words: str) -> str:
    """The value of words of a text in the list ``times_NAME.txt``."""
    return pairs(name)[spaced(words).rstrip(".")]


@cache
def grammar() -> Grammar:
    """The compiled patterns."""
    fragments = FRAGMENTS | _from_lists()
    rules = {kind: _expand(pattern, fragments) for kind, pattern in RULES.items()}
    nameless = (re.sub(r"\(\?P<\w+>", "(?:", pattern) for pattern in rules.values())
    scan = _expand(rf"(?<![\w$£€¥#]){_gate()}(?:{'|'.join(f'({pattern})' for pattern in nameless)})(?!\w)", {})
    return Grammar(re.compile(scan), tuple(rules), Rules({k: rf"(?:{p})(?!\w)" for k, p in rules.items()}))


def _from_lists() -> dict[str, str]:
    """The fragments that are made of word lists."""
    weekdays, months, units, modifiers = (pairs(n) for n in ("weekdays", "months", "units", "modifiers"))
    numbers = {word: int(value) for word, value in pairs("numbers").items()}
    full = {max((m for m in months if months[m] == number), key=len) for number in months.values()}
    return {
        "long_day": _any(w for w in weekdays if w.endswith("day")),
        "short_day": _any(w for w in weekdays if not w.endswith("day")),
        "long_month": _any(full),
        "short_month": _any(set(months) - full),
        "number": _any(numbers),
        "ones": _any(w for w, n in numbers.items() if n < 10),
        "teens": _any(w for w, n in numbers.items() if 10 <= n < 20),
        "tens": _any(w for w, n in numbers.items() if 20 <= n < 100),
        "large": _any(w for w, n in numbers.items() if n >= 100 or w == "dozen"),
        "ordinal": _any(pairs("ordinals")),
        "part": _any(pairs("parts")),
        "modifier": _any(modifiers),
        "place": _any(w for w, m in modifiers.items() if m in ("START", "MID", "END")),
        "holiday": _any(pairs("holidays")),
        "season": _any(pairs("seasons")),
        "decade": _any(pairs("decades")),
        "unit": _any(u for u in units if not u.startswith("weekend")),
        "single": _any(u for u in units if not u.endswith(("s", "ia", "weekend", "fortnight"))),
        "plural": _any(u for u in units if u.endswith(("s", "ia"))),
        "vague_amount": _any(word_list("times_amounts.txt")),
        "filler": _any(word_list("times_fillers.txt")),
        "way": _any(pairs("ways")),
        "vague": _any(pairs("vague")),
        "set": _any(pairs("sets")),
    }


def _gate() -> str:
    """A look ahead that holds at the words and digits that may begin an expression, so that little else is tried."""
    entries = [*word_list("times_amounts.txt"), *(f"{day}s" for day in pairs("weekdays"))]
    for name in _LISTS:
        entries += pairs(name)
    inner, weak = (set(word_list(f"times_{name}.txt")) for name in ("inner", "weak"))
    openers = set(word_list("times_openers.txt")) | {entry.split()[0] for entry in entries}
    words = openers.union(*(entry.split() for entry in entries))
    followers = words - weak - inner | set(word_list("times_followers.txt"))
    phrases = {" ".join(entry.split()[:3]) for entry in entries if _is_phrase(entry.split(), weak, inner)}
    return (
        rf"(?=\d|['’]\d|fy\d|{_any(openers - weak - inner)}\b|{_any(phrases)}"
        rf"|{_any(weak)}~(?:[\d'’]|{_any(followers)}\b))"
    )


def _is_phrase(words: list[str], weak: set[str], inner: set[str]) -> bool:
    """Whether the first words of an entry would not be looked at otherwise."""
    return words[0] in inner or (words[0] in weak and len(words) > 1 and words[1] in weak | inner)


def _any(words: Iterable[str]) -> str:
    """An alternation of words by their first letter, so that most are left after one look; the longest come first."""
    rest: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda w: (-len(w), w)):
        rest.setdefault(word[0], []).append(re.escape(word[1:]).replace(r"\ ", " ").replace("'", "['’]"))
    return "(?:" + "|".join(f"{re.escape(first)}(?:{'|'.join(ends)})" for first, ends in rest.items()) + ")"


def _expand(pattern: str, fragments: dict[str, str]) -> str:
    """A pattern with its fragments and gaps put in."""
    while "@" in pattern:
        pattern = re.sub(r"@(\w+)", lambda m: fragments[m[1]], pattern)
    return pattern.replace("[- ]", "~").replace("~", f"(?:{_GAP}|-)").replace(" ", _GAP)
