"""Read units of time: "last week", durations, sets; and vague references. A reader returns None where there is none."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise

from onrecord.languages.en import word_list
from onrecord.qualify.days import at, interval, shift, weekday
from onrecord.qualify.timecontext import Context, Match, Reading, modifier, step_of
from onrecord.qualify.timedates import READERS as DATES
from onrecord.qualify.timenumbers import duration, long_duration, number
from onrecord.qualify.timewords import grammar, meaning, pairs, spaced

__all__ = ["READERS"]

# A quarter that ends on a day is the one that holds the day so long before.
_HALF_QUARTER = 45
# From this weekday on "this weekend" is the next one.
_MIDWEEK = 3
_FROM_TEXT = ("previous", "prior", "preceding", "following", "same")
_SIZES = ("100Y", "10Y", "Y", "M", "W", "D", "TH", "TM", "TS")
_LONG = ("10Y", "100Y", "1000Y")
_ENDED = re.compile(r"\s+(?:that\s+)?(?:ended|ending|ends|to(?=\s+[a-z]+\.?\s\d))\s+(?:on\s+)?")
_STOPS = re.compile(r"\s*(?:[.,;:!?)\"”’'—–-]|$|\n|\b(?:and|but)\b)")
_CLOSED = re.compile(r"\s*(?:[.,;:!?)\"”’'—–-]|$|\n|\b(?:and|but|when|as|that|because|it|he|she|they|we|i)\b)")
_DURING = re.compile(r"\b(?:in|during|over|by|since|until|for|through|throughout|before|after|this)\s$")
_OF_DAY = re.compile(r"\b(?:later|late|early|earlier|ended|ending|end|finish|finished|closed|started)\s(?:in\s|on\s)?$")
_LASTS = re.compile(
    r"\b(?:in|within|for|after|of|than|over|as|barely|nearly|almost|about|just|only|lasts?|lasted|once)\s$"
)
_LAST_PLURAL = re.compile(r"\b(?:for|in|within|after|took|take|takes|taking|over|just|only|lasted|the)\s$")
_RATE = re.compile(r"(?:\d|[a-z]{2}s|million|billion|\$[\d.,]+)\s$|\b(?:times|once|twice)\s$")
_NAMED = re.compile(r"\s(?:apart\b|\d{4}\b)")
_AS = re.compile(r"\b(?:as|too|very)\s$")
_MODAL = re.compile(r"\b(?:will|would|could|may|might|can|to|he|she|they|it|we|i)\s$")
_OWN = re.compile(
    r"(?:\b(?:his|her|its|their|our|my|your|whose|no)|['’]s|[a-z]s['’])\s(?:[a-z]+\s)?$|\ban?\s(?:[a-z]+\s){1,2}$"
)
_ONE = re.compile(r"\ban?\s(?:[a-z]+\s)?$")
_NOUN = re.compile(
    r"\s(?!(?:and|but|or|as|at|by|for|from|if|in|is|it|of|on|so|than|that|the|to|was|were|when|where|which|while|who"
    r"|will|with|would|could|may|can|has|had|have|he|she|they|we|i|you|this|there|are|be|because|after"
    r"|before)\b)[a-z0-9]"
)
_ONE_DAY = re.compile(r"One day,?\s[^.!?]{1,40}\b(?:will|could|would|might|may)\b")
_AVERAGE = re.compile(r"\baverage\s$")
_A_PAPER = re.compile(r"\b(?:the|an?|this|local|english|language|english-language|owned|state|tabloid|business)\s$")
_PAPER = re.compile(r"\s(?:newspapers?\b|papers?\b|(?!\w+day\b)[A-Z]\w*\s|said\b|reported\b|quoted\b)")
_THEN = re.compile(
    r"\s(?:after|as|enough|afterwards?|became|began|broke|came|fell|found|had|was|were|(?!need)[a-z]+ed)\b"
)
_THAT = re.compile(r"\s(?:of|when|that|he|she|they|it|the|[A-Z][a-z]+)\b")
_PERIODICALS = ("daily", "weekly", "fortnightly", "monthly")
_EARLY = re.compile(r"\b(?:early|earlier|late|later|final|formative|opening|closing)\s$")
_LASTING = re.compile(r"\b(?:to|will|would|could|may|might|can|should|must|not|that|which|and)\s$")
_WORD = re.compile(r"[\w’']\s$")


def _unit(c: Context, m: Match) -> Reading | None:
    """ "Last week", "the end of the year", "the same month", "the quarter"."""
    rel, mod = _same(m["rel"].split()[-1]), modifier(m)
    unit = "Q" if m["unit"] == "period" else "WE" if m["unit"] == "weekend" else meaning("units", m["unit"])
    if _is_title(c, m) or rel == "final" or (unit == "D" and rel == "this") or m["unit"] in ("second", "night"):
        return None
    if unit in ("D", "W", "M") and step_of(rel) and c.low.startswith(" of ", m.end("unit")):
        return None
    if m["back"] and m["year"]:
        number = c.period[-1] if c.period and "-Q" in c.period else None
        return Reading("DATE", f"{m['year']}-Q{number}") if rel == "same" and unit == "Q" and number else None
    if rel == "same" and m["rel"].split()[-1] != rel and not m["back"]:
        return None
    if (m["back"] and rel in ("same", "the")) or m["report"]:
        return Reading("DATE", c.year_earlier() if unit in ("Q", "Y") else _year_before(c, unit))
    if unit.startswith("T"):
        return Reading("DURATION", duration(1, unit), mod) if rel in ("past", "last", "next") else None
    whole = not m["back"] and (not m["way"] or (m["rel"] in ("the", "that") and not mod))
    if m["unit"] == "period":
        return Reading("DATE", c.period) if rel in ("latest", "current") and c.period else None
    if rel in ("the", "that"):
        reading = _the_unit(c, m, unit, rel)
    elif unit == "Q":
        reading = Reading("DATE", _report_quarter(c, rel), mod)
    else:
        reading = _placed_unit(c, m, unit, rel)
    return reading and reading._replace(end=None if whole else m.end("unit"))


def _same(word: str) -> str:
    """A word that places a time, the other words for the same as that."""
    return "same" if word in ("corresponding", "comparable", "like") else word


def _year_before(c: Context, unit: str) -> str | None:
    """The value of the unit a year before the last date, or before the document's."""
    base = c.anchor(unit) or c.known(unit)
    day = shift(base, -1, "Y") if base else None
    return at(day, unit) if day else None


def _placed_unit(c: Context, m: Match, unit: str, rel: str) -> Reading | None:
    """A unit after a word that places it: last, next, the same."""
    mod, step = modifier(m), step_of(rel)
    if rel in ("full", "new") and unit != "Y":
        return None
    if rel == "same" and (c.last is None or unit == "D") and c.anchor(unit) is None:
        return None
    if rel in _FROM_TEXT or (unit == "D" and m["rel"].startswith("the ")):
        base = c.anchor(unit)
        return Reading("DATE", c.relative(step, unit, base) if base else None, mod)
    if unit == "WE" and rel == "this":
        return Reading("DATE", _weekend(c, m, _MIDWEEK), mod)
    if step and (unit in _LONG or (unit == "D" and rel in ("past", "last"))):
        return Reading("DURATION", duration(1, unit), mod)
    return Reading("DATE", c.relative(-1 if rel == "latest" else step, unit), mod)


def _report_quarter(c: Context, rel: str) -> str | None:
    """The value of "the latest quarter": of the reported one, or counted from the document's date."""
    bounds = interval(c.period) if c.period and "Q" in c.period else None
    if rel == "latest":
        return c.period if bounds else c.relative(-1, "Q")
    return c.relative(step_of(rel), "Q", bounds[0] if bounds and rel in _FROM_TEXT else None)


def _the_unit(c: Context, m: Match, unit: str, rel: str) -> Reading | None:
    """ "The quarter", "that year", "the day before"."""
    mod, way = modifier(m), m["way"]
    if unit in _LONG:
        turn = (m["mod"] or "").endswith("turn of") and c.today is not None and c.today.year % 100 > 50
        return Reading("DATE", c.relative(int(turn), unit), mod) if mod else None
    if way and not mod:
        base = c.anchor(unit)
        if rel == "that" or not _STOPS.match(c.low, m.end()):
            return None
        return Reading("DATE", c.relative(int(meaning("ways", way)), unit, base) if base else None)
    ended = _ENDED.match(c.low, m.end("unit"))
    if unit == "Y" and ended:
        c.period = c.relative(0, "Y")
        return Reading("DURATION", "P1Y", mod)
    if unit == "Q":
        quarter = (ended and _quarter_before(c, ended.end())) or _report_quarter(c, "latest")
        c.period = quarter
        return Reading("DATE", quarter, mod)
    if unit == "WE":
        return None if c.low.startswith(" of ", m.end()) else Reading("DATE", _weekend(c, m), mod)
    if rel == "that":
        base = c.anchor(unit)
        return None if unit == "D" and not c.last else Reading("DATE", at(base, unit) if base else None, mod)
    if unit == "Y" and not mod and c.before(m, _of_the_year()):
        return None
    if not mod and not c.before(m, _OF_DAY if unit == "D" else _DURING) and unit != "Y":
        return None
    if c.low.startswith((" of the", " of his", " of her", " of our", " that ", " when "), m.end()):
        return None
    return Reading("DATE", c.relative(0, unit), mod)


def _quarter_before(c: Context, start: int) -> str | None:
    """The quarter that mostly lies before the day at ``start``."""
    match = grammar().rules["month_day"].match(c.low, start)
    reading = DATES["month_day"](c, match) if match else None
    bounds = interval(reading.value) if reading and reading.value else None
    day = shift(bounds[0], -_HALF_QUARTER, "D") if bounds else None
    return at(day, "Q") if day else None


def _weekend(c: Context, m: Match, first: int = 6) -> str | None:
    """The value of "the weekend": the last one, today's, or the next where the words around say so.

    From the weekday ``first`` on it is the next one where they say nothing.
    """
    today = c.known("D")
    if today is None:
        return None
    coming = c.coming(m.start(), m.end())
    on = today.isoweekday() < 6 and (coming or (coming is None and today.isoweekday() >= first))
    saturday = weekday(today, 6, 1 if on else -1)
    return at(saturday, "WE") if saturday else None


def _span(c: Context, m: Match) -> Reading | None:
    """A number of units: a duration, or a date where it counts from one ("two years ago")."""
    count, unit, way = number(m["number"]), meaning("units", m["unit"]), m["way"]
    det, rel, mod, rest = m["det"] or "", (m["rel"] or "").split()[-1:], modifier(m), m["rest"]
    article, inside = m["number"] in ("a", "an"), None
    if rest and not (_finer(unit, rest) and (" and" in spaced(rest) or rest[0] != ",")):
        rest, way, inside = None, None, m.start("rest")
    if way == "old" or c.low.startswith(("-old", " old"), m.end()) or _is_title(c, m):
        return None
    if (article and m["unit"].endswith("s")) or (m["unit"] == "second" and not m["number"][0].isdigit()):
        return None
    if det == "last" and c.before(m, _LASTING):
        return None
    if count == 1 and not way and re.match(r"-[a-z]", c.low[m.end() : m.end() + 2]):
        return None
    if unit == "Q" and ((c.low.startswith(" of ", m.end("unit")) and not rel) or (article and not way)):
        return None
    if article and not (way or mod or det or rest or unit in (*_LONG, "2W") or c.before(m, _LASTS)):
        rate = m["number"] == "a" and unit in ("Y", "M") and c.before(m, _RATE)
        return Reading("SET", duration(1, unit)) if rate else None
    if spaced(m.group()) == "one day" and (c.before(m, _MODAL) or _ONE_DAY.match(c.text, m.start())):
        return Reading("DATE", "FUTURE_REF")
    if unit == "M" and count in (6, 9) and det.startswith("the") and rel in ([], ["first"], ["latest"]):
        c.period = c.relative(0, "Y")
    if m["more"] and count:
        count = min(count, number(m["more"]) or count)
    value = long_duration(count, unit, rest) if rest and count is not None else duration(count, unit)
    if mod in ("START", "END") and not det:
        return None
    if way in (None, "long"):
        return Reading("DURATION", value, mod, inside or (m.start("from") - 1 if m["from"] else None))
    if way != "time" and (date := _moved(c, m, count, unit)):
        return date
    return Reading("DURATION", value, mod, None if _to_the_clock(unit, way) else m.end("unit"))


def _finer(unit: str, rest: str) -> bool:
    """Whether what follows a number of units is a rest of smaller units, not another time of its own."""
    sizes = [_SIZES.index(unit)] if unit in _SIZES else []
    sizes += [
        _SIZES.index(meaning("units", word))
        for word in re.findall(r"[a-z]+(?=,|\s+and\b|\s+\d|$)", rest)
        if word in pairs("units")
    ]
    return rest.endswith("half") or all(one < other for one, other in pairwise(sizes))


def _to_the_clock(unit: str, way: str) -> bool:
    """Whether "two hours later" is as a whole a duration, as the gold standards have it."""
    return unit.startswith("T") and way not in ("before", "after", "time")


def _moved(c: Context, m: Match, count: float | None, unit: str) -> Reading | None:
    """The date that is so many units from another; None where that is not known."""
    way, mod = spaced(m["way"]), modifier(m)
    if count is None:
        return Reading("DATE", "PAST_REF", mod) if way == "ago" else None
    if unit.startswith("T"):
        return None
    if unit in _LONG:
        count, unit = count * int(unit[:-1]), "Y"
    step = round(count) * int(meaning("ways", way))
    if unit == "Y" and step == -1 and not m["from"] and (way == "earlier" or (way == "ago" and c.period)):
        return Reading("DATE", c.year_earlier(), mod)
    if way in ("ago", "from now", "hence"):
        return Reading("DATE", _from(c, m, step, unit) if m["from"] else c.moved(step, unit), mod)
    base = c.anchor(unit) if way not in ("before", "after") or _STOPS.match(c.low, m.end()) else None
    value = c.moved(step, unit, base) if base else None
    return Reading("DATE", value, mod) if value else None


def _from(c: Context, m: Match, step: int, unit: str) -> str | None:
    """The value of "a year ago this month", "two weeks ago Tuesday": to the grain of what it counts from."""
    word = spaced(m["from"]).removeprefix("this ")
    base, grain = c.known("D"), {"week": "W", "month": "M"}.get(word, "D")
    if base and word in pairs("weekdays"):
        base = weekday(base, int(meaning("weekdays", word)), -1)
    day = shift(base, step, unit) if base else None
    return at(day, grain) if day else None


def _spans(c: Context, m: Match) -> Reading | None:
    """Units without a number: "for years", "recent months"."""
    unit, way, rel = meaning("units", m["unit"]), m["way"], (m["rel"] or "").split()[-1:]
    if (
        (way == "old" and not c.low.startswith("-", m.end("unit")))
        or _is_title(c, m)
        or modifier(m) in ("START", "END")
    ):
        return None
    if rel == ["recent"] or m["rel"] == "past" or way == "ago":
        return Reading("DATE", "PAST_REF", modifier(m))
    if _NAMED.match(c.low, m.end()) or c.low[m.start() - 1 : m.start()] == "-":
        return None
    lasting = c.before(m, _LAST_PLURAL)
    if c.before(m, _EARLY):
        return None
    if m["unit"] in ("seconds", "nights", "quarters") and not (lasting or rel):
        return None
    if not (rel or way or m["more"] or lasting or c.low.startswith(" of ", m.end())):
        return None
    return Reading("DURATION", duration(None, unit), modifier(m), m.end("unit") if way in ("before", "after") else None)


def _unit_long(c: Context, m: Match) -> Reading:
    return Reading("DURATION", duration(None if m["unit"].endswith("s") else 1, meaning("units", m["unit"])))


def _each(c: Context, m: Match) -> Reading:
    count = {"other": 2, "second": 2, "third": 3}.get(m["number"]) or number(m["number"] or "one")
    return Reading("SET", duration(count, meaning("units", m["unit"])))


def _rate(c: Context, m: Match) -> Reading:
    return Reading("SET", duration(1, meaning("units", m["unit"])))


def _set(c: Context, m: Match) -> Reading | None:
    """ "Daily"; not in a name ("the Morning Daily"), not of an average, not for a newspaper ("the daily said")."""
    named = c.text[m.start()].isupper() and (c.before(m, _WORD) or c.in_title(*m.span()))
    paper = m["word"].removeprefix("bi").removeprefix("-") in _PERIODICALS and (
        c.named_before(m.start())
        or (c.before(m, _A_PAPER) and not _NOUN.match(c.low, m.end()))
        or _PAPER.match(c.text, m.end())
    )
    return None if named or paper or c.before(m, _AVERAGE) else Reading("SET", meaning("sets", m["word"]))


def _vague(c: Context, m: Match) -> Reading | None:
    word = spaced(m["word"])
    if word == "at the moment" and _THAT.match(c.text, m.end()):
        return None
    if word == "soon" and (c.before(m, _AS) or _THEN.match(c.low, m.end())):
        return None
    if word == "the past" and not _CLOSED.match(c.low, m.end()):
        return None
    if word.endswith("future") and (c.low.startswith((" of ", "s"), m.end()) or c.before(m, _OWN)):
        return None
    if word == "future" and not _NOUN.match(c.low, m.end()):
        return None
    if word == "the future" and _NOUN.match(c.low, m.end()):
        return None
    if word == "current" and c.before(m, _ONE) and not _NOUN.match(c.low, m.end()):
        return None
    if word == "of late" and not _CLOSED.match(c.low, m.end()):
        return None
    return None if c.low.startswith("-", m.end()) else Reading("DATE", meaning("vague", word))


def _is_title(c: Context, m: Match) -> bool:
    """Whether the unit is written as in a title: "60 Minutes"."""
    unit = c.text[m.start("unit") : m.end("unit")]
    if c.in_title(*m.span("unit")) and m.start() == m.start("unit"):
        return True
    return unit[:1].isupper() and unit[1:].islower() and c.text[m.start()].isalnum() and m.start() != m.start("unit")


@cache
def _of_the_year() -> re.Pattern[str]:
    """What stands before "the year" where that is a part of a title, or explains a year."""
    return re.compile(rf"(?:\b(?:{'|'.join(word_list('times_awarded.txt'))})\sof|\d,)\s$")


READERS: dict[str, Callable[[Context, Match], Reading | None]] = {
    "each": _each,
    "rate": _rate,
    "span": _span,
    "spans": _spans,
    "unit": _unit,
    "unit_long": _unit_long,
    "vague": _vague,
    "set": _set,
}
"""How each kind of expression is read."""
