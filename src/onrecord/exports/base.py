"""What an export is: a name, a file suffix and a function that writes documents to a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TextIO

from onrecord.model import Document

__all__ = ["Export", "Page"]


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
