"""The reader page: one self-contained HTML file, for the screen, the phone and the printer.

No outside assets and no network: style and script stand in the page, and its Content-Security-Policy
lets nothing else run. Every word of an article goes through autoescaping and ``visible``.
"""

from __future__ import annotations

import shutil
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from tempfile import TemporaryFile
from typing import TextIO

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from onrecord.exports.base import Export, Page
from onrecord.exports.display import long_date
from onrecord.exports.html.inline import inline
from onrecord.exports.html.view import DocumentView, view
from onrecord.model import Document

__all__ = ["EXPORT", "body", "render", "stream", "write", "write_index"]


def write(documents: Iterable[Document], out: TextIO) -> None:
    """Write one page with all ``documents``, with a list of them on top where there are several.

    What is made waits in a temporary file until the list is known, so that memory holds one document.
    """
    contents: list[Page] = []
    with TemporaryFile("w+", encoding="utf-8", newline="") as waiting:
        for place, document in enumerate(documents, start=1):
            shown = view(document, f"d{place}")
            contents.append(Page(shown.key, shown.title, shown.outlet, shown.date, len(shown.statements)))
            for part in body(shown):
                waiting.write(part)
        waiting.seek(0)
        title = contents[0].title if len(contents) == 1 else f"Who says what: {len(contents)} articles"
        out.write(render("page.html.j2", title=title, contents=contents if len(contents) > 1 else []))
        shutil.copyfileobj(waiting, out)
        out.write(render("foot.html.j2"))


def write_index(pages: Sequence[Page], out: TextIO) -> None:
    """Write the front page of a folder that holds one page a document."""
    out.write(render("index.html.j2", pages=pages))


def body(shown: DocumentView, report: object = None) -> Iterator[str]:
    """A document on the page, in parts; ``report`` is the report that it is in, if any (``html.report``)."""
    yield from _environment().get_template("document.html.j2").generate(shown=shown, inline=inline, report=report)


@cache
def _environment() -> Environment:
    loader = PackageLoader("onrecord.exports.html")
    environment = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["long_date"] = lambda date: long_date(date or "")
    return environment


def render(name: str, **values: object) -> str:
    """A page of the template ``name``, with the style and the script of all pages."""
    return _environment().get_template(name).render(_with_assets(values))


def stream(name: str, out: TextIO, **values: object) -> None:
    """Write a page of the template ``name`` as it is made."""
    for part in _environment().get_template(name).generate(_with_assets(values)):
        out.write(part)


def _with_assets(values: dict[str, object]) -> dict[str, object]:
    style, script = _asset("page.css"), _asset("page.js")
    made = {"style": Markup(style), "script": Markup(script)}
    return values | made | {"style_hash": _hash(style), "script_hash": _hash(script)}


@cache
def _asset(name: str) -> str:
    return files("onrecord.exports.html").joinpath("templates", name).read_text("utf-8")


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


EXPORT = Export(name="html", suffix=".html", write=write, index=write_index)
