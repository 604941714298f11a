"""``onrecord remove``: a document out of the ledger, with a tombstone in its place."""

from __future__ import annotations

import click

from onrecord.cli import problem
from onrecord.cli.ledger import ledger_options
from onrecord.cli.ledger.index import Indexing, index_option

__all__ = ["command"]


@click.command("remove")
@click.argument("document")
@click.option("--reason", metavar="WORDS", help="Why: it stands on the tombstone.")
@click.option("--by", metavar="NAME", help="Who removes it.")
@click.option("--lift", is_flag=True, help="Let a removed document in again, when it is next added.")
@index_option
@ledger_options
def command(
    document: str,
    reason: str | None,
    by: str | None,
    lift: bool,
    index: str | None,
    ledger: str | None,
    collection: str | None,
) -> None:
    """Take DOCUMENT (its id, address or path) out of the ledger, for instance after a takedown.

    Its text, its statements and their corrections are deleted, in all revisions, and their vectors in the index of
    meanings. A tombstone says that it was there,
    who removed it, when and why; 'onrecord add' passes it over from then on.

    \b
    Examples:
      onrecord remove https://news.example/story --by desk --reason "court order 4 O 12/24"
      onrecord remove https://news.example/story --lift
    """
    from onrecord.ledger import Ledger

    if not lift and not (reason and by):
        raise click.UsageError("give --reason and --by: they stand on the tombstone")
    with Ledger.open(ledger, create=False, collection=collection, index=index) as opened, Indexing():
        if lift:
            opened.lift(document)
            problem(f"{document}: will be recorded when it is next added")
        else:
            opened.remove(document, by=by or "", reason=reason or "")
            problem(f"{document}: removed")
