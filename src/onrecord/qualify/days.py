"""Calendar arithmetic on TIMEX3 values: from days to values, from values to days, and the dates of holidays."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

__all__ = ["at", "holiday", "interval", "shift", "weekday"]

_VALUE = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?:T.*)?"
    r"|(?P<wyear>\d{4})-W(?P<week>\d\d)(?P<weekend>-WE)?"
    r"|(?P<year>\d{4})(?:-(?:(?P<month>\d\d)|Q(?P<quarter>[1-4])|H(?P<half>[12])|(?P<season>SP|SU|FA|WI)))?"
    r"|(?P<decade>\d{3})|(?P<century>\d\d)",
    re.ASCII,
)
_SEASON_MONTHS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
_MONTHS = {"M": 1, "Q": 3, "H": 6, "Y": 12, "10Y": 120, "100Y": 1200, "1000Y": 12000}
_DAYS = {"D": 1, "W": 7, "WE": 7, "2W": 14}


@lru_cache(maxsize=4096)
def interval(value: str) -> tuple[date, date] | None:
    """The first and the last day of a TIMEX3 date value; None for durations, sets, references and values with an X.

    A time is its day; spring, summer and autumn begin in March, June and September, a winter in December of its year;
    weeks are those of ISO 8601.

    >>> interval("2016-Q3")
    (datetime.date(2016, 7, 1), datetime.date(2016, 9, 30))
    >>> interval("XXXX-WXX-1") is None
    True
    """
    match = _VALUE.fullmatch(value)
    if match is None:
        return None
    try:
        if match["day"]:
            day = date.fromisoformat(match["day"])
            return day, day
        if match["wyear"]:
            first = date.fromisocalendar(int(match["wyear"]), int(match["week"]), 6 if match["weekend"] else 1)
            return first, first + timedelta(days=1 if match["weekend"] else 6)
        if match["decade"] or match["century"]:
            width = 10 if match["decade"] else 100
            start = int(match["decade"] or match["century"]) * width
            return date(max(start, 1), 1, 1), date(start + width - 1, 12, 31)
        month, months = 1, 12
        if match["month"]:
            month, months = int(match["month"]), 1
        elif match["quarter"]:
            month, months = 3 * int(match["quarter"]) - 2, 3
        elif match["half"]:
            month, months = 6 * int(match["half"]) - 5, 6
        elif match["season"]:
            month, months = _SEASON_MONTHS[match["season"]], 3
        first = date(int(match["year"]), month, 1)
        return first, first + relativedelta(months=months, days=-1)
    except (ValueError, OverflowError):
        return None


def at(day: date, unit: str) -> str:
    """The value of the day, week (``W``), weekend (``WE``), month, quarter, year, decade or century that holds ``day``.

    >>> at(date(1998, 3, 22), "W"), at(date(1998, 3, 22), "10Y")
    ('1998-W12', '199')
    """
    year = f"{day.year:04d}"
    if unit in ("W", "2W", "WE"):
        iso = day.isocalendar()
        return f"{iso.year:04d}-W{iso.week:02d}" + ("-WE" if unit == "WE" else "")
    if unit == "M":
        return f"{year}-{day.month:02d}"
    if unit == "Q":
        return f"{year}-Q{(day.month + 2) // 3}"
    if unit == "Y":
        return year
    if unit == "10Y":
        return year[:3]
    return year[:2] if unit == "100Y" else day.isoformat()


def shift(day: date, number: int, unit: str) -> date | None:
    """``day`` moved by so many units; None outside the calendar."""
    try:
        if unit in _MONTHS:
            return day + relativedelta(months=number * _MONTHS[unit])
        return day + timedelta(days=number * _DAYS[unit])
    except (ValueError, OverflowError):
        return None


def weekday(day: date, number: int, direction: int) -> date | None:
    """The nearest day with the ISO weekday ``number``, back (-1) or on (1) from ``day``, which may be it itself."""
    return shift(day, direction * ((number - day.isoweekday()) * direction % 7), "D")


def holiday(rule: str, year: int) -> date | None:
    """The date of a holiday in a year by its rule: month-day, month-weekday-which, or days from a movable one.

    >>> holiday("11-4-4", 1999), holiday("easter-2", 2000)
    (datetime.date(1999, 11, 25), datetime.date(2000, 4, 21))
    """
    try:
        if rule.startswith("easter"):
            return easter(year) + timedelta(days=int(rule.removeprefix("easter")))
        if rule.startswith("thanksgiving"):
            return _nth(year, 11, 4, 4) + timedelta(days=int(rule.removeprefix("thanksgiving")))
        if rule == "election":  # in the United States: the Tuesday after the first Monday of November
            return _nth(year, 11, 1, 1) + timedelta(days=1)
        month, rest = rule.split("-", 1)
        if len(rest) == 2:
            return date(year, int(month), int(rest))
        number, which = rest.split("-", 1)
        return _nth(year, int(month), int(number), int(which))
    except (ValueError, OverflowError):
        return None


def _nth(year: int, month: int, number: int, which: int) -> date:
    """The ``which``-th ISO weekday ``number`` of a month; the last for -1."""
    if which > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(number - first.isoweekday()) % 7 + 7 * (which - 1))
    last = date(year, month, 1) + relativedelta(months=1, days=-1)
    return last - timedelta(days=(last.isoweekday() - number) % 7)
