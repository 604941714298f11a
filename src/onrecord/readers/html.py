"""HTML: the article out of the page, cleaned, with its links, embedded posts and notes at exact offsets.

trafilatura judges what is article and what is furniture; text and offsets are our own (see
``page/blocks.py``). The text begins with the headline as a paragraph of its own; paragraphs stand a blank
line apart.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from onrecord.errors import UnreadableDocument
from onrecord.model import Document, Provenance
from onrecord.readers.base import HEAD, Reader, Source, digest, single, take
from onrecord.readers.decode import decode
from onrecord.readers.language import checked
from onrecord.settings import ReadOptions

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["READER", "page_document"]

_MARKUP = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|body|article|main)\b",
    re.I | re.S,
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_NO_TEXT = "the page may build its text with JavaScript: save it from a browser, or paste the text"


def page_document(source: Source, options: ReadOptions) -> Document:
    """The document of a page.

    Raises:
        DocumentError: there is none in it, or it is too large.
    """
    from onrecord.readers.page.text import PageText

    raw = take(source, options)
    tree = _tree(_text(raw, source, options), source.where)
    if tree is not None:
        from onrecord.readers.page.about import about
        from onrecord.readers.page.body import body_parts

        facts = about(tree, source.url)
        base = _base(tree, source.url or facts.url)
        parts = body_parts(tree, facts)
        text = PageText.of(facts.title if parts else None, parts, base)
    else:
        from onrecord.readers.page.about import About

        facts, text = About(None, None, None, None, (), None), PageText()
    document = Document(
        id=source.where,
        text=text.text,
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


def _sniff(head: bytes) -> bool:
    return _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


MEDIA_TYPES = ("text/html", "application/xhtml+xml")
READER = Reader("html", (".html", ".htm", ".xhtml"), MEDIA_TYPES, _sniff, single(page_document))
