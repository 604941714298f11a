"""``onrecord positions``: what one speaker says on a matter, in order of time."""

from __future__ import annotations

import click

from onrecord.cli.ledger import ledger_options
from onrecord.cli.ledger.filters import file_option, filter_options
from onrecord.cli.ledger.matter import limit_option, matter_format, show

__all__ = ["command"]


@click.command("positions")
@click.argument("name")
@click.argument("words")
@filter_options
@limit_option
@matter_format
@file_option
@ledger_options
def command(
    name: str, words: str, limit: int, format_: str, output: str | None, ledger: str | None, **filters: object
) -> None:
    """Show what the speaker NAME says on the matter that WORDS name, in order of time.

    NAME is the name or words of it, or the number that 'onrecord entities list' shows: one speaker in all documents,
    under whatever name. All else as in 'onrecord matter'.

    \b
    Examples:
      onrecord positions Kamara "sea map"
      onrecord positions 17 "sea map" --format json
    """
    show(words, name, limit, format_, output, ledger, filters)
