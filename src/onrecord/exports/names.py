"""The names (IRIs) that documents, their texts and statements have in linked data."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5

from onrecord.model import Statement

if TYPE_CHECKING:
    from onrecord.ledger import Entry

__all__ = ["document_name", "is_iri", "name_in", "name_of", "revision_name", "statement_name", "text_name"]

_NAMESPACE = uuid5(NAMESPACE_URL, "https://onrecord.invalid/")
_IN_NO_IRI = frozenset(' "<>\\^`{|}')


def document_name(entry: Entry) -> str:
    """A document's name: its address where it has one, else a UUID of its key.

    One and the same in every export of the same ledger.
    """
    url = entry.document.url
    return url if url is not None and is_iri(url) else name_in(entry, "document")


def revision_name(entry: Entry) -> str:
    """The name of a document as it was at one revision: a UUID of its key and its text's hash."""
    return name_in(entry, "revision", entry.text_sha256)


def statement_name(entry: Entry, statement: Statement) -> str:
    """A statement's name: a UUID of its document's key and its id (two documents of one text have the same ids)."""
    return name_in(entry, "statement", statement.id)


def text_name(sha256: str) -> str:
    """The name of a text, or of bytes, by its hash (RFC 6920): whoever has it can tell that it is the one.

    >>> text_name("7f83b1657ff1fc53b92dc18148a1d65dfc2d4b1fa3d677284addd200126d9069")
    'ni:///sha-256;f4OxZX_x_FO5LcGBSKHWXfwtSx-j1ncoSt3SABJtkGk'
    """
    return "ni:///sha-256;" + urlsafe_b64encode(bytes.fromhex(sha256)).decode().rstrip("=")


def name_in(entry: Entry, kind: str, *parts: str) -> str:
    """The name of something that belongs to a document: a UUID of its kind, the document's key and what tells it."""
    return name_of(kind, entry.collection, entry.key, *parts)


def name_of(kind: str, *parts: str) -> str:
    """The name of something that belongs to no document (a program, a person, a run): a UUID of what tells it."""
    made: UUID = uuid5(_NAMESPACE, "\0".join((kind, *parts)).encode("utf-8", "replace").decode())
    return made.urn


def is_iri(url: str) -> bool:
    """Whether an address can stand as a name as it is: absolute, of the web, without what no IRI may hold.

    >>> is_iri("https://courier.example/a?b=1"), is_iri("https://courier.example/a b"), is_iri("javascript:alert(1)")
    (True, False, False)
    """
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and parts.port != 0  # a port that is none raises
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and has_host and url.isprintable() and not _IN_NO_IRI & set(url)
