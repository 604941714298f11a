"""PDF: the text layer of a document, by pypdf, its lines put together to paragraphs.

A word broken at a line's end is joined; what stands at the head or the foot of most pages is left out. A scan without a
text layer is an error, and so is a file that needs a password.
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterable

from onrecord.errors import DocumentError, EmptyDocument, UnreadableDocument
from onrecord.model import Document, Provenance
from onrecord.readers.base import Outcome, Reader, Source, digest, single, take
from onrecord.readers.language import checked
from onrecord.settings import ReadOptions

__all__ = ["READER", "paragraphs"]

_HEAD = b"%PDF-"
_END = re.compile(r"[.!?:][\"”’')\]]*$")
_BROKEN = re.compile(r"(?<=[a-z])-$")
_NUMBER = re.compile(r"\d+")
_FULL = 0.75
"""A line that has this share of the longest lines' length goes on in the next one."""


def _document(source: Source, options: ReadOptions) -> Outcome:
    raw = take(source, options)
    if not raw.strip():
        raise EmptyDocument(source.where, "there is nothing in it")
    if not raw.lstrip()[:1024].startswith(_HEAD):
        raise UnreadableDocument(source.where, "no PDF: it does not begin with %PDF-")
    pages, title = _pages(raw, source.where)
    found = paragraphs(pages)
    if not found:
        hint = "run text recognition on it first, for example with ocrmypdf"
        raise EmptyDocument(source.where, "the PDF has no text layer: it is a scan", hint)
    document = Document(
        id=source.where,
        text="\n\n".join(found),
        title=title or found[0] if len(found[0]) <= 160 else title,
        url=source.url,
        provenance=Provenance(origin=source.where, reader="pdf", raw_sha256=digest(raw)),
    )
    return checked(document, source.where, options)


def _pages(raw: bytes, where: str) -> tuple[list[list[str]], str | None]:
    """The lines of each page, and the title that the file gives itself.

    Raises:
        UnreadableDocument: it is broken, or needs a password.
    """
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableDocument(where, "the PDF needs a password", "save it without one")
        pages = [(page.extract_text() or "").splitlines() for page in reader.pages]
        given = reader.metadata.title if reader.metadata else None
    except DocumentError:
        raise
    except Exception as error:  # pypdf raises many kinds on broken files
        raise UnreadableDocument(where, f"a PDF that cannot be read: {error or type(error).__name__}") from None
    title = " ".join(given.split()) if isinstance(given, str) else ""
    return pages, title or None


def paragraphs(pages: Iterable[list[str]]) -> list[str]:
    """The paragraphs of pages that are given as lines.

    >>> paragraphs([["Pact is dead", "", "The minister said on Tuesday that the fish-", "ing pact had failed."]])
    ['Pact is dead', 'The minister said on Tuesday that the fishing pact had failed.']
    """
    lines = _without_margins([[" ".join(line.split()) for line in page] for page in pages])
    lengths = sorted(len(line) for line in lines if line)
    full = _FULL * lengths[int(0.9 * (len(lengths) - 1))] if lengths else 0.0
    made: list[str] = []
    goes_on = False
    for line in lines:
        if not line:
            goes_on = False
            continue
        if goes_on and _BROKEN.search(made[-1]) and line[0].islower():
            made[-1] = made[-1][:-1] + line
        elif goes_on:
            made[-1] += " " + line
        else:
            made.append(line)
        goes_on = len(line) >= full or not (_END.search(line) or len(made[-1]) == len(line))
    return made


def _without_margins(pages: list[list[str]]) -> list[str]:
    """All lines but those that stand first or last on most pages, page numbers apart."""

    def bare(line: str) -> str:
        return _NUMBER.sub("#", line)

    edges = Counter(bare(line) for page in pages for line in {*_edge(page, 0), *_edge(page, -1)})
    repeated = {line for line, count in edges.items() if count > 2 and 2 * count > len(pages)}
    made: list[str] = []
    for page in pages:
        skipped = [k for k in _edge_places(page) if bare(page[k]) in repeated or _NUMBER.fullmatch(page[k])]
        made += [line for k, line in enumerate(page) if k not in skipped]
    return made


def _edge_places(page: list[str]) -> list[int]:
    filled = [k for k, line in enumerate(page) if line]
    return [filled[0], filled[-1]] if filled else []


def _edge(page: list[str], which: int) -> list[str]:
    places = _edge_places(page)
    return [page[places[which]]] if places else []


def _sniff(head: bytes) -> bool:
    return head.lstrip().startswith(_HEAD)


READER = Reader("pdf", (".pdf",), ("application/pdf",), _sniff, single(_document))
