"""The filters that all commands share which look through a ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from onrecord.cli.read import values_of

if TYPE_CHECKING:
    from onrecord.ledger import Query

__all__ = ["file_option", "filter_options", "query_of", "table_format"]

_Command = TypeVar("_Command", bound=Callable[..., object])


def filter_options(function: _Command) -> _Command:
    """Whose statements, of which outlets, days, acts, forms and sources."""
    for option in reversed((
        click.option("--speaker", default="", metavar="WORDS", help="Whose speaker's name has these words."),
        click.option("--outlet", default="", metavar="WORDS", help="Whose outlet's name has these words."),
        click.option("--since", metavar="DAY", help="Published since (2024-05-03, 2024-05 or 2024)."),
        click.option("--until", metavar="DAY", help="Published until, that day included."),
        click.option("--said-since", metavar="DAY", help="Said since."),
        click.option("--said-until", metavar="DAY", help="Said until, that day included."),
        click.option("--act", "acts", callback=values_of("Act"), metavar="ACT,…", help="What is done by saying it."),
        click.option(
            "--form", "forms", callback=values_of("Form"), metavar="FORM,…", help="verbatim, partial, paraphrase."
        ),
        click.option(
            "--source-type", "source_types", callback=values_of("SourceType"), metavar="TYPE,…",
            help="named_person, named_organization, document, anonymous_source, unnamed_person, unnamed_group,"
            " unknown.",
        ),
        click.option("--min-score", type=click.FloatRange(0, 1), default=0.0, metavar="SCORE",
                     help="Whose probability of being right is estimated as high."),
    )):  # fmt: skip
        function = option(function)
    return function


file_option = click.option("-o", "--output", metavar="FILE", help="Write to this file, whole or not at all.")
"""Where the one file goes that a command writes."""

table_format = click.option(
    "-f", "--format", "format_", type=click.Choice(["text", "json", "jsonl", "csv", "html"]), default="text",
    show_default=True,
    help="text: for the terminal. json: one list. jsonl: one row a line. csv: for spreadsheets. html: a page with"
    " charts.",
)  # fmt: skip
"""How a table is written."""


def query_of(words: str, filters: Mapping[str, Any]) -> Query:
    """What the words and the filters ask for."""
    from onrecord.ledger import Query

    return Query(words=words, **filters)
