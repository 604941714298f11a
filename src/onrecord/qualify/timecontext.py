"""What the value of a time expression depends on: the document's date, the times before it, the words around it."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import NamedTuple

from onrecord.languages.en import word_list
from onrecord.qualify.days import at, interval, shift
from onrecord.qualify.timenumbers import year_number
from onrecord.qualify.timewords import meaning, pairs

__all__ = ["Context", "Match", "Reading", "modifier", "step_of"]

Match = re.Match[str]
# To how many days, less one, a date is known, and its first day.
_Since = tuple[int, date]

# How far to the left and to the right words tell the tense, in characters.
_LEFT, _RIGHT = 80, 30
# Up to this many characters right before an expression tell what it is.
_BEFORE = 24
# A date without year is in the other direction than the words say where that is so many times nearer.
_NEARER, _FARTHER = 4, 8
_FINENESS = {"D": 0, "W": 0, "2W": 0, "WE": 0, "M": 1, "Q": 1}
_LONGEST = {"D": 1, "W": 7, "2W": 7, "WE": 7, "M": 31, "Q": 92, "Y": 366}
_SENTENCE = re.compile(r"[\w)]{2}[.!?][\"'”’]*\s+[\"'“‘`(]*[A-Z]|\n\s*\n")
_NAME_AFTER = re.compile(r"\s[A-Z][a-z]")
_NAME_BEFORE = re.compile(
    r"[a-z,]\s(?!(?:After|And|At|Before|But|By|During|Each|Early|Every|For|From|In|Last|Late|Next|Of|On|Since|The|This"
    r"|Through|To|Until)\b)[A-Z]\w+\s$"
)
_QUOTE = re.compile(r"[\"“”]|``|''")
# "The Feb. 14 vote": the words around tell when it is, not when the vote was.
_DETERMINER = re.compile(
    r"(?<!\bof\s)(?<!\bbefore\s)(?<!\bby\s)(?<!\bfor\s)(?<!\bin\s)(?<!\buntil\s)"
    r"\b(?:the|an?|this|that|his|her|its|their)\s$"
)
_NOUN_AFTER = re.compile(r"\s(?!(?:and|as|at|but|by|for|from|in|of|on|or|that|to|when|which|who|with)\b)[a-z]")
# What is delivered in a month is mostly still to come.
_DELIVERY = re.compile(r"\s(?:delivery|contracts?|futures|crude)\b")
_NEXT_TO = re.compile(r"\s(?:(?:back|early|here|in|late|mid|on|over|there)\s)*")
_RANGE_YEAR = re.compile(
    r"\s?(?:[-–—]|to|and|through|until|or)\s?(?:[a-z]{3,9}\.?\s)?\d\d?,?\s(?P<year>(?:19|20)\d\d)\b"
)
# A day's event that a later verb is about; a clause of its own; the verbs that surely tell what is to come.
_OCCASION = re.compile(r"\b(?:at|in|for|before|during|until|ahead\sof)\s(?:the\s)?$")
_CLAUSE = re.compile(r"\b(?:after|because|since|when|where|which|who|although|though|while|whose)\b(?!\s(?:on\s)?$)")
_CERTAIN = re.compile(r"(?:will|won['’]t|shall|must)\b")
_UNTIL = re.compile(r"\b(?:by|until|till|as\searly\sas|as\ssoon\sas|no\slater\sthan|now\sand|now\sto)\s(?:the\s)?$")


class Reading(NamedTuple):
    """Type, value and modifier of an expression, as in TIMEX3; ``end`` where it ends before its pattern does."""

    type: str
    value: str | None
    modifier: str | None = None
    end: int | None = None


class Context:
    """One text while its expressions are read in order.

    ``low`` is the text in lower case; ``last`` the last resolved date in the text so far, ``lasts`` it and the last
    ones before it that are known to fewer days; ``ended`` and ``ended_value`` the end and the value of the last
    expression; ``period`` the last reported quarter or year, ``compared`` the one that it is being compared with.
    ``grain`` tells to what the document's date is known: ``D``, ``M`` or ``Y``.
    """

    def __init__(self, text: str, low: str, date: str | None) -> None:
        self.text, self.low = text, low
        bounds = interval(date[:10]) if date else None
        self.today = bounds[0] if bounds else None
        self.grain = {4: "Y", 7: "M"}.get(len(date or ""), "D")
        self.last: str | None = None
        self.lasts: list[_Since] = []
        self.period: str | None = None
        self.compared: str | None = None
        self.ended, self.ended_value = 0, ""

    def note(self, reading: Reading, end: int) -> None:
        """Remember a reading that ends at ``end``, as the last date if it is one and not what that is compared with."""
        self.ended, self.ended_value = end, reading.value or ""
        compared, self.compared = self.compared, None
        if reading.type in ("DATE", "TIME") and reading.value not in (None, compared):
            bounds = interval(reading.value or "")
            if bounds:
                self.last = reading.value
                self.lasts = [(known, last) for known, last in self.lasts if known < (bounds[1] - bounds[0]).days]
                self.lasts.append(((bounds[1] - bounds[0]).days, bounds[0]))

    def known(self, unit: str) -> date | None:
        """The document's date where it is known to the unit."""
        return self.today if "DMY".index(self.grain) <= _FINENESS.get(unit, 2) else None

    def relative(self, count: int, unit: str, base: date | None = None) -> str | None:
        """The value of the unit that lies so many units from the document's date, or from ``base``."""
        start = base or self.known(unit)
        day = shift(start, count, unit) if start else None
        return at(day, unit) if day else None

    def moved(self, count: int, unit: str, base: date | None = None) -> str | None:
        """The same for "two weeks ago", where weeks lead to a day."""
        grain = "D" if unit in ("W", "2W", "WE") else unit
        start = base or self.known(grain)
        day = shift(start, count, unit) if start else None
        return at(day, grain) if day else None

    def anchor(self, unit: str) -> date | None:
        """The day that "the next day" counts from: the last date's, where it is known to the unit."""
        if self.last is None:
            return self.known(unit)
        return next((day for days, day in self.lasts[::-1] if days < _LONGEST.get(unit, 3653)), None)

    def year_earlier(self) -> str | None:
        """The reported period, or else the last date's month or year, a year before."""
        base = self.period or self.last
        bounds = interval(base) if base else None
        if base and bounds:
            unit = "Q" if "Q" in base else "M" if len(base) == 7 else "Y"
            day = shift(bounds[0], -1, "Y")
            self.compared = at(day, unit) if day else None
        else:
            self.compared = self.relative(-1, "Y")
        return self.compared

    def before(self, match: Match, pattern: re.Pattern[str]) -> bool:
        """Whether ``pattern``, which ends in ``$``, stands right before the expression."""
        return pattern.search(self.low, max(0, match.start() - _BEFORE), match.start()) is not None

    def in_title(self, start: int, end: int) -> bool:
        """Whether the words are a part of a name: they and the next word have capitals, or are between such words."""
        if not self.text[start].isupper() or self.text[start:end].isupper():
            return False
        return _NAME_AFTER.match(self.text, end) is not None

    def named_before(self, start: int) -> bool:
        """Whether a word with a capital stands right before, that does not begin a sentence."""
        return _NAME_BEFORE.search(self.text, max(0, start - _BEFORE), start) is not None

    def coming(self, start: int, end: int) -> bool | None:
        """Whether the words around say that the time is still to come; None where they say nothing."""
        first, last = max(0, start - _LEFT), end + _RIGHT
        possessive = self.low.startswith(("'s ", "’s "), end)
        if possessive and not _OCCASION.search(self.low, first, start):
            return False
        for sentence in _SENTENCE.finditer(self.text, first, start):
            first = sentence.end() - 1
        if boundary := _SENTENCE.search(self.text, end, last):
            last = boundary.start() + 2
        cues = [cue for cue in _cues().finditer(self.low, first, last) if not self.text.startswith("May", cue.start())]
        before = [cue for cue in cues if cue.end() <= start and not _QUOTE.search(self.low, cue.end(), start)]
        after = next((cue for cue in cues if cue.start() >= end), None)
        if after and _QUOTE.search(self.low, end, after.start()):
            after = None
        if _UNTIL.search(self.low, first, start):
            return not any(cue.group().startswith("had") for cue in cues)
        if before and after and not possessive and _CLAUSE.search(self.low, before[-1].end(), start):
            return after.lastgroup == "coming"
        if before and possessive and before[-1].lastgroup == "coming":
            return bool(_CERTAIN.match(before[-1].group()))
        cue = before[-1] if before else None if possessive else after
        return None if cue is None else cue.lastgroup == "coming"

    def year_of(self, match: Match) -> int | None:
        """The year that stands in the expression: in digits or words, or as "last year"."""
        groups = match.groupdict()
        if groups.get("year"):
            return year_number(groups["year"])
        of = groups.get("of")
        if not of or self.today is None:
            return None
        step = step_of(of.removesuffix("year").split()[-1])
        bounds = interval(self.last) if self.last and of.startswith(("the ", "that ")) else None
        return (bounds[0] if bounds else self.today).year + step

    def _gone(self, start: int) -> bool:
        """Whether a verb that tells what is gone stands right before, with no more than a preposition between."""
        cues = list(_cues().finditer(self.low, max(0, start - 2 * _BEFORE), start))
        last = cues[-1] if cues else None
        if last is None or last.lastgroup == "coming" or re.search(r"\sto\s", last.group()):
            return False
        return _NEXT_TO.fullmatch(self.low, last.end(), start) is not None

    def range_year(self, match: Match) -> int | None:
        """The year that stands at the end of a range that begins with the expression: "Sept. 3-5, 2016"."""
        year = _RANGE_YEAR.match(self.low, match.end())
        return int(year["year"]) if year else None

    def nearest_year(self, month: int, day: int | None, match: Match) -> int | None:
        """The year of a month or a day without one: the last such, or the next where the words around say so."""
        today = self.known("M" if day is None else "D")
        if today is None:
            return None
        days = 30.5 * (month - today.month) + (day - today.day if day else 0)
        if days == 0:
            return today.year
        back = -days if days < 0 else 365 - days
        ahead = 365 - back
        named = day is not None and self.before(match, _DETERMINER) and _NOUN_AFTER.match(self.low, match.end())
        named = named or _DELIVERY.match(self.low, match.end())
        coming = None if named else self.coming(match.start(), match.end())
        if coming is False and self._gone(match.start()):
            return today.year - (days > 0)
        nearer = _NEARER if coming is None else _FARTHER
        on = ahead < back * _FARTHER if coming else ahead * nearer < back
        return today.year + (days < 0) if on else today.year - (days > 0)


def modifier(match: Match) -> str | None:
    """The TIMEX3 modifier of the words before the time."""
    groups = match.groupdict()
    if groups.get("end"):
        return "END"
    return meaning("modifiers", words) if (words := groups.get("mod")) else None


def step_of(word: str) -> int:
    """Whether a word before a time leads back (-1), on (1), or nowhere (0)."""
    return int(pairs("steps").get(word, "0"))


@cache
def _cues() -> re.Pattern[str]:
    """Words that say that a time is to come, or that it is gone."""
    done, coming = ("|".join(re.escape(w) for w in word_list(f"times_{name}.txt")) for name in ("done", "coming"))
    adjective = r"(?<!\ba\s)(?<!\ban\s)(?<!\bthe\s)(?<!\bstill\s)"
    passive = (
        r"(?:is|are)\s(?!being\b)\w+ing|(?:will|would|shall|should|may|might|could|can|must|to)(?: \w+)? be \w[\w-]*"
    )
    past = rf"had been \w+(?: to \w+)?|(?<!\bis\s)(?<!\bare\s)(?<!\bbe\s)(?:{done})"
    pattern = rf"\b(?:(?P<done>{past})|(?P<coming>{passive}|{coming})|(?P<ed>(?!united\b){adjective}\w\w+ed))\b"
    return re.compile(pattern.replace(r"\ ", " ").replace(" ", r"\s+").replace("'", "['’]"))
