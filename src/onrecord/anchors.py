"""Web annotations read back: where their words stand in a text, or that they no longer do.

An annotation is *kept* where its text is the very one that it was made on, by its SHA-256; in another text only where
its words stand unchanged between the same words before and after them, and nowhere else. Otherwise it is *orphaned*:
it is never moved to words that look alike. What was written by ``onrecord export --format annotations`` has so much
around its words that whoever says them and relays them stands in there too.

A passage that stands elsewhere in the other text (a note was put on top) is the same passage if it is there whole and
once; ``moved`` says so.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

from onrecord.errors import DocumentError, UnreadableDocument
from onrecord.model import Span

__all__ = ["Anchor", "Fate", "Quote", "WebAnnotation", "anchored", "read_web_annotations"]

_BY_HASH = re.compile(r"ni://[^/]*/sha-256;([A-Za-z0-9_-]{43})")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Fate(StrEnum):
    """What became of an annotation in a text."""

    KEPT = "kept"
    ORPHANED = "orphaned"


@dataclass(frozen=True, slots=True)
class Quote:
    """Words with those right before and after them, and where they stood (code points); None where that is not said.

    An empty ``prefix`` says that the text, or a line of it, begins with the words, an empty ``suffix`` that it ends.
    """

    exact: str
    prefix: str
    suffix: str
    position: Span | None = None


@dataclass(frozen=True, slots=True)
class WebAnnotation:
    """One annotation: its name, the name of its text and the text's SHA-256 (None: not said), and its words.

    ``role`` and ``statement`` are what onrecord says in the body: content, source or cue, of which statement.
    """

    id: str
    source: str
    text_sha256: str | None
    quotes: tuple[Quote, ...]
    role: str | None = None
    statement: str | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """What became of an annotation in a text, and why.

    ``spans`` (code points) are where its words stand in that text, none where it is orphaned; ``moved`` says that this
    is elsewhere than in its own text.
    """

    annotation: WebAnnotation
    fate: Fate
    why: str
    spans: tuple[Span, ...] = ()
    moved: bool = False


def anchored(annotation: WebAnnotation, text: str) -> Anchor:
    """What becomes of an annotation in ``text``.

    >>> note = WebAnnotation("a", "doc", None, (Quote("the quay is safe", "The mayor said that ", "."),))
    >>> anchored(note, "Update. The mayor said that the quay is safe.").fate
    <Fate.KEPT: 'kept'>
    >>> anchored(note, "The harbour master said that the quay is safe.").why
    'its words are no longer there between the same words'
    """
    seen = _SURROGATE.sub("\ufffd", text)  # as the files have it: as many code points
    if annotation.text_sha256 == sha256(text.encode("utf-8", "surrogatepass")).hexdigest():
        places = [quote.position for quote in annotation.quotes]
        spans = tuple(place for place in places if place is not None)
        if len(spans) == len(places):
            same = all(s.of(seen) == q.exact for s, q in zip(spans, annotation.quotes, strict=True))
            if not same:
                return Anchor(annotation, Fate.ORPHANED, "its positions and its words do not agree")
            return Anchor(annotation, Fate.KEPT, "the text is the same", spans)
    found: list[Span] = []
    for quote in annotation.quotes:
        spans = _places(seen, quote)
        if len(spans) != 1:
            what = "are there more than once" if spans else "are no longer there between the same words"
            return Anchor(annotation, Fate.ORPHANED, f"its words {what}")
        found += spans
    if any(a.end > b.start for a, b in pairwise(found)):
        return Anchor(annotation, Fate.ORPHANED, "its pieces are in another order")
    moved = any(s != q.position for s, q in zip(found, annotation.quotes, strict=True) if q.position is not None)
    why = "its words stand once between the same words"
    return Anchor(annotation, Fate.KEPT, why, tuple(found), moved)


def _places(text: str, quote: Quote) -> tuple[Span, ...]:
    """Where the words stand with those before and after them; two places at most.

    Where the text began before them, or ended behind them, a line has to: the edge is context too.
    """
    words, at = quote.prefix + quote.exact + quote.suffix, -1
    began = not quote.prefix or (quote.position is not None and quote.position.start == len(quote.prefix))
    found: list[Span] = []
    while len(found) < 2 and (at := text.find(words, at + 1)) >= 0:
        start, end = at + len(quote.prefix), at + len(words)
        begins = at == 0 or text[at - 1] in "\r\n"
        ends = end == len(text) or text[end] in "\r\n"
        if (begins or not began) and (ends or quote.suffix):
            found.append(Span(start, start + len(quote.exact)))
    return tuple(found)


def read_web_annotations(path: Path) -> Iterator[WebAnnotation | DocumentError]:
    """The annotations of a file: one, or those of a page or of a collection with its first page in it.

    The file has the Web Annotation model's own keys, as it has where only the model's context is used. An error takes
    the place of an annotation that does not quote its words.

    Raises:
        UnreadableDocument: the file is not there, is no JSON, or has no annotations.
    """
    try:
        read = json.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise UnreadableDocument(str(path), f"cannot be opened: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        raise UnreadableDocument(str(path), f"not JSON: {error}") from None
    for number, item in enumerate(_items(read, str(path)), 1):
        try:
            yield _annotation(item, f"{path}: annotation {number}")
        except DocumentError as error:
            yield error


def _items(read: Any, where: str) -> list[Any]:
    if isinstance(read, dict):
        kinds = _listed(read.get("type"))
        if "Annotation" in kinds:
            return [read]
        if "AnnotationCollection" in kinds:
            first = read.get("first")
            if first is None and read.get("total") == 0:
                return []
            read, kinds = first, _listed(first.get("type") if isinstance(first, dict) else None)
        if isinstance(read, dict) and "AnnotationPage" in kinds and isinstance(read.get("items"), list):
            items: list[Any] = read["items"]
            return items
    what = "no Web Annotation, no page of them and no collection with its first page"
    raise UnreadableDocument(where, what)


def _annotation(item: Any, where: str) -> WebAnnotation:
    if not isinstance(item, dict) or not isinstance(item.get("id"), str):
        raise UnreadableDocument(where, "is no object with an id")
    targets = _listed(item.get("target"))
    quotes, sources, hashes = [], set(), set()
    for target in targets:
        if not isinstance(target, dict):
            raise UnreadableDocument(where, "a target is no part of a text")
        quotes.append(_quote(_listed(target.get("selector")), where))
        source = target.get("source")
        sources.add(source.get("id") if isinstance(source, dict) else source)
        hashes.add(_sha256(_listed(target.get("state"))))
    if len(sources) != 1 or len(hashes) != 1:
        raise UnreadableDocument(where, "has no targets, or targets in several texts")
    role, statement = _body(_listed(item.get("body")))
    return WebAnnotation(item["id"], str(sources.pop()), hashes.pop(), tuple(quotes), role, statement)


def _quote(selectors: list[Any], where: str) -> Quote:
    by_type = {str(s.get("type")): s for s in selectors if isinstance(s, dict)}
    quote, place = by_type.get("TextQuoteSelector", {}), by_type.get("TextPositionSelector", {})
    exact, prefix, suffix = quote.get("exact"), quote.get("prefix", ""), quote.get("suffix", "")
    if not (isinstance(exact, str) and exact and isinstance(prefix, str) and isinstance(suffix, str)):
        raise UnreadableDocument(where, "a target has no TextQuoteSelector with its words")
    start, end = place.get("start"), place.get("end")
    if isinstance(start, int) and isinstance(end, int) and 0 <= start < end:
        return Quote(exact, prefix, suffix, Span(start, end))
    return Quote(exact, prefix, suffix)


def _sha256(states: list[Any]) -> str | None:
    """The SHA-256 in the name (RFC 6920) of the copy that the annotation was made on."""
    names = [name for state in states if isinstance(state, dict) for name in _listed(state.get("cached"))]
    found = next((m for name in names if (m := _BY_HASH.fullmatch(str(name)))), None)
    return urlsafe_b64decode(found[1] + "=").hex() if found else None


def _body(bodies: list[Any]) -> tuple[str | None, str | None]:
    role = statement = None
    for body in bodies:
        if isinstance(body, Mapping) and body.get("purpose") == "classifying":
            role = body.get("value")
        elif isinstance(body, Mapping) and body.get("purpose") == "identifying":
            source = body.get("source")
            statement = source.get("id") if isinstance(source, Mapping) else source
    return role, statement


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]
