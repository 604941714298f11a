"""``onrecord backup``: a copy of a ledger."""

from __future__ import annotations

import click

from onrecord.cli.ledger import ledger_option

__all__ = ["command"]


@click.command("backup")
@click.argument("file")
@ledger_option
def command(file: str, ledger: str | None) -> None:
    """Copy the ledger as it is at this moment to FILE, while others read it and write to it.

    The copy is an SQLite ledger like any other, also where this one is in PostgreSQL. Nothing is overwritten, and
    FILE appears whole or not at all.

    \b
    Example:
      onrecord backup ledger-2024-05-03.db
    """
    from onrecord.ledger import Ledger

    with Ledger.open(ledger, read_only=True) as opened:
        opened.backup(file)
