"""``onrecord queue``: what waits for a person."""

from __future__ import annotations

import click

from onrecord.cli import problem
from onrecord.cli.ledger import ledger_option
from onrecord.cli.ledger.filters import file_option
from onrecord.cli.ledger.links import limit_option, links_format, write

__all__ = ["command"]


@click.command("queue")
@limit_option
@links_format
@file_option
@ledger_option
def command(limit: int, format_: str, output: str | None, ledger: str | None) -> None:
    """List what waits for a person: speakers who may be one of several, and quotations with serious changes.

    Decide with 'onrecord links confirm ID' or 'onrecord links reject ID'.

    \b
    Examples:
      onrecord queue
      onrecord queue --limit 10 --format jsonl
    """
    from onrecord.ledger import Ledger
    from onrecord.relate.relations import Relations

    with Ledger.open(ledger, read_only=True) as opened:
        write(Relations(opened).queue(), limit, format_, output)
        waiting = opened.corrections(waiting=True)
    if waiting:
        problem(f"{len(waiting):,} corrections wait too: see onrecord corrections --waiting")
