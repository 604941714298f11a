"""``onrecord speakers``: who speaks in a ledger, how often and where."""

from __future__ import annotations

from dataclasses import asdict

import click

from onrecord.cli.ledger import ledger_options
from onrecord.cli.ledger.filters import file_option, filter_options, query_of, table_format

__all__ = ["command"]

COLUMNS = ("speaker", "source_type", "statements", "documents", "outlets", "first", "last")


@click.command("speakers")
@click.argument("words", required=False, default="")
@filter_options
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="So many at most.")
@table_format
@file_option
@ledger_options
def command(words: str, limit: int, format_: str, output: str | None, ledger: str | None, **filters: object) -> None:
    """List who speaks in a ledger, those with most statements first: in how many documents and outlets, since when.

    With WORDS or filters, only what they let through counts. One name within a document is one speaker; whether one
    name in two documents is one person is not decided here.

    \b
    Examples:
      onrecord speakers
      onrecord speakers ceasefire --since 2024-05 --format csv
    """
    from onrecord.cli.output import destination
    from onrecord.exports.tables import write_table
    from onrecord.ledger import Ledger

    query = query_of(words, filters)
    with Ledger.open(ledger, read_only=True, collection=query.collection) as opened:
        found = opened.speakers(query, limit=limit)
    with destination(output, format_) as out:
        if format_ == "html":
            from onrecord.exports.html.sheets import speakers_sheet, write_sheet

            write_sheet(speakers_sheet(found, query), out)
        else:
            write_table(map(asdict, found), COLUMNS, format_, out)
