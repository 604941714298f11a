"""The whole way on one screen: a path, a folder, standard input or a URL; bytes; a document; its statements."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from onrecord.errors import DocumentError, EmptyDocument, FetchError, UnreadableDocument, UsageError
from onrecord.model import Document
from onrecord.settings import ReadOptions

if TYPE_CHECKING:
    from onrecord.extract import ExtractOptions
    from onrecord.readers import Outcome

__all__ = ["is_path", "read", "read_many", "read_text"]

STDIN = "-"


def read(
    source: str | Path,
    *,
    options: ReadOptions | None = None,
    extract: bool = True,
    extract_options: ExtractOptions | None = None,
) -> Document:
    """The document in a file, behind an http(s) URL or, for ``"-"``, on standard input, with its statements.

    ``extract=False`` leaves the statements out. Without ``options`` the environment's are used.

    Raises:
        DocumentError: it cannot be read; the subclass and the message say why.
        UsageError: there is no such file, or the source holds several documents.
    """
    if is_path(source) and Path(source).is_dir():
        raise UsageError(f"{source}: this is a folder (read_many reads the files in it)")
    if is_path(source) and not Path(source).exists():
        raise UsageError(f"{source}: there is no such file")
    outcomes = _outcomes(source, options or ReadOptions.from_environment())
    outcome, second = next(outcomes), next(outcomes, None)
    if second is not None:
        raise UsageError(f"{source}: holds several documents (read_many reads them one after the other)")
    if isinstance(outcome, DocumentError):
        raise outcome
    return _with_statements(outcome, extract_options) if extract else outcome


def read_many(
    sources: Iterable[str | Path],
    *,
    options: ReadOptions | None = None,
    extract: bool = True,
    extract_options: ExtractOptions | None = None,
) -> Iterator[Document | DocumentError]:
    """The documents of many sources in their order; an error takes the place of a document that fails.

    A folder gives its files with a known extension, hidden ones left out, sorted, with those of its
    folders. A path that is not there is an error in its place too: the others are read.
    """
    options = options or ReadOptions.from_environment()
    for source in sources:
        for outcome in _outcomes(source, options):
            if extract and isinstance(outcome, Document):
                outcome = _with_statements(outcome, extract_options)
            yield outcome


def read_text(
    text: str,
    *,
    id: str | int = "text",
    title: str | None = None,
    outlet: str | None = None,
    date: str | None = None,
    url: str | None = None,
    options: ReadOptions | None = None,
    extract: bool = True,
    extract_options: ExtractOptions | None = None,
) -> Document:
    """A document of a text in memory, unchanged, with its statements.

    ``date`` is the day of publication, in ISO 8601 or as publishers write it.

    >>> document = read_text("The envoy denied it.", date="Nov. 21, 2023", extract=False)
    >>> document.text, document.date
    ('The envoy denied it.', '2023-11-21')

    Raises:
        DocumentError: the text is empty or in another language than English.
        UsageError: the date cannot be read.
    """
    from onrecord.readers.dates import iso_date
    from onrecord.readers.language import checked

    iso = iso_date(date) if date is not None else None
    if date is not None and iso is None:
        raise UsageError(f"the date {date!r} cannot be read for certain: write it as 2024-05-03")
    document = Document(id=id, text=text, title=title, outlet=outlet, date=iso, url=url)
    document = checked(document, str(id), options or ReadOptions.from_environment())
    return _with_statements(document, extract_options) if extract else document


def _with_statements(document: Document, extract_options: ExtractOptions | None) -> Document:
    from onrecord.extract import read_statements
    from onrecord.identify import identified, view_of
    from onrecord.qualify import qualified

    found, reading = read_statements(document, extract_options)
    view = view_of(reading.words.text, reading)
    return qualified(identified(replace(document, statements=found), view), view)


def is_path(source: str | Path) -> bool:
    """Whether a source is a file or folder, not standard input and not an address."""
    return isinstance(source, Path) or (source != STDIN and "://" not in source)


def _outcomes(source: str | Path, options: ReadOptions) -> Iterator[Outcome]:
    """The documents of one source, whatever kind it is, and errors in the place of those that fail."""
    from onrecord.readers import Source, read_source

    try:
        if source == STDIN:
            yield from read_source(Source(_stdin(), "stdin"), options)
        elif is_path(source):
            path = Path(source)
            yield from _folder(path, options) if path.is_dir() else _file(str(source), options)
        else:
            yield from _url(str(source), options)
    except DocumentError as error:
        yield error


def _stdin() -> BinaryIO:
    return sys.stdin.buffer


def _file(name: str, options: ReadOptions) -> Iterator[Outcome]:
    from onrecord.readers import Source, read_source, reader_for_path

    try:
        stream = Path(name).open("rb")  # noqa: SIM115 (closed below; its reading is not part of this try)
    except FileNotFoundError:
        raise UnreadableDocument(name, "there is no such file") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise UnreadableDocument(name, f"cannot be opened: {reason or error}") from None
    with stream:
        yield from read_source(Source(stream, name), options, reader_for_path(name))


def _folder(path: Path, options: ReadOptions) -> Iterator[Outcome]:
    from onrecord.readers import EXTENSIONS, is_readable

    found = False
    for folder, below, names in os.walk(path):
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and is_readable(name):
                found = True
                try:
                    yield from _file(str(Path(folder) / name), options)
                except DocumentError as error:
                    yield error
    if not found:
        raise EmptyDocument(str(path), f"no file in this folder ends in {', '.join(sorted(EXTENSIONS))}")


def _url(url: str, options: ReadOptions) -> Iterator[Outcome]:
    if not url.lower().startswith(("http://", "https://")):
        raise FetchError(url, "only http and https URLs are fetched")
    from onrecord.readers import read_source
    from onrecord.readers.fetch import fetch

    fetched = fetch(url, options)
    yield from read_source(fetched.source, options, fetched.reader)
