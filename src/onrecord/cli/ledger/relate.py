"""``onrecord relate``: what belongs together across the documents of a ledger."""

from __future__ import annotations

import click

from onrecord.cli import problem
from onrecord.cli.ledger import ledger_option
from onrecord.cli.ledger.index import Indexing
from onrecord.exports.display import counted

__all__ = ["command"]


@click.command("relate")
@click.option("-q", "--quiet", is_flag=True, help="Nothing on standard error but what went wrong.")
@ledger_option
def command(quiet: bool, ledger: str | None) -> None:
    """Compare what is new in a ledger with all that is there: who is who, copies, same and altered words, and claims
    that restate, dispute or answer each other.

    Each document is compared once, and again when it changes. It may be interrupted: it goes on where it stopped. What
    is found is evidence for a person, who confirms or rejects it ('onrecord links', 'onrecord queue'); what was
    rejected does not come back.

    \b
    Examples:
      onrecord relate
      onrecord relate --ledger postgresql://desk@db.example/press
    """
    from onrecord.ledger import Ledger
    from onrecord.relate.relations import Relations

    with Ledger.open(ledger, create=False) as opened, Indexing(quiet=quiet, what="document") as indexing:
        found = Relations(opened).update(indexing.told)
    if not quiet:
        parts = [
            f"{found.entities:,} persons and organizations",
            counted(found.quotations, "quotation"),
            f"{found.links:,} of the same words",
            f"{found.copies:,} of copied texts",
            f"{found.ties:,} of claims",
        ]
        problem(f"{counted(found.compared, 'document')} compared, {found.documents:,} in all: {', '.join(parts)}")
        if found.doubts:
            problem(f"{counted(found.doubts, 'question')} who somebody is: see onrecord queue")
