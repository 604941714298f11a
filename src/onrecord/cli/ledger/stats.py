"""``onrecord stats``: what outlets report, month by month."""

from __future__ import annotations

from dataclasses import asdict

import click

from onrecord.cli.ledger import ledger_options
from onrecord.cli.ledger.filters import file_option, filter_options, query_of, table_format

__all__ = ["command"]

COLUMNS = (
    "outlet", "month", "documents", "statements", "anonymous_share", "forms", "source_types", "acts",
)  # fmt: skip


@click.command("stats")
@click.argument("words", required=False, default="")
@filter_options
@table_format
@file_option
@ledger_options
def command(words: str, format_: str, output: str | None, ledger: str | None, **filters: object) -> None:
    """Count statements by outlet and month of publication: forms, source types, acts, the share of anonymous sources.

    Statements within statements are left out: they would count what one outlet says twice.

    \b
    Examples:
      onrecord stats
      onrecord stats --outlet courier --since 2024 --format csv
      onrecord stats --format html -o stats.html
    """
    from onrecord.cli.output import destination
    from onrecord.exports.tables import write_table
    from onrecord.ledger import Ledger

    query = query_of(words, filters)
    with Ledger.open(ledger, read_only=True, collection=query.collection) as opened:
        months = opened.months(query)
    with destination(output, format_) as out:
        if format_ == "html":
            from onrecord.exports.html.sheets import stats_sheet, write_sheet

            write_sheet(stats_sheet(months, query), out)
        else:
            rows = [asdict(month) | {"anonymous_share": month.anonymous / month.statements} for month in months]
            write_table(rows, COLUMNS, format_, out)
