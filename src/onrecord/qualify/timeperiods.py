"""Read months, seasons, quarters, years and longer times. A reader returns None where an expression is none."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from onrecord.languages.en import word_list
from onrecord.qualify.days import interval
from onrecord.qualify.timecontext import Context, Match, Reading, modifier, step_of
from onrecord.qualify.timenumbers import duration, number, ordinal, year_number
from onrecord.qualify.timewords import meaning, pairs

__all__ = ["READERS"]

# A quarter that begins later than so many days from now is last year's.
_FAR = 180
# A season that begins in so many days is meant, not the last one, where the words around say nothing.
_SOON = 45
# A number is a year up to so many years from the document's date.
_YEARS_AHEAD = 30
_VERBS = ("may", "march")
_NAMES = (*_VERBS, "april", "june", "august")
_IN_YEAR = re.compile(
    r"\b(?:in|since|by|until|till|of|from|before|after|during|between|through|to|around|circa|early|late|and)\s$"
)
_IN_MONTH = re.compile(r"\b(?:in|since|until|till|through|before|after|during|around|last|next|this)\s$")
_OF_MONTH = re.compile(r"\b(?:of|by|from|between|to|and|for|a|the|an|its|their|each)\s$")
_IN_SEASON = re.compile(r"\b(?:in|during|over|by|since|until|for|through|throughout|before|after|this)\s(?:the\s)?$")
# What stands after and before a month's name that is no month.
_FULL_NAME = re.compile(r"\s+[A-Z][a-z]")
_NAME_AFTER = re.compile(r"\s+(?:of|on|for|in|says?|said|told|tells|added|[A-Z][a-z])")
_NAME_BEFORE = re.compile(r"(?:^|[.!?\n]\W{0,9}|[A-Z]\w*\s|['’]s\s|[A-Z]\.\s)$")
_DETERMINED = re.compile(r"(?:\bthe|\ba|['’]s|\bits|\btheir)\s$")
_PLURAL = re.compile(r"\s[a-z]+s\b")
# Digits that make a number of more than a year, and the hyphens that do not.
_DIGITS_BEFORE = re.compile(r"[\d.,]$|\d[-–/]$")
_DIGITS_AFTER = re.compile(r"[-/.]\d|[-–]\w*\d")
_YEAR_BEFORE = re.compile(r"\b(?:1[89]|20)\d\d[-–/]$")
_YEAR_AFTER = re.compile(r"[-–/](?:\d\d|\d{4})\b(?![-/.]\d)")
_JOINED = re.compile(r"(?:mid|pre|post|early|late|\d{4})[-–/]$")


def _is_month(c: Context, m: Match) -> bool:
    """Whether a month's name alone is one: not the verbs may and march, not a person's name."""
    start, end = m.span("month")
    word = m["month"]
    if not c.text[start].isupper():
        return word not in _VERBS and len(word) > 4
    if word not in _NAMES or m["mod"] or m["rel"] or m["year"] or m["of"] or c.before(m, _IN_MONTH):
        return True
    if c.before(m, _OF_MONTH):
        return not _FULL_NAME.match(c.text, end)
    return not (_NAME_AFTER.match(c.text, end) or _NAME_BEFORE.search(c.text, max(0, start - 20), start))


def _month(c: Context, m: Match) -> Reading | None:
    if not _is_month(c, m):
        return None
    month, rel = int(meaning("months", m["month"])), (m["rel"] or "").split()[-1:]
    if rel in (["every"], ["each"]):
        return Reading("SET", f"XXXX-{month:02d}")
    year, today = c.year_of(m), c.known("M")
    bounds = interval(c.last) if c.last else None
    if year is None and rel and rel[0] in ("following", "same", "that") and bounds:
        year = bounds[0].year + (rel == ["following"] and month <= bounds[0].month)
    elif year is None and today:
        step = step_of(rel[0]) if rel else None
        if step is None:
            year = c.nearest_year(month, None, m)
        else:
            past, ahead = month >= today.month, month <= today.month
            year = today.year - past if step < 0 else today.year + ahead if step > 0 else today.year
    return Reading("DATE", f"{_digits(year)}-{month:02d}", modifier(m))


def _season(c: Context, m: Match) -> Reading | None:
    code, rel = meaning("seasons", m["season"]), (m["rel"] or "").split()[-1:]
    if rel in (["every"], ["each"]):
        return Reading("SET", f"XXXX-{code}")
    year = c.year_of(m)
    if not (year or rel or m["mod"] or c.before(m, _IN_SEASON)) or (
        not year and c.low.startswith((" of ", "-"), m.end())
    ):
        return None
    bounds = interval(c.last) if c.last else None
    if year is None and rel in (["that"], ["same"]):
        if not bounds:
            return None
        year = bounds[0].year
    today = c.known("M")
    if year is None and today:
        year = today.year
        step = step_of(rel[0]) if rel else 0
        first, before = interval(f"{year}-{code}"), interval(f"{year - 1}-{code}")
        assert first and before
        if step < 0:
            year -= first[1] >= today
        elif step > 0:
            year += first[0] <= today
        elif before[1] >= today:
            year -= 1
        elif not rel and first[0] > today and not (coming := c.coming(m.start(), m.end())):
            year -= coming is False or (first[0] - today).days > _SOON
    return Reading("DATE", f"{_digits(year)}-{code}", modifier(m))


def _seasons(c: Context, m: Match) -> Reading:
    return Reading("SET", f"XXXX-{meaning('seasons', m['season'])}")


def _quarter(c: Context, m: Match) -> Reading | None:
    """ "The third quarter", "third-quarter", "Q3", "the first half of 2016"; sets the reported period."""
    half = m["kind"] == "half"
    if m["code"]:
        if not (m["year"] or m["of"] or c.text[m.start("code")].isupper()):
            return None
        letter, count = m["code"][0].upper(), int(m["code"][1])
    else:
        letter, count = "H" if half else "Q", ordinal(m["nth"]) or (2 if half else 4)
    if count > (2 if letter == "H" else 4) or (m["kind"] == "period" and not c.low.startswith("-", m.end("nth"))):
        return None
    if half and not (m["year"] or m["of"] or m["decade"] or m["rel"]):
        return None
    if m["decade"]:
        digits = m["decade"].strip("'’")
        return Reading("DATE", digits[:3] if len(digits) > 3 else f"19{digits[0]}", "END" if count > 1 else "START")
    if m["plural"] and not m["year"]:
        return Reading("SET", f"XXXX-{letter}{count}")
    year, today = c.year_of(m), c.known("Q")
    if year is None and today:
        bounds = interval(f"{today.year}-{letter}{count}")
        if m["rel"]:
            year = today.year + step_of(m["rel"])
        else:
            far = bounds is not None and (bounds[0] - today).days > _FAR
            year = today.year - (far and not c.coming(m.start(), m.end()))
    value = f"{_digits(year)}-{letter}{count}"
    if year is not None:
        c.period = value
    return Reading("DATE", value, modifier(m))


def _year_quarter(c: Context, m: Match) -> Reading:
    """ "The 1988 quarter": of that year, the one that is reported on."""
    count = ordinal(m["nth"]) if m["nth"] else c.period[-1] if c.period and "-Q" in c.period else None
    return Reading("DATE", f"{m['year']}-Q{count or 'X'}")


def _year_ago(c: Context, m: Match) -> Reading | None:
    """ "Year-ago", "the year-earlier quarter"."""
    if m["unit"] and m["unit"].endswith("months"):
        return Reading("DURATION", duration(number(m["unit"].split()[0]), "M"))
    count = ordinal(m["nth"]) if m["nth"] else None
    if count and c.today:
        return Reading("DATE", f"{c.today.year - 1}-Q{count}")
    return Reading("DATE", c.year_earlier())


def _year(c: Context, m: Match) -> Reading | None:
    word, year = m["year"], year_number(m["year"])
    if not m["pre"] and not _is_year(c, m, word, year):
        return None
    return Reading("DATE", f"{year:04d}", modifier(m) or ("AFTER" if m["beyond"] else None))


def _is_year(c: Context, m: Match, word: str, year: int) -> bool:
    """Whether a number alone is a year: not a part of a longer one, not a count of something."""
    if not word.isdigit():
        return word.startswith(("nineteen", "twenty")) or c.before(m, _IN_YEAR)
    start, end = m.span("year")
    first = max(0, start - 6)
    if _DIGITS_BEFORE.search(c.low, first, start) and not _YEAR_BEFORE.search(c.low, first, start):
        return False
    if _DIGITS_AFTER.match(c.low, end) and not _YEAR_AFTER.match(c.low, end):
        return False
    if c.low[start - 1 : start] in ("-", "/", ":", ".", "+", "_") and not _JOINED.search(c.low, first, start):
        return False
    latest = (c.today.year if c.today else 2030) + _YEARS_AHEAD
    if year > latest or (year < 1900 and not c.before(m, _IN_YEAR)):
        return False
    if (year < 1900 or (year % 100 == 0 and not c.before(m, _DETERMINED))) and _PLURAL.match(c.low, end):
        return False
    return not (_counted().match(c.low, end) or _numbered().search(c.low, max(0, start - 20), start))


def _decade(c: Context, m: Match) -> Reading | None:
    the = m["the"] or m["article"] or m.group().startswith("the")
    if m["digits"]:
        return Reading("DATE", m["digits"], modifier(m)) if the or m["mod"] or not m["apostrophe"] else None
    if m["short"]:
        digit = m["short"].strip("'’")
        return Reading("DATE", f"19{digit}", modifier(m)) if the or m["mod"] or digit != m["short"] else None
    return Reading("DATE", pairs("decades")[m["word"]], modifier(m)) if the else None


def _century(c: Context, m: Match) -> Reading | None:
    count = ordinal(m["nth"])
    return Reading("DATE", f"{count - 1:02d}", modifier(m)) if count else None


def _unit_end(c: Context, m: Match) -> Reading:
    unit = {"month": "M", "quarter": "Q", "week": "W"}.get(m["unit"] or m["middle"] or "year", "Y")
    if m["year"]:
        return Reading("DATE", m["year"], "END")
    return Reading("DATE", c.relative(0, unit), "MID" if m["middle"] else "END")


def _digits(year: int | None) -> str:
    """A year in four digits; XXXX where it is not known."""
    return "XXXX" if year is None else f"{year:04d}"


@cache
def _counted() -> re.Pattern[str]:
    """What is counted, after its number."""
    return re.compile(rf"[\s-]+(?:{'|'.join(word_list('times_counted.txt'))})\b")


@cache
def _numbered() -> re.Pattern[str]:
    """What has a number, before it."""
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, word_list('times_numbered.txt')))})\s$")


READERS: dict[str, Callable[[Context, Match], Reading | None]] = {
    "month": _month,
    "year_ago": _year_ago,
    "quarter": _quarter,
    "year_quarter": _year_quarter,
    "season": _season,
    "seasons": _seasons,
    "decade": _decade,
    "century": _century,
    "year": _year,
    "unit_end": _unit_end,
}
"""How each kind of expression is read."""
