"""``onrecord times``: the time expressions of articles."""

from __future__ import annotations

import click

from onrecord.cli.read import output_option, reading_options

__all__ = ["command"]


@click.command("times")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCES...")
@click.option(
    "-f", "--format", "format_", type=click.Choice(["text", "jsonl"]), default="text", show_default=True,
    help="text: for the terminal. jsonl: one document a line.",
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
    """List the time expressions of articles with their TIMEX3 types and values.

    Relative ones ("on Monday", "last week") are counted from the document's date; where none is known they have no
    value.

    \b
    Examples:
      onrecord times story.html
      onrecord times articles.jsonl --format jsonl > times.jsonl
    """
    from onrecord.cli.output import write
    from onrecord.cli.read import checked_options, run
    from onrecord.exports.times import FORMATS

    options = checked_options(sources, language, max_size, allow_private)
    return run(
        sources,
        options,
        None,
        output,
        quiet,
        lambda documents: write(FORMATS[format_], documents, output),
        extract=False,
    )
