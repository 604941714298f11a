"""An index of vectors in one file: made by usearch, mapped into memory for searching, replaced whole.

A file is what usearch writes (a graph by Malkov and Yashunin 2016, "HNSW", and its vectors in eight bits a number), and
after it 512 bytes that say which encoder made the vectors, of which state of a ledger they are, and a checksum of all
before. Keys are numbers below 2**63.
"""

from __future__ import annotations

import glob
import json
import logging
import os
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime  # noqa: F401  usearch brings parts of a C++ library of its own: it has to come second, or this crashes
from numpy.typing import NDArray
from usearch.index import Index as Graph

from onrecord.meaning.encoder import SIZE

__all__ = ["BRINGING", "WRITING", "Damaged", "Draft", "Index", "Keys", "alone"]

_MAGIC = b"onrecord meaning 1\n"
_ABOUT = 512
_CONNECTIVITY, _WIDTH_OF_ADDING, _WIDTH_OF_SEARCHING = 16, 128, 128
"""usearch's own values for the first two; with a wider search nothing more was found (bench/meaning.py)."""
_FILLER = 1 << 63
"""Keys from here on are of vectors that mean nothing: they stand where a vector was taken out."""
_MOST_FILLERS = 0.2
"""With more of them the graph is made anew."""
_STEP = 1 << 20

BRINGING, WRITING = "bringing", "writing"
"""What a process does with an index while others wait: bringing it up to date, which may take long, and writing it."""

_log = logging.getLogger("onrecord")

Keys = NDArray[np.uint64]
Vectors = NDArray[np.float32]


class Damaged(Exception):
    """A file is no index, or not one that can be used; the message says why."""


@dataclass(frozen=True, slots=True)
class _About:
    """What stands behind the vectors: whose they are, and the checksum of ``size`` bytes."""

    encoder: str
    state: str
    size: int
    crc32: int


class Index:
    """An index as it lies in a file.

    ``encoder`` and ``state`` are what it was written with: the version of the encoder and of what was indexed.

    Raises:
        Damaged: the file is not what an index is, or another encoder made it.
        OSError: it cannot be read.
    """

    def __init__(self, file: Path, encoder: str) -> None:
        self.file = file
        about = _about(file)
        if about.encoder != encoder:
            raise Damaged("was made with another encoder")
        self.encoder, self.state = about.encoder, about.state
        self._graph = _graph()
        try:
            self._graph.view(str(file))
        except (RuntimeError, ValueError) as error:
            raise Damaged(str(error)) from None
        keys = _keys(self._graph)
        self._fillers = int((keys >= _FILLER).sum())

    def __len__(self) -> int:
        return len(self._graph) - self._fillers

    def close(self) -> None:
        """Let go of the file."""
        self._graph.reset()  # type: ignore[no-untyped-call]

    def keys(self) -> Keys:
        """All keys, in order."""
        return _live(self._graph)

    def nearest(self, vector: Vectors, count: int) -> tuple[Keys, NDArray[np.float64]]:
        """The keys of about the ``count`` nearest vectors, and how alike they are (cosine), the best first."""
        if not len(self):
            return np.zeros(0, np.uint64), np.zeros(0)
        asked = min(count + self._fillers, len(self._graph)) if count >= len(self) // 2 else count
        found = self._graph.search(_rounded(vector), asked, threads=1)
        return self.likeness(vector, found.keys[found.keys < _FILLER])

    def likeness(self, vector: Vectors, keys: Keys) -> tuple[Keys, NDArray[np.float64]]:
        """How alike the vectors of these keys are, the best first; keys that are not there are left out."""
        found = _vectors(self._graph, keys)
        there = [number for number, one in enumerate(found) if one is not None]
        if not there:
            return np.zeros(0, np.uint64), np.zeros(0)
        kept = keys[there]
        rows = np.stack([found[number] for number in there]).astype(np.float32)
        asked = _rounded(vector).astype(np.float32)
        # sums of products of such small whole numbers are exact, in whatever order they are summed
        products = (rows @ asked).astype(np.float64)
        lengths = np.einsum("ij,ij->i", rows, rows).astype(np.float64) * float(asked @ asked)
        alike = products / np.sqrt(np.maximum(lengths, 1))
        order = np.lexsort((kept, -alike))
        return kept[order], alike[order]


class Draft:
    """A copy of an index in memory that can be changed and written; without one, an empty index."""

    def __init__(self, encoder: str, index: Index | None = None) -> None:
        self._encoder = encoder
        self._graph = _graph()
        if index is not None:
            self._graph.load(str(index.file))
        self._places = len(self._graph)
        self._emptied()

    def keys(self) -> Keys:
        """All keys, in order."""
        return _live(self._graph)

    def add(self, keys: Keys, vectors: Vectors) -> None:
        """Take in vectors ``(keys, SIZE)`` whose keys are not there."""
        if len(keys):
            self._graph.add(keys, _rounded(vectors), threads=1)  # one thread: so that the graph is the same every time

    def take_out(self, keys: Keys) -> None:
        """Take out vectors. When the index is written, nothing of them is left."""
        if len(keys):
            self._graph.remove(keys)

    def write(self, file: Path, state: str) -> None:
        """Write the index, whole or not at all.

        Raises:
            OSError: it cannot be written.
        """
        self._fill()
        part = file.with_name(f".{file.name}.{os.getpid()}.part")
        try:
            self._save(part)
            about = _About(self._encoder, state, part.stat().st_size, _checksum(part, part.stat().st_size))
            with part.open("ab") as out:
                out.write((_MAGIC + json.dumps(asdict(about)).encode()).ljust(_ABOUT))
                out.flush()
                os.fsync(out.fileno())
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
        self._emptied()

    def _save(self, part: Path) -> None:
        try:
            self._graph.save(str(part))
        except RuntimeError as error:
            raise OSError(None, str(error), str(part)) from None
        with part.open("rb") as written:
            places = int.from_bytes(written.read(4), "little")
        if places != len(self._graph):  # usearch left a vector behind that was taken out
            self._renew()
            self._graph.save(str(part))

    def _emptied(self) -> None:
        """Free the places that mean nothing, for the next vectors."""
        self._places = max(self._places, len(self._graph))
        keys = _keys(self._graph)
        self.take_out(keys[keys >= _FILLER])

    def _fill(self) -> None:
        """Write something over each vector that was taken out: usearch itself only marks it."""
        self._places = max(self._places, len(self._graph))
        free = self._places - len(self._graph)
        if free > _MOST_FILLERS * self._places:
            self._renew()
            return
        keys = np.arange(_FILLER, _FILLER + free, dtype=np.uint64)
        noise = np.random.default_rng(free).standard_normal((free, SIZE)).astype(np.float32)
        self.add(keys, noise)

    def _renew(self) -> None:
        """Make the graph anew of the vectors that are left."""
        keys = _live(self._graph)
        renewed = _graph()
        for start in range(0, len(keys), 10_000):
            some = keys[start : start + 10_000]
            renewed.add(some, np.stack(_vectors(self._graph, some)), threads=1)
        self._graph = renewed
        self._places = len(renewed)


@contextmanager
def alone(file: Path, what: str) -> Iterator[None]:
    """Wait until no other process is at ``what`` (``BRINGING`` or ``WRITING``) with this index; keep others waiting.

    Raises:
        OSError: the folder cannot be written.
    """
    with file.with_name(f".{file.name}.{what}").open("ab") as lock:
        if not _locked(lock.fileno(), wait=False):
            _log.warning("%s: another process is changing it: waiting", file)
            _locked(lock.fileno(), wait=True)
        if what == WRITING:
            for left in file.parent.glob(f".{glob.escape(file.name)}.*.part"):  # of a process that was killed
                left.unlink(missing_ok=True)
        yield  # closing the file lets go


def _about(file: Path) -> _About:
    """What a file says of itself, with everything before it checked.

    Raises:
        Damaged: it is no index, or damaged.
    """
    size = file.stat().st_size - _ABOUT
    if size < 0:
        raise Damaged("is no index of meanings")
    with file.open("rb") as there:
        there.seek(size)
        words = there.read(_ABOUT)
    if not words.startswith(_MAGIC):
        raise Damaged("is no index of meanings, or only the beginning of one")
    try:
        values: dict[str, Any] = json.loads(words[len(_MAGIC) :])
        about = _About(**values)
    except (ValueError, TypeError):
        raise Damaged("does not say what it is of") from None
    if about.size != size or about.crc32 != _checksum(file, size):
        raise Damaged("is damaged (its checksum differs)")
    return about


def _checksum(file: Path, size: int) -> int:
    found, left = 0, size
    with file.open("rb") as there:
        while left and (some := there.read(min(_STEP, left))):
            found = zlib.crc32(some, found)
            left -= len(some)
    return found


def _graph() -> Graph:
    return Graph(
        ndim=SIZE, metric="cos", dtype="i8", connectivity=_CONNECTIVITY, expansion_add=_WIDTH_OF_ADDING,
        expansion_search=_WIDTH_OF_SEARCHING,
    )  # fmt: skip


def _keys(graph: Graph) -> Keys:
    return np.asarray(graph.keys[:], dtype=np.uint64)


def _live(graph: Graph) -> Keys:
    keys = _keys(graph)
    return np.sort(keys[keys < _FILLER])


def _vectors(graph: Graph, keys: Keys) -> Sequence[Any]:
    """The vectors of keys, each ``(SIZE,)`` in eight bits; None for one that is not there."""
    found: Any = graph.get(keys) if len(keys) else ()
    return tuple(found)


def _rounded(vectors: Vectors) -> NDArray[np.int8]:
    """Vectors in eight bits, the largest number of each as ±127: only their directions count."""
    largest = np.abs(vectors).max(axis=-1, keepdims=True)
    rounded: NDArray[np.float32] = np.round(vectors * (127 / np.maximum(largest, 1e-9)))
    return rounded.astype(np.int8)


if sys.platform == "win32":
    import msvcrt
    import time

    def _locked(number: int, *, wait: bool) -> bool:
        while True:
            try:
                msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
            except OSError:
                if not wait:
                    return False
                time.sleep(0.2)
            else:
                return True

else:
    import fcntl

    def _locked(number: int, *, wait: bool) -> bool:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True
