"""``onrecord export``: what a ledger holds, or a part of it, in formats for readers and for other programs."""

from __future__ import annotations

import os

import click

from onrecord.cli.ledger import ledger_options
from onrecord.cli.ledger.filters import filter_options, query_of
from onrecord.cli.read import pages_option
from onrecord.exports import FORMATS, LEDGER_FORMATS

__all__ = ["command"]


@click.command("export")
@click.argument("documents", nargs=-1, metavar="DOCUMENTS...")
@click.option(
    "-f", "--format", "format_", type=click.Choice([*FORMATS, *LEDGER_FORMATS]), default="jsonl", show_default=True,
    help="jsonl: one record a line. csv: one record a row. json: one object a document, with its text. text, html:"
    " as 'onrecord read' writes them.",
)  # fmt: skip
@pages_option
@click.option("--query", "words", default="", metavar="WORDS", help="Whose content has these words, as for 'search'.")
@filter_options
@click.option("-q", "--quiet", is_flag=True, help="Nothing on standard error but what went wrong.")
@ledger_options
def command(
    documents: tuple[str, ...],
    format_: str,
    output: str | None,
    words: str,
    quiet: bool,
    ledger: str | None,
    **filters: object,
) -> None:
    """Write what a ledger holds: all documents at their last revision, or those of these ids, addresses or paths.

    With a query or filters, only the statements that they let through, each with whoever relays it. Statements are as
    persons corrected them; those that a person rejected are left out. A file is written whole or not at all.

    \b
    Examples:
      onrecord export > statements.jsonl
      onrecord export --format csv -o statements.csv --ledger desk.db
      onrecord export --speaker Okafor --act commit,refuse --since 2024 --format html -o pages/
    """
    import sys

    from onrecord.cli.output import write, write_ledger
    from onrecord.cli.report import Report
    from onrecord.errors import UsageError
    from onrecord.exports import export_for, ledger_export_for
    from onrecord.ledger import Ledger, Query

    query = query_of(words, filters)
    asked = query != Query(collection=query.collection)
    if documents and asked:
        raise UsageError("export: give either DOCUMENTS or a query with filters, not both")
    to_terminal = output in (None, "-") and os.isatty(1) and sys.stdout.isatty()
    with (
        Ledger.open(ledger, read_only=True, collection=query.collection) as opened,
        Report(quiet=quiet, progress=not to_terminal) as report,
    ):
        every = opened.entries(query if asked else None)
        entries = report.counting(map(opened.document, documents) if documents else every)
        if format_ in FORMATS:
            write(export_for(format_), (entry.document for entry in entries), output)
        else:
            write_ledger(ledger_export_for(format_), entries, output)
    report.close()
