"""WARC: web archives (ISO 28500), plain or gzipped, streamed; each HTML response is a document.

A document's id is its record's, its URL the record's target, its date the page's own or else the day of the capture.
Answers other than 200, and what is no HTML, are passed over. Of a page over the size limit no more than the limit is
ever held; an archive that breaks off gives all documents before the break, then an error.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from onrecord.errors import DocumentError, EmptyDocument, UnreadableDocument
from onrecord.model import Provenance
from onrecord.readers.base import Outcome, Prefixed, Reader, Source, several, too_large
from onrecord.readers.html import MEDIA_TYPES as PAGES
from onrecord.readers.html import page_document
from onrecord.settings import ReadOptions

__all__ = ["READER"]

_GZIP, _HEAD = b"\x1f\x8b", b"WARC/"
_CHUNK = 1 << 16
_BROKE_OFF = "the archive breaks off in the middle of a record"
_AGAIN = "fetch or copy it again: what stands before the break was read"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Unzipped(io.RawIOBase):
    """What gzipped members hold, one after the other; ``broken`` says that the last one was cut off or damaged."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._left = stream, b""
        self._member = zlib.decompressobj(wbits=31)
        self._begun = False
        self.broken = False

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill ``buffer``, or less; 0 at the end, be it a sound one or not."""
        while not self.broken:
            if self._member.eof:
                self._left = self._member.unused_data.lstrip(b"\0") or self._left
                self._member, self._begun = zlib.decompressobj(wbits=31), False
            if not self._left:
                self._left = self._stream.read(_CHUNK)
                if not self._left:
                    self.broken = self._begun
                    return 0
            self._begun = True
            try:
                data = self._member.decompress(self._left, len(buffer))
            except zlib.error:
                self.broken = True
                return 0
            self._left = self._member.unconsumed_tail
            if data:
                buffer[: len(data)] = data
                return len(data)
        return 0


def _documents(source: Source, options: ReadOptions) -> Iterator[Outcome]:
    from fastwarc.stream_io import StreamError
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    head = source.stream.read(_CHUNK)
    if not head.strip():
        yield EmptyDocument(source.where, "there is nothing in it")
        return
    rest = io.BufferedReader(Prefixed(head, source.stream), _CHUNK)
    zipped = Unzipped(rest) if head.startswith(_GZIP) else None
    stream = io.BufferedReader(zipped, _CHUNK) if zipped is not None else rest
    if not stream.peek(len(_HEAD)).startswith(_HEAD):
        yield UnreadableDocument(source.where, "no WARC: it does not begin with WARC/")
        return
    try:
        forward: Any = _Forward(stream)
        for record in ArchiveIterator(forward, record_types=WarcRecordType.response, parse_http=True):
            if _is_page(record):
                yield _outcome(record, source, options)
    except (OSError, StreamError) as error:
        what = _BROKE_OFF if zipped is not None and zipped.broken else f"the archive is damaged: {error}"
        yield UnreadableDocument(source.where, what, _AGAIN)
        return
    if zipped is not None and zipped.broken:
        yield UnreadableDocument(source.where, _BROKE_OFF, _AGAIN)


class _Forward:
    """A stream as the archive's iterator wants it: read on, and where it is."""

    def __init__(self, stream: BinaryIO | io.BufferedReader) -> None:
        self._stream, self._at = stream, 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self._stream.read(size)
        self._at += len(data)
        return data

    def tell(self) -> int:
        """So many bytes were read."""
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        """Nowhere: the stream goes one way."""
        raise OSError(f"cannot go back to {offset} ({whence})")

    def flush(self) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing to do: whoever opened the stream closes it."""


def _is_page(record: Any) -> bool:
    answer = record.http_headers
    return answer is not None and answer.status_code == 200 and (record.http_content_type or "").lower() in PAGES


def _outcome(record: Any, source: Source, options: ReadOptions) -> Outcome:
    """The document of a record, or why there is none."""
    url = record.headers.get("WARC-Target-URI")
    name = record.headers.get("WARC-Record-ID") or f"offset {record.stream_pos}"
    where = f"{source.where}#{name.strip('<>')}"
    try:
        raw = record.reader.read(options.max_bytes + 1)
        if len(raw) > options.max_bytes:
            raise too_large(where, options)
        if (
            record.content_length
            and len(raw) < record.content_length
            and not record.http_headers.get("Content-Encoding")
        ):
            raise UnreadableDocument(where, _BROKE_OFF, _AGAIN)
        document = page_document(Source(io.BytesIO(raw), where, url, record.http_charset), options)
    except DocumentError as error:
        return error
    captured = _DAY.match(record.headers.get("WARC-Date") or "")
    provenance = document.provenance or Provenance(where, "html")
    return replace(
        document,
        id=name.strip("<>"),
        url=document.url or url,
        date=document.date or (captured.group() if captured else None),
        provenance=replace(
            provenance, reader="warc", captured=record.headers.get("WARC-Date"), record=name.strip("<>")
        ),
    )


def _sniff(head: bytes) -> bool:
    return head.startswith(_HEAD)


READER = Reader("warc", (".warc", ".warc.gz"), ("application/warc",), _sniff, several(_documents))
