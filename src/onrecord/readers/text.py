"""Plain text: the text is the file unchanged; the title, where the first line is one, is metadata."""

from __future__ import annotations

import re

from onrecord.errors import DocumentError
from onrecord.model import Document, Provenance
from onrecord.readers.base import HEAD, Outcome, Reader, Source, digest, single, take
from onrecord.readers.decode import decode, refuse_binary
from onrecord.readers.language import checked
from onrecord.settings import ReadOptions

__all__ = ["READER", "headline_of"]

_LONGEST_HEADLINE = 160
_SAMPLE = 2000
_NO_HEADLINE = re.compile(r"(?:by|from|published|posted|updated)\b|.*\w[.;,:]$|.*[—–-]$", re.IGNORECASE)


def headline_of(text: str) -> str | None:
    """The first line, where it looks like a headline.

    It stands alone above a blank line, with text below, has two words or more and at most 160
    characters, and ends without a full stop. It is metadata: the text keeps it.

    >>> headline_of("Oslo: Fishing pact is dead\\n\\nThe minister said so on Tuesday.")
    'Oslo: Fishing pact is dead'
    >>> headline_of("The minister said so.\\n\\nHe left.") is None
    True
    """
    start = text[:_SAMPLE].lstrip()
    line, _, rest = start.replace("\r\n", "\n").replace("\r", "\n").partition("\n")
    below, _, rest = rest.partition("\n")
    line = line.strip()
    if below.strip() or not (rest.strip() or len(text) > _SAMPLE):
        return None
    if len(line) > _LONGEST_HEADLINE or len(line.split()) < 2 or _NO_HEADLINE.match(line):
        return None
    return line


def _document(source: Source, options: ReadOptions) -> Outcome:
    raw = take(source, options)
    text = decode(raw, source, options)
    document = Document(
        id=source.where,
        text=text,
        title=headline_of(text),
        url=source.url,
        provenance=Provenance(origin=source.where, reader="text", raw_sha256=digest(raw)),
    )
    return checked(document, source.where, options)


def _sniff(head: bytes) -> bool:
    """Anything that is not binary."""
    try:
        refuse_binary(head[:HEAD], "")
    except DocumentError:
        return False
    return True


READER = Reader("text", (".txt", ".text"), ("text/plain",), _sniff, single(_document))
