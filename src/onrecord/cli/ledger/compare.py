"""``onrecord compare``: two quotations side by side."""

from __future__ import annotations

import click

from onrecord.cli.ledger import ledger_options
from onrecord.cli.ledger.filters import file_option

__all__ = ["command"]


@click.command("compare")
@click.argument("one")
@click.argument("other")
@click.option(
    "-f", "--format", "format_", type=click.Choice(["text", "json", "html"]), default="text", show_default=True,
    help="text: for the terminal. json: one object. html: a page.",
)  # fmt: skip
@file_option
@ledger_options
def command(one: str, other: str, format_: str, output: str | None, ledger: str | None, collection: str | None) -> None:
    """Show the quotations of two statements side by side, by the first digits of their ids: what differs, word by word.

    \b
    Examples:
      onrecord compare 83684888 1c0ffee2
      onrecord compare 83684888 1c0ffee2 --format json
    """
    from onrecord.cli.output import destination
    from onrecord.exports.links import write_compared
    from onrecord.ledger import Ledger
    from onrecord.relate.relations import Relations

    with Ledger.open(ledger, read_only=True, collection=collection) as opened:
        found = Relations(opened).compare(one, other)
    with destination(output, format_) as out:
        if format_ == "html":
            from onrecord.exports.html.sheets import compared_sheet, write_sheet

            write_sheet(compared_sheet(found), out)
        else:
            write_compared(found, format_, out)
