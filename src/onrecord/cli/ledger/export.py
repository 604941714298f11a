"""``onrecord export``: the records of a ledger, in every format that documents are written in."""

from __future__ import annotations

import click

from onrecord.cli.ledger import ledger_options
from onrecord.cli.read import pages_option
from onrecord.exports import FORMATS

__all__ = ["command"]


@click.command("export")
@click.argument("documents", nargs=-1, metavar="DOCUMENTS...")
@click.option(
    "-f", "--format", "format_", type=click.Choice(list(FORMATS)), default="jsonl", show_default=True,
    help="jsonl: one record a line. csv: one record a row. json: one object a document, with its text. text, html:"
    " as 'onrecord read' writes them.",
)  # fmt: skip
@pages_option
@ledger_options
def command(
    documents: tuple[str, ...], format_: str, output: str | None, ledger: str | None, collection: str | None
) -> None:
    """Write the records of a ledger: all documents at their last revision, or those of these ids, addresses or paths.

    Statements are as persons corrected them; those that a person rejected are left out.

    \b
    Examples:
      onrecord export > statements.jsonl
      onrecord export --format csv -o statements.csv --ledger desk.db
      onrecord export --format html -o pages/
    """
    from onrecord.cli.output import write
    from onrecord.exports import export_for
    from onrecord.ledger import Ledger

    with Ledger.open(ledger, read_only=True, collection=collection) as opened:
        chosen = (opened.document(name).document for name in documents) if documents else opened.documents()
        write(export_for(format_), chosen, output)
