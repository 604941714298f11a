"""``onrecord search``: statements by their words, by who said them, where and when."""

from __future__ import annotations

import click

from onrecord.cli import problem
from onrecord.cli.ledger import ledger_options
from onrecord.cli.ledger.filters import file_option, filter_options, query_of
from onrecord.cli.ledger.index import Indexing, index_option
from onrecord.exports.display import counted

__all__ = ["command"]

COUNTED = 10_000
"""So many statements are counted exactly."""


@click.command("search")
@click.argument("words", required=False, default="")
@click.option("--like", metavar="SENTENCE", help="The statements that mean nearly this, in whatever words.")
@filter_options
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="So many at most.")
@click.option(
    "--sort", type=click.Choice(["relevance", "date", "recorded"]), default="relevance", show_default=True,
    help="The best first (with --like the likest), the latest published first, or the latest recorded first.",
)  # fmt: skip
@click.option(
    "-f", "--format", "format_", type=click.Choice(["text", "json", "jsonl", "csv", "html"]), default="text",
    show_default=True,
    help="text: in context, with citation. json: one list. jsonl: one record a line, with context and citation. csv:"
    " one record a row. html: a page.",
)  # fmt: skip
@file_option
@index_option
@ledger_options
def command(
    words: str,
    like: str | None,
    limit: int,
    sort: str,
    format_: str,
    output: str | None,
    index: str | None,
    ledger: str | None,
    **filters: object,
) -> int:
    """Look for statements of a ledger whose content has all WORDS, or for all that the filters let through.

    "Several words" in quotation marks stand one after the other; sign* is the beginning of a word; -draft must not be
    there. Case and accents do not matter. A statement within another comes with whoever relays it. Of words that more
    than 2,000 statements have, the latest published 2,000 are put in the order of relevance, and the others left out
    (--sort date has them all).

    With --like, the statements that are nearest to a sentence in meaning, each with its likeness, of at most 1; WORDS
    and filters narrow them down. The index that this looks through is brought up to date first: see 'onrecord index'.

    Exit codes: 0 done, 1 failed, 2 wrong use.

    \b
    Examples:
      onrecord search 'ceasefire "within reach"'
      onrecord search sign* --speaker Okafor --act commit,refuse --since 2024-05
      onrecord search --like "the strike is off for now" --since 2024-05
      onrecord search --outlet "Harbour Courier" --source-type anonymous_source --format csv
    """
    from onrecord.cli.output import destination
    from onrecord.exports.hits import WRITERS
    from onrecord.ledger import RANKED, Ledger

    query, most = query_of(words, filters), max(COUNTED, limit)
    with (
        Ledger.open(ledger, read_only=True, collection=query.collection, index=index) as opened,
        Indexing() as indexing,
    ):
        found = opened.search(query, limit=limit, sort=sort, like=like, progress=indexing.told)
        with destination(output, format_) as out:
            if format_ == "html":
                from onrecord.exports.html.sheets import hits_sheet, write_sheet

                hits = list(found)
                total = opened.count(query, most=most) if len(hits) == limit else len(hits)
                write_sheet(hits_sheet(hits, total, query, like, most=most), out)
            else:
                shown = WRITERS[format_](found, out)
        if format_ == "text":
            total = opened.count(query, most=most) if shown == limit else shown
    if format_ == "text":
        what = f"the {shown:,} likest" if like is not None else f"{shown:,}"
        of = counted(total, "statement", most)
        if like is None and words and sort == "relevance" and total > max(RANKED, limit):
            of += f", the best of the latest {RANKED:,}"
        problem(f"{what} of {of}" if total != shown else of)
    return 0
