"""A report: what a query asks for as a bundle of pages that lead to each other, in a folder or in one file.

Its parts are an index, the articles' reader pages (with all statements of each article, those asked for marked), a page
for each speaker, the timeline, statistics, and the quotations that stand in several documents, side by side. A folder
also holds the records as JSON Lines and ``SHA256SUMS``, by which whoever gets it can tell that nothing in it was
changed (``sha256sum -c SHA256SUMS``).
"""

from __future__ import annotations

import hashlib
import itertools
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryFile
from typing import Protocol, TextIO

from onrecord.exports.display import counted, long_date, one_line, shown_title
from onrecord.exports.files import slug
from onrecord.exports.html import body, render, stream
from onrecord.exports.html.asked import asked
from onrecord.exports.html.figures import Cell, Table, speaker_table
from onrecord.exports.html.hits import Places
from onrecord.exports.html.pairs import PairPlaces, pair_view
from onrecord.exports.html.sheets import (
    Sheet,
    claims_sheet,
    links_sheet,
    speaker_sheet,
    speakers_sheet,
    stats_sheet,
    timeline_sheet,
    write_sheet,
)
from onrecord.exports.html.view import view
from onrecord.exports.jsonl import write as write_records
from onrecord.filters import with_parents
from onrecord.ledger import Entry, Ledger, Query, column
from onrecord.model import Document
from onrecord.relate.relations import Relations
from onrecord.relate.sides import Kind, Link

__all__ = ["Told", "write_report", "write_report_file"]

_FIRST = 25
"""So many speakers stand on the index; the page of speakers has all."""
_ALL = 2**31 - 1

Told = Callable[[int], None]
"""Is told of each document that was written, with how many statements it has."""


class Layout(Protocol):
    """Where the parts of a report are, as a page of it leads to them."""

    def part(self, name: str) -> str:
        """The index, the timeline, the statistics or the list of speakers."""

    def document(self, entry: Entry, id: str | None = None) -> str:
        """A document's page, or a statement on it."""

    def speaker(self, name: str) -> str:
        """A speaker's page."""


@dataclass(frozen=True, slots=True)
class _Folder:
    """Pages in files of their own; ``up`` leads from a page to the folder that holds them all."""

    up: str = ""

    def part(self, name: str) -> str:
        return f"{self.up}{name}.html"

    def document(self, entry: Entry, id: str | None = None) -> str:
        # a name is the document's own wherever it is asked for, because a revision has but one number
        name = slug(entry.document, {})
        return f"{self.up}documents/{name}-{entry.revision}.html" + (f"#d1-{id}" if id else "")

    def speaker(self, name: str) -> str:
        return f"{self.up}speakers/{_speaker_key(name)}.html"


@dataclass(frozen=True, slots=True)
class _OneFile:
    """All in one file."""

    def part(self, name: str) -> str:
        return f"#{name}"

    def document(self, entry: Entry, id: str | None = None) -> str:
        return f"#d{entry.revision}" + (f"-{id}" if id else "")

    def speaker(self, name: str) -> str:
        return f"#p-{_speaker_key(name)}"


@dataclass(frozen=True, slots=True)
class _Within:
    """What a reader page shows of the report that it is in."""

    links: Sequence[tuple[str, str]]
    asked: frozenset[str]
    speaker: Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class _Listed:
    """A document's line on the index."""

    place: str
    title: str
    outlet: str | None
    date: str | None
    statements: int


_NOT_COMPARED = "The documents of the ledger were not compared with each other (onrecord relate)."


class _Report:
    """What the parts of a report are made of."""

    def __init__(self, ledger: Ledger, query: Query, title: str, made: str) -> None:
        self.ledger, self.query, self.title, self.made = ledger, query, one_line(title), made
        self.speakers = ledger.speakers(query, limit=_ALL)
        self._named = {one.speaker for one in self.speakers}
        self.listed: list[_Listed] = []
        self.asked: set[tuple[int, str]] = set()
        """The statements that are asked for, by revision and id."""
        self._listed: set[int] = set()
        self._quotations: dict[str, list[Link]] = {}

    def links(self, layout: Layout) -> list[tuple[str, str]]:
        names = (
            ("Report", "index"), ("Timeline", "timeline"), ("Statistics", "statistics"), ("Speakers", "speakers"),
            ("Quotations", "quotations"), ("Claims", "claims"),
        )  # fmt: skip
        return [(label, layout.part(name)) for label, name in names]

    def speaker(self, layout: Layout, name: str) -> str | None:
        known = column(name) or ""
        return layout.speaker(known) if known in self._named else None

    def document(self, entry: Entry, ids: frozenset[str], key: str, layout: Layout) -> Iterator[str]:
        """The reader page's body."""
        within = _Within(self.links(layout), ids, lambda name: self.speaker(layout, name))
        yield from body(view(entry.document, key), within)

    def list(self, entry: Entry, ids: frozenset[str], place: str) -> None:
        document = entry.document
        outlet = one_line(document.outlet) if document.outlet else None
        self.listed.append(_Listed(place, shown_title(document), outlet, document.date, len(ids)))
        self._listed.add(entry.revision)
        self.asked.update((entry.revision, id) for id in ids)

    def places(self, layout: Layout) -> Places:
        return Places(
            statement=lambda hit: layout.document(hit.entry, hit.statement.id),
            speaker=lambda name: self.speaker(layout, name),
        )

    def pairs(self, layout: Layout) -> PairPlaces:
        return PairPlaces(
            statement=lambda entry, id: layout.document(entry, id) if entry.revision in self._listed else None,
            speaker=lambda name: self.speaker(layout, name),
        )

    def quotations(self, layout: Layout) -> Sheet:
        """The quotations of this report that stand in other documents too, of the whole ledger: those with serious
        changes first, then the others that were altered."""
        relations = Relations(self.ledger)
        links = sorted(
            relations.links_of(self.asked),
            key=lambda link: (not link.serious, link.kind is Kind.REPEATS, link.first.day),
        )
        for link in links:
            for name in {column(side.speaker) or "" for side in (link.first, link.second) if side.speaker}:
                self._quotations.setdefault(name, []).append(link)
        sheet = links_sheet(links, places=self.pairs(layout))
        title, about = "Quotations in several documents", list(sheet.about)
        if not relations.compared():
            about = [_NOT_COMPARED]
        return replace(sheet, kind="Quotations", title=title, about=about, key="quotations", links=self.links(layout))

    def claims(self, layout: Layout) -> Sheet:
        """The claims of this report that others dispute, answer or restate, in whatever document of the ledger."""
        relations = Relations(self.ledger)
        order = (Kind.DISPUTES, Kind.ANSWERS, Kind.RESTATES)
        links = sorted(relations.ties_of(self.asked), key=lambda link: order.index(link.kind))
        sheet = claims_sheet(links, places=self.pairs(layout))
        about = list(sheet.about) if relations.compared() else [_NOT_COMPARED]
        return replace(sheet, about=about, key="claims", links=self.links(layout))

    def index(self, layout: Layout, beside: Sequence[tuple[str, str]] = ()) -> Sheet:
        """The front page."""
        statements = sum(one.statements for one in self.listed)
        outlets = {one.outlet for one in self.listed if one.outlet}
        days = sorted(one.date[:10] for one in self.listed if one.date)
        tally = f"{counted(statements, 'statement')} in {counted(len(self.listed), 'document')}"
        tally += f" of {counted(len(outlets), 'outlet')}" if outlets else ""
        tally += (
            f", published {' to '.join(long_date(day) for day in dict.fromkeys((days[0], days[-1])))}" if days else ""
        )
        about = [
            f"Made on {long_date(self.made)} (UTC) by onrecord {version('onrecord')}. It says who is reported to have"
            " said what, and by whom; not that it is true. Articles are shown whole, with all statements that were"
            " found in them; what the report asks for is marked ◆. One name in one document is one speaker; whether"
            " one name in two documents is one person is not decided."
        ]  # fmt: skip
        documents = [
            [
                Cell(one.title, one.place), Cell(one.outlet or "not stated"),
                Cell(long_date(one.date or "") or "not known"), Cell(f"{one.statements:,}"),
            ]
            for one in self.listed
        ]  # fmt: skip
        first = speaker_table(self.speakers[:_FIRST], lambda name: self.speaker(layout, name))
        more = len(self.speakers) - _FIRST
        note = f"{counted(more, 'more speaker')} on the page of speakers." if more > 0 else ""
        tables = [
            Table(["Article", "Outlet", "Published", "Statements"], documents, frozenset({3}), "Articles"),
            replace(first, title="Speakers", note=note),
        ]
        links = [*self.links(layout)[1:], *beside]
        return Sheet(
            "Report", self.title, f"{tally}.", asked(self.query), about, tables=tables, links=links, key="index"
        )

    def parts(self, layout: Layout) -> Iterator[Sheet]:
        """Timeline, statistics, list of speakers."""
        for key, sheet in (
            ("timeline", timeline_sheet(self.ledger.timeline(self.query, by="day"), "day", self.query)),
            ("statistics", stats_sheet(self.ledger.months(self.query), self.query)),
            ("speakers", speakers_sheet(self.speakers, self.query, lambda name: self.speaker(layout, name))),
        ):
            yield replace(sheet, key=key, links=self.links(layout))

    def of_speaker(self, name: str, layout: Layout) -> Sheet:
        """One speaker's page."""
        mine = self.ledger.speaker(name, self.query)
        said = self.ledger.timeline(replace(self.query, speaker_name=name), by="month")
        sheet = speaker_sheet(mine, said, self.query, self.places(layout))
        pairs = [pair_view(link, self.pairs(layout), key="") for link in self._quotations.get(name, ())]
        return replace(sheet, key=f"p-{_speaker_key(name)}", links=self.links(layout), pairs=pairs or None)


def write_report(ledger: Ledger, query: Query, folder: Path, *, title: str, made: str, told: Told) -> None:
    """Write a report into an empty folder; ``made`` is when (UTC, ISO 8601)."""
    report, above, below = _Report(ledger, query, title, made), _Folder(), _Folder("../")
    sums: list[tuple[str, str]] = []

    @contextmanager
    def file(name: str) -> Iterator[TextIO]:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as out:
            yield out
        with path.open("rb") as written:
            sums.append((hashlib.file_digest(written, "sha256").hexdigest(), name))

    with file("statements.jsonl") as records:
        for entry, ids in ledger.chosen(query):
            place = above.document(entry)
            report.list(entry, ids, place)
            with file(place) as out:
                out.write(render("page.html.j2", title=shown_title(entry.document), contents=[]))
                for part in report.document(entry, ids, "d1", below):
                    out.write(part)
                out.write(render("foot.html.j2"))
            _records(entry.document, ids, records)
            told(len(ids))
    with file(above.part("quotations")) as out:
        write_sheet(report.quotations(above), out)
    with file(above.part("claims")) as out:
        write_sheet(report.claims(above), out)
    for one in report.speakers:
        with file(above.speaker(one.speaker)) as out:
            write_sheet(report.of_speaker(one.speaker, below), out)
    for sheet in report.parts(above):
        with file(above.part(sheet.key)) as out:
            write_sheet(sheet, out)
    with file(above.part("index")) as out:
        write_sheet(report.index(above, (("Records", "statements.jsonl"), ("Checksums", "SHA256SUMS"))), out)
    with (folder / "SHA256SUMS").open("w", encoding="utf-8", newline="") as out:
        out.writelines(f"{digest}  {name}\n" for digest, name in sorted(sums, key=lambda one: one[1]))


def write_report_file(ledger: Ledger, query: Query, out: TextIO, *, title: str, made: str, told: Told) -> None:
    """Write a report as one page; ``made`` is when (UTC, ISO 8601)."""
    report, layout = _Report(ledger, query, title, made), _OneFile()
    with TemporaryFile("w+", encoding="utf-8", newline="") as waiting:
        for entry, ids in ledger.chosen(query):
            report.list(entry, ids, layout.document(entry))
            for part in report.document(entry, ids, f"d{entry.revision}", layout):
                waiting.write(part)
            told(len(ids))
        out.write(render("page.html.j2", title=report.title, contents=[]))
        speakers = (report.of_speaker(one.speaker, layout) for one in report.speakers)
        first = [report.index(layout), report.quotations(layout), report.claims(layout)]
        for sheet in itertools.chain(first, report.parts(layout), speakers):
            stream("sheet.html.j2", out, sheet=sheet)
        waiting.seek(0)
        shutil.copyfileobj(waiting, out)
        out.write(render("foot.html.j2"))


def _records(document: Document, ids: frozenset[str], out: TextIO) -> None:
    """The records of those statements, and of what they stand in."""
    write_records([replace(document, statements=with_parents(document.statements, ids))], out)


def _speaker_key(name: str) -> str:
    """A file name for a speaker, unlike that of any other.

    >>> _speaker_key("Ann Lee"), _speaker_key("李娜")
    ('ann-lee-a36e143c', '李娜-6e9c21fa')
    """
    base = re.sub(r"[^\w]+", "-", name.casefold()).strip("-_")[:60] or "speaker"
    return f"{base}-{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:8]}"
