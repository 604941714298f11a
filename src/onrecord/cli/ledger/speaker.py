"""``onrecord speaker``: one speaker's titles, outlets, acts and statements."""

from __future__ import annotations

from dataclasses import replace

import click

from onrecord.cli.ledger import ledger_options
from onrecord.cli.ledger.filters import file_option, filter_options, query_of

__all__ = ["command"]


@click.command("speaker")
@click.argument("name")
@filter_options
@click.option(
    "-f", "--format", "format_", type=click.Choice(["text", "json", "jsonl", "html"]), default="text",
    show_default=True,
    help="text: for the terminal. json: one object. jsonl: the statements, one record a line. html: a page with"
    " charts.",
)  # fmt: skip
@file_option
@ledger_options
def command(name: str, format_: str, output: str | None, ledger: str | None, **filters: object) -> None:
    """Show what a speaker says: titles over time, outlets, acts, and all statements by date of publication.

    NAME is the name as 'onrecord speakers' lists it, or words of it that no other speaker's name has.

    \b
    Examples:
      onrecord speaker "Adaeze Okafor"
      onrecord speaker okafor --since 2024-05 --format json
    """
    from onrecord.cli.output import destination
    from onrecord.exports.speaker import write_speaker
    from onrecord.ledger import Ledger

    query = query_of("", filters)
    with Ledger.open(ledger, read_only=True, collection=query.collection) as opened:
        view = opened.speaker(name, query)
        with destination(output, format_) as out:
            if format_ == "html":
                from onrecord.exports.html.sheets import speaker_sheet, write_sheet

                said = opened.timeline(replace(query, speaker_name=view.name), by="month")
                write_sheet(speaker_sheet(view, said, query), out)
            else:
                write_speaker(view, format_, out)
