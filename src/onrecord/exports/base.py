"""What an export is: a name, a file suffix and a function that writes documents, or a ledger's, to a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, TextIO

from onrecord.errors import LedgerError
from onrecord.model import Document

if TYPE_CHECKING:
    from onrecord.ledger import Entry

__all__ = ["Export", "LedgerExport", "Page", "checked"]


class Page(NamedTuple):
    """One written file of a folder: its name there, the document's particulars, how many statements."""

    name: str
    title: str
    outlet: str | None
    date: str | None
    statements: int


@dataclass(frozen=True)
class Export:
    """A way to write documents.

    ``write`` takes the documents one after another and holds none of them longer than it must, so that
    a run may be endless. ``index``, where a format has one, writes the front page of a folder that
    holds one file a document.
    """

    name: str
    suffix: str
    write: Callable[[Iterable[Document], TextIO], None]
    index: Callable[[Sequence[Page], TextIO], None] | None = None


@dataclass(frozen=True)
class LedgerExport:
    """A way to hand over what a ledger holds, with its provenance.

    ``write`` takes the documents one after another, holds none longer than it must, and writes bytes; a format whose
    documents are files of their own has ``write_folder`` instead, which writes them into a folder that is there.
    """

    name: str
    suffix: str
    write: Callable[[Iterable[Entry], BinaryIO], None] | None = None
    write_folder: Callable[[Iterable[Entry], Path], None] | None = None


def checked(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The documents, one at a time, each with the very text whose hash was written down.

    Raises:
        LedgerError: a text has another hash; whatever were said of its offsets would be false.
    """
    for entry in entries:
        if entry.document.sha256 != entry.text_sha256:
            raise LedgerError(f"document {entry.key}: its text is not the one that was recorded: see onrecord verify")
        yield entry
