"""``onrecord factchecks``: reviews of claims by those who check facts, and which texts come near to them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from onrecord.cli import SKIPPED, problem
from onrecord.cli.ledger import by_and_why, ledger_option
from onrecord.cli.ledger.filters import file_option
from onrecord.exports.display import counted

if TYPE_CHECKING:
    from onrecord.exports.factchecks import Matched
    from onrecord.factchecks import FactChecks
    from onrecord.readers.rows import Row

__all__ = ["command"]

_AT_ONCE = 200
"""So many texts are matched together."""


@click.group("factchecks")
def command() -> None:
    """Reviews of claims by fact-checkers: import them, list them, find which of them texts come near to.

    A match is a suggestion: somebody else reviewed a similar claim, and this is what they call it. onrecord itself
    rates nothing.

    \b
    Examples:
      onrecord factchecks import reviews.csv page.html feed.json
      onrecord factchecks list --format csv -o reviews.csv
      onrecord factchecks match statements.jsonl --format jsonl
      onrecord factchecks remove 3f2a9c0d1e5b7788
    """


@command.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@ledger_option
def import_(files: tuple[Path, ...], ledger: str | None) -> int:
    """Take over fact-checks from FILES; what was imported before is replaced, and nothing is doubled.

    A file is a page or a feed with ClaimReview as JSON-LD (Google's Data Commons feed is one), JSON, JSON Lines, or CSV
    with the columns id,claim,title,url,publisher,rating,date, of which id and claim are needed; it may be compressed
    with gzip. A review without an id has one made of its address and its claim. An item that cannot be used is named
    and skipped.

    Exit codes: 0 done, 1 failed, 2 wrong use, 3 some items were skipped.
    """
    from onrecord.cli.ledger.index import Indexing
    from onrecord.errors import UnreadableDocument
    from onrecord.factchecks import FactChecks, Taken
    from onrecord.factchecks.reading import read, single
    from onrecord.ledger import Ledger

    skipped, taken = 0, Taken()
    with Ledger.open(ledger) as opened, Indexing(what="fact-check") as indexing:
        collection = FactChecks(opened)
        for file in files:
            try:
                items = list(single(read(file)))
            except OSError as error:
                items = [UnreadableDocument(str(file), error.strerror or str(error))]
            checks = [item for item in items if not isinstance(item, Exception)]
            for item in items:
                if isinstance(item, Exception):
                    skipped += 1
                    problem(str(item))
            taken += collection.take(
                checks, str(file), partial(indexing.told, total=len(checks)) if len(checks) > _AT_ONCE else None
            )
    line = f"{counted(taken.new, 'new fact-check')}, {taken.changed:,} changed, {taken.same:,} as before"
    problem(line + (f"; {counted(skipped, 'item')} skipped" if skipped else ""))
    return SKIPPED if skipped else 0


@command.command("list")
@click.option(
    "-f", "--format", "format_", type=click.Choice(["text", "json", "jsonl", "csv"]), default="text",
    show_default=True, help="text: for the terminal. json: one list. jsonl: one a line. csv: can be imported again.",
)  # fmt: skip
@file_option
@ledger_option
def list_(format_: str, output: str | None, ledger: str | None) -> None:
    """List the fact-checks in the order of their ids."""
    from onrecord.cli.output import destination
    from onrecord.exports.factchecks import write_factchecks
    from onrecord.factchecks import FactChecks
    from onrecord.ledger import Ledger

    with Ledger.open(ledger, read_only=True) as opened, destination(output, format_) as out:
        count = write_factchecks(FactChecks(opened), format_, out)
    problem(counted(count, "fact-check"))


@command.command("remove")
@click.argument("id")
@ledger_option
def remove(id: str, ledger: str | None) -> None:
    """Take the fact-check with this ID out."""
    from onrecord.factchecks import FactChecks
    from onrecord.ledger import Ledger

    with Ledger.open(ledger, create=False) as opened:
        FactChecks(opened).remove(id)
    problem(f"{id}: removed")


@command.command("confirm")
@click.argument("id")
@click.argument("statement")
@by_and_why
@ledger_option
def confirm(id: str, statement: str, by: str, why: str, ledger: str | None) -> None:
    """Say that the fact-check ID is of the claim that STATEMENT makes (the first digits of its id); the last word
    counts."""
    _judge(id, statement, by, why, ledger, confirmed=True)


@command.command("reject")
@click.argument("id")
@click.argument("statement")
@by_and_why
@ledger_option
def reject(id: str, statement: str, by: str, why: str, ledger: str | None) -> None:
    """Say that the fact-check ID is not of the claim that STATEMENT makes; it is not shown beside it again."""
    _judge(id, statement, by, why, ledger, confirmed=False)


def _judge(id: str, statement: str, by: str, why: str, ledger: str | None, *, confirmed: bool) -> None:
    from onrecord.ledger import Ledger
    from onrecord.relate.relations import Relations

    with Ledger.open(ledger, create=False) as opened:
        Relations(opened).judge_review(id, statement, confirmed=confirmed, by=by, why=why)
    problem(f"{id}, {statement}: {'confirmed' if confirmed else 'rejected'}")


@command.command("match")
@click.argument("texts", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--limit", type=click.IntRange(1), default=5, show_default=True, help="So many matches of a text at most."
)
@click.option(
    "--least", type=click.FloatRange(0, 1), metavar="SCORE",
    help="The least score, from 0 to 1. [from where on a match is worth being looked at]",
)  # fmt: skip
@click.option(
    "-f", "--format", "format_", type=click.Choice(["text", "jsonl"]), default="text", show_default=True,
    help="text: for the terminal. jsonl: one text a line, with its matches.",
)  # fmt: skip
@file_option
@ledger_option
def match(texts: Path, limit: int, least: float | None, format_: str, output: str | None, ledger: str | None) -> int:
    """Find for each of TEXTS the reviewed claims that are similar to it, the best first.

    TEXTS are JSON Lines: an object a line with "id" and "text"; "-" is standard input. Those that come near to none
    have none. A bad line is named and skipped.

    A match says that a similar claim was reviewed, and how its reviewer calls it, never whether the text is true. It is
    a suggestion, unless it is marked as sure (of such ones 95 of 100 were right in training); a text with fewer than
    five words that say something never is. Where a text denies what the claim asserts, or the other way round, its
    stance is "denies": the rating is then not of what the text says, and the score is half of what it would be.

    Exit codes: 0 done, 1 failed, 2 wrong use, 3 some lines were skipped.
    """
    from onrecord.cli.output import destination
    from onrecord.cli.rows import each_row
    from onrecord.exports.factchecks import write_matches
    from onrecord.factchecks import FactChecks
    from onrecord.ledger import Ledger

    with Ledger.open(ledger, read_only=True) as opened:
        collection = FactChecks(opened)
        if not len(collection):
            problem("the ledger has no fact-checks (import some with: onrecord factchecks import FILE)")

        def write(rows: Iterator[Row]) -> None:
            with destination(output, format_) as out:
                write_matches(_matched(collection, rows, limit, least), format_, out)

        return each_row(texts, ("text",), write)


def _matched(collection: FactChecks, lines: Iterator[Row], limit: int, least: float | None) -> Iterator[Matched]:
    while some := list(islice(lines, _AT_ONCE)):
        found = collection.match([text for _, (text,) in some], limit=limit, least=least)
        for (id, (text,)), matches in zip(some, found, strict=True):
            yield id, text, matches
