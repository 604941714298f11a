"""``onrecord timeline``: when statements were made."""

from __future__ import annotations

import click

from onrecord.cli.ledger import ledger_options
from onrecord.cli.ledger.filters import file_option, filter_options, query_of, table_format

__all__ = ["command"]


@click.command("timeline")
@click.argument("words", required=False, default="")
@filter_options
@click.option(
    "--by", type=click.Choice(["day", "month", "year"]), default="day", show_default=True,
    help="How much time a line has; what is known less exactly stands on a line of its own.",
)  # fmt: skip
@table_format
@file_option
@ledger_options
def command(words: str, by: str, format_: str, output: str | None, ledger: str | None, **filters: object) -> None:
    """Count statements by when they were said (not by when the document was published), as a chart.

    Only those count whose day, month or interval the document gives.

    \b
    Examples:
      onrecord timeline ceasefire --by month
      onrecord timeline --speaker Okafor --format csv
    """
    from onrecord.cli.output import destination
    from onrecord.exports.tables import write_table
    from onrecord.exports.timeline import write_timeline
    from onrecord.ledger import Ledger

    query = query_of(words, filters)
    with Ledger.open(ledger, read_only=True, collection=query.collection) as opened:
        found = opened.timeline(query, by=by)
    with destination(output, format_) as out:
        if format_ == "text":
            write_timeline(found, out)
        elif format_ == "html":
            from onrecord.exports.html.sheets import timeline_sheet, write_sheet

            write_sheet(timeline_sheet(found, by, query), out)
        else:
            rows = [{"said": one.value, "statements": one.statements} for one in found]
            write_table(rows, ("said", "statements"), format_, out)
