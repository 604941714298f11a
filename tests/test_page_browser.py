"""The reader page in a real browser: what a reader does with the keyboard, the mouse and a finger."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from onrecord.exports.html import write
from sample_documents import all_samples
from tabs import watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture
def opened(browser: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of all samples; afterwards it must have asked for nothing and complained of nothing."""
    file = tmp_path / "page.html"
    with file.open("w", encoding="utf-8", newline="") as out:
        write(all_samples(), out)
    with watched(browser, getattr(request, "param", {})) as (tab, asked):
        tab.goto(file.as_uri())
        yield tab
        assert tab.evaluate("window.hit") is None
    assert asked == [file.as_uri()]


PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SMALL = {"viewport": {"width": 320, "height": 568}}
DARK = {"color_scheme": "dark"}
NO_SCRIPT = {"java_script_enabled": False}


def test_tab_reaches_the_statements_and_shows_their_records(opened: Page) -> None:
    opened.locator("#rd1-3").focus()
    opened.keyboard.press("Tab")
    focused = opened.evaluate("document.activeElement.id")
    assert focused == "rd1-5"  # inner ones come first where two end at one place
    opened.keyboard.press("Shift+Tab")
    opened.keyboard.press("Shift+Tab")
    assert opened.evaluate("document.activeElement.id") == "rd1-4"
    card = opened.locator("#card")
    assert card.is_visible()
    words = card.inner_text()
    assert "The Harbour Courier → Adaeze Okafor → The islanders" in re.sub(r"\s+", " ", words)
    for part in ("had agreed to", "259–272", "partial", "0.77"):
        assert part in words
    assert opened.locator("#rd1-4").get_attribute("aria-describedby") == "card"
    opened.keyboard.press("Escape")
    assert not card.is_visible()
    assert opened.locator("#rd1-4").get_attribute("aria-describedby") is None


def test_enter_goes_to_the_list_and_escape_comes_back(opened: Page) -> None:
    opened.locator("#rd1-4").focus()
    before = opened.evaluate("window.scrollY")
    opened.keyboard.press("Enter")
    assert opened.evaluate("document.activeElement.id") == "sd1-4"
    assert opened.evaluate("window.scrollY") == before
    opened.keyboard.press("Escape")
    assert opened.evaluate("document.activeElement.id") == "rd1-4"
    opened.locator("#sd1-17 > .head .number").click()
    assert opened.evaluate("document.activeElement.id") == "rd1-17"
    assert opened.locator("#card").is_visible()


def test_hovering_shows_the_innermost_record_and_lights_up_all_its_parts(opened: Page) -> None:
    opened.locator('mark[data-say="sd1-9"]').first.hover()
    card = opened.locator("#card")
    card.wait_for(state="visible")
    assert "two officials briefed on the talks" in card.inner_text()
    assert opened.locator("mark.on").all_inner_texts() == ["A ceasefire in the licence dispute", "is within reach"]
    box, screen = card.bounding_box(), opened.viewport_size
    assert box and screen and box["x"] >= 0 and box["x"] + box["width"] <= screen["width"]
    card.hover()
    opened.wait_for_timeout(400)
    assert card.is_visible()
    opened.mouse.move(640, 5)
    card.wait_for(state="hidden")


def test_choosing_a_source_sets_the_others_back(opened: Page) -> None:
    button = opened.get_by_role("button", name="Adaeze Okafor", exact=True)
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    assert opened.locator("#d1.picked").count() == 1
    assert "sd1-2" in opened.locator("mark.chosen").first.get_attribute("data-say")  # type: ignore[operator]
    button.click()
    assert button.get_attribute("aria-pressed") == "false"
    assert opened.locator(".picked, .chosen").count() == 0


@pytest.mark.parametrize("opened", [{}, PHONE, SMALL, DARK, NO_SCRIPT], indirect=True, ids=str)
def test_nothing_is_wider_than_the_screen(opened: Page) -> None:
    for media in ("screen", "print"):
        opened.emulate_media(media=media)  # type: ignore[arg-type]
        widths = opened.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert widths[0] <= widths[1], media


@pytest.mark.parametrize("opened", [PHONE], indirect=True, ids=["phone"])
def test_tapping_on_a_phone_opens_a_sheet(opened: Page) -> None:
    opened.locator('mark[data-say="sd1-2"]').first.tap()
    card = opened.locator("#card")
    card.wait_for(state="visible")
    box = card.bounding_box()
    assert box and box["x"] == 0 and box["y"] + box["height"] == pytest.approx(844, abs=1)
    opened.locator("#d1 .outlet").tap()
    card.wait_for(state="hidden")


_CONTRAST = """() => {
  const channel = (v) => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = (c) => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number);
    return .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b); };
  const ground = (el) => { for (; el; el = el.parentElement) {
    const c = getComputedStyle(el).backgroundColor; if (!/, 0\\)$/.test(c)) return c; } };
  const out = [];
  for (const el of document.querySelectorAll(
      "mark, b.src, i.cue, .ref, .meta, .tally, .where, .count, .number, .byline, .colophon, .via, h3, summary")) {
    if (!el.getClientRects().length) continue;
    const pair = [light(getComputedStyle(el).color), light(ground(el))].sort((a, b) => b - a);
    const ratio = (pair[0] + .05) / (pair[1] + .05);
    if (ratio < 4.5) out.push([el.className || el.tagName, ratio.toFixed(2)]);
  }
  return out;
}"""


@pytest.mark.parametrize("opened", [{}, DARK], indirect=True, ids=["light", "dark"])
def test_every_word_has_enough_contrast(opened: Page) -> None:
    """WCAG 2.2 AA asks for 4.5 to 1."""
    assert opened.evaluate(_CONTRAST) == []
