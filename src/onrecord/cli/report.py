"""What a run says about itself on standard error: skipped documents, warnings, progress, counts."""

from __future__ import annotations

import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from onrecord.cli import DONE, SKIPPED, problem
from onrecord.errors import DocumentError
from onrecord.model import Document

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["Report"]

_REASONS = {
    "EmptyDocument": "empty",
    "FetchError": "not fetched",
    "TooLarge": "too large",
    "UnreadableDocument": "unreadable",
    "WrongLanguage": "wrong language",
}
_STEP = 0.1
"""Seconds between two movements of the progress line."""


class Report:
    """Lets the documents of a run through and tells about the rest.

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

    @property
    def exit_code(self) -> int:
        """3 where a document was skipped, else 0."""
        return SKIPPED if self.skipped else DONE

    def passing(self, results: Iterable[Document | DocumentError]) -> Iterator[Document]:
        """The documents among ``results``, one at a time; errors are told and counted."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore" if self.quiet else "always")
            warnings.showwarning = _warn
            try:
                for result in results:
                    if isinstance(result, DocumentError):
                        self._skip(result)
                    else:
                        self.documents += 1
                        self.statements += len(result.statements)
                        yield result
                    self._move()
            finally:
                if self._progress:
                    self._progress.stop()

    def close(self) -> None:
        """Tell the counts, where there is more to tell than that one document was read."""
        if self.quiet or (self.documents == 1 and not self.skipped):
            return
        line = f"{_count(self.documents, 'document')}, {_count(self.statements, 'statement')}"
        if self.skipped:
            reasons = ", ".join(f"{count} {reason}" for reason, count in self.skipped.most_common())
            line += f"; {self.skipped.total()} skipped: {reasons}"
        problem(line)

    def _skip(self, error: DocumentError) -> None:
        self.skipped[_REASONS.get(type(error).__name__, "failed")] += 1
        problem(str(error))

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


def _progress() -> Progress:
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False)


def _warn(message: Warning | str, *_rest: Any, **_more: Any) -> None:
    problem(f"warning: {message}")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
