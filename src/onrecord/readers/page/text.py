"""The text of a document as it is put together from a page's or a feed's paragraphs, with what stands where in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin, urlsplit

from lxml.etree import LxmlError
from lxml.html import HTMLParser, document_fromstring

from onrecord.model import Link, Post, Span
from onrecord.readers.page.blocks import MARKS, PageLink, Walk, clean
from onrecord.readers.page.body import Part
from onrecord.readers.page.embeds import is_embed, read_embed
from onrecord.readers.page.furniture import is_note

__all__ = ["PageText", "fragment_parts"]


@dataclass(slots=True)
class PageText:
    """The document's text as it grows, and what stands where in it."""

    base: str | None = None
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    links: list[Link] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    notes: list[Span] = field(default_factory=list)

    @classmethod
    def of(cls, title: str | None, parts: Iterable[Part], base: str | None = None) -> PageText:
        """The headline, if there is one, and the parts below it; links are made absolute against ``base``."""
        made = cls(base)
        if title:
            made.add(title)
        for part in parts:
            made.add_part(part)
        return made

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self.pieces)

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


def fragment_parts(markup: str) -> list[Part]:
    """The paragraphs of HTML that is an article and nothing else: a feed's item, the body of an agency's story.

    Notes are marked as such, posts of other platforms taken out as in pages; captions, scripts and what is hidden are
    left out. Text without any tags is cut at its line ends.
    """
    markup = MARKS.sub("", markup).replace("\x00", "")
    if not markup.strip():
        return []
    if "<" not in markup:
        return [Part(line, note=is_note(line)) for raw in unescape(markup).splitlines() if (line := clean(raw))]
    try:
        # as bytes: lxml refuses a str that begins with an XML declaration
        parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
        tree = document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (LxmlError, ValueError):
        return []
    parts = []
    for block in Walk(tree, is_embed).blocks:
        if block.embed is not None:
            embed = read_embed(block.embed)
            if embed is not None:
                parts.append(Part("", embed=embed))
        elif block.text:
            parts.append(Part(block.text, block.links, is_note(block.text)))
    return parts
