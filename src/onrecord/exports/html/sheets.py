"""The pages of a ledger: hits, speakers, one speaker, the timeline, statistics; each one self-contained file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TextIO

from onrecord.exports.display import counted, one_line, visible
from onrecord.exports.html import stream
from onrecord.exports.html.asked import asked
from onrecord.exports.html.charts import Chart, rows
from onrecord.exports.html.figures import (
    Table,
    month_charts,
    month_table,
    said_chart,
    said_table,
    speaker_table,
    value_table,
)
from onrecord.exports.html.hits import HitView, Places, hit_view
from onrecord.exports.html.pairs import PairPlaces, PairView, compared_view, pair_view
from onrecord.ledger import Counted, Hit, Month, Query, SpeakerCount, SpeakerView
from onrecord.relate.linking import Compared
from onrecord.relate.sides import Kind, Link

__all__ = [
    "Sheet",
    "claims_sheet",
    "compared_sheet",
    "hits_sheet",
    "links_sheet",
    "speaker_sheet",
    "speakers_sheet",
    "stats_sheet",
    "timeline_sheet",
    "write_sheet",
]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a page shows: what was asked for, counts, charts with the tables behind them, statements.

    ``links`` lead to other parts of a report, ``key`` is the place of this one in a page that holds them all.
    """

    kind: str
    title: str
    tally: str
    query: Sequence[tuple[str, str]] = ()
    about: Sequence[str] = ()
    charts: Sequence[Chart] = ()
    tables: Sequence[Table] = ()
    hits: Iterable[HitView] | None = None
    pairs: Iterable[PairView] | None = None
    links: Sequence[tuple[str, str]] = ()
    key: str = ""


def write_sheet(sheet: Sheet, out: TextIO) -> None:
    """Write a page of its own."""
    stream("ledger.html.j2", out, sheet=sheet, title=sheet.title)


def hits_sheet(
    hits: Sequence[Hit], total: int, query: Query, like: str | None = None, *, most: int | None = None
) -> Sheet:
    """The statements that were looked for, in context; ``total`` is how many there are in all, counted up to ``most``.

    ``like`` is the sentence to which they are the nearest in meaning.
    """
    tally = counted(total, "statement", most)
    if total > len(hits):
        tally = f"The first {len(hits):,} of {tally}"
    meant = [("nearest in meaning to", visible(like).strip())] if like is not None else []
    return Sheet("Search", "Statements", f"{tally}.", [*meant, *asked(query)], hits=map(hit_view, hits))


def speakers_sheet(
    found: Sequence[SpeakerCount], query: Query, place: Callable[[str], str | None] = lambda name: None
) -> Sheet:
    """Who speaks, how often and where; ``place`` is where a speaker's statements are."""
    tally = f"{counted(len(found), 'speaker')}, those with most statements first."
    about = ["One name in one document is one speaker; whether one name in two documents is one person is not decided."]
    return Sheet("Speakers", "Who speaks", tally, asked(query), about, tables=[speaker_table(found, place)])


def speaker_sheet(view: SpeakerView, timeline: Sequence[Counted], query: Query, places: Places | None = None) -> Sheet:
    """What one speaker says: acts and months as charts, titles, outlets, and the statements, latest first."""
    name = one_line(view.name)
    charts: list[Chart] = []
    acts = [one for one in view.acts if one.value is not None]
    if acts:
        counts = {"statements": [float(one.statements) for one in acts]}
        charts.append(rows("Acts, as a program judges them", [str(one.value) for one in acts], counts))
    said, note = said_chart(timeline, "month", f"Statements by {name}, when they were said,")
    tables = [
        value_table(head, found)
        for head, found in (("Title", view.titles), ("Outlet", view.outlets), ("Type", view.source_types))
        if any(one.value is not None for one in found)
    ]
    about = [
        "All who have this name in a document; whether they are one person is not decided.",
        *([note] * bool(note)),
    ]
    tally = f"{counted(sum(one.statements for one in view.acts), 'statement')}, the latest published first."
    hits = (hit_view(hit, places) for hit in view.hits)
    return Sheet("Speaker", name, tally, asked(query), about, [*charts, *said], tables, hits)


PAIRS = (
    "Of two quotations the one published first stands first. Words that the other has not are struck through in the"
    " first and underlined in the second. That words differ is no verdict on anybody: both may be honest, or a program"
    " may have read them wrongly."
)
"""What has to be said of links."""


def links_sheet(links: Sequence[Link], *, more: bool = False, places: PairPlaces | None = None) -> Sheet:
    """Links between documents, each with both sides and what differs."""
    serious = sum(link.serious for link in links)
    tally = f"{'The first ' if more else ''}{counted(len(links), 'link')}, {serious:,} with a serious change."
    pairs = (pair_view(link, places) for link in links)
    return Sheet("Across documents", "Same and altered words", tally, about=[PAIRS], pairs=pairs)


CLAIMS = (
    "What two statements are to each other is what a program suggests, with its probability, until a person confirms"
    " it; what a person rejected is left out. The words that clash are marked."
)
"""What has to be said of links between claims."""


def claims_sheet(links: Sequence[Link], places: PairPlaces | None = None) -> Sheet:
    """Statements that dispute, answer or restate each other, each with both sides."""
    disputes = sum(link.kind is Kind.DISPUTES for link in links)
    tally = f"{counted(len(links), 'link')}, {counted(disputes, 'dispute')}."
    pairs = (pair_view(link, places) for link in links)
    return Sheet("Claims", "Disputed, answered, restated", tally, about=[CLAIMS], pairs=pairs)


def compared_sheet(compared: Compared) -> Sheet:
    """Two quotations side by side."""
    return Sheet("Across documents", "Two quotations", "", about=[PAIRS], pairs=[compared_view(compared)])


def timeline_sheet(found: Sequence[Counted], by: str, query: Query) -> Sheet:
    """When statements were made: a chart, and the figures behind it."""
    charts, note = said_chart(found, by, "Statements, when they were said,")
    tally = f"{counted(sum(one.statements for one in found), 'statement')} whose day, month or interval the text gives."
    return Sheet("Timeline", "When it was said", tally, asked(query), [note] * bool(note), charts, [said_table(found)])


def stats_sheet(months: Sequence[Month], query: Query) -> Sheet:
    """What outlets report month by month: forms, kinds of sources, the share of anonymous ones, acts."""
    statements, documents = sum(m.statements for m in months), sum(m.documents for m in months)
    tally = f"{counted(statements, 'statement')} in {counted(documents, 'document')}."
    charts, note = month_charts(months)
    about = ["Statements within statements are left out: they would count what one outlet says twice."]
    about += [note] * bool(note)
    return Sheet("Statistics", "What outlets report", tally, asked(query), about, charts, [month_table(months)])
