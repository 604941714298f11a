"""``onrecord matter``: what is said on a matter, party by party."""

from __future__ import annotations

import click

from onrecord.cli import problem
from onrecord.cli.ledger import ledger_options
from onrecord.cli.ledger.filters import file_option, filter_options, query_of

__all__ = ["command", "limit_option", "matter_format", "show"]

matter_format = click.option(
    "-f", "--format", "format_", type=click.Choice(["text", "json", "html"]), default="text", show_default=True,
    help="text: for the terminal. json: one object. html: a page, the parties side by side.",
)  # fmt: skip
"""How a matter is written."""

limit_option = click.option(
    "--limit", type=click.IntRange(1, 2000), default=200, show_default=True, help="So many statements at most."
)
"""How much of it is written."""


@click.command("matter")
@click.argument("words")
@filter_options
@limit_option
@matter_format
@file_option
@ledger_options
def command(words: str, limit: int, format_: str, output: str | None, ledger: str | None, **filters: object) -> None:
    """Show who says what on the matter that WORDS name: the parties' statements, each party's in order of time.

    These are the statements with all WORDS in them, and those that mean nearly that. With each stands who relays it,
    the conditions and exceptions of what is offered or refused, what disputes it, and who reviewed a similar claim.
    What is disputed is a program's suggestion until a person confirms it (onrecord links confirm); nothing is said to
    be so. 'onrecord relate' has to be run before.

    \b
    Examples:
      onrecord matter "security guarantees"
      onrecord matter "northern grounds" --since 2024-05 --format html -o grounds.html
    """
    show(words, None, limit, format_, output, ledger, filters)


def show(
    words: str,
    name: str | None,
    limit: int,
    format_: str,
    output: str | None,
    ledger: str | None,
    filters: dict[str, object],
) -> None:
    """Write what is said on a matter, by all or by the speaker of a name."""
    from onrecord.cli.output import destination
    from onrecord.exports.matter import WRITERS, tally
    from onrecord.ledger import Ledger
    from onrecord.relate.relations import Relations

    query = query_of("", filters)
    with Ledger.open(ledger, read_only=True, collection=query.collection) as opened:
        relations = Relations(opened)
        if waiting := relations.waiting():
            problem(f"{waiting:,} documents are new or changed since: run onrecord relate")
        found = relations.matter(words, query, limit=limit, of=name)
        with destination(output, format_) as out:
            if format_ == "html":
                from onrecord.exports.html.matter import matter_sheet

                matter_sheet(found, query, out)
            else:
                WRITERS[format_](found, out)
    if format_ != "text" or output is not None:
        problem(tally(found))
