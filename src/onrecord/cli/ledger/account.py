"""What a run that writes to the ledger tells on standard error: skipped documents, progress, what became of all."""

from __future__ import annotations

import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Self

import click

from onrecord.cli import problem
from onrecord.cli.report import Report
from onrecord.errors import DocumentError
from onrecord.exports.display import counted
from onrecord.ledger import Added, Status
from onrecord.pipeline import Meter

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["Account", "bar", "workers_option"]

workers_option = click.option(
    "--workers", type=click.IntRange(1), metavar="N",
    help="How many processes look for statements. [as many as there are processors]",
)  # fmt: skip

_STEP = 0.2
"""Seconds between two movements of the progress bar."""


class Account(Report):
    """Counts what becomes of documents; a context in which a bar shows how far the run is, on a terminal."""

    def __init__(self, meter: Meter | None, *, quiet: bool) -> None:
        super().__init__(quiet=quiet, progress=False)
        self._meter = meter
        self._became: Counter[Status] = Counter()
        self._left_waiting = 0
        self._shown = 0.0
        self._bar: Progress | None = None

    def __enter__(self) -> Self:
        super().__enter__()
        if not self.quiet and sys.stderr.isatty():
            self._bar = bar()
            self._bar.start()
            self._bar.add_task("", total=self._meter.total if self._meter else None, rate="")
        self._began = time.monotonic()
        return self

    def __exit__(self, *exception: object) -> None:
        if self._bar is not None:
            self._bar.stop()
        super().__exit__(*exception)

    def take(self, outcome: Added | DocumentError) -> None:
        """Count what became of a document, and tell if it was skipped."""
        if isinstance(outcome, DocumentError):
            self.skip(outcome)
        else:
            self._became[outcome.status] += 1
            self.documents += 1
            self.statements += outcome.statements
            self._left_waiting += outcome.waiting
        if self._bar is not None and time.monotonic() - self._shown >= _STEP:
            self._shown = time.monotonic()
            done = self.documents + self.skipped.total()
            rate = f"{done:,} documents, {done / max(self._shown - self._began, 0.001):.1f}/s"
            self._bar.update(self._bar.task_ids[0], completed=self._meter.done if self._meter else done, rate=rate)

    def close(self) -> None:
        """Tell what became of all."""
        if self.quiet:
            return
        parts = [f"{self._became[status]:,} {status}" for status in Status if self._became[status]]
        line = ", ".join(parts) or "nothing recorded"
        if self.statements:
            line += f" ({counted(self.statements, 'new statement')})"
        problem(line + (f"; {self.reasons}" if self.skipped else ""))
        if self._left_waiting:
            what = counted(self._left_waiting, "correction")
            problem(f"{what} no longer find their statement: see onrecord corrections --waiting")


def bar() -> Progress:
    """A bar for standard error that is gone in the end; its task says its ``rate``."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (BarColumn(), TextColumn("{task.fields[rate]}"), TimeElapsedColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False)
