"""Readers: bytes to documents, one file a format and one line in the registry below.

A reader yields a ``Document``, or a ``DocumentError`` in its place, so that a bad record never stops the
rest. To add one: a module with a ``READER``, its line here, a fixture ``tests/fixtures/readers/NAME.*``.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import PurePath
from typing import cast

from onrecord.readers import feed, html, jsonl, markdown, ninjs, nitf, pdf, text, warc
from onrecord.readers.base import HEAD, Outcome, Prefixed, Reader, Source
from onrecord.settings import ReadOptions

__all__ = [
    "EXTENSIONS",
    "READERS",
    "Outcome",
    "Reader",
    "Source",
    "is_readable",
    "read_source",
    "reader_for_media_type",
    "reader_for_path",
]

# In the order of sniffing: the most particular first, plain text takes what is left.
READERS: tuple[Reader, ...] = (
    pdf.READER,
    warc.READER,
    nitf.READER,
    feed.READER,
    html.READER,
    ninjs.READER,
    jsonl.READER,
    markdown.READER,
    text.READER,
)

EXTENSIONS: dict[str, Reader] = {extension: reader for reader in READERS for extension in reader.extensions}


SEVERAL = frozenset((".xml", ".json"))
"""Extensions of several formats: the first bytes tell which."""


def reader_for_path(path: str) -> Reader | None:
    """The reader that the file's extension names, or None.

    >>> reader_for_path("news/Story.HTML").name, reader_for_path("crawl-7.warc.gz").name
    ('html', 'warc')
    """
    suffixes = [suffix.lower() for suffix in PurePath(path).suffixes]
    return EXTENSIONS.get("".join(suffixes[-2:])) or EXTENSIONS.get(suffixes[-1] if suffixes else "")


def is_readable(path: str) -> bool:
    """Whether the file's extension is one that documents have.

    >>> is_readable("story.nitf"), is_readable("feed.xml"), is_readable("photo.jpg")
    (True, True, False)
    """
    return reader_for_path(path) is not None or PurePath(path).suffix.lower() in SEVERAL


def reader_for_media_type(media_type: str) -> Reader | None:
    """The reader for what a server says it sends, or None.

    >>> reader_for_media_type("text/html; charset=utf-8").name
    'html'
    """
    name = media_type.partition(";")[0].strip().lower()
    return next((reader for reader in READERS if name in reader.media_types), None)


def read_source(source: Source, options: ReadOptions, reader: Reader | None = None) -> Iterator[Outcome]:
    """The documents of a source, by the reader given or else by what the first bytes look like."""
    if reader is None:
        head = source.stream.read(HEAD)
        reader = next((reader for reader in READERS if reader.sniff(head)), text.READER)
        stream = io.BufferedReader(cast(io.RawIOBase, Prefixed(head, source.stream)))
        source = Source(stream, source.where, source.url, source.charset)
    yield from reader.read(source, options)
