"""The pages of a ledger and the report: what they show, where they lead, and that nothing in an article can run."""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from consoles import Console
from onrecord.exports import jsonl
from onrecord.exports.html.charts import columns, rows
from onrecord.exports.html.figures import month_charts, said_chart
from onrecord.exports.html.report import write_report, write_report_file
from onrecord.exports.html.sheets import (
    hits_sheet,
    speaker_sheet,
    speakers_sheet,
    stats_sheet,
    timeline_sheet,
    write_sheet,
)
from onrecord.ledger import Counted, Ledger, Month, Query
from onrecord.model import Act, Document, Occasion, Speaker
from sample_documents import all_samples, fishing_pact
from test_ledger_search import document

MADE = "2024-06-01T08:30+00:00"
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


def collected() -> list[Document]:
    every = [replace(d, id=f"{n}-{d.id}") for n, d in enumerate(all_samples())]
    hostile = document("x", outlet=HOSTILE, title=HOSTILE, date="2024-07-01", url="javascript:alert(3)")
    said = [replace(s, speakers=(Speaker(HOSTILE),), occasion=Occasion("2024-06-30")) for s in hostile.statements]
    return [
        document("a", outlet="The Harbour Courier", date="2024-05-03"),
        document("b", outlet="Gazette", date="2024-06", url="https://gazette.example/b"),
        replace(hostile, statements=tuple(said)),
        *every,
    ]


@pytest.fixture
def ledger(tmp_path: Path) -> Any:
    with Ledger.open(tmp_path / "ledger.db") as opened:
        for one in collected():
            opened.add(one)
        yield opened


class Page(HTMLParser):
    """The places that a page has and those that it leads to, and the elements that could run or fetch something."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.scripts = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name == "href" and tag == "a":
                self.links.append(value or "")
            assert not name.startswith("on"), f"{tag} {name}"
            if name in ("src", "srcset", "action") or (name.endswith("href") and tag != "a"):
                self.loads.append(f"{tag} {value}")
        self.scripts += tag == "script"


def written(*sheets: Any) -> str:
    out = io.StringIO()
    for sheet in sheets:
        write_sheet(sheet, out)
    return out.getvalue()


# charts


def test_charts_have_geometry_and_words_alone() -> None:
    chart = columns("By <month>", ["2024-05", "2024-06"], {"verbatim": [3.0, 0.0], "partial": [1.0, 1234.0]})
    root = etree.fromstring(str(chart.svg))
    names = {etree.QName(node).localname for node in root.iter()}
    assert names <= {"svg", "g", "rect", "path", "text", "title"}
    assert not [n for n in root.iter() if n.get("style") or n.get("id") or n.get("onclick")]
    assert root.get("aria-label") == "By <month>"
    titles = [n.text for n in root.iter("{*}title")]
    assert titles == ["2024-05, verbatim: 3", "2024-06, verbatim: 0", "2024-05, partial: 1", "2024-06, partial: 1,234"]
    heights = [float(n.getparent().find("{*}rect").get("height")) for n in root.iter("{*}title")]
    assert heights[1] == 0 and heights[0] > heights[2] > 0 and heights[3] > 300 * heights[0]
    assert chart.legend == ("verbatim", "partial")
    again = columns("By <month>", ["2024-05", "2024-06"], {"verbatim": [3.0, 0.0], "partial": [1.0, 1234.0]})
    assert again == chart, "nothing in it tells when it was made"


def test_rows_stand_in_order_from_the_top_and_long_labels_are_whole_in_words() -> None:
    name = "The Very Long Name of a Broadcasting Corporation"
    chart = rows("Kinds", [name, "Gazette"], {"named": [60.0, 20.0], "other": [40.0, 80.0]}, unit="%")
    root = etree.fromstring(str(chart.svg))
    bars = [(n.text, float(n.getparent().find("{*}rect").get("y"))) for n in root.iter("{*}title")]
    assert [words for words, _ in bars if "named" in words] == ["Gazette, named: 20%", f"{name}, named: 60%"]
    assert dict(bars)[f"{name}, named: 60%"] < dict(bars)["Gazette, named: 20%"]
    texts = [n.text for n in root.iter("{*}text")]
    assert name[:33] + "…" in texts and "100%" in texts


def test_a_chart_has_no_more_series_than_colours() -> None:
    with pytest.raises(ValueError, match="9 series"):
        rows("Too many", ["a"], {str(n): [1.0] for n in range(9)})


def test_a_timeline_has_all_days_and_leaves_out_what_is_less_exact() -> None:
    found = [
        Counted("2024", 5),
        Counted("2024-05-01", 2),
        Counted("2024-05-04", 1),
        Counted("2024-05-01/2024-05-09", 4),
    ]
    charts, note = said_chart(found, "day", "Said,")
    titles = [n.text for n in etree.fromstring(str(charts[0].svg)).iter("{*}title")]
    assert titles == ["2024-05-01: 2", "2024-05-02: 0", "2024-05-03: 0", "2024-05-04: 1"]
    assert note == "9 known less exactly than to the day are in the table alone."
    wide = [Counted("1990-01-01", 1), Counted("2024-05-04", 2)]
    (chart,), note = said_chart(wide, "day", "Said,")
    assert chart.title == "Said, by year" and note == ""
    assert str(chart.svg).count("<title>") == 35
    assert said_chart([Counted("2024-05-01", 2)], "day", "Said,") == ([], "")
    assert said_chart([], "day", "Said,") == ([], "")


def test_statistics_say_what_the_charts_leave_out() -> None:
    def month(outlet: str | None, when: str | None, statements: int, anonymous: int) -> Month:
        kinds = {"anonymous_source": anonymous, "named_person": statements - anonymous}
        return Month(outlet, when, 1, statements, anonymous, {"verbatim": statements}, kinds, {"assert": statements})

    months = [month("Gazette", "2024-05", 4, 1), month("Gazette", "2024-07", 10, 5), month(None, None, 2, 0)]
    charts, note = month_charts(months)
    assert note == "2 statements of documents whose month is not known are not in the charts by month."
    titles = [[n.text for n in etree.fromstring(str(c.svg)).iter("{*}title")] for c in charts]
    assert [c.title for c in charts] == [
        "Statements by month of publication, by form", "Share of statements by anonymous sources, by month",
        "Kinds of sources by outlet", "Acts, as a program judges them",
    ]  # fmt: skip
    assert titles[1] == ["2024-05: 25%", "2024-06: 0%", "2024-07: 50%"]
    assert "Gazette, anonymous source: 43%" in titles[2] and "outlet not stated, named person: 100%" in titles[2]
    assert titles[3] == ["assert: 16"]
    assert month_charts([]) == ([], "")


# pages


def pages(ledger: Ledger) -> dict[str, str]:
    query = Query()
    hits = list(ledger.search(query, limit=1000))
    view = ledger.speaker("Łukasz Señor")
    return {
        "search": written(hits_sheet(hits, ledger.count(query), query)),
        "speakers": written(speakers_sheet(ledger.speakers(), query)),
        "speaker": written(speaker_sheet(view, ledger.timeline(Query(speaker_name=view.name)), query)),
        "timeline": written(timeline_sheet(ledger.timeline(), "day", query)),
        "stats": written(stats_sheet(ledger.months(), query)),
    }


def test_pages_need_nothing_and_nothing_of_an_article_runs(ledger: Ledger) -> None:
    for name, text in pages(ledger).items():
        page = Page(text)
        assert page.scripts == 0 and page.loads == [], name
        assert "default-src 'none'" in text and not re.search(r"<[^>]+ style=", text), name
        assert len(page.ids) == len(set(page.ids)), name
        assert not [link for link in page.links if link.startswith("javascript")], name
        assert HOSTILE not in text
        text.encode("utf-8")


def test_every_hit_shows_who_says_it_and_who_relays_it(ledger: Ledger) -> None:
    text = pages(ledger)["search"]
    blocks = re.findall(r'<li class="hit">.*?</li>', text, re.DOTALL)
    hits = list(ledger.search(Query(), limit=1000))
    assert len(blocks) == len(hits) == ledger.count(Query())
    for block, hit in zip(blocks, hits, strict=True):
        assert block.count('class="arrow"') == len(hit.entry.document.statements)
        assert "To cite" in block and hit.statement.id in block


def test_words_that_were_looked_for_are_marked(ledger: Ledger) -> None:
    query = Query('crews "will not"')
    hits = list(ledger.search(query))
    text = written(hits_sheet(hits, 50, query))
    assert re.findall(r'<mark class="found">(.*?)</mark>', text) == ["crews", "will not"] * len(hits)
    assert f"The first {len(hits)} of 50 statements." in text
    assert "<b>crews &#34;will not&#34;</b>" in text, "the page says what was asked for"


def test_a_speaker_has_titles_acts_and_statements(ledger: Ledger) -> None:
    text = pages(ledger)["speaker"]
    assert "<h1>Łukasz Señor</h1>" in text and "2 statements, the latest published first." in text
    assert text.index("gazette.example") < text.index("3 May 2024</p>"), "the latest first"
    assert "<title>refuse: 2</title>" in text
    assert "whether they are one person is not decided" in text


# the report


def folder(ledger: Ledger, query: Query, into: Path) -> dict[str, str]:
    told: list[int] = []
    into.mkdir()
    write_report(ledger, query, into, title="Crews & <pacts>", made=MADE, told=told.append)
    assert sum(told) == ledger.count(query)
    return {str(p.relative_to(into)): p.read_text("utf-8") for p in sorted(into.rglob("*")) if p.is_file()}


def leads_everywhere(files: dict[str, str]) -> set[str]:
    """Every link of every page leads to a place that is there; the pages that can be reached from the index."""
    known = {name: set(Page(text).ids) if name.endswith(".html") else set() for name, text in files.items()}
    to: dict[str, set[str]] = {}
    for name, text in files.items():
        if not name.endswith(".html"):
            continue
        for link in Page(text).links:
            if link.startswith(("https://", "http://", "mailto:")):
                continue
            path, _, place = link.partition("#")
            target = str(Path("/", name).parent.joinpath(path).resolve().relative_to("/")) if path else name
            assert target in files, f"{name} leads to {link}"
            assert not place or place in known[target], f"{name} leads to {link}"
            to.setdefault(name, set()).add(target)
    reached, waiting = set(), ["index.html"]
    while waiting:
        page = waiting.pop()
        if page not in reached:
            reached.add(page)
            waiting += to.get(page, set())
    return reached


@pytest.mark.parametrize("query", [Query(), Query("crews"), Query(acts=(Act.DENY, Act.REFUSE))], ids=str)
def test_a_report_in_a_folder_is_whole(ledger: Ledger, tmp_path: Path, query: Query) -> None:
    files = folder(ledger, query, tmp_path / "report")
    assert leads_everywhere(files) == set(files)
    assert len([n for n in files if n.startswith("documents/")]) == len(list(ledger.chosen(query)))
    assert len([n for n in files if n.startswith("speakers/")]) == len(ledger.speakers(query))
    for name, text in files.items():
        if name.endswith(".html"):
            assert Page(text).loads == [] and HOSTILE not in text, name
    sums = dict(reversed(line.split("  ")) for line in files["SHA256SUMS"].splitlines())
    assert set(sums) == set(files) - {"SHA256SUMS"}
    assert all(hashlib.sha256(files[name].encode()).hexdigest() == digest for name, digest in sums.items())
    assert (
        "1 June 2024, 08:30 (UTC)" in files["index.html"]
        and "<h1>Crews &amp; &lt;pacts&gt;</h1>" in files["index.html"]
    )
    assert folder(ledger, query, tmp_path / "again") == files, "the same twice"
    exported = io.StringIO()
    jsonl.write((entry.document for entry in ledger.entries(query)), exported)
    assert files["statements.jsonl"] == exported.getvalue()


def test_a_report_marks_what_it_asks_for_in_whole_articles(ledger: Ledger, tmp_path: Path) -> None:
    files = folder(ledger, Query("crews"), tmp_path / "report")
    (page,) = [text for name, text in files.items() if name.startswith("documents/a-")]
    assert "It was near" in page or "it was near" in page
    assert page.count('<span class="asked-for" title=') == 1
    assert "The report asks for 1, marked" in page
    records = files["statements.jsonl"]
    assert records.count("\n") == ledger.count(Query("crews"))
    assert "speakers/łukasz-señor" in files["index.html"]


def test_a_report_never_parts_a_statement_from_whoever_relays_it(ledger: Ledger, tmp_path: Path) -> None:
    inner = next(s for s in fishing_pact().statements if s.parent is not None)
    words = re.sub(r"[^\w ]", " ", inner.content[0].of(fishing_pact().text))
    files = folder(ledger, Query(f'"{words}"'), tmp_path / "report")
    assert inner.parent in files["statements.jsonl"] and inner.id in files["statements.jsonl"]
    pages = "".join(text for name, text in files.items() if name.startswith("speakers/"))
    blocks = [one for one in re.findall(r'<li class="hit">.*?</li>', pages, re.DOTALL) if inner.id in one]
    assert blocks and all(one.count('class="arrow"') == 2 for one in blocks)


def test_a_report_in_one_file(ledger: Ledger) -> None:
    out = io.StringIO()
    write_report_file(ledger, Query(), out, title="All", made=MADE, told=lambda _: None)
    page = Page(out.getvalue())
    assert len(page.ids) == len(set(page.ids)), "every place is one place"
    inside = [link[1:] for link in page.links if link.startswith("#")]
    assert inside and set(inside) <= set(page.ids)
    assert not [link for link in page.links if not link.startswith(("#", "https://", "http://", "mailto:"))]
    assert page.scripts == 1 and page.loads == [] and HOSTILE not in out.getvalue()


# from the command line


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ledger: Ledger) -> Console:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ONRECORD_LEDGER", "ledger.db")
    return Console(capfd)


def test_pages_from_the_command_line(run: Console) -> None:
    for words in (["search", "crews"], ["speakers"], ["speaker", "Łukasz"], ["timeline"], ["stats"]):
        done = run(*words, "--format", "html")
        assert done.code == 0 and done.out.startswith("<!DOCTYPE html>"), done.err
        name = f"{words[0]}.html"
        assert run(*words, "--format", "html", "-o", name).code == 0
        assert Path(name).read_text("utf-8") == done.out
    done = run("stats", "-f", "html", "-o", "nowhere/stats.html")
    assert done.code == 2 and "there is no folder nowhere" in done.err


def test_report_from_the_command_line(run: Console) -> None:
    done = run("report", "--query", "crews", "-o", "made/")
    assert done.code == 0 and done.out == "" and "3 documents, 3 statements" in done.err
    assert Path("made/index.html").exists() and not list(Path().glob(".made*"))
    again = run("report", "--query", "crews", "-o", "made/")
    assert again.code == 2 and "is not empty" in again.err
    assert run("report", "--speaker", "Łukasz", "-o", "one.html", "-q").err == ""
    none = run("report", "--query", "zebra", "-o", "none/")
    assert none.code == 2 and "no statement" in none.err and not Path("none").exists()
    assert run("report", "--query", "crews").code == 2


def test_a_report_that_fails_leaves_nothing(run: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(self: Ledger, name: str, query: Query | None = None) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Ledger, "speaker", stop)
    before = sorted(Path().iterdir())
    assert run("report", "-o", "made/").code == 130
    assert run("report", "-o", "made.html").code == 130
    assert sorted(Path().iterdir()) == before
