"""Read days and times of day. A reader returns None where an expression is none."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache

from onrecord.languages.en import word_list
from onrecord.qualify.days import at, holiday, interval, shift, weekday
from onrecord.qualify.timecontext import Context, Match, Reading, modifier, step_of
from onrecord.qualify.timenumbers import clock_time, day_number, ordinal, year_number
from onrecord.qualify.timewords import grammar, meaning

__all__ = ["READERS"]

# A holiday so many days ahead is meant, not the last one, where the words around say nothing.
_SOON = 60
_ANCHORED = ("same", "that", "following", "previous")
_VERBS = ("may", "march")
_LATE = ("afternoon", "evening", "night")
_AT = re.compile(r"\b(?:at|by|until|till|from|to|around|about|before|after|since)\s$")
_ON = re.compile(r"\b(?:on|by|until|since|from|through|and)\s$")
_JOINT = re.compile(r"\s?[-–—/]\s?|(?P<word>\s(?:and|or|to|through|until)\s|,\sand\s)|(?P<comma>,\s)")
_LISTED = re.compile(r"(?:,|\s(?:and|or)\s)\s?\d")
_CLOSED_DAY = re.compile(
    r"\s*(?:[.,;:!?)\"”’'—–-]|$|\n|\b(?:and|but|when|as|that|because|at|in|for|with|by|on|to|from|or)\b)"
)
_IN = re.compile(r"\b(?:by|in|in\sthe|until|since)\s$")
_TILL = re.compile(r"\b(?:before|by|until|till|ahead\sof)\s$")
_COMPOUND = re.compile(r"\s[a-z]")
_CLOSED = re.compile(r"\s*(?:[.,;:!?)\"”’'—–-]|$|\n|\b(?:and|but|when|as|that|because|at)\b)")


def _iso(c: Context, m: Match) -> Reading | None:
    day = m["day"].replace("/", "-")
    if interval(day) is None:
        return None
    return Reading("TIME", f"{day}T{m['clock']}") if m["clock"] else Reading("DATE", day)


def _slash(c: Context, m: Match) -> Reading | None:
    """With slashes or hyphens month first, as in the United States, unless that cannot be; with dots day first."""
    month, day = int(m["first"] or m["dashed"] or m["month"]), int(m["second"] or m["second_dashed"] or m["day"])
    if month > 12 and not m["month"]:
        month, day = day, month
    value = f"{year_number(m['year'] or m['dashed_year'] or m['full_year']):04d}-{month:02d}-{day:02d}"
    return Reading("DATE", value) if interval(value) else None


def _month_day(c: Context, m: Match) -> Reading | None:
    month, day = int(meaning("months", m["month"])), day_number(m["day"])
    if not c.text[m.start("month")].isupper() and (m["month"] in _VERBS or len(m["month"].rstrip(".")) < 4):
        return None
    year, rel = c.year_of(m), m.groupdict().get("rel")
    if year is None and rel in ("last", "next") and c.today:
        passed = (month, day) <= (c.today.month, c.today.day)
        year = c.today.year + (passed if rel == "next" else passed - 1)
    if year is None:
        year = c.range_year(m) or c.nearest_year(month, day, m)
    value = f"XXXX-{month:02d}-{day:02d}" if year is None else f"{year:04d}-{month:02d}-{day:02d}"
    return None if year is not None and interval(value) is None else Reading("DATE", value, modifier(m))


def _range_day(c: Context, m: Match) -> Reading | None:
    """The second day of "Sept. 3-5" and "Sept. 3 and 5"."""
    joint = _JOINT.fullmatch(c.low, c.ended, m.start()) if c.ended else None
    day = re.fullmatch(r"(\d{4}|XXXX)-(\d\d)-(\d\d)", c.ended_value or "")
    if not (joint and day) or int(day[3]) >= day_number(m["day"]):
        return None
    if (joint["word"] and not _CLOSED_DAY.match(c.low, m.end())) or (
        joint["comma"] and not _LISTED.match(c.low, m.end())
    ):
        return None
    value = f"{m['year'] or day[1]}-{day[2]}-{day_number(m['day']):02d}"
    return Reading("DATE", value) if interval(value) or day[1] == "XXXX" else None


def _week_of(c: Context, m: Match) -> Reading | None:
    """ "The week of Sept. 5"."""
    bounds = interval(_day(c, m, "when") or "")
    return Reading("DATE", at(bounds[0], "W")) if bounds else None


def _ordinal_day(c: Context, m: Match) -> Reading | None:
    """ "The 4th", of this month or the nearest other."""
    if not (c.before(m, _ON) and _CLOSED.match(c.low, m.end())):
        return None
    day, today = day_number(m["day"]), c.known("D")
    if today is None:
        return Reading("DATE", f"XXXX-XX-{day:02d}")
    step = 1 if c.coming(m.start(), m.end()) else -1
    for count in range(3):
        month = shift(today.replace(day=1), step * count, "M")
        value = f"{at(month, 'M')}-{day:02d}" if month else ""
        bounds = interval(value)
        if bounds and (bounds[0] - today).days * step >= 0:
            return Reading("DATE", value)
    return None


def _weekday(c: Context, m: Match, start: int | None = None) -> Reading | None:
    """``start`` is where the expression begins that the weekday is a part of."""
    day_of_week, rel = int(meaning("weekdays", m["weekday"])), (m["rel"] or "").split()[-1:]
    underspecified = f"XXXX-WXX-{day_of_week}"
    if m["rel"] == "that" and c.low.startswith(("'s ", "’s "), m.end()):
        return None
    if _titles().match(c.text, m.end("weekday")):
        return None
    if m["plural"] or rel in (["every"], ["each"]):
        return Reading("SET", underspecified)
    today = c.known("D")
    if m["week"] and today:
        monday = shift(today, step_of(m["week"]) * 7 - today.isoweekday() + 1, "D")
        value = shift(monday, day_of_week - 1, "D") if monday else None
        return Reading("DATE", value.isoformat() if value else None, modifier(m))
    if today is None:
        return Reading("DATE", underspecified, modifier(m))
    if rel:
        base = (c.anchor("D") or today) if rel[0] in _ANCHORED else today
        moved = shift(base, step_of(rel[0]), "D")
        direction = step_of(rel[0]) or 1
    else:
        moved = today
        direction = 1 if c.coming(m.start() if start is None else start, m.end()) else -1
    day = weekday(moved, day_of_week, direction) if moved else None
    return Reading("DATE", day.isoformat() if day else None, modifier(m))


def _nth_weekday(c: Context, m: Match) -> Reading | None:
    """ "The second Tuesday of May", "the first Monday of each month"."""
    number = int(meaning("weekdays", m["weekday"]))
    if not m["month"]:
        return Reading("SET", f"XXXX-WXX-{number}")
    month, which = int(meaning("months", m["month"])), -1 if m["nth"] == "last" else ordinal(m["nth"])
    year = c.year_of(m) or c.nearest_year(month, None, m)
    day = holiday(f"{month}-{number}-{which}", year) if year else None
    return Reading("DATE", day.isoformat() if day else f"XXXX-{month:02d}-XX")


def _deictic(c: Context, m: Match) -> Reading | None:
    word = m["word"]
    if word == "today" and c.text[m.start("word")].isupper() and c.named_before(m.start("word")):
        return None
    step = -2 if "before" in word else 2 if "after" in word else step_of(word)
    value = c.relative(step, "D")
    if word in ("tonight", "overnight"):
        return Reading("TIME", value and f"{value}TNI")
    return Reading("DATE", value, modifier(m))


def _holiday(c: Context, m: Match) -> Reading | None:
    rule, name = meaning("holidays", m["holiday"]), c.text[m.start("holiday") : m.end("holiday")]
    if name.islower() or (
        " " not in name
        and (c.in_title(*m.span("holiday")) or c.named_before(m.start("holiday")))
        and not _COMPOUND.match(c.text, m.end())
    ):
        return None
    day = holiday(rule, int(m["year"])) if m["year"] else _near_holiday(c, m, rule)
    if day is None:
        return Reading("DATE", f"XXXX-{rule}" if re.fullmatch(r"\d\d-\d\d", rule) else None, modifier(m))
    return Reading("DATE", at(day, {"week": "W", "weekend": "WE"}.get(m["week"] or "", "D")), modifier(m))


def _near_holiday(c: Context, m: Match, rule: str) -> date | None:
    """The last or the next day of a holiday without year."""
    today = c.known("D")
    if today is None:
        return None
    days = [day for year in (today.year - 1, today.year, today.year + 1) if (day := holiday(rule, year))]
    if m["rel"] == "this":
        return next((day for day in days if day.year == today.year), None)
    on = m["rel"] == "next"
    if not m["rel"]:
        coming = c.coming(m.start(), m.end())
        near = any(0 <= (day - today).days <= (_SOON if m["week"] is None else 7) for day in days)
        on = coming or (near and (coming is None or m["week"] is not None or c.before(m, _TILL)))
    return next((day for day in (days if on else days[::-1]) if (day >= today if on else day <= today)), None)


def _day(c: Context, m: Match, group: str) -> str | None:
    """The value of the day that stands in a group of an expression."""
    for kind in ("month_day", "day_month", "weekday", "deictic"):
        found = grammar().rules[kind].fullmatch(c.low, *m.span(group))
        if found:
            reading = _weekday(c, found, m.start()) if kind == "weekday" else READERS[kind](c, found)
            return reading.value if reading else None
    return None


def _clock(c: Context, m: Match) -> Reading | None:
    time = clock_time(m.groupdict())
    if time is None or (m["hour24"] and not (m["zone"] or m["when"] or m["tonight"] or c.before(m, _AT))):
        return None
    if m["named"] and (c.low.startswith("-", m.end("named")) or (not m["when"] and c.in_title(*m.span("named")))):
        return None
    if m["when"]:
        day = _day(c, m, "when")
    elif m["tonight"]:
        day = c.relative(-1 if m["tonight"].startswith("last") else 0, "D")
        if m["tonight"].endswith(_LATE) and "05" <= time[:2] < "12" and not m["half"]:
            time = f"{int(time[:2]) + 12}{time[2:]}"
    else:
        day = c.last if c.last and re.match(r"\d{4}-\d\d-\d\d", c.last) else c.relative(0, "D")
    return Reading("TIME", f"{day[:10] if day else 'XXXX-XX-XX'}T{time}", modifier(m))


def _day_clock(c: Context, m: Match) -> Reading | None:
    time = clock_time(m.groupdict())
    return Reading("TIME", f"{_day(c, m, 'when') or 'XXXX-XX-XX'}T{time}") if time else None


def _part(c: Context, m: Match) -> Reading | None:
    if m["part"] and c.in_title(*m.span("part")):
        return None
    code = meaning("parts", m["part"] or m["part_of"])
    day = _day(c, m, "when" if m["part"] else "of_day")
    bounds = interval(day) if day else None
    if m["plural"]:
        return Reading("SET", f"XXXX-WXX-{bounds[0].isoweekday()}T{code}") if bounds else None
    return Reading("TIME", f"{day}T{code}" if day else None)


def _this_part(c: Context, m: Match) -> Reading | None:
    if m["bare"]:
        today = c.relative(0, "D")
        code = meaning("parts", m["bare"])
        return Reading("TIME", today and f"{today}T{code}") if c.before(m, _IN) else None
    code, rel = meaning("parts", m["part"]), m["rel"].split()[-1]
    if rel in ("every", "each"):
        return Reading("SET", f"XXXX-XX-XXT{code}")
    base = None if rel in ("this", "last") else c.anchor("D")
    day = c.relative(step_of(rel), "D", base)
    return Reading("TIME", day and f"{day}T{code}", modifier(m))


@cache
def _titles() -> re.Pattern[str]:
    """The words with a capital that make a weekday before them a name."""
    words = "|".join(f"{word[0].upper()}{word[1:]}" for word in word_list("times_titles.txt"))
    return re.compile(rf"\s(?:{words})\b")


READERS: dict[str, Callable[[Context, Match], Reading | None]] = {
    "iso": _iso,
    "slash": _slash,
    "clock": _clock,
    "day_clock": _day_clock,
    "part": _part,
    "this_part": _this_part,
    "month_day": _month_day,
    "day_month": _month_day,
    "range_day": _range_day,
    "week_of": _week_of,
    "ordinal_day": _ordinal_day,
    "holiday": _holiday,
    "nth_weekday": _nth_weekday,
    "weekday": _weekday,
    "deictic": _deictic,
}
"""How each kind of expression is read."""
