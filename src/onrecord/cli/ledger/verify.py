"""``onrecord verify``: whether a ledger still says what was recorded."""

from __future__ import annotations

import click

from onrecord.cli import DONE, FAILED, problem
from onrecord.cli.ledger import ledger_option

__all__ = ["command"]


@click.command("verify")
@ledger_option
def command(ledger: str | None) -> int:
    """Check every hash and every slice of a ledger.

    Each text against its SHA-256, each statement against its extraction's, each of its words against the slice of the
    text that its offsets name, each correction against its statement. What does not hold is listed on standard
    output, a line each; then the exit code is 1.

    \b
    Example:
      onrecord verify --ledger desk.db
    """
    from onrecord.exports.display import counted
    from onrecord.ledger import Ledger, Verified

    account = Verified()
    with Ledger.open(ledger, read_only=True) as opened:
        told = 0
        for account in opened.verify():
            for found in account.problems[told:]:
                click.echo(f"{found.where}: {found.what}")
            told = len(account.problems)
    counts = (
        counted(account.documents, "document"), counted(account.revisions, "revision"),
        counted(account.statements, "statement"), counted(account.corrections, "correction"),
    )  # fmt: skip
    waiting = f", {account.waiting} of them waiting" if account.waiting else ""
    verdict = counted(len(account.problems), "problem") if account.problems else "all hold"
    problem(f"{', '.join(counts)}{waiting}: {verdict}")
    return FAILED if account.problems else DONE
