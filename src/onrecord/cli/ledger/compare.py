"""``onrecord compare``: two statements side by side, or pairs of claims from a file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from onrecord.cli.ledger import ledger_options
from onrecord.cli.ledger.filters import file_option

if TYPE_CHECKING:
    from onrecord.readers.rows import Row
    from onrecord.relate.claims import Pair

__all__ = ["command"]

_AT_ONCE = 256
"""So many pairs are compared together."""


@click.command("compare")
@click.argument("one", required=False)
@click.argument("other", required=False)
@click.option(
    "--pairs", type=click.Path(path_type=Path, allow_dash=True), metavar="PAIRS.jsonl",
    help='Compare claims of this file: {"id", "a", "b"} a line; "-" is standard input.',
)  # fmt: skip
@click.option(
    "-f", "--format", "format_", type=click.Choice(["text", "json", "jsonl", "html"]), default="text",
    show_default=True,
    help="text: for the terminal. json: one object. html: a page. jsonl: with --pairs, one pair a line.",
)  # fmt: skip
@file_option
@ledger_options
def command(
    one: str | None,
    other: str | None,
    pairs: Path | None,
    format_: str,
    output: str | None,
    ledger: str | None,
    collection: str | None,
) -> int:
    """Show two statements side by side, by the first digits of their ids: what differs word by word, and what a program
    takes one claim to be to the other.

    With --pairs, no ledger is needed: of each two claims a and b of a file it is estimated, from 0 to 1, whether b
    strengthens or weakens a, and whether it restates, disputes or answers it. These are estimates, not verdicts: a
    person reads both. A bad line is named and skipped.

    Exit codes: 0 done, 1 failed, 2 wrong use, 3 some lines were skipped.

    \b
    Examples:
      onrecord compare 83684888 1c0ffee2
      onrecord compare 83684888 1c0ffee2 --format json
      onrecord compare --pairs pairs.jsonl --format jsonl
    """
    if pairs is not None:
        if one is not None:
            raise click.UsageError("--pairs compares the claims of a file: leave the ids out")
        if format_ not in ("text", "jsonl"):
            raise click.UsageError(f"--pairs is written as text or jsonl, not as {format_}")
        return _pairs(pairs, format_, output)
    if one is None or other is None:
        raise click.UsageError("give the ids of two statements, or a file with --pairs")
    if format_ == "jsonl":
        raise click.UsageError("jsonl is for --pairs: two statements are text, json or html")
    _statements(one, other, format_, output, ledger, collection)
    return 0


def _statements(
    one: str, other: str, format_: str, output: str | None, ledger: str | None, collection: str | None
) -> None:
    from onrecord.cli.output import destination
    from onrecord.exports.links import write_compared
    from onrecord.ledger import Ledger
    from onrecord.relate.relations import Relations

    with Ledger.open(ledger, read_only=True, collection=collection) as opened:
        found = Relations(opened).compare(one, other)
    with destination(output, format_) as out:
        if format_ == "html":
            from onrecord.exports.html.sheets import compared_sheet, write_sheet

            write_sheet(compared_sheet(found), out)
        else:
            write_compared(found, format_, out)


def _pairs(file: Path, format_: str, output: str | None) -> int:
    from onrecord.cli.output import destination
    from onrecord.cli.rows import each_row
    from onrecord.exports.pairs import write_pairs

    def write(rows: Iterator[Row]) -> None:
        with destination(output, format_) as out:
            write_pairs(_compared(rows), format_, out)

    return each_row(file, ("a", "b"), write)


def _compared(rows: Iterator[Row]) -> Iterator[Pair]:
    from onrecord.relate.claims import Pair, compared

    while some := list(islice(rows, _AT_ONCE)):
        found = compared([(a, b) for _, (a, b) in some])
        for (id, (a, b)), what in zip(some, found, strict=True):
            yield Pair(id, a, b, what)
