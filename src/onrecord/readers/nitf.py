"""NITF: the news agencies' XML (IPTC 3.x), one story a file.

Read are the headline, the body's paragraphs, byline, date of issue, ``doc-id`` and the distributor. A story that its
agency has withheld, embargoed or cancelled (``management-status``) is not read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from onrecord.errors import UnreadableDocument, Withheld
from onrecord.model import Document, Provenance
from onrecord.readers.base import HEAD, Outcome, Reader, Source, digest, single, take
from onrecord.readers.bylines import names_of
from onrecord.readers.dates import iso_date
from onrecord.readers.decode import refuse_binary
from onrecord.readers.language import checked
from onrecord.settings import ReadOptions

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["READER"]

_ROOT = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!DOCTYPE\s+nitf[^>]*>\s*|<!--(?:(?!-->).)*-->\s*)*<nitf\b", re.I | re.S
)
_USABLE = ("", "usable")
_PARAGRAPHS = ("p", "hl2", "li", "bq", "block-quote", "pre", "dt", "dd", "note")


def _document(source: Source, options: ReadOptions) -> Outcome:
    from onrecord.readers.page.blocks import clean
    from onrecord.readers.page.furniture import is_note
    from onrecord.readers.page.text import PageText

    raw = take(source, options)
    refuse_binary(raw[:HEAD], source.where)
    root = _tree(raw, source.where)
    data = _first(root, "docdata")
    status = (data.get("management-status") or "").lower() if data is not None else ""
    if status not in _USABLE:
        raise Withheld(source.where, f"the agency marked this story as {status}")
    title = clean(_words(_first(root, "hl1"))) or clean(_words(_first(root, "title"))) or None
    text = PageText.of(title, (), source.url)
    body = _first(root, "body.content")
    for element in body.iter() if body is not None else ():
        if _name(element) in _PARAGRAPHS and not _inside(element, body):
            words = clean(_words(element))
            if words:
                span = text.add(words)
                if is_note(words) or _name(element) == "note":
                    text.notes.append(span)
    identity, issued, distributor = (_first(root, name) for name in ("doc-id", "date.issue", "distributor"))
    document = Document(
        id=(identity.get("id-string") if identity is not None else None) or source.where,
        text=text.text,
        title=title,
        outlet=clean(_words(distributor)) or (identity.get("regsrc") if identity is not None else None) or None,
        date=iso_date(_compact(issued.get("norm"))) if issued is not None else None,
        url=source.url,
        authors=names_of(clean(_words(_first(root, "byline")))),
        notes=tuple(text.notes),
        provenance=Provenance(origin=source.where, reader="nitf", raw_sha256=digest(raw)),
    )
    return checked(document, source.where, options)


def _tree(raw: bytes, where: str) -> _Element:
    """The parsed story. Entities and addresses in it are not resolved.

    Raises:
        UnreadableDocument: it is no well-formed XML, or no NITF.
    """
    from lxml.etree import LxmlError, XMLParser, fromstring

    parser = XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True)
    try:
        root = fromstring(raw, parser=parser)
    except (LxmlError, ValueError) as error:
        raise UnreadableDocument(where, f"no well-formed XML: {error}") from None
    if _name(root) != "nitf":
        raise UnreadableDocument(where, f"the root is {_name(root) or 'nothing'}, not nitf")
    return root


def _name(element: _Element) -> str:
    """An element's name in small letters, without its namespace."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _first(root: _Element, name: str) -> _Element | None:
    return next((element for element in root.iter() if _name(element) == name), None)


def _words(element: _Element | None) -> str:
    """The text in an element, that of pictures and tables left out."""
    if element is None:
        return ""
    parts = [element.text or ""]
    for child in element:
        if _name(child) not in ("media", "table", "virtloc"):
            parts.append(_words(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _inside(element: _Element, body: _Element | None) -> bool:
    """Whether an element stands in another paragraph, a picture's caption or a table."""
    for above in element.iterancestors():
        if above is body:
            return False
        if _name(above) in (*_PARAGRAPHS, "media", "table"):
            return True
    return False


def _compact(norm: str | None) -> str | None:
    """A date as NITF has it ("20240503T094200Z") as ISO 8601 has it."""
    found = re.fullmatch(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?([Zz]|[+-]\d\d:?\d\d)?)?", norm or "")
    if found is None:
        return norm
    year, month, day, hour, minute, second, zone = found.groups()
    date = f"{year}-{month}-{day}"
    return f"{date}T{hour}:{minute}{f':{second}' if second else ''}{zone or ''}" if hour else date


def _sniff(head: bytes) -> bool:
    return _ROOT.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


READER = Reader("nitf", (".nitf",), ("application/nitf+xml",), _sniff, single(_document))
