"""Statements by what they mean: bringing a ledger's index of vectors up to date, and looking through it."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from errno import EACCES, EPERM, EROFS
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from onrecord.errors import LedgerError, UsageError
from onrecord.ledger import tables
from onrecord.ledger.database import Database
from onrecord.ledger.meanings import Indexed, Progress, told
from onrecord.ledger.places import NUMBERS
from onrecord.ledger.present import mark
from onrecord.ledger.query import Query, among, places
from onrecord.meaning.encoder import Encoder, shipped
from onrecord.meaning.index import BRINGING, WRITING, Damaged, Draft, Index, Keys, alone

__all__ = ["Likeness", "alike", "purging"]

_PAGE = 1000
"""So many texts are encoded at once."""
_KEEP_EVERY = 300.0
"""Seconds after which what was encoded so far is written, so that whoever is interrupted goes on from there."""
_FEW, _MANY = 10_000, 40_000
"""Up to so many statements are compared one by one; of up to so many it is looked up which they are."""
_FIRST, _MORE, _MOST = 200, 4, 20_000
"""So many neighbours are looked at first, so many times more where too few of them are asked for, so many at most."""
_LATER = 3_200
"""So many neighbours before it is looked up which statements are asked for, where that takes long."""
_AT_ONCE = 200
"""Keys whose statements are looked for at once, in the order of their likeness."""

_STILL_THERE = "the vectors of what was to be removed are still in the index: delete it, and remove the document again"
_UNFINISHED = "unfinished"
"""The state of an index that is not of one state of the ledger."""

_Numbers = NDArray[np.int64]

_log = logging.getLogger("onrecord")


class Likeness:
    """The index of a ledger's meanings in a file, opened when it is first needed and again when it was replaced."""

    def __init__(self, database: Database, file: Path, encoder: Encoder | None = None) -> None:
        self._database, self._file = database, file
        self._encoder = encoder or shipped()
        self._opened: Index | None = None
        self._stamp: tuple[int, ...] = ()

    def vector(self, words: str) -> NDArray[np.float32]:
        """The vector of what somebody looks for.

        Raises:
            UsageError: there is nothing to look for.
        """
        if not any(c.isalnum() for c in words):
            raise UsageError(f"--like {words!r}: there is no word to look for")
        vector: NDArray[np.float32] = self._encoder.vectors([told(words)])[0]
        return vector

    def index(self, progress: Progress | None = None) -> Index:
        """The index, up to date.

        Raises:
            LedgerError: it cannot be read or written.
            UsageError: its folder cannot be written.
        """
        if (current := self._current()) is None:
            self.bring(progress)
            current = self._open()
        if current is None:
            raise LedgerError(f"{self._file}: another process has deleted it: try again")
        return current

    def bring(self, progress: Progress | None = None) -> Indexed:
        """Bring the index up to date: what is new comes in, what no statement has any more goes out.

        Two processes do this one after the other. Raises as ``index``.
        """
        if (current := self._current()) is not None:
            return Indexed(self._file, len(current), 0, 0)
        with _told(self._file):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with alone(self._file, BRINGING):
                if (current := self._current(tell=True)) is not None:  # another process was faster
                    return Indexed(self._file, len(current), 0, 0)
                return self._bring(progress)

    def _bring(self, progress: Progress | None) -> Indexed:
        draft = Draft(self._encoder.version, self._opened)
        have = self._opened.keys() if self._opened else np.zeros(0, np.uint64)
        with self._database.reading() as connection:
            state, wanted = mark(connection), _keys(connection)
        new, gone = np.setdiff1d(wanted, have), np.setdiff1d(have, wanted)
        draft.take_out(gone)
        kept = time.monotonic()
        pages = [new[start : start + _PAGE] for start in range(0, len(new), _PAGE)]
        try:
            with ThreadPoolExecutor(1) as beside:  # encodes a page while the one before it is taken in
                ahead = [beside.submit(self._encoded, page) for page in pages[:1]]
                for number in range(1, len(pages) + 1):
                    keys, vectors = ahead.pop().result()
                    ahead = [beside.submit(self._encoded, page) for page in pages[number : number + 1]]
                    draft.add(keys, vectors)
                    if progress is not None:
                        progress(min(number * _PAGE, len(new)), len(new))
                    if time.monotonic() - kept > _KEEP_EVERY:
                        self._write(draft, _UNFINISHED)
                        kept = time.monotonic()
        except KeyboardInterrupt:
            self._write(draft, _UNFINISHED)
            raise
        return Indexed(self._file, self._write(draft, state or ""), len(new), len(gone))

    def _write(self, draft: Draft, state: str) -> int:
        """Write the index, without what was removed in the meantime; how many vectors it has."""
        with alone(self._file, WRITING):
            with self._database.reading() as connection:
                if (mark(connection) or "") != state:
                    state = _UNFINISHED
                    draft.take_out(np.setdiff1d(draft.keys(), _keys(connection)))
            draft.write(self._file, state)
        return len(draft.keys())

    def _encoded(self, keys: Keys) -> tuple[Keys, NDArray[np.float32]]:
        """Keys and the vectors of the words that are theirs; without those that no statement has any more."""
        table = tables.present
        wanted = select(table.c.meaning, func.min(table.c.content)).where(table.c.meaning.in_(keys.tolist()))
        with self._database.reading() as connection:
            rows = connection.execute(wanted.group_by(table.c.meaning).order_by(table.c.meaning)).all()
        return np.array([row[0] for row in rows], np.uint64), self._encoder.vectors([told(row[1]) for row in rows])

    def _current(self, *, tell: bool = False) -> Index | None:
        """The index, if it is up to date."""
        with self._database.reading() as connection:
            state = mark(connection)
        opened = self._open(tell=tell)
        return opened if opened is not None and opened.state == (state or "") else None

    def _open(self, *, tell: bool = False) -> Index | None:
        """The index as it lies there; None where there is none that can be used. ``tell`` warns of what is damaged."""
        try:
            with _told(self._file):
                there = self._file.stat()
                stamp = (there.st_dev, there.st_ino, there.st_size, there.st_mtime_ns)
                if self._opened is None or stamp != self._stamp:
                    self._opened = None
                    self._opened, self._stamp = Index(self._file, self._encoder.version), stamp
        except FileNotFoundError:
            self._opened = None
        except Damaged as error:
            if tell:
                _log.warning("%s: %s: it is made anew", self._file, error)
        return self._opened


@contextmanager
def purging(file: Path) -> Iterator[Callable[[Connection, str | None], None]]:
    """For the whole of a transaction that takes a document out: what takes its vectors out of an index, at its end.

    That is given the connection and the mark of the ledger's state before: an index of that state is then of the new
    one. An index that cannot be used is deleted.

    Raises:
        LedgerError: it cannot be rewritten.
        UsageError: it may not be rewritten.
    """

    def purge(connection: Connection, before: str | None) -> None:
        if not file.exists():
            return
        with _told(file, _STILL_THERE):
            try:
                index = Index(file, shipped().version)
            except Damaged:
                file.unlink()
                return
            draft = Draft(shipped().version, index)
            draft.take_out(np.setdiff1d(index.keys(), _keys(connection)))
            draft.write(file, (mark(connection) or "") if index.state == (before or "") else _UNFINISHED)

    with ExitStack() as held:
        with _told(file, _STILL_THERE):
            held.enter_context(alone(file, WRITING))  # until the transaction ends: nobody writes what it takes out
        yield purge


def alike(
    connection: Connection, query: Query, limit: int, vector: NDArray[np.float32], index: Index
) -> list[tuple[int, float]]:
    """The numbers of the ``limit`` present statements most like a vector that a query lets through, the best first.

    With each, how alike it is: the cosine of the two vectors. Those that are equally like come the latest recorded
    first.
    """
    width, numbers = max(_FIRST, 2 * limit), None
    turn: int | None = _turn(query, width)
    while True:
        if turn is not None and width > turn:
            turn, numbers = None, _numbers(connection, query, _MANY)
            if numbers is not None and len(numbers) <= _FEW:
                return _one_by_one(connection, numbers, limit, vector, index)
        passing = _passing(connection, query, numbers, limit, *index.nearest(vector, width))
        if len(passing) >= limit or width >= len(index):
            return passing
        width *= _MORE
        if width > _MOST:
            numbers = _numbers(connection, query)
            assert numbers is not None
            return _one_by_one(connection, numbers, limit, vector, index)


def _turn(query: Query, width: int) -> int:
    """After how many neighbours without success it is looked which statements a query lets through."""
    if query.words or query.speaker or query.outlet:
        return 0  # the index of words tells that at once
    if query.min_score > 0 or query.said_since or query.said_until:
        return _LATER  # only the rows tell
    return width


def _numbers(connection: Connection, query: Query, most: int | None = None) -> _Numbers | None:
    """The numbers of all statements that a query lets through, in order; None where they are more than ``most``."""
    wanted, _, _ = places(query, connection.dialect.name)
    if most is not None:
        wanted = wanted.limit(most + 1)
    there = np.fromiter(connection.execute(wanted).scalars(), np.int64)
    return None if most is not None and len(there) > most else np.sort(there % NUMBERS)


def _one_by_one(
    connection: Connection, numbers: _Numbers, limit: int, vector: NDArray[np.float32], index: Index
) -> list[tuple[int, float]]:
    """The ``limit`` most like a vector of the statements with these numbers, by comparing each."""
    table, found = tables.present, set[int]()
    for start in range(0, len(numbers), _PAGE):
        some = table.c.number.in_(numbers[start : start + _PAGE].tolist())
        found.update(connection.execute(select(table.c.meaning).where(some)).scalars())
    keys = np.array(sorted(found), np.uint64)
    best: tuple[Keys, NDArray[np.float64]] = (np.zeros(0, np.uint64), np.zeros(0))
    for start in range(0, len(keys), _FEW):
        near = index.likeness(vector, np.concatenate([best[0], keys[start : start + _FEW]]))
        best = near[0][:limit], near[1][:limit]
    return _passing(connection, Query(), numbers, limit, *best)


def _passing(
    connection: Connection,
    query: Query,
    numbers: _Numbers | None,
    limit: int,
    keys: Keys,
    likeness: NDArray[np.float64],
) -> list[tuple[int, float]]:
    """The first ``limit`` statements with these keys, in their order, that the query lets through.

    These are those with ``numbers``, where they are known.
    """
    table = tables.present
    wanted = select(table.c.number, table.c.meaning)
    if numbers is None:
        wanted = among(query, connection.dialect.name, table.c.number, table.c.meaning)
    found: list[tuple[int, float]] = []
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE].tolist()
        rows = np.array(connection.execute(wanted.where(table.c.meaning.in_(some))).all(), np.int64).reshape(-1, 2)
        if numbers is not None:
            at = np.searchsorted(numbers, rows[:, 0])
            rows = rows[numbers[np.minimum(at, len(numbers) - 1)] == rows[:, 0]] if len(numbers) else rows[:0]
        of_key: dict[int, list[int]] = defaultdict(list)
        for number, key in sorted(rows.tolist(), reverse=True):
            of_key[key].append(number)
        for key, value in zip(some, likeness[start : start + _AT_ONCE].tolist(), strict=True):
            found += [(number, value) for number in of_key.get(key, ())]
        if len(found) >= limit:
            break
    return found[:limit]


def _keys(connection: Connection) -> Keys:
    """The keys of all present statements, in order."""
    found = connection.execute(select(tables.present.c.meaning).distinct()).scalars()
    return np.sort(np.fromiter(found, np.uint64))


@contextmanager
def _told(file: Path, do: str = "") -> Iterator[None]:
    """What goes wrong with a file as an error that says what to do."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        what = f"{error.filename or file}: {error.strerror or error}"
        if error.errno in (EACCES, EPERM, EROFS):
            raise UsageError(
                f"{what}: {do or 'say where the index may lie: --index FOLDER or ONRECORD_INDEX'}"
            ) from None
        raise LedgerError(f"{what}: {do}" if do else what) from None
