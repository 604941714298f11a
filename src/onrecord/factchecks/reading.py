"""Files of fact-checks, told apart by what is in them: pages and feeds with ClaimReview, JSON, JSON Lines, CSV.

Each item that cannot be used is an error that says where it stands and what is missing; the others go on.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from onrecord.errors import DocumentError, UnreadableDocument
from onrecord.factchecks.claimreview import Nodes, factcheck_of, is_review, made_id, reviews, row_factcheck
from onrecord.factchecks.factcheck import FactCheck
from onrecord.readers.base import Source
from onrecord.readers.decode import decode
from onrecord.settings import ReadOptions

__all__ = ["read", "single"]

Outcome = FactCheck | DocumentError
"""A fact-check, or the reason why there is none."""

_WRAPPED = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$")
_FORMATS = "give ClaimReview as JSON-LD (a page, a file, a feed), or CSV with the columns id and claim"
_CSV = "id,claim,title,url,publisher,rating,date"
_FIELD = 10_000_000
"""Characters that a field of CSV may have."""


def read(file: Path) -> Iterator[Outcome]:
    """The fact-checks of a file, in their order, and what could not be read of it.

    Raises:
        OSError: the file cannot be opened.
    """
    where = str(file)
    raw = file.read_bytes()
    try:
        if raw.startswith(b"\x1f\x8b"):
            try:
                raw = gzip.decompress(raw)
            except (OSError, EOFError) as error:
                raise UnreadableDocument(where, f"broken gzip: {error}") from None
        text = decode(raw, Source(io.BytesIO(b""), where), ReadOptions())
        start = text.lstrip()[:1]
        if not start:
            raise UnreadableDocument(where, "the file is empty")
        yield from _FORMS.get(start, _of_csv)(text, where)
    except DocumentError as error:
        yield error


def single(items: Iterable[Outcome]) -> Iterator[Outcome]:
    """Each fact-check once, and an error for whatever is left out because its id was used before.

    What was given twice as it is is one. Of two reviews of one claim at one address the later one stays; of two rows
    with one id the first.
    """
    kept: dict[str, FactCheck] = {}
    errors: list[DocumentError] = []
    for item in items:
        if isinstance(item, DocumentError):
            errors.append(item)
            continue
        before = kept.setdefault(item.id, item)
        if before == item:
            continue
        if before.claim != item.claim and item.id != made_id(item.url or item.publisher, item.claim):
            again = replace(item, id=made_id(item.url or item.publisher, item.claim))
            if "://" in item.id and kept.setdefault(again.id, again) == again:
                continue  # pages give one address to all reviews in them
            what = f"the id {item.id!r} was used before, for another claim: {_brief(before.claim)}"
            errors.append(UnreadableDocument(_brief(item.claim), what, "give each its own id"))
            continue
        late, early = (item, before) if (item.date or "") > (before.date or "") else (before, item)
        kept[item.id] = late
        what = f"the review {item.id!r} is given twice with different words; the one of {late.date or 'no date'} counts"
        errors.append(UnreadableDocument(_brief(early.claim), what))
    yield from errors
    yield from kept.values()


def _of_page(text: str, where: str) -> Iterator[Outcome]:
    """The reviews in the scripts of a page, or of many pages in one file."""
    from lxml.etree import LxmlError
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(encoding="utf-8", remove_comments=True, huge_tree=True)
    try:
        tree = document_fromstring(text.replace("\0", "").encode("utf-8", "replace"), parser=parser)
    except (LxmlError, ValueError) as error:
        raise UnreadableDocument(where, f"not HTML: {error}") from None
    found = False
    for number, script in enumerate(tree.iter("script"), start=1):
        if "ld+json" not in (script.get("type") or "").lower() or "claimreview" not in (script.text or "").lower():
            continue
        found, here = True, f"{where}, script {number}"
        try:
            value = _script(script.text or "", here)
            yield from _of_item(value, Nodes(value), here)  # what else stands in it is no item that was lost
        except DocumentError as error:
            yield error
    if not found:
        raise UnreadableDocument(where, "no ClaimReview as JSON-LD in it", "save the page as it comes from the server")


def _script(text: str, where: str) -> Any:
    """What a script holds; some stand in a comment, some end in a semicolon, in some quotation marks are entities."""
    from html import unescape

    bare = _WRAPPED.sub("", _WRAPPED.sub("", text)).strip().rstrip(";")
    try:
        return json.loads(bare, strict=False)
    except (ValueError, RecursionError) as error:
        try:
            return json.loads(unescape(bare), strict=False)
        except (ValueError, RecursionError):
            raise UnreadableDocument(where, f"not JSON: {error}") from None


def _of_json(text: str, where: str) -> Iterator[Outcome]:
    """One JSON value, or one a line."""
    try:
        value = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        lines = text.splitlines()
        first = next(line for line in lines if line.strip())
        if not _is_json(first):
            raise UnreadableDocument(where, f"not JSON: {error}") from None
        yield from _of_lines(lines, where)
        return
    yield from _of_value(value, where)


def _is_json(line: str) -> bool:
    try:
        json.loads(line, strict=False)
    except (ValueError, RecursionError):
        return False
    return True


def _of_lines(lines: Iterable[str], where: str) -> Iterator[Outcome]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            here = f"{where}:{number}"
            try:
                value = json.loads(line, strict=False)
            except (ValueError, RecursionError) as error:
                yield UnreadableDocument(here, f"not JSON: {error}")
                continue
            yield from _of_value(value, here)


def _of_value(value: Any, where: str) -> Iterator[Outcome]:
    """The reviews in a value; of a list or a feed, each item must have one."""
    nodes = Nodes(value)
    items = value if isinstance(value, list) else None
    if isinstance(value, dict):
        items = nodes.get(value, "dataFeedElement", "itemListElement")
        items = [items] if isinstance(items, dict) else items
    if isinstance(items, list) and not (isinstance(value, dict) and is_review(value)):
        if not items:
            yield UnreadableDocument(where, "there is no item in it")
        for number, item in enumerate(items, start=1):
            yield from _of_item(item, nodes, f"{where}, item {number}")
        return
    yield from _of_item(value, nodes, where)


def _of_item(item: Any, nodes: Nodes, where: str) -> Iterator[Outcome]:
    if isinstance(item, dict) and "claim" in item and not is_review(item):
        try:
            yield row_factcheck(item, where)
        except DocumentError as error:
            yield error
        return
    found = False
    for node in reviews(item):
        found = True
        try:
            yield factcheck_of(node, nodes, where)
        except DocumentError as error:
            yield error
    if not found:
        yield UnreadableDocument(where, "no ClaimReview in it", _FORMATS)


def _of_csv(text: str, where: str) -> Iterator[Outcome]:
    """The rows of a table; its first line names the columns."""
    head = text.lstrip("\ufeff").lstrip().splitlines()[0]
    divider = max(",;\t", key=head.count)
    csv.field_size_limit(_FIELD)
    rows = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=divider)
    names: list[str] | None = None
    line = 1
    try:
        for row in rows:
            here, line = f"{where}:{line}", rows.line_num + 1
            if not any(cell.strip() for cell in row):
                continue
            if names is None:
                names = [name.strip().lower() for name in row]
                if lacking := [name for name in ("id", "claim") if name not in names]:
                    what = f"the first line names no column {' and no column '.join(lacking)}"
                    raise UnreadableDocument(here, what, f"write, for example: {_CSV}; or {_FORMATS}")
                continue
            if len(row) > len(names):
                what = f"the row has {len(row)} fields, the first line names {len(names)} columns"
                yield UnreadableDocument(here, what, "put fields with commas into quotation marks")
                continue
            try:
                yield row_factcheck(dict(zip(names, row, strict=False)), here)
            except DocumentError as error:
                yield error
    except csv.Error as error:
        raise UnreadableDocument(f"{where}:{line}", f"not CSV: {error}") from None


_FORMS = {"<": _of_page, "{": _of_json, "[": _of_json}
"""How a file is read, by its first character; all others are tables."""


def _brief(claim: str) -> str:
    return f"“{claim[:80]}…”" if len(claim) > 80 else f"“{claim}”"
