"""What a run says about itself on standard error: skipped documents, warnings, progress, counts."""

from __future__ import annotations

import logging
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Self

from onrecord.cli import DONE, SKIPPED, problem
from onrecord.errors import DocumentError
from onrecord.exports.display import counted
from onrecord.model import Document

if TYPE_CHECKING:
    from rich.progress import Progress

    from onrecord.ledger import Entry

__all__ = ["Report"]

_REASONS = {
    "EmptyDocument": "empty",
    "FetchError": "not fetched",
    "TooLarge": "too large",
    "UnreadableDocument": "unreadable",
    "Withheld": "withheld",
    "Removed": "removed",
    "WrongLanguage": "wrong language",
}
_STEP = 0.1
"""Seconds between two movements of the progress line."""


class Report:
    """Lets the documents of a run through and tells about the rest; a context in which warnings are lines.

    ``quiet`` leaves only the lines on documents that were skipped. ``progress`` shows a line that moves,
    from the second document on, where standard error is a terminal.
    """

    def __init__(self, *, quiet: bool = False, progress: bool = True) -> None:
        self.quiet = quiet
        self.documents = 0
        self.statements = 0
        self.skipped: Counter[str] = Counter()
        self._wants_progress = progress and not quiet and sys.stderr.isatty()
        self._progress: Progress | None = None
        self._moved = 0.0
        self._handler = _Lines(logging.ERROR if quiet else logging.WARNING)

    def __enter__(self) -> Self:
        logger = logging.getLogger("onrecord")
        logger.addHandler(self._handler)
        logger.propagate = False
        # Those of other packages speak to programmers; ours go through the logger.
        warnings.simplefilter("ignore")
        return self

    def __exit__(self, *_exception: object) -> None:
        logger = logging.getLogger("onrecord")
        logger.removeHandler(self._handler)
        logger.propagate = True
        if self._progress:
            self._progress.stop()

    @property
    def exit_code(self) -> int:
        """3 where a document was skipped, else 0."""
        return SKIPPED if self.skipped else DONE

    def passing(self, results: Iterable[Document | DocumentError]) -> Iterator[Document]:
        """The documents among ``results``, one at a time; errors are told and counted."""
        for result in results:
            if isinstance(result, DocumentError):
                self.skip(result)
            else:
                self.documents += 1
                self.statements += len(result.statements)
                yield result
            self._move()

    def counting(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """A ledger's documents, one at a time; they are counted."""
        for entry in entries:
            yield entry
            self.seen(len(entry.document.statements))

    def seen(self, statements: int) -> None:
        """Count a document with so many statements."""
        self.documents += 1
        self.statements += statements
        self._move()

    def skip(self, error: DocumentError) -> None:
        """Tell that a document is skipped, and count it."""
        self.skipped[_REASONS.get(type(error).__name__, "failed")] += 1
        problem(str(error))

    @property
    def reasons(self) -> str:
        """How many documents were skipped, and why: "3 skipped: 2 empty, 1 too large"; nothing where none was."""
        if not self.skipped:
            return ""
        every = ", ".join(f"{count} {reason}" for reason, count in self.skipped.most_common())
        return f"{self.skipped.total()} skipped: {every}"

    def close(self) -> None:
        """Tell the counts, where there is more to tell than that one document was read."""
        if self.quiet or (self.documents == 1 and not self.skipped):
            return
        line = f"{counted(self.documents, 'document')}, {counted(self.statements, 'statement')}"
        problem(line + (f"; {self.reasons}" if self.skipped else ""))

    def _move(self) -> None:
        done = self.documents + self.skipped.total()
        if not self._wants_progress or done < 2 or time.monotonic() - self._moved < _STEP:
            return
        self._moved = time.monotonic()
        if self._progress is None:
            self._progress = _progress()
            self._progress.start()
            self._progress.add_task("", total=None)
        text = f"{done} documents, {self.statements} statements, {self.skipped.total()} skipped"
        self._progress.update(self._progress.task_ids[0], description=text)


class _Lines(logging.Handler):
    """Turns what onrecord logs into lines on standard error."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        problem(f"{record.levelname.lower()}: {record.getMessage()}")


def _progress() -> Progress:
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False)
