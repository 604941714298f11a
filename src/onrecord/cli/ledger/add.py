"""``onrecord add``: documents and their statements into the ledger."""

from __future__ import annotations

import click

from onrecord.cli.ledger import ledger_options
from onrecord.cli.ledger.account import Account, workers_option
from onrecord.cli.read import checked_options, reading_options

__all__ = ["command"]


@click.command("add")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCES...")
@ledger_options
@workers_option
@reading_options
def command(
    sources: tuple[str, ...],
    ledger: str | None,
    collection: str | None,
    workers: int | None,
    language: str | None,
    max_size: int | None,
    allow_private: bool,
    quiet: bool,
) -> int:
    """Record articles and who said what in them.

    SOURCES are files, folders, patterns ('news/*.html'), http(s) addresses, or - for standard input, in all formats
    that 'onrecord read' reads. A document that the ledger has is passed over; a changed text under the same address,
    id or path is a new revision, and the earlier one stays. It may be interrupted at any time: nothing is recorded
    by half, and the same command goes on where it stopped.

    Exit codes: 0 done, 1 failed, 2 wrong use, 3 finished but some documents were skipped, 130 interrupted.

    \b
    Examples:
      onrecord add articles/ feed.xml crawl.warc.gz
      onrecord add https://news.example/story --ledger desk.db
      onrecord add dump.jsonl --ledger postgresql://desk@db.example/press --workers 8
    """
    from onrecord.batch import Workers, record
    from onrecord.ledger import Ledger
    from onrecord.pipeline import Meter, read_many

    options = checked_options(sources, language, max_size, allow_private)
    meter = Meter(sources)
    with (
        Ledger.open(ledger, collection=collection) as opened,
        Account(meter, quiet=quiet) as account,
        Workers(workers) as hands,
        opened.recorder("add " + " ".join(sources)[:500]) as recorder,
    ):
        for outcome in record(recorder, read_many(sources, options=options, extract=False, meter=meter), hands):
            account.take(outcome)
    account.close()
    return account.exit_code
