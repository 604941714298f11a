"""``onrecord corrections``: what persons said of statements."""

from __future__ import annotations

import sys

import click

from onrecord.cli.ledger import ledger_options

__all__ = ["command"]


@click.command("corrections")
@click.argument("document", required=False)
@click.option("--waiting", is_flag=True, help="Only those whose statement was not found again.")
@click.option(
    "-f", "--format", "format_", type=click.Choice(["text", "jsonl"]), default="text", show_default=True,
    help="text: for the terminal. jsonl: one correction a line.",
)  # fmt: skip
@ledger_options
def command(document: str | None, waiting: bool, format_: str, ledger: str | None, collection: str | None) -> None:
    """List corrections, of all documents or of one: who, when, what and why.

    A correction waits where a newer extractor, or a new revision of the text, no longer has its statement for certain.
    Attach it with 'onrecord correct ID --settle NUMBER', or take it back with 'onrecord correct NUMBER --withdraw'.

    \b
    Examples:
      onrecord corrections --waiting
      onrecord corrections https://news.example/story --format jsonl
    """
    from onrecord.exports.corrections import write_corrections
    from onrecord.ledger import Ledger

    with Ledger.open(ledger, read_only=True, collection=collection) as opened:
        write_corrections(opened.corrections(document, waiting=waiting), format_, sys.stdout)
