"""Which document a text is a revision of, and what makes it another revision.

A document is told by the id that its author gave (JSON Lines, an agency's item); else by its address, so that a page
read again, a capture in a web archive and an item of a feed are revisions of one document; else by its path. What has
none of these (standard input, a line without an id) is told by its text, and has no revisions.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from onrecord.ledger.codec import plain
from onrecord.model import Document

__all__ = ["absolute", "address", "as_of", "called", "content_sha256", "keys", "located", "moment", "now"]

_LONGEST = 800
_SEVERAL = frozenset(("jsonl", "feed", "ninjs"))
"""Readers that find several documents in a file, and number those that have no name."""
_NUMBERED = re.compile(r":\d+$")
_PAGES = frozenset(("html", "warc", "feed"))
"""Readers whose documents are told by their address: their ids are paths, captures, or an item's beside its link."""


def keys(document: Document) -> tuple[str, ...]:
    """What tells the document, the best first; a later one is for a second document with the same first one in a run.

    >>> keys(Document(id=7, text="x", url="https://a.example/1"))
    ('7',)
    """
    found = document.provenance
    given = str(document.id)
    if found is None:
        return (_short(given),) if given != "text" else (_by_text(document),)
    is_given = found.reader not in _PAGES and given not in (found.origin, document.url)
    if is_given or (document.url is None and given != found.origin):
        return (_short(given),)
    if document.url is not None:
        return tuple(dict.fromkeys((_short(address(document.url)), _short(given))))
    if found.origin == "stdin" or (found.reader in _SEVERAL and _NUMBERED.search(found.origin)):
        return (_by_text(document),)  # a line of a file is another document when a line is added above it
    return (_short(address(given) if "://" in given else absolute(given)),)


def called(name: str) -> list[str]:
    """The keys that a document may have which a person calls so.

    >>> called("HTTP://news.example/1")
    ['HTTP://news.example/1', 'http://news.example/1']
    """
    other = address(name) if "://" in name else absolute(name)
    return list(dict.fromkeys(_short(n) for n in (name, other)))


def _by_text(document: Document) -> str:
    """The key of a text that came without a name."""
    return f"text {document.sha256[:16]}"


def _short(key: str) -> str:
    """A key that an index takes: of a very long one the beginning and a hash."""
    return key if len(key) <= _LONGEST else f"{key[:_LONGEST]} {sha256(key.encode('utf-8', 'replace')).hexdigest()}"


def absolute(origin: str) -> str:
    """A path as it is called from anywhere; an address as it is.

    >>> absolute("https://news.example/feed:3")
    'https://news.example/feed:3'
    """
    return origin if "://" in origin or origin == "stdin" else str(Path(os.path.abspath(origin)))  # noqa: PTH100


def located(document: Document) -> Document:
    """The document with an origin that holds from anywhere."""
    found = document.provenance
    if found is None or (origin := absolute(found.origin)) == found.origin:
        return document
    return replace(document, provenance=replace(found, origin=origin))


def address(url: str) -> str:
    """An address without what does not change the page: its fragment, the host's capitals, the usual port.

    >>> address("HTTPS://News.example:443/a?id=1#top")
    'https://news.example/a?id=1'
    """
    try:
        parts = urlsplit(url.strip())
        host = parts.netloc.lower()
    except ValueError:
        return url.strip()
    scheme = parts.scheme.lower()
    usual = {"http": ":80", "https": ":443"}.get(scheme)
    return urlunsplit((scheme, host.removesuffix(usual) if usual else host, parts.path or "/", parts.query, ""))


def content_sha256(document: Document) -> str:
    """SHA-256 of what a reader of the document sees: where it differs, there is a new revision.

    Links and posts are no part of it: their addresses change from one visit to the next. Nor is a date that is only
    the day of the capture.
    """
    captured = document.provenance.captured if document.provenance else None
    date = None if document.date and captured and captured.startswith(document.date) else document.date
    url = address(document.url) if document.url else None
    seen = [document.sha256, document.title, document.outlet, date, url, list(document.authors)]
    return sha256(plain(seen).encode()).hexdigest()


def now() -> str:
    """This moment in UTC, to the microsecond, so that texts sort as times do."""
    return moment(datetime.now(UTC))


def moment(at: datetime) -> str:
    """A time as it is stored.

    >>> moment(datetime(2024, 5, 3, 9, 42, tzinfo=UTC))
    '2024-05-03T09:42:00.000000Z'
    """
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def as_of(document: Document, read_at: str) -> str:
    """When the document was as it is: when it was captured or issued, where its format says so, else when it was read.

    >>> from onrecord.model import Provenance
    >>> story = Document(id="a", text="x", provenance=Provenance("f.warc", "warc", captured="2016-09-13T10:00:00Z"))
    >>> as_of(story, "2026-01-01T00:00:00.000000Z")
    '2016-09-13T10:00:00.000000Z'
    """
    captured = document.provenance.captured if document.provenance else None
    if not captured or not re.match(r"\d{4}-\d\d-\d\d", captured):
        return read_at
    try:
        at = datetime.fromisoformat(captured)
    except ValueError:
        return read_at
    return moment(at if at.tzinfo else at.replace(tzinfo=UTC))
