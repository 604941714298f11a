"""``onrecord index``: the index of meanings ahead of a search; and what a search tells while it waits for one."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click

from onrecord.cli import problem
from onrecord.cli.ledger import ledger_option
from onrecord.cli.ledger.account import bar
from onrecord.cli.report import Report
from onrecord.exports.display import counted

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["Indexing", "command", "index_option"]

_STEP, _LINE = 0.2, 60.0
"""Seconds between two movements of the bar, and between two lines where there is no terminal."""

index_option = click.option(
    "--index", metavar="FOLDER",
    help="Where the index of meanings lies. [ONRECORD_INDEX, or beside the ledger's file, or the user's cache]",
)  # fmt: skip
"""Where the index of meanings is."""


class Indexing(Report):
    """Tells how far something is being brought up to date: a bar on a terminal, else a line now and then.

    ``what`` is what is counted.
    """

    def __init__(self, *, quiet: bool = False, what: str = "new wording") -> None:
        super().__init__(quiet=quiet, progress=False)
        self._what = what
        self._bar: Progress | None = None
        self._began = self._told = 0.0

    def __exit__(self, *exception: object) -> None:
        self._done()
        super().__exit__(*exception)

    def told(self, done: int, total: int) -> None:
        """Take note that so many of so many are done."""
        now = time.monotonic()
        self._began = self._began or now
        if self.quiet or (done < total and now - self._told < (_STEP if sys.stderr.isatty() else _LINE)):
            return
        self._told = now
        if not sys.stderr.isatty():
            problem(f"{done:,} of {counted(total, self._what)}")
            return
        if self._bar is None:
            self._bar = bar()
            self._bar.start()
            self._bar.add_task("", total=total, rate="")
        rate = f"{done:,} of {counted(total, self._what)}"
        self._bar.update(self._bar.task_ids[0], completed=done, rate=rate)
        if done == total:
            self._done()

    def _done(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


@click.command("index")
@index_option
@click.option("-q", "--quiet", is_flag=True, help="Nothing on standard error but what went wrong.")
@ledger_option
def command(index: str | None, quiet: bool, ledger: str | None) -> None:
    """Bring the index of meanings up to date, so that 'onrecord search --like' need not.

    What is new in the ledger is encoded, which takes a processor about a second for three hundred statements; what no
    statement says any more is taken out. It may be interrupted: it goes on where it stopped. The ledger itself is only
    read.

    \b
    Examples:
      onrecord index --ledger desk.db
      onrecord index --ledger postgresql://desk@db.example/press --index /srv/indexes
    """
    from onrecord.ledger import Ledger

    with Ledger.open(ledger, read_only=True, index=index) as opened, Indexing(quiet=quiet) as indexing:
        made = opened.index(indexing.told)
    if not quiet:
        came = f"{made.added:,} new, {made.taken_out:,} taken out"
        problem(f"{made.file}: {counted(made.vectors, 'wording')} ({came})")
