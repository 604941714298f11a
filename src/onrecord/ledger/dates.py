"""Days that an ISO 8601 date or interval covers, so that dates of any precision can be compared as texts."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

__all__ = ["first_day", "last_day", "period"]

_DATE = re.compile(r"(\d{4})(?:-(?:(\d\d)(?:-(\d\d))?|W(\d\d)))?")


def first_day(value: str | None) -> str | None:
    """The first day of a date, a month, a year, a week or an interval; None for what is none of these.

    >>> first_day("2016-09"), first_day("2016-09-05/2016-09-11"), first_day("2016-W37"), first_day("soon")
    ('2016-09-01', '2016-09-05', '2016-09-12', None)
    """
    days = _days(value.partition("/")[0]) if value else None
    return days[0].isoformat() if days else None


def last_day(value: str | None) -> str | None:
    """The last day of a date, a month, a year, a week or an interval; None for what is none of these.

    >>> last_day("2016-02"), last_day("2016"), last_day("2016-09-05/2016-09-11"), last_day("2024-05-03T09:42:00+02:00")
    ('2016-02-29', '2016-12-31', '2016-09-11', '2024-05-03')
    """
    days = _days(value.rpartition("/")[2]) if value else None
    return days[1].isoformat() if days else None


def period(first: str, last: str, by: str) -> str:
    """The day, month or year (``by``) that days lie in, or what they are if they are more than that.

    >>> period("2024-05-03", "2024-05-03", "month"), period("2024-05-01", "2024-05-31", "day")
    ('2024-05', '2024-05')
    >>> period("2024-05-27", "2024-06-02", "month"), period("2024-01-01", "2024-12-31", "month")
    ('2024-05-27/2024-06-02', '2024')
    """
    length = {"day": 10, "month": 7, "year": 4}[by]
    if first[:length] == last[:length]:
        return first[:length]
    for shorter in (7, 4):
        whole = first[:shorter]
        if whole == last[:shorter] and (first_day(whole), last_day(whole)) == (first, last):
            return whole
    return f"{first}/{last}"


def _days(value: str) -> tuple[date, date] | None:
    match = _DATE.match(value)
    if not match:
        return None
    year = int(match[1])
    try:
        if match[4]:
            monday = date.fromisocalendar(year, int(match[4]), 1)
            return monday, monday + timedelta(days=6)
        if match[3]:
            day = date(year, int(match[2]), int(match[3]))
            return day, day
        if match[2]:
            month = int(match[2])
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        return date(year, 1, 1), date(year, 12, 31)
    except ValueError:
        return None
