"""HTML: the article out of the page, cleaned, with its links, embedded posts and notes at exact offsets.

trafilatura judges what is article and what is furniture; text and offsets are our own (see
``page/blocks.py``). The text begins with the headline as a paragraph of its own; paragraphs stand a blank
line apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from onrecord.errors import UnreadableDocument
from onrecord.model import Document, Link, Post, Provenance, Span
from onrecord.readers.base import HEAD, Outcome, Reader, Source, digest, single, take
from onrecord.readers.decode import decode
from onrecord.readers.language import checked
from onrecord.settings import ReadOptions

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from onrecord.readers.page.blocks import PageLink
    from onrecord.readers.page.body import Part

__all__ = ["READER"]

_MARKUP = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|body|article|main)\b",
    re.I | re.S,
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_NO_TEXT = "the page may build its text with JavaScript: save it from a browser, or paste the text"


def _document(source: Source, options: ReadOptions) -> Outcome:
    raw = take(source, options)
    tree = _tree(_text(raw, source, options), source.where)
    text = _Text()
    if tree is not None:
        from onrecord.readers.page.about import about
        from onrecord.readers.page.body import body_parts

        facts = about(tree, source.url)
        text.base = _base(tree, source.url or facts.url)
        parts = body_parts(tree, facts)
        if facts.title and parts:
            text.add(facts.title)
        for part in parts:
            text.add_part(part)
    else:
        from onrecord.readers.page.about import About

        facts = About(None, None, None, None, (), None)
    document = Document(
        id=source.where,
        text="".join(text.pieces),
        title=facts.title,
        outlet=facts.outlet,
        date=facts.date,
        url=facts.url,
        authors=facts.authors,
        links=tuple(text.links),
        posts=tuple(text.posts),
        notes=tuple(text.notes),
        provenance=Provenance(origin=source.where, reader="html", raw_sha256=digest(raw)),
    )
    return checked(document, source.where, options, _NO_TEXT)


@dataclass(slots=True)
class _Text:
    """The document's text as it grows, and what stands where in it."""

    base: str | None = None
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    links: list[Link] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    notes: list[Span] = field(default_factory=list)

    def add(self, paragraph: str, links: tuple[PageLink, ...] = ()) -> Span:
        """Append a paragraph and its links; returns where it stands."""
        if self.pieces:
            self.pieces.append("\n\n")
            self.length += 2
        start = self.length
        self.pieces.append(paragraph)
        self.length += len(paragraph)
        for link in links:
            if url := _address(link.url, self.base):
                self.links.append(Link(Span(start + link.start, start + link.end), url))
        return Span(start, self.length)

    def add_part(self, part: Part) -> None:
        """Append a paragraph, a note or an embedded post with the line that names its author."""
        embed = part.embed
        if embed is None:
            span = self.add(part.text, part.links)
            if part.note and part.joined:
                self.notes[-1] = Span(self.notes[-1].start, span.end)
            elif part.note:
                self.notes.append(span)
            return
        spans = [self.add(words.text, words.links) for words in embed.words]
        author_span = None
        if embed.line:
            line = self.add(embed.line)
            if embed.author and embed.author_start is not None:
                start = line.start + embed.author_start
                author_span = Span(start, start + len(embed.author))
        words = Span(spans[0].start, spans[-1].end)
        self.posts.append(Post(words, embed.author, embed.url, author_span, embed.platform))


def _text(raw: bytes, source: Source, options: ReadOptions) -> str:
    """The page decoded: what the server declared goes before what the page declares."""
    declared = _CHARSET.search(raw[:HEAD])
    charset = source.charset or (declared[1].decode("ascii", "ignore") if declared else None)
    return decode(raw, Source(source.stream, source.where, source.url, charset), options, replace=True)


def _tree(text: str, where: str) -> HtmlElement | None:
    """The parsed page, None where there is nothing to parse."""
    from lxml.etree import LxmlError
    from lxml.html import HTMLParser, document_fromstring

    from onrecord.readers.page.blocks import MARKS

    text = MARKS.sub("", text).replace("\x00", "")
    if not text.strip():
        return None
    # as bytes: lxml refuses a str that begins with an XML declaration
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (LxmlError, ValueError) as error:
        raise UnreadableDocument(where, f"not HTML: {error}") from None


def _base(tree: HtmlElement, url: str | None) -> str | None:
    base = next((element.get("href") for element in tree.iter("base") if element.get("href")), None)
    return urljoin(url, base) if base and url else base or url


def _address(href: str, base: str | None) -> str | None:
    """The link's address, absolute where it can be; None for anchors, mail, scripts and other schemes."""
    href = href.strip()
    if not href or href.startswith("#"):
        return None
    try:
        address = urljoin(base, href) if base else href
        scheme = urlsplit(address).scheme.lower()
    except ValueError:
        return None
    return address if scheme in ("http", "https") or (not scheme and ":" not in address.split("/")[0]) else None


def _sniff(head: bytes) -> bool:
    return _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


READER = Reader("html", (".html", ".htm", ".xhtml"), ("text/html", "application/xhtml+xml"), _sniff, single(_document))
