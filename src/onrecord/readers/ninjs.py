"""ninjs: the news agencies' JSON (IPTC, versions 1 and 2), one item or several a file.

Read are ``uri`` or ``guid`` (the id), headline, body (text, else XHTML or HTML), byline, ``versioncreated`` or the like
(the date), provider, and the address of the item. Items that are withheld or canceled (``pubstatus``) are not read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from onrecord.errors import DocumentError, UnreadableDocument, Withheld
from onrecord.model import Document, Provenance
from onrecord.readers.base import HEAD, Outcome, Reader, Source, digest, several, take
from onrecord.readers.bylines import names_of
from onrecord.readers.dates import iso_date
from onrecord.readers.decode import refuse_binary
from onrecord.readers.language import checked
from onrecord.settings import ReadOptions

__all__ = ["READER"]

_BODIES = ("body_xhtml", "body_html", "body_text")
_DATES = ("versioncreated", "versionCreated", "firstcreated", "firstCreated", "contentcreated", "contentCreated")
_KEYS = re.compile(rb'"(?:body_(?:text|x?html)|bodies|pubstatus|pubStatus|representationtype)"\s*:')


def _documents(source: Source, options: ReadOptions) -> Iterator[Outcome]:
    raw = take(source, options)
    items, raw_sha256 = _items(raw, source.where), digest(raw)
    for number, item in enumerate(items, 1):
        where = source.where if len(items) == 1 else f"{source.where}:{number}"
        try:
            yield checked(_document(item, where, raw_sha256), where, options)
        except DocumentError as error:
            yield error


def _items(raw: bytes, where: str) -> list[Mapping[str, Any]]:
    """The items of a file that holds one, a list of them, or an object with a list of them.

    Raises:
        UnreadableDocument: it is no JSON, or holds no item.
    """
    refuse_binary(raw[:HEAD], where)
    try:
        value = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableDocument(where, f"broken UTF-8 at byte {error.start}", "ninjs is UTF-8") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise UnreadableDocument(where, f"not JSON: {error.msg} at {place}") from None
    except (ValueError, RecursionError) as error:
        raise UnreadableDocument(where, f"JSON that cannot be read: {error}") from None
    if isinstance(value, dict):
        nested = next((value[key] for key in ("items", "_items", "associations") if _listed(value, key)), None)
        value = nested if nested is not None else [value]
    if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
        raise UnreadableDocument(where, "no ninjs: neither an item nor a list of items")
    return value


def _listed(value: Mapping[str, Any], key: str) -> bool:
    return isinstance(value.get(key), list) and not any(k in value for k in (*_BODIES, "bodies"))


def _document(item: Mapping[str, Any], where: str, raw_sha256: str) -> Document:
    from onrecord.readers.page.text import PageText, fragment_parts

    status = str(item.get("pubstatus") or item.get("pubStatus") or "usable").lower()
    if status not in ("usable", "stat:usable"):
        raise Withheld(where, f"the agency marked this item as {status}")
    title = _headline(item)
    body = _body(item)
    if body is None:
        there = ", ".join(sorted(item)[:8]) or "none"
        raise UnreadableDocument(where, "the item has no body", f"its keys are: {there}")
    text = PageText.of(title, fragment_parts(body), _text(item, "url", "webUrl"))
    provider = item.get("provider") or item.get("source") or item.get("copyrightholder")
    return Document(
        id=_text(item, "uri", "guid", "id", "altid") or where,
        text=text.text,
        title=title,
        outlet=_text(provider, "name", "rel") if isinstance(provider, dict) else provider,
        date=next((date for key in _DATES if (date := iso_date(item.get(key)))), None),
        url=text.base,
        authors=names_of(item.get("byline") or [p for p in item.get("infosources") or [] if isinstance(p, dict)]),
        links=tuple(text.links),
        posts=tuple(text.posts),
        notes=tuple(text.notes),
        provenance=Provenance(where, "ninjs", raw_sha256, iso_date(_text(item, *_DATES[:2]))),
    )


def _headline(item: Mapping[str, Any]) -> str | None:
    """The headline: a value of its own (version 1) or the main one of a list (version 2)."""
    from onrecord.readers.page.blocks import clean

    for entry in item.get("headlines") or []:
        if isinstance(entry, dict) and entry.get("role", "main") in ("main", "headline", ""):
            return clean(str(entry.get("value") or "")) or None
    found = _text(item, "headline", "title")
    return clean(found) if found else None


def _body(item: Mapping[str, Any]) -> str | None:
    """The body with its markup; of version 2's bodies the main one."""
    bodies = [b for b in item.get("bodies") or [] if isinstance(b, dict) and isinstance(b.get("value"), str)]
    main = [b for b in bodies if b.get("role", "main") in ("main", "body", "")] or bodies
    if main:
        return str(main[0]["value"])
    return _text(item, *_BODIES)


def _text(item: Mapping[str, Any], *keys: str) -> str | None:
    """The first of the keys that holds words."""
    for key in keys:
        value = item.get(key)
        if isinstance(value, str) and value.strip():
            return value
    return None


def _sniff(head: bytes) -> bool:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith((b"{", b"[")) and _KEYS.search(head) is not None


READER = Reader("ninjs", (".ninjs",), ("application/ninjs+json",), _sniff, several(_documents))
