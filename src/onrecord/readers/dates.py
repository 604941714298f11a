"""Dates as publishers write them, to ISO 8601 with the precision that they have, never more."""

from __future__ import annotations

import re
import warnings
from datetime import UTC, datetime

__all__ = ["iso_date"]

_ISO = re.compile(
    r"(?P<date>\d{4}(?:-\d{2}(?:-\d{2})?)?)"
    r"(?:[T ](?P<time>\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?\s?(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
# Day and month as numbers, year last: which is which depends on the country.
_NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})\b")
_HOURS = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "ET": None}
_HOURS |= {"GMT": 0, "UTC": 0, "Z": 0, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3}
_LEADING = re.compile(r"^(?:published|posted|updated|last updated|date|on)\b[\s:]*(?:on\b)?\s*", re.IGNORECASE)
_JUNK = re.compile(r"\bat\b|\||•|·|(?<=[ap])\.(?=m)|(?<=\b[ap]m)\.|(?<=\d)(?:st|nd|rd|th)\b", re.IGNORECASE)
_LONGEST = 80


def iso_date(value: object) -> str | None:
    """``value`` in ISO 8601, or None where it is no date with a year, or could be two dates.

    >>> iso_date("Nov. 21, 2023")
    '2023-11-21'
    >>> iso_date("1998-12-05T09:42")
    '1998-12-05T09:42'
    >>> iso_date("May 2024")
    '2024-05'
    >>> iso_date("03/04/2024") is None  # March or April?
    True
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _from_number(value)
    if not isinstance(value, str):
        return None
    text = value.strip()
    if not text or len(text) > _LONGEST:
        return None
    if match := _ISO.fullmatch(text):
        return _from_iso(match)
    if match := _COMPACT.fullmatch(text):
        return iso_date("-".join(match.groups()))
    if match := _NUMERIC.search(text):
        day, month = int(match[1]), int(match[3])
        if day <= 12 and month <= 12 and day != month:
            return None
    return _from_words(text)


def _from_number(value: float) -> str | None:
    """A year, or seconds or milliseconds since 1970 (UTC)."""
    if isinstance(value, int) and 1000 <= value <= 9999:
        return str(value)
    if isinstance(value, int) and 10**7 <= value < 10**8:
        return iso_date(str(value))
    if not 1e8 <= value < 1e13:
        return None
    seconds = value / 1000 if value >= 1e11 else value
    if seconds >= 1e10:
        return None
    return datetime.fromtimestamp(int(seconds), UTC).isoformat().replace("+00:00", "Z")


def _from_iso(match: re.Match[str]) -> str | None:
    date, time, zone = match["date"], match["time"], (match["zone"] or "").upper()
    if zone in {"Z", "UTC", "GMT"}:
        zone = "Z"
    elif zone:
        zone = f"{zone[:3]}:{zone[-2:] if len(zone) > 3 else '00'}"
    try:
        datetime.fromisoformat(f"{date}-01-01"[:10])
        datetime.fromisoformat(f"2000-01-01T{time or '00:00'}{zone.replace('Z', '+00:00')}")
    except ValueError:
        return None
    if time is None:
        return date
    return f"{date}T{time}{zone}" if len(date) == 10 else None


def _from_words(text: str) -> str | None:
    """A date in words. Read twice, against two defaults: what differs is not in the text."""
    from dateutil.parser import ParserError, UnknownTimezoneWarning, parse

    text = _JUNK.sub(" ", _LEADING.sub("", text))
    zones = {name: hours * 3600 for name, hours in _HOURS.items() if hours is not None}
    readings = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UnknownTimezoneWarning)
            for default in (datetime(2000, 1, 1, 3, 3, 3), datetime(2004, 2, 2, 4, 4, 4)):
                readings.append(parse(text, default=default, tzinfos=zones))
    except (ParserError, ValueError, OverflowError, TypeError):
        return None
    first, second = readings
    if first.year != second.year or not re.search(r"\d{4}|['’]?\d\d\b", text):
        return None
    if first.month != second.month:
        return f"{first.year:04d}"
    if first.day != second.day:
        return f"{first.year:04d}-{first.month:02d}"
    if first.hour != second.hour or first.minute != second.minute:
        return first.date().isoformat()
    timespec = "minutes" if first.second != second.second or first.second == 0 else "seconds"
    return first.isoformat(timespec=timespec).replace("+00:00", "Z")
