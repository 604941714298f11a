"""``onrecord sources``: the sourcing table of articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from onrecord.cli.read import output_option, reading_options

if TYPE_CHECKING:
    from onrecord.model import Document

__all__ = ["command"]


@click.command("sources")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCES...")
@click.option(
    "-f", "--format", "format_", type=click.Choice(["text", "csv", "json", "jsonl", "html"]), default="text",
    show_default=True, help="text: for the terminal. csv: one row a row. json, jsonl: one table a line. html: a page.",
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
    """Write the sourcing table of articles: whole sentences, and who they come from.

    Each row has the source's type, name, title, and why it is in the story. Neighbouring sentences of one source in one
    paragraph are one row. A summary goes to standard error: statements by type, how many are anonymous and how many of
    these with a reason, and a warning where all comes from a single source.

    \b
    Examples:
      onrecord sources story.html
      onrecord sources story.html --format csv -o sources.csv
      onrecord sources articles.jsonl --format jsonl > tables.jsonl
    """
    from onrecord.cli.output import write
    from onrecord.cli.read import checked_options, run
    from onrecord.exports.sourcing import FORMATS

    options = checked_options(sources, language, max_size, allow_private)
    return run(
        sources,
        options,
        None,
        output,
        quiet,
        lambda documents: write(FORMATS[format_], documents if quiet else _told(documents), output),
    )


def _told(documents: Iterable[Document]) -> Iterator[Document]:
    """The documents, each one's summary told on standard error as it passes."""
    from onrecord.cli import problem
    from onrecord.exports.display import shown_title
    from onrecord.sourcing import rows, summary, type_name

    for document in documents:
        yield document
        told = summary(rows(document))
        types = ", ".join(f"{count} {type_name(kind).lower()}" for kind, count in told.by_type)
        line = f"{shown_title(document)}: {told.rows} sourced statements, {told.sources} sources" + (
            f" ({types})" if types else ""
        )
        if told.anonymous:
            share = 100 * told.anonymous / told.rows
            line += f"; {share:.0f}% anonymous, {told.reasoned} of {told.anonymous} with a reason"
        problem(line)
        if told.single_source:
            problem(f"warning: {shown_title(document)}: all of it comes from one source")
