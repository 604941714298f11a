"""Worker processes that find statements, while the process that started them reads and writes.

Results come in the order in which documents were given. A worker that dies (killed for memory, a fault in a library)
takes nothing with it: the documents that were being read are read again, one at a time; one that kills its worker
again is an error in its place. Workers end when the process that started them does, however it ends.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from types import TracebackType
from typing import Self

from onrecord.errors import DocumentError, OnrecordError, UnreadableDocument
from onrecord.model import Document

__all__ = ["Workers", "usual_number"]

_Queue = deque[tuple[object, Future[Document | DocumentError] | None]]
_AHEAD = 4
"""So many documents a worker are given out before the first result is waited for."""
_ENOUGH = 5.0
"""So many seconds are waited, at most, for what looks after workers that were stopped in the middle."""


def usual_number() -> int:
    """As many workers as this process may use processors."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


class Workers:
    """``number`` processes that find statements; with 1 this process does it itself. A context manager.

    ``work`` is what is done with each document, a function that another process can import.
    """

    def __init__(
        self, number: int | None = None, work: Callable[[Document], Document | DocumentError] | None = None
    ) -> None:
        self.number = usual_number() if number is None else number
        self._work = work or _extracted
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._stop(now=kind is not None)

    def extracted(self, items: Iterable[object]) -> Iterator[object]:
        """Documents with their statements, errors in the place of those that fail; what is no document as it is.

        Holds no more than a few documents a worker at a time.

        Raises:
            OnrecordError: the run cannot go on, for instance because the weights are damaged.
        """
        if self.number <= 1:
            for item in items:
                yield self._work(item) if isinstance(item, Document) else item
            return
        waiting: _Queue = deque()
        under_way = 0
        for item in items:
            future = self._given(item) if isinstance(item, Document) else None
            waiting.append((item, future))
            under_way += future is not None
            # what is no document waits for nothing; documents keep every worker busy
            while waiting and (waiting[0][1] is None or waiting[0][1].done() or under_way >= _AHEAD * self.number):
                under_way -= waiting[0][1] is not None
                yield self._result(waiting)
        while waiting:
            yield self._result(waiting)

    def _given(self, document: Document) -> Future[Document | DocumentError]:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self.number, mp_context=multiprocessing.get_context("spawn"), initializer=_begin
            )
        try:
            return self._pool.submit(self._work, document)
        except BrokenProcessPool as error:  # found out about when its result is asked for
            future: Future[Document | DocumentError] = Future()
            future.set_exception(error)
            return future

    def _result(self, waiting: _Queue) -> object:
        """The first result of those that wait."""
        item, future = waiting.popleft()
        if future is None or not isinstance(item, Document):
            return item
        try:
            return future.result()
        except BrokenProcessPool:
            return self._again(item, waiting)

    def _again(self, document: Document, waiting: _Queue) -> Document | DocumentError:
        """A worker died while this document or one beside it was read: read it alone, then go on with the others."""
        self._stop(now=True)
        result: Document | DocumentError
        try:
            result = self._given(document).result()
        except BrokenProcessPool:
            self._stop(now=True)
            what, hint = "the worker that read it was killed", "is there enough memory? Fewer --workers need less"
            result = UnreadableDocument(_where(document), what, hint)
        for place, (item, future) in enumerate(waiting):
            if isinstance(item, Document) and future is not None and not _is_fine(future):
                waiting[place] = (item, self._given(item))
        return result

    def _stop(self, *, now: bool) -> None:
        """End the workers; ``now``: in the middle of what they do."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        processes = list((getattr(pool, "_processes", None) or {}).values())
        thread: threading.Thread | None = getattr(pool, "_executor_manager_thread", None)
        pool.shutdown(wait=not now, cancel_futures=True)
        if now:
            for process in processes:
                with suppress(OSError, ValueError):
                    process.terminate()
            if thread is not None:  # else the interpreter may write to its pipe, at the end, while it closes it
                thread.join(_ENOUGH)


def _is_fine(future: Future[Document | DocumentError]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def _where(document: Document) -> str:
    return document.provenance.origin if document.provenance else str(document.id)


def _extracted(document: Document) -> Document | DocumentError:
    """The document with its statements, or why that failed: a fault of ours in one document spares the others."""
    from onrecord.pipeline import with_statements

    try:
        return with_statements(document)
    except DocumentError as error:
        return error
    except OnrecordError:
        raise
    except Exception as error:
        what = f"a fault of onrecord: {type(error).__name__}: {error}"
        return UnreadableDocument(_where(document), what, "please report it, with the article if you may")


def _begin() -> None:
    """How a worker begins: one thread for its network, deaf to Ctrl-C, and gone when its parent is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["ONRECORD_THREADS"] = "1"
    parent = multiprocessing.parent_process()
    if parent is not None:

        def watch() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=watch, daemon=True).start()
