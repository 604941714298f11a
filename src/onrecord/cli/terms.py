"""``onrecord terms``: who offers, promises and refuses what."""

from __future__ import annotations

import click

from onrecord.cli.read import output_option, reading_options

__all__ = ["command"]


@click.command("terms")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCES...")
@click.option(
    "-f", "--format", "format_", type=click.Choice(["text", "json", "jsonl"]), default="text", show_default=True,
    help="text: for the terminal. json: one object a document. jsonl: one statement a line.",
)  # fmt: skip
@output_option
@reading_options
def command(
    sources: tuple[str, ...],
    format_: str,
    output: str | None,
    language: str | None,
    max_size: int | None,
    allow_private: bool,
    quiet: bool,
) -> int:
    """List offers, commitments and refusals of articles by party, with conditions, exceptions and whom they bind.

    \b
    Examples:
      onrecord terms talks.html
      onrecord terms articles.jsonl --format jsonl > terms.jsonl
    """
    from onrecord.cli.output import write
    from onrecord.cli.read import checked_options, run
    from onrecord.exports.terms import FORMATS

    options = checked_options(sources, language, max_size, allow_private)
    return run(sources, options, None, output, quiet, lambda documents: write(FORMATS[format_], documents, output))
