"""What a reader is, and what all of them share: taking the bytes, yielding errors, one document a file."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO

from onrecord.errors import DocumentError, TooLarge, UnreadableDocument
from onrecord.model import Document
from onrecord.settings import ReadOptions

__all__ = ["HEAD", "Outcome", "Prefixed", "Reader", "Source", "digest", "several", "single", "take"]

HEAD = 4096
"""How many bytes from the start a reader's ``sniff`` is shown."""

Outcome = Document | DocumentError
"""What a reader yields: a document, or the reason why there is none. Readers do not raise it."""


@dataclass(frozen=True, slots=True)
class Source:
    """Bytes to read and what is known of them from outside.

    ``where`` is the path, the final URL or ``stdin``: it goes into messages and becomes the document's
    id where the format has none. ``url`` is the address that relative links are resolved against.
    ``charset`` is what a server declared.
    """

    stream: BinaryIO
    where: str
    url: str | None = None
    charset: str | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """A format: how it is recognised, and the function from bytes to documents.

    ``extensions`` are lower-case with the dot; ``media_types`` are what a server may call it; ``sniff``
    looks at the first ``HEAD`` bytes.
    """

    name: str
    extensions: tuple[str, ...]
    media_types: tuple[str, ...]
    sniff: Callable[[bytes], bool]
    read: Callable[[Source, ReadOptions], Iterator[Outcome]]


class Prefixed(io.RawIOBase):
    """A stream whose first bytes were already read: they come first, then the rest."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = head, rest

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill ``buffer`` from the bytes already read, then from the stream."""
        if self._head:
            data, self._head = self._head[: len(buffer)], self._head[len(buffer) :]
        else:
            # of a pipe, what there is: read() would wait for the rest of the buffer
            data = getattr(self._rest, "read1", self._rest.read)(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def digest(raw: bytes) -> str:
    """SHA-256 of the bytes, as hexadecimal."""
    return sha256(raw).hexdigest()


def take(source: Source, options: ReadOptions) -> bytes:
    """All bytes of the source, never more than the limit.

    Raises:
        TooLarge: there are more than ``options.max_bytes``.
    """
    raw = source.stream.read(options.max_bytes + 1)
    if len(raw) > options.max_bytes:
        raise too_large(source.where, options)
    return raw


def too_large(where: str, options: ReadOptions) -> TooLarge:
    """The error for a document over the limit."""
    limit = f"{options.max_bytes:,} bytes"
    return TooLarge(where, f"more than {limit}", "raise the limit with max_bytes or ONRECORD_MAX_BYTES")


def single(document: Callable[[Source, ReadOptions], Outcome]) -> Callable[[Source, ReadOptions], Iterator[Outcome]]:
    """A ``Reader.read`` from a function that makes one document of a source, or raises."""
    return several(lambda source, options: iter((document(source, options),)))


def several(
    documents: Callable[[Source, ReadOptions], Iterator[Outcome]],
) -> Callable[[Source, ReadOptions], Iterator[Outcome]]:
    """A ``Reader.read`` from a function that gives the documents of a source, or raises where it holds none."""

    def read(source: Source, options: ReadOptions) -> Iterator[Outcome]:
        try:
            yield from documents(source, options)
        except DocumentError as error:
            yield error
        except OSError as error:
            yield UnreadableDocument(source.where, f"cannot be read: {error.strerror or error}")

    return read
