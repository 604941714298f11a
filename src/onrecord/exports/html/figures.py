"""Counts of a ledger as charts and tables for a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from onrecord.exports.display import long_date, long_interval, one_line
from onrecord.exports.html.charts import Chart, columns, rows
from onrecord.ledger import Counted, Month, SpeakerCount
from onrecord.model import Act, Form, SourceType

__all__ = ["Cell", "Table", "month_charts", "month_table", "said_chart", "said_table", "speaker_table", "value_table"]

_MOST = 400
"""So many columns a chart has at most; more days are shown by month, more months by year."""
_OUTLETS = 15
"""So many outlets have a row in a chart; the table has all."""
_UNITS = {"day": 10, "month": 7, "year": 4}


@dataclass(frozen=True, slots=True)
class Cell:
    """Words in a table, and where they lead."""

    words: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table: ``numbers`` are the columns that hold numbers."""

    heads: list[str]
    rows: list[list[Cell]]
    numbers: frozenset[int] = frozenset()
    title: str = ""
    note: str = ""
    """What has to be said of it."""


def said_chart(found: Sequence[Counted], by: str, title: str) -> tuple[list[Chart], str]:
    """Statements by when they were said, every day, month or year having a column; and what the chart leaves out.

    Columns stand for equal lengths of time, so those without statements are there too. Of more than 400 days the
    months are shown, of more than 400 months the years.
    """
    counts: Counter[str] = Counter()
    for unit in list(_UNITS)[list(_UNITS).index(by) :]:
        counts.clear()
        for one in found:
            value = one.value or ""
            if "/" not in value and len(value) >= _UNITS[unit]:
                counts[value[: _UNITS[unit]]] += one.statements
        periods = list(_between(min(counts), max(counts), unit)) if counts else []
        if len(periods) <= _MOST or unit == "year":
            break
    left_out = sum(one.statements for one in found) - counts.total()
    note = f"{left_out:,} known less exactly than to the {unit} are in the table alone." if left_out else ""
    if len(periods) < 2:
        return [], ""  # one bar tells nothing; the table is there
    values = {"statements": [float(counts[p]) for p in periods]}
    return [columns(f"{title} by {unit}", periods, values)], note


def said_table(found: Sequence[Counted]) -> Table:
    """When, and how many statements."""
    cells = [[Cell(long_interval(one.value or "")), Cell(f"{one.statements:,}")] for one in found]
    return Table(["Said", "Statements"], cells, frozenset({1}))


def speaker_table(found: Iterable[SpeakerCount], place: Callable[[str], str | None] = lambda name: None) -> Table:
    """Who speaks, how often and where; ``place`` is where a speaker's statements are."""
    cells = [
        [
            Cell(one_line(one.speaker), place(one.speaker)), Cell(one.source_type.replace("_", " ")),
            Cell(f"{one.statements:,}"), Cell(f"{one.documents:,}"), Cell(f"{one.outlets:,}"),
            Cell(_days(one.first, one.last)),
        ]
        for one in found
    ]  # fmt: skip
    heads = ["Speaker", "Type", "Statements", "Documents", "Outlets", "Published"]
    return Table(heads, cells, frozenset({2, 3, 4}))


def value_table(title: str, found: Sequence[Counted]) -> Table:
    """The values of one field, how often each, and when first and last published."""
    cells = [
        [Cell(one_line(one.value).replace("_", " ")), Cell(f"{one.statements:,}"), Cell(_days(one.first, one.last))]
        for one in found
        if one.value is not None
    ]
    return Table([title, "Statements", "Published"], cells, frozenset({1}))


def month_charts(months: Sequence[Month]) -> tuple[list[Chart], str]:
    """By month: forms, and the share of anonymous sources; by outlet: kinds of sources; acts. And what is left out."""
    by_month, note = _by_month(months)
    return [*by_month, *_by_outlet(months), *_acts(months)], note


def _by_month(months: Sequence[Month]) -> tuple[list[Chart], str]:
    """Forms and the share of anonymous sources, month by month; and what is left out. One month has no chart."""
    known = sorted({m.month for m in months if m.month})
    periods = list(_between(known[0], known[-1], "month")) if len(known) > 1 else []
    if not periods or len(periods) > _MOST:
        return [], ""
    of = [[m for m in months if m.month == period] for period in periods]
    forms = {str(form): [float(sum(m.forms.get(form, 0) for m in found)) for found in of] for form in Form}
    shares = [_share(sum(m.anonymous for m in found), sum(m.statements for m in found)) for found in of]
    lost = sum(m.statements for m in months if not m.month)
    note = f"{lost:,} statements of documents whose month is not known are not in the charts by month."
    made = [
        columns("Statements by month of publication, by form", periods, forms),
        columns("Share of statements by anonymous sources, by month", periods, {"anonymous": shares}, unit="%"),
    ]
    return made, note if lost else ""


def _by_outlet(months: Sequence[Month]) -> list[Chart]:
    """Which kinds of sources the outlets with most statements have."""
    most = Counter[str]()
    for month in months:
        most[month.outlet or ""] += month.statements
    outlets = [name for name, _ in most.most_common(_OUTLETS)]
    if not outlets:
        return []
    of = {name: [m for m in months if (m.outlet or "") == name] for name in outlets}
    kinds = {
        str(kind).replace("_", " "): [
            _share(sum(m.source_types.get(kind, 0) for m in of[name]), most[name]) for name in outlets
        ]
        for kind in SourceType
    }
    names = [one_line(name) or "outlet not stated" for name in outlets]
    first = f", the {_OUTLETS} with most statements" if len(most) > _OUTLETS else ""
    return [rows(f"Kinds of sources by outlet{first}", names, kinds, unit="%")]


def _acts(months: Sequence[Month]) -> list[Chart]:
    """How often each act is done, the most frequent first."""
    acts = Counter[str]()
    for month in months:
        acts.update(month.acts)
    order = sorted((str(act) for act in Act if acts[act]), key=lambda act: -acts[act])
    counts = {"statements": [float(acts[act]) for act in order]}
    return [rows("Acts, as a program judges them", order, counts)] if acts else []


def month_table(months: Sequence[Month]) -> Table:
    """The figures behind the charts, an outlet's month a row."""
    heads = ["Outlet", "Month", "Documents", "Statements", "Anonymous", "Forms", "Sources", "Acts"]
    cells = [
        [
            Cell(one_line(m.outlet) if m.outlet else "not stated"),
            Cell(long_date(m.month) if m.month else "not known"), Cell(f"{m.documents:,}"), Cell(f"{m.statements:,}"),
            Cell(f"{_share(m.anonymous, m.statements):.0f}%"),
            *(Cell(_counts(counts)) for counts in (m.forms, m.source_types, m.acts)),
        ]
        for m in months
    ]  # fmt: skip
    return Table(heads, cells, frozenset({2, 3, 4}))


def _counts(counts: dict[str, int]) -> str:
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in most)


def _share(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0


def _days(first: str | None, last: str | None) -> str:
    days = [long_date(day) for day in dict.fromkeys((first, last)) if day]
    return " to ".join(days)


def _between(first: str, last: str, unit: str) -> Iterator[str]:
    """All days, months or years from the first to the last.

    >>> list(_between("2023-12", "2024-02", "month")), list(_between("2024-02-28", "2024-03-01", "day"))
    (['2023-12', '2024-01', '2024-02'], ['2024-02-28', '2024-02-29', '2024-03-01'])
    """
    if unit == "year":
        yield from (f"{year:04}" for year in range(int(first), int(last) + 1))
    elif unit == "month":
        (year, month), (until, end) = (map(int, value.split("-")) for value in (first, last))
        for number in range(12 * year + month - 1, 12 * until + end):
            yield f"{number // 12:04}-{number % 12 + 1:02}"
    else:
        day, final = date.fromisoformat(first), date.fromisoformat(last)
        for number in range((final - day).days + 1):
            yield (day + timedelta(days=number)).isoformat()
