"""Markdown: the text is the file unchanged, marks included; title and links are read from the marks."""

from __future__ import annotations

import re

from onrecord.model import Document, Link, Provenance, Span
from onrecord.readers.base import Outcome, Reader, Source, digest, single, take
from onrecord.readers.decode import decode
from onrecord.readers.language import checked
from onrecord.readers.text import headline_of
from onrecord.settings import ReadOptions

__all__ = ["READER"]

_HEADING = re.compile(r"\s*#[ \t]+(?P<title>[^\r\n]+?)[ \t#]*(?:[\r\n]|$)")
_LINK = re.compile(r"(?<![!\\])\[(?P<words>[^\[\]]+)\]\((?P<url>https?://[^\s()<>]+)(?:\s+\"[^\"]*\")?\)")


def _document(source: Source, options: ReadOptions) -> Outcome:
    raw = take(source, options)
    text = decode(raw, source, options)
    heading = _HEADING.match(text)
    links = (Link(Span(*match.span("words")), match["url"]) for match in _LINK.finditer(text))
    document = Document(
        id=source.where,
        text=text,
        title=heading["title"] if heading else headline_of(text),
        url=source.url,
        links=tuple(links),
        provenance=Provenance(origin=source.where, reader="markdown", raw_sha256=digest(raw)),
    )
    return checked(document, source.where, options)


READER = Reader(
    "markdown", (".md", ".markdown"), ("text/markdown", "text/x-markdown"), lambda head: False, single(_document)
)
