"""Commands that ask about the rows of a file: bad lines are named and skipped."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from onrecord.cli import SKIPPED, problem

if TYPE_CHECKING:
    from onrecord.errors import DocumentError
    from onrecord.readers.rows import Row

__all__ = ["each_row"]


def each_row(file: Path, names: tuple[str, ...], work: Callable[[Iterator[Row]], object]) -> int:
    """Give ``work`` the rows of a file ("-": standard input) that have an id and texts under these names; the exit
    code."""
    from onrecord.readers.rows import read_rows

    skipped: list[DocumentError] = []
    where = "stdin" if str(file) == "-" else str(file)
    with sys.stdin.buffer if where == "stdin" else file.open("rb") as stream:
        work(read_rows(stream, where, names, skipped.append))
    for error in skipped:
        problem(str(error))
    return SKIPPED if skipped else 0
