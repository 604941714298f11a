"""Time expressions of a text in English, with TIMEX3 types and values."""

from __future__ import annotations

from onrecord.model import Span, Timex, TimexType
from onrecord.qualify import timedates, timeperiods, timespans
from onrecord.qualify.days import interval
from onrecord.qualify.timecontext import Context
from onrecord.qualify.timewords import grammar

__all__ = ["interval", "times"]

_READERS = timedates.READERS | timeperiods.READERS | timespans.READERS


def times(text: str, date: str | None) -> tuple[Timex, ...]:
    """All time expressions, in text order; they do not overlap.

    Their values are TIMEX3's, which are ISO 8601 with additions: ``2016-W37-WE``, ``2016-SU``, ``2016-09-13TMO``,
    ``199`` for the nineties, ``XXXX-WXX-1`` for a Monday, ``PXM`` for some months; None where one depends on a date
    that is not known.

    ``date`` is the document's date in ISO 8601, to the year, the month or the day; its time, if any, is not used. Days
    and months without year are the nearest before it, or the nearest after it where the words around say so.

    >>> [t.value for t in times("He said on Monday that it would close next year.", "2016-09-13")]
    ['2016-09-12', '2017']
    """
    patterns, context = grammar(), Context(text, low := _lower(text), date)
    found: list[Timex] = []
    at = 0
    while match := patterns.scan.search(low, at):
        at = match.start() + 1
        for kind in patterns.kinds[(match.lastindex or 1) - 1 :]:
            named = patterns.rules[kind].match(low, match.start())
            reading = _READERS[kind](context, named) if named else None
            if named and reading:
                at = reading.end or named.end()
                found.append(Timex(Span(match.start(), at), TimexType(reading.type), reading.value, reading.modifier))
                context.note(reading, at)
                break
    return tuple(found)


def _lower(text: str) -> str:
    """The text in lower case, as long as it was: İ is the one letter whose lower case is longer."""
    return text.replace("İ", "i").lower()
