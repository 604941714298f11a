"""Same and altered words on pages: both sides, what differs, and the report that leads to them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from consoles import Console
from onrecord.exports.html.report import write_report, write_report_file
from onrecord.ledger import Ledger, Query
from onrecord.relate.relations import Relations
from sample_claims import SILENT
from tabs import watched
from test_ledger_pages import MADE, Page, folder, leads_everywhere
from test_relations import BOATS, MAP, report

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "onrecord.db") as opened:
        opened.add(report("early", "2024-05-03", [("Ilse Kamara", MAP)], outlet=f"The Gazette {HOSTILE}"))
        opened.add(
            report("late", "2024-05-09", [("Ilse Kamara", MAP.replace("not ", HOSTILE + " "))], outlet="Courier")
        )
        opened.add(report("one", "2024-05-04", [("Ilse Kamara", BOATS)]))
        opened.add(report("two", "2024-05-05", [("Anton Ruz", BOATS)]))
        yield opened


def test_a_report_has_quotations_side_by_side_and_leads_to_them_and_from_them(ledger: Ledger, tmp_path: Path) -> None:
    Relations(ledger, SILENT).update()
    files = folder(ledger, Query(), tmp_path / "report")
    assert leads_everywhere(files) == set(files)
    text = files["quotations.html"]
    assert "<del>not</del>" in text and "<ins>" in text and HOSTILE not in text
    assert "2 links, 2 with a serious change." in text
    (altered, moved) = re.findall(r'<li class="hit pair".*?</li>', text, re.DOTALL)
    for one, outlets in ((altered, ["The Gazette", "Courier"]), (moved, ["Gazette", "Gazette"])):
        sides = re.findall(r'<div class="side">.*?</div>', one, re.DOTALL)
        assert [outlet in side for side, outlet in zip(sides, outlets, strict=True)] == [True, True]
        assert all("documents/" in side and "speakers/" in side for side in sides), "never without who says it where"
    speaker = next(text for name, text in files.items() if name.startswith("speakers/anton-ruz"))
    assert "In other documents" in speaker and "altered: speaker" in speaker


def test_a_report_of_one_side_names_the_other_without_leading_to_it(ledger: Ledger, tmp_path: Path) -> None:
    Relations(ledger, SILENT).update()
    files = folder(ledger, Query(outlet="Courier"), tmp_path / "report")
    assert leads_everywhere(files) == set(files)
    text = files["quotations.html"]
    assert "1 link, 1 with a serious change." in text and "The Gazette" in text
    assert text.count('href="documents/') == 1


def test_a_report_of_documents_that_were_not_compared_says_so(ledger: Ledger, tmp_path: Path) -> None:
    files = folder(ledger, Query(), tmp_path / "report")
    assert leads_everywhere(files) == set(files)
    assert "were not compared with each other (onrecord relate)" in files["quotations.html"]


def test_quotations_in_a_report_of_one_file(ledger: Ledger) -> None:
    Relations(ledger, SILENT).update()
    out = io.StringIO()
    write_report_file(ledger, Query(), out, title="All", made=MADE, told=lambda _: None)
    page = Page(out.getvalue())
    assert len(page.ids) == len(set(page.ids)), "every place is one place"
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert "quotations" in page.ids and "<del>not</del>" in out.getvalue()


def test_pages_of_links_and_of_two_quotations(
    ledger: Ledger, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    run = Console(capfd)
    run("relate")
    (link, _) = run("links", "--serious", "--format", "jsonl").lines
    run("links", "confirm", link["id"], "--by", "ada & co", "--why", "<b>heard</b>")
    commands = (
        ("links",), ("links", "--kind", "altered", "--limit", "1"), ("queue",),
        ("compare", link["first"]["statement"], link["second"]["statement"]),
    )  # fmt: skip
    for words in commands:
        done = run(*words, "--format", "html")
        page = Page(done.out)
        assert done.code == 0 and page.scripts == 0 and page.loads == [], words
        assert "no verdict on anybody" in done.out and HOSTILE not in done.out and "<b>heard" not in done.out, words
        assert ("<del>not</del>" in done.out) == (words[0] != "queue"), "what a person judged does not wait"
    assert "there are more: --limit" in run("links", "--limit", "1", "--format", "html").err
    assert "Confirmed by ada &amp; co" in run("links", "--format", "html").out


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_differs_is_seen_in_a_browser(browser: Browser, ledger: Ledger, tmp_path: Path, scheme: str) -> None:
    Relations(ledger, SILENT).update()
    made = tmp_path / "made"
    made.mkdir()
    write_report(ledger, Query(), made, title="All", made=MADE, told=lambda _: None)
    with watched(browser, {"color_scheme": scheme}) as (tab, asked):
        tab.goto((made / "index.html").as_uri())
        tab.get_by_role("navigation", name="Report").get_by_role("link", name="Quotations").click()
        assert tab.locator("del").first.is_visible() and tab.locator("ins").first.is_visible()
        looks = tab.evaluate("""() => ['del', 'ins'].map((name) => {
            const style = getComputedStyle(document.querySelector(name));
            return [style.textDecorationLine, style.color !== style.backgroundColor];
        })""")
        assert looks == [["line-through", True], ["underline", True]]
        tab.locator(".side .where-from a").first.click()
        assert "/documents/early-" in tab.url and tab.evaluate("document.querySelector(':target') !== null")
    assert asked and all(url.startswith("file://") for url in asked)
