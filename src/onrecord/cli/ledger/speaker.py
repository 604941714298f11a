"""``onrecord speaker``: one speaker's titles, outlets, acts and statements."""

from __future__ import annotations

import sys

import click

from onrecord.cli.ledger import ledger_options
from onrecord.cli.ledger.filters import filter_options, query_of

__all__ = ["command"]


@click.command("speaker")
@click.argument("name")
@filter_options
@click.option(
    "-f", "--format", "format_", type=click.Choice(["text", "json", "jsonl"]), default="text", show_default=True,
    help="text: for the terminal. json: one object. jsonl: the statements, one record a line.",
)  # fmt: skip
@ledger_options
def command(name: str, format_: str, ledger: str | None, **filters: object) -> None:
    """Show what a speaker says: titles over time, outlets, acts, and all statements by date of publication.

    NAME is the name as 'onrecord speakers' lists it, or words of it that no other speaker's name has.

    \b
    Examples:
      onrecord speaker "Adaeze Okafor"
      onrecord speaker okafor --since 2024-05 --format json
    """
    from onrecord.exports.speaker import write_speaker
    from onrecord.ledger import Ledger

    query = query_of("", filters)
    with Ledger.open(ledger, read_only=True, collection=query.collection) as opened:
        write_speaker(opened.speaker(name, query), format_, sys.stdout)
