"""Numbers, years, clock times and durations of English words and digits, as TIMEX3 has them."""

from __future__ import annotations

import re

from onrecord.languages.en import word_list
from onrecord.qualify.timewords import meaning, pairs, spaced

__all__ = ["clock_time", "day_number", "duration", "long_duration", "number", "ordinal", "year_number"]

_LATE = ("afternoon", "evening", "night")
_SMALLER = {"Y": (12, "M"), "TH": (60, "M"), "TM": (60, "S"), "M": (30, "D"), "D": (24, "H")}
# Years of two digits up to this are of the twenty-first century.
_LAST_SHORT_YEAR = 40


def number(words: str) -> float | None:
    """A number in digits or words, an article too; None where it is not told.

    >>> number("twenty-four"), number("2 1/2"), number("two and a half"), number("a few")
    (24.0, 2.5, 2.5, None)
    """
    words = spaced(words).replace("½", " 1/2")
    if words.endswith(("couple", "couple of")):
        return 2
    if words in word_list("times_amounts.txt") or words.endswith(("few", "number of", "handful of")):
        return None
    total, part = 0.0, 0.0
    for word in words.replace("-", " ").split():
        if word[0].isdigit():
            top, _, bottom = word.replace(",", "").partition("/")
            part += float(top) / float(bottom) if bottom.strip("0") else float(top)
        elif word in ("half", "quarter"):
            part += 0.5 if word == "half" else 0.25
        elif word in ("a", "an"):
            part += words in ("a", "an")
        elif word in pairs("numbers"):
            size = int(pairs("numbers")[word])
            part = (part or 1) * size if size >= 100 or word == "dozen" else part + size
            if size == 1000:
                total, part = total + part, 0
    return total + part


def ordinal(words: str) -> int | None:
    """An ordinal's number; None for last, final and latter."""
    digits = re.match(r"\d+", words)
    word = digits.group() if digits else pairs("ordinals").get(spaced(words).replace(" ", "-"))
    return int(word) if word else None


def day_number(words: str) -> int:
    """The number of a day of the month: "4", "4th", "fourth"."""
    found = ordinal(words)
    assert found is not None
    return found


def year_number(words: str) -> int:
    """A year: four digits, two of which the century is the likelier, or words.

    >>> year_number("'98"), year_number("nineteen ninety-six"), year_number("two thousand eight")
    (1998, 1996, 2008)
    """
    words = spaced(words).strip("'")
    if words.isdigit():
        year = int(words)
        return year if year > 99 else year + (2000 if year <= _LAST_SHORT_YEAR else 1900)
    first, *others = words.replace("-", " ").split()
    rest = sum(int(pairs("numbers").get(word, "0")) for word in others if word != "thousand")
    return rest + (2000 if first == "two" else 100 * int(pairs("numbers")[first]))


def duration(count: float | None, unit: str) -> str:
    """A TIMEX3 duration: X for a count that is not told, what is left of a whole in the next smaller unit.

    >>> duration(2.5, "Y"), duration(None, "TM"), duration(1, "10Y"), duration(3, "Q")
    ('P2Y6M', 'PTXM', 'P10Y', 'P9M')
    """
    if unit == "Q":
        unit = "3M"
    clock = "T" if unit.startswith("T") else ""
    code = unit.removeprefix("T").lstrip("0123456789")
    if count is None:
        return f"P{clock}X{code}"
    count *= int(unit.removesuffix(code) or 1) if not clock else 1
    whole = int(count)
    if count == whole:
        return f"P{clock}{whole}{code}"
    if clock + code not in _SMALLER:
        return f"P{clock}{count:g}{code}"
    size, smaller = _SMALLER[clock + code]
    head = f"{whole}{code}" if whole else ""
    return f"P{clock}{head}{'T' if code == 'D' else ''}{round((count - whole) * size)}{smaller}"


def long_duration(count: float, unit: str, rest: str) -> str:
    """A duration with a rest: "and a half", ", three months and two days".

    >>> long_duration(1, "Y", " and a half"), long_duration(1, "D", ", 18 hours and four minutes")
    ('P1Y6M', 'P1DT18H4M')
    """
    if rest.endswith("half"):
        return duration(count + 0.5, unit)
    made = duration(count, unit)
    for amount, smaller in re.findall(r"([\w-]+)\s+(\w+)(?=,|\s+and\b|$)", rest.removeprefix(",").strip()):
        part = duration(number(amount), meaning("units", smaller))
        made += part[2:] if "T" in made and "T" in part else part[1:]
    return made


def clock_time(groups: dict[str, str | None]) -> str | None:
    """The time of day that the clock's groups tell, hh:mm; None where it is none."""
    if groups["named"]:
        return meaning("parts", groups["named"])
    if groups["military"]:
        return f"{groups['military'][:2]}:{groups['military'][2:]}"
    if groups["hour24"]:
        return f"{int(groups['hour24']):02d}:{groups['minute24']}"
    hour = number(groups["hour"] or "")
    if hour is None or not 1 <= hour <= 12:
        return None
    part = groups["clock_part"] or groups["hour_part"] or groups["at_night"]
    half = groups["half"] or ""
    if part or half:
        hour = hour % 12 + (12 if half.startswith("p") or part in _LATE else 0)
    return f"{int(hour):02d}:{groups['minute'] or '00'}"
