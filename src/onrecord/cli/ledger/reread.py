"""``onrecord reread``: a newer extractor over the texts of a ledger."""

from __future__ import annotations

import click

from onrecord.cli.ledger import ledger_options
from onrecord.cli.ledger.account import Account, workers_option

__all__ = ["command"]


@click.command("reread")
@click.argument("document", required=False)
@ledger_options
@workers_option
@click.option("-q", "--quiet", is_flag=True, help="On standard error, only the documents that were skipped.")
def command(document: str | None, ledger: str | None, collection: str | None, workers: int | None, quiet: bool) -> int:
    """Look for statements again, with this onrecord, in texts that an earlier one has read.

    Of all documents, or of one. The earlier statements stay as history; corrections find their statements again by
    their offsets, or wait for you (onrecord corrections --waiting). Nothing is fetched: the texts are the ledger's.

    \b
    Examples:
      onrecord reread
      onrecord reread https://news.example/story
    """
    from onrecord.batch import Workers, again
    from onrecord.ledger import Ledger

    with (
        Ledger.open(ledger, create=False, collection=collection) as opened,
        Account(None, quiet=quiet) as account,
        Workers(workers) as hands,
        opened.recorder("reread") as recorder,
    ):
        for outcome in again(opened, recorder, hands, document):
            account.take(outcome)
    account.close()
    return account.exit_code
