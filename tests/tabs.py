"""Tabs of a real browser that are watched for what goes wrong in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@contextmanager
def watched(browser: Browser, options: Mapping[str, Any]) -> Iterator[tuple[Page, list[str]]]:
    """A tab, with the addresses that it has asked for; at the end it must have complained of nothing.

    ``options`` are those of a browser context: the screen's size, dark or light, with or without script.
    """
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
    asked: list[str] = []
    said: list[str] = []
    try:
        page = context.new_page()
        page.on("request", lambda one: asked.append(one.url))
        page.on("console", lambda one: said.append(one.text))
        page.on("pageerror", lambda one: said.append(str(one)))
        yield page, asked
    finally:
        context.close()
    assert said == []
