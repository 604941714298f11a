"""``onrecord list``: which documents a ledger has."""

from __future__ import annotations

import sys

import click

from onrecord.cli.ledger import ledger_options

__all__ = ["command"]


@click.command("list")
@click.option(
    "-f", "--format", "format_", type=click.Choice(["text", "jsonl"]), default="text", show_default=True,
    help="text: for the terminal. jsonl: one document a line.",
)  # fmt: skip
@ledger_options
def command(format_: str, ledger: str | None, collection: str | None) -> None:
    """List the documents of a ledger, in the order in which they were added.

    \b
    Examples:
      onrecord list
      onrecord list --format jsonl --ledger desk.db
    """
    from onrecord.exports.listing import write_listing
    from onrecord.ledger import Ledger

    with Ledger.open(ledger, read_only=True, collection=collection) as opened:
        write_listing(opened.entries(), format_, sys.stdout)
