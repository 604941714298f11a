"""The report in a real browser: it leads from part to part, charts are seen in the light, the dark and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from onrecord.exports.html.report import write_report, write_report_file
from onrecord.ledger import Ledger, Query
from tabs import watched
from test_ledger_pages import MADE, collected

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    with Ledger.open(folder / "ledger.db") as ledger:
        for one in collected():
            ledger.add(one)
        (folder / "made").mkdir()
        write_report(ledger, Query(), folder / "made", title="All", made=MADE, told=lambda _: None)
        with (folder / "one.html").open("w", encoding="utf-8", newline="") as out:
            write_report_file(ledger, Query(), out, title="All", made=MADE, told=lambda _: None)
    return folder


@pytest.fixture
def tab(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A tab; afterwards it must have asked for files alone and complained of nothing."""
    with watched(browser, getattr(request, "param", {})) as (page, asked):
        yield page
    assert asked and all(url.startswith("file://") for url in asked)


def test_from_the_index_to_an_article_to_a_speaker_and_back(tab: Page, report: Path) -> None:
    tab.goto((report / "made/index.html").as_uri())
    tab.get_by_role("link", name="a", exact=True).click()
    assert "/documents/a-" in tab.url
    tab.get_by_role("link", name="All that the report has of Łukasz Señor").click()
    assert tab.locator("h1").inner_text() == "Łukasz Señor"
    hit = tab.locator(".hit").first
    hit.locator(".where-from a").first.click()
    place = tab.url.partition("#")[2]
    assert place and tab.evaluate("document.querySelector(':target') !== null")
    assert tab.locator(f"[id='{place}']").is_visible()
    tab.get_by_role("navigation", name="Report").get_by_role("link", name="Timeline").click()
    assert tab.locator("h1").inner_text() == "When it was said"
    tab.get_by_role("link", name="Report", exact=True).click()
    assert tab.locator("h1").inner_text() == "All"


_FILLS = """() => [...document.querySelectorAll('.chart')].map((chart) => {
  const bars = [...chart.querySelectorAll('.bar rect')].filter((bar) => bar.getBBox().width * bar.getBBox().height > 0);
  return {width: chart.getBoundingClientRect().width, fills: [...new Set(bars.map((bar) => getComputedStyle(bar).fill))],
          ground: getComputedStyle(document.body).backgroundColor, words: getComputedStyle(chart.querySelector('text')).fill};
})"""


@pytest.mark.parametrize("tab", [{}, {"color_scheme": "dark"}], indirect=True, ids=["light", "dark"])
@pytest.mark.parametrize("medium", ["screen", "print"])
def test_charts_are_seen(tab: Page, report: Path, medium: str) -> None:
    tab.goto((report / "made/statistics.html").as_uri())
    tab.emulate_media(media=medium)
    charts = tab.evaluate(_FILLS)
    assert len(charts) >= 2
    dark = medium == "screen" and tab.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    for chart in charts:
        assert chart["width"] > 300 and chart["fills"]
        assert chart["ground"] not in (*chart["fills"], chart["words"]) and "rgb(0, 0, 0)" not in chart["fills"]
        light = sum(map(int, chart["ground"][4:-1].split(", "))) > 380
        assert light is not dark


@pytest.mark.parametrize("tab", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
def test_on_a_phone_nothing_but_charts_and_tables_is_wider_than_the_page(tab: Page, report: Path) -> None:
    for name in ("index", "statistics", "timeline", "speakers"):
        tab.goto((report / f"made/{name}.html").as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390, name


def test_one_file_leads_from_part_to_part(tab: Page, report: Path) -> None:
    tab.goto((report / "one.html").as_uri())
    tab.locator("#index").get_by_role("link", name="b", exact=True).click()
    assert tab.evaluate("document.querySelector(':target').className") == "doc"
    tab.locator(".doc:target").get_by_role("link", name="All that the report has of Łukasz Señor").click()
    assert tab.evaluate("document.querySelector(':target h1').textContent") == "Łukasz Señor"
    mark = tab.locator("mark[data-say]").first
    mark.hover()
    tab.locator("#card").wait_for(state="visible")
