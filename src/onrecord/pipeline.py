"""The whole way on one screen: a path, a folder, standard input or a URL; bytes; a document; its statements."""

from __future__ import annotations

import glob
import io
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from onrecord.errors import DocumentError, EmptyDocument, FetchError, UnreadableDocument, UsageError
from onrecord.model import Document
from onrecord.settings import ReadOptions

if TYPE_CHECKING:
    from onrecord.extract import ExtractOptions
    from onrecord.readers import Outcome

__all__ = ["Meter", "extractor_version", "is_path", "paths_of", "read", "read_many", "read_text", "with_statements"]

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
    return with_statements(outcome, extract_options) if extract else outcome


def read_many(
    sources: Iterable[str | Path],
    *,
    options: ReadOptions | None = None,
    extract: bool = True,
    extract_options: ExtractOptions | None = None,
    meter: Meter | None = None,
) -> Iterator[Document | DocumentError]:
    """The documents of many sources in their order; an error takes the place of a document that fails.

    A folder gives its files with a known extension, hidden ones left out, sorted, with those of its
    folders; a pattern (``news/*.html``, ``**/*.txt``) the paths that match it, sorted. A path that is not there is an
    error in its place too: the others are read. ``meter`` is told how many bytes were read.
    """
    options = options or ReadOptions.from_environment()
    for source in sources:
        for outcome in _outcomes(source, options, meter):
            if extract and isinstance(outcome, Document):
                outcome = with_statements(outcome, extract_options)
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
    return with_statements(document, extract_options) if extract else document


def with_statements(document: Document, extract_options: ExtractOptions | None = None) -> Document:
    """A document that was read, with its statements: who said what, in whose words, how and when."""
    from onrecord.extract import read_statements
    from onrecord.identify import identified, view_of
    from onrecord.qualify import qualified

    found, reading = read_statements(document, extract_options)
    view = view_of(reading.words.text, reading)
    return qualified(identified(replace(document, statements=found), view), view)


@cache
def extractor_version() -> str:
    """What finds statements here: the version of onrecord and the first digits of the SHA-256 of its weights."""
    from importlib.metadata import version
    from importlib.resources import files

    found = sha256()
    for folder in ("extract", "identify", "qualify"):
        for file in sorted(files("onrecord.models").joinpath(folder).iterdir(), key=lambda f: f.name):
            if file.name.endswith((".onnx", ".npz", ".json")):
                found.update(f"{folder}/{file.name}\n".encode() + file.read_bytes())
    return f"onrecord {version('onrecord')} {found.hexdigest()[:12]}"


def is_path(source: str | Path) -> bool:
    """Whether a source is a file or folder, not standard input and not an address."""
    return isinstance(source, Path) or (source != STDIN and "://" not in source)


class Meter:
    """How much of the files has been read: ``done`` of ``total`` bytes; ``total`` is None where it cannot be known."""

    def __init__(self, sources: Iterable[str | Path]) -> None:
        self.done = 0
        self.total: int | None = 0
        for source in sources:
            for path in paths_of(source) if is_path(source) else ():
                for file in _files(path) if path.is_dir() else (path,):
                    with suppress(OSError):
                        self.total += file.stat().st_size
            if not is_path(source):
                self.total = None
                return

    def counting(self, stream: BinaryIO) -> BinaryIO:
        """The stream, whose bytes are counted as they are read."""
        return cast(BinaryIO, io.BufferedReader(_Counting(stream, self)))


class _Counting(io.RawIOBase):
    def __init__(self, stream: BinaryIO, meter: Meter) -> None:
        self._stream, self._meter = stream, meter

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self._meter.done += len(data)
        return len(data)


def paths_of(source: str | Path) -> list[Path]:
    """The paths that a source names: itself where it is there, else those that match it as a pattern, sorted."""
    path = Path(source)
    try:
        if path.exists() or not glob.has_magic(str(source)):
            return [path]
    except (OSError, ValueError):
        return [path]
    return [Path(name) for name in sorted(glob.glob(str(source), recursive=True))]  # noqa: PTH207 (absolute patterns too)


def _outcomes(source: str | Path, options: ReadOptions, meter: Meter | None = None) -> Iterator[Outcome]:
    """The documents of one source, whatever kind it is, and errors in the place of those that fail."""
    from onrecord.readers import Source, read_source

    try:
        if source == STDIN:
            yield from read_source(Source(_stdin(), "stdin"), options)
        elif is_path(source):
            paths = paths_of(source)
            if not paths:
                raise UnreadableDocument(str(source), "no file matches this pattern")
            for path in paths:
                name = str(source) if len(paths) == 1 and path == Path(source) else str(path)
                yield from _folder(path, options, meter) if path.is_dir() else _told(name, options, meter)
        else:
            yield from _url(str(source), options)
    except DocumentError as error:
        yield error


def _stdin() -> BinaryIO:
    return sys.stdin.buffer


def _told(name: str, options: ReadOptions, meter: Meter | None) -> Iterator[Outcome]:
    """The documents of a file, or the error in their place."""
    try:
        yield from _file(name, options, meter)
    except DocumentError as error:
        yield error


def _file(name: str, options: ReadOptions, meter: Meter | None) -> Iterator[Outcome]:
    from onrecord.readers import Source, read_source, reader_for_path

    try:
        stream = Path(name).open("rb")  # noqa: SIM115 (closed below; its reading is not part of this try)
    except FileNotFoundError:
        raise UnreadableDocument(name, "there is no such file") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise UnreadableDocument(name, f"cannot be opened: {reason or error}") from None
    with stream:
        counted = meter.counting(stream) if meter is not None else stream
        yield from read_source(Source(counted, name), options, reader_for_path(name))


def _files(path: Path) -> Iterator[Path]:
    """The files of a folder with a known extension, sorted, with those of its folders; hidden ones are left out."""
    from onrecord.readers import is_readable

    for folder, below, names in os.walk(path):
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and is_readable(name):
                yield Path(folder) / name


def _folder(path: Path, options: ReadOptions, meter: Meter | None) -> Iterator[Outcome]:
    from onrecord.readers import EXTENSIONS

    found = False
    for file in _files(path):
        found = True
        yield from _told(str(file), options, meter)
    if not found:
        raise EmptyDocument(str(path), f"no file in this folder ends in {', '.join(sorted(EXTENSIONS))}")


def _url(url: str, options: ReadOptions) -> Iterator[Outcome]:
    if not url.lower().startswith(("http://", "https://")):
        raise FetchError(url, "only http and https URLs are fetched")
    from onrecord.readers import read_source
    from onrecord.readers.fetch import fetch

    fetched = fetch(url, options)
    yield from read_source(fetched.source, options, fetched.reader)
