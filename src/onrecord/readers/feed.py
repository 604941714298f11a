"""RSS and Atom feeds whose items hold the whole article, parsed by feedparser.

Read of each item: its content, headline, guid (the id), link, when it was published or else updated, authors; the
feed's title is the outlet. An item with nothing but a teaser is an error that says so: its link leads to the article.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from onrecord.errors import DocumentError, EmptyDocument, UnreadableDocument
from onrecord.model import Document, Provenance
from onrecord.readers.base import HEAD, Outcome, Reader, Source, digest, several, take
from onrecord.readers.bylines import names_of
from onrecord.readers.dates import iso_date
from onrecord.readers.decode import refuse_binary
from onrecord.readers.language import checked
from onrecord.settings import ReadOptions

__all__ = ["READER"]

_ROOT = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*|<\?(?:(?!\?>).)*\?>\s*)*<(?:rss|feed|rdf:RDF)\b", re.I | re.S
)
_TEASER = 500
"""A summary with fewer characters and no second paragraph is a teaser."""


def _documents(source: Source, options: ReadOptions) -> Iterator[Outcome]:
    raw = take(source, options)
    refuse_binary(raw[:HEAD], source.where)
    found, raw_sha256 = _parsed(raw, source), digest(raw)
    seen: set[str] = set()
    for number, entry in enumerate(found.entries, 1):
        where = f"{source.where}:{number}"
        try:
            document = _document(entry, found.feed, where, raw_sha256)
            if str(document.id) in seen:
                raise UnreadableDocument(where, f"the guid {document.id!r} was already used in this feed")
            seen.add(str(document.id))
            yield checked(document, where, options)
        except DocumentError as error:
            yield error


def _parsed(raw: bytes, source: Source) -> Any:
    """The feed as feedparser gives it.

    Raises:
        UnreadableDocument: it is none, or holds no item.
    """
    import feedparser

    headers = {"content-location": source.url} if source.url else {}
    try:
        found = feedparser.parse(io.BytesIO(raw), response_headers=headers, sanitize_html=False)
    except Exception as error:  # feedparser means not to raise, and does on some damage
        raise UnreadableDocument(source.where, f"no feed: {error}") from None
    if not found.get("version") and not found.entries:
        reason = found.get("bozo_exception")
        raise UnreadableDocument(source.where, f"no feed{f': {reason}' if reason else ''}")
    if not found.entries:
        raise EmptyDocument(source.where, "the feed holds no item")
    return found


def _document(entry: Any, feed: Any, where: str, raw_sha256: str) -> Document:
    from onrecord.readers.page.blocks import clean
    from onrecord.readers.page.text import PageText, fragment_parts

    whole = "\n".join(str(part.get("value") or "") for part in entry.get("content") or [])
    parts = fragment_parts(whole)
    if not parts:
        parts = fragment_parts(str(entry.get("summary") or ""))
        length = sum(len(part.text) for part in parts)
        if length < _TEASER and len(parts) < 2:
            hint = f"read {entry.get('link')}" if entry.get("link") else "the feed gives no link either"
            raise EmptyDocument(where, f"the item has a teaser of {length} characters, not the article", hint)
    title = clean(_plain(str(entry.get("title") or ""))) or None
    text = PageText.of(title, parts, entry.get("link"))
    dates = (entry.get(key) for key in ("published", "updated", "created"))
    authors = [author.get("name") for author in entry.get("authors") or [] if author.get("name")]
    return Document(
        id=str(entry.get("id") or entry.get("link") or where),
        text=text.text,
        title=title,
        outlet=clean(str(feed.get("title") or "")) or None,
        date=next((date for value in dates if (date := iso_date(value))), None),
        url=entry.get("link"),
        authors=names_of(authors),
        links=tuple(text.links),
        posts=tuple(text.posts),
        notes=tuple(text.notes),
        provenance=Provenance(where, "feed", raw_sha256, iso_date(dict(entry).get("updated")), entry.get("id")),
    )


def _plain(markup: str) -> str:
    """A headline without the tags that some feeds put into it."""
    return re.sub(r"</?[a-z][^<>]*>", "", markup, flags=re.IGNORECASE)


def _sniff(head: bytes) -> bool:
    return _ROOT.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


MEDIA_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")
READER = Reader("feed", (".rss", ".atom"), MEDIA_TYPES, _sniff, several(_documents))
