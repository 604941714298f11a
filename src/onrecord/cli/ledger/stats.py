"""``onrecord stats``: what outlets report, month by month."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from onrecord.cli.ledger import ledger_options
from onrecord.cli.ledger.filters import filter_options, query_of, table_format

__all__ = ["command"]

COLUMNS = (
    "outlet", "month", "documents", "statements", "anonymous_share", "forms", "source_types", "acts",
)  # fmt: skip


@click.command("stats")
@click.argument("words", required=False, default="")
@filter_options
@table_format
@ledger_options
def command(words: str, format_: str, ledger: str | None, **filters: object) -> None:
    """Count statements by outlet and month of publication: forms, source types, acts, the share of anonymous sources.

    Statements within statements are left out: they would count what one outlet says twice.

    \b
    Examples:
      onrecord stats
      onrecord stats --outlet courier --since 2024 --format csv
    """
    from onrecord.exports.tables import write_table
    from onrecord.ledger import Ledger

    query = query_of(words, filters)
    with Ledger.open(ledger, read_only=True, collection=query.collection) as opened:
        rows = [
            asdict(month) | {"anonymous_share": month.anonymous / month.statements} for month in opened.months(query)
        ]
        write_table(rows, COLUMNS, format_, sys.stdout)
