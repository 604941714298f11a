"""``onrecord read``: the whole way from files, folders and URLs to statements."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

import click

from onrecord.exports import FORMATS

if TYPE_CHECKING:
    from onrecord.extract import ExtractOptions
    from onrecord.model import Act, Document, Form
    from onrecord.settings import ReadOptions

__all__ = ["checked_options", "command", "output_option", "pages_option", "reading_options", "run", "values_of"]

_UNITS = {"": 1, "b": 1, "k": 10**3, "kb": 10**3, "m": 10**6, "mb": 10**6, "g": 10**9, "gb": 10**9}


def _size(_ctx: click.Context, _param: click.Parameter, value: str | None) -> int | None:
    """A number of bytes with an optional decimal unit: 500k, 10MB, 1.5g."""
    if value is None:
        return None
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([a-zA-Z]*)\s*", value)
    if not match or match[2].lower() not in _UNITS or not float(match[1]):
        raise click.BadParameter(f"{value!r} is no size: write 500k, 10MB or a number of bytes.")
    return int(float(match[1]) * _UNITS[match[2].lower()])


def values_of(name: str) -> Callable[[click.Context, click.Parameter, str | None], tuple[StrEnum, ...]]:
    """A callback that reads values of an enumeration of ``onrecord.model``, with commas between them."""

    def read(_ctx: click.Context, _param: click.Parameter, value: str | None) -> tuple[StrEnum, ...]:
        from onrecord import model

        kind: type[StrEnum] = getattr(model, name)
        made = []
        for word in (value or "").split(","):
            if not word.strip():
                continue
            try:
                made.append(kind(word.strip().lower()))
            except ValueError:
                known = ", ".join(kind)
                raise click.BadParameter(f"{word.strip()!r} is none (there are {known}).") from None
        return tuple(made)

    return read


_Command = TypeVar("_Command", bound=Callable[..., object])


def reading_options(function: _Command) -> _Command:
    """The options of every command that reads documents."""
    for option in (
        click.option("-q", "--quiet", is_flag=True, help="On standard error, only the documents that were skipped."),
        click.option("--allow-private", is_flag=True, help="Fetch also from private and loopback addresses."),
        click.option(
            "--max-size", callback=_size, metavar="SIZE", help="Skip documents over this size, such as 500k. [10MB]"
        ),
        click.option("--language", metavar="CODE", help="Insist on this language instead of detecting it (en)."),
    ):
        function = option(function)
    return function


output_option = click.option(
    "-o", "--output", metavar="PATH",
    help="Write to this file, whole or not at all; to a folder (there already, or ending in /): one file a document.",
)  # fmt: skip
"""Where a command's data goes, for those that write one file a document."""

pages_option = click.option(
    "-o", "--output", metavar="PATH",
    help="Write to this file, whole or not at all; to a folder (there already, or ending in /): one file a"
    " document, and an index.html with --format html.",
)  # fmt: skip
"""The same, for those whose pages have an index."""


def checked_options(
    sources: Sequence[str], language: str | None, max_size: int | None, allow_private: bool
) -> ReadOptions:
    """The environment's options with what the command line says.

    Raises:
        UsageError: none of the ``sources`` is there.
    """
    from onrecord.errors import UsageError
    from onrecord.pipeline import is_path, paths_of
    from onrecord.settings import ReadOptions

    if all(is_path(source) and not any(path.exists() for path in paths_of(source)) for source in sources):
        raise UsageError(f"{sources[0]}: there is no such file")
    options = ReadOptions.from_environment()
    if language is not None:
        options = replace(options, language=language)
    if max_size is not None:
        options = replace(options, max_bytes=max_size)
    if allow_private:
        options = replace(options, allow_private=True)
    return options


def run(
    sources: Sequence[str],
    options: ReadOptions,
    extract_options: ExtractOptions | None,
    output: str | None,
    quiet: bool,
    write: Callable[[Iterable[Document]], None],
    *,
    extract: bool = True,
) -> int:
    """Read ``sources`` and ``write`` their documents; the exit code. Progress shows where the data goes elsewhere.

    ``extract=False`` leaves their statements out.
    """
    import sys

    from onrecord.cli.report import Report
    from onrecord.pipeline import read_many

    to_terminal = output in (None, "-") and os.isatty(1) and sys.stdout.isatty()
    with Report(quiet=quiet, progress=not to_terminal) as report:
        write(report.passing(read_many(sources, options=options, extract=extract, extract_options=extract_options)))
    report.close()
    return report.exit_code


@click.command("read")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCES...")
@click.option(
    "-f", "--format", "format_", type=click.Choice(list(FORMATS)), default="text", show_default=True,
    help="text: for the terminal. json: one object a document, with its text. jsonl: one record a line."
    " csv: one record a row. html: the reader page.",
)  # fmt: skip
@pages_option
@click.option(
    "--min-score", type=click.FloatRange(0, 1), default=0.0, metavar="SCORE",
    help="Leave out statements whose probability of being right is estimated lower, 0 to 1.",
)  # fmt: skip
@click.option("--no-nested", is_flag=True, help="Leave out statements within statements.")
@click.option(
    "--act", "acts", callback=values_of("Act"), metavar="ACT,…",
    help="Only statements that do this, and those around them: assert, deny, admit, accuse, criticise, support,"
    " express, request, propose, commit, refuse, threaten, warn, declare, think.",
)  # fmt: skip
@click.option(
    "--form", "forms", callback=values_of("Form"), metavar="FORM,…",
    help="Only statements of this form, and those around them: verbatim, partial, paraphrase.",
)  # fmt: skip
@reading_options
def command(
    sources: tuple[str, ...],
    format_: str,
    output: str | None,
    min_score: float,
    no_nested: bool,
    acts: tuple[Act, ...],
    forms: tuple[Form, ...],
    language: str | None,
    max_size: int | None,
    allow_private: bool,
    quiet: bool,
) -> int:
    """Read articles and write who said what, in whose words.

    SOURCES are files (.html, .txt, .md, .jsonl, .pdf, .warc, .warc.gz; feeds, ninjs and NITF as .rss, .atom, .ninjs,
    .nitf, .xml, .json), folders, http(s) addresses, or - for standard input.
    Data goes to standard output, everything else to standard error.

    Exit codes: 0 done, 1 failed, 2 wrong use, 3 finished but some documents were skipped.

    \b
    Examples:
      onrecord read story.html
      onrecord read story.html --format html -o story-read.html
      onrecord read articles/ --format html -o pages/
      onrecord read articles.jsonl --format jsonl --min-score 0.9 > statements.jsonl
      onrecord read story.html --act deny,accuse --form verbatim
      cat story.txt | onrecord read - --format json
    """
    from onrecord.cli.output import write
    from onrecord.exports import export_for
    from onrecord.extract import ExtractOptions
    from onrecord.filters import kept

    options = checked_options(sources, language, max_size, allow_private)
    extract_options = ExtractOptions(nested=not no_nested, min_score=min_score)
    return run(
        sources,
        options,
        extract_options,
        output,
        quiet,
        lambda documents: write(export_for(format_), (kept(d, acts, forms) for d in documents), output),
    )
