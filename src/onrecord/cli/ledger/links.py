"""``onrecord links``: what belongs together across documents, and what a person says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

import click

from onrecord.cli import problem
from onrecord.cli.ledger import by_and_why, ledger_option
from onrecord.cli.ledger.filters import file_option

if TYPE_CHECKING:
    from onrecord.relate.relations import Relations
    from onrecord.relate.sides import Link

__all__ = ["command", "limit_option", "links_format", "write"]

_Command = TypeVar("_Command", bound=Callable[..., object])

links_format = click.option(
    "-f", "--format", "format_", type=click.Choice(["text", "json", "jsonl", "csv", "html"]),
    default="text", show_default=True,
    help="text: for the terminal. json: one list. jsonl: one link a line. csv: for spreadsheets. html: a page.",
)  # fmt: skip
"""How links are written."""

limit_option = click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="So many at most.")
"""How many links are written."""

_KINDS = ("repeats", "altered", "copy", "speaker", "restates", "disputes", "answers")


@click.group("links", invoke_without_command=True)
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(_KINDS),
    help="repeats: the same words, whole or cut. altered: words that differ, or another speaker. copy: texts. speaker:"
    " who may be whom. restates: the same claim, in whatever words. disputes: one denies or contradicts the other."
    " answers: one replies to the other. [all]",
)  # fmt: skip
@click.option("--serious", is_flag=True, help="Only where a negation, a number or the speaker differs.")
@click.option("--rejected", is_flag=True, help="Those that a person rejected, which are left out otherwise.")
@click.option("--every", is_flag=True, help="Every pair of quotations, not only each beside the first of its words.")
@limit_option
@links_format
@file_option
@ledger_option
@click.pass_context
def command(
    context: click.Context,
    kinds: tuple[str, ...],
    serious: bool,
    rejected: bool,
    every: bool,
    limit: int,
    format_: str,
    output: str | None,
    ledger: str | None,
) -> None:
    """List what belongs together, across documents and within them, with its evidence; 'onrecord relate' finds it.

    Of two quotations the one published first stands first. Words that differ are marked: [-so-] in the first, {+so+} in
    the second; words that clash <<so>> in both. A negation, a number or a speaker that differs is serious. A link is no
    verdict: both may be honest, or a program may be wrong; that one claim restates, disputes or answers another is a
    program's suggestion, with its probability. Confirm it or reject it; what is rejected does not come back.

    \b
    Examples:
      onrecord links --kind altered --serious
      onrecord links --kind repeats --format csv -o repeats.csv
      onrecord links confirm 3f2a --by ada --why "the recording has the longer version"
      onrecord links reject 3f2a --by ada --why "two speeches of one day"
    """
    context.obj = ledger
    if context.invoked_subcommand is not None:
        return
    from onrecord.ledger import Ledger
    from onrecord.relate.relations import Relations
    from onrecord.relate.sides import Kind

    with Ledger.open(ledger, read_only=True) as opened:
        relations = Relations(opened)
        found = relations.links([Kind(kind) for kind in kinds], serious=serious, rejected=rejected, every=every)
        write(found, limit, format_, output)
        _behind(relations)


@command.command("confirm")
@click.argument("id")
@by_and_why
@ledger_option
@click.pass_context
def confirm(context: click.Context, id: str, by: str, why: str, ledger: str | None) -> None:
    """Say that the link ID (or the first digits of its id) is one; it is appended, and the last word counts."""
    _judge(ledger or context.obj, id, by, why, confirmed=True)


@command.command("reject")
@click.argument("id")
@by_and_why
@ledger_option
@click.pass_context
def reject(context: click.Context, id: str, by: str, why: str, ledger: str | None) -> None:
    """Say that the link ID (or the first digits of its id) is none; it does not come back."""
    _judge(ledger or context.obj, id, by, why, confirmed=False)


def write(found: Iterator[Link], limit: int, format_: str, output: str | None) -> None:
    """Write links, and say if there are more."""
    from onrecord.cli.output import destination
    from onrecord.exports.links import WRITERS

    with destination(output, format_) as out:
        if format_ == "html":
            from onrecord.exports.html.sheets import links_sheet, write_sheet

            links = list(islice(found, limit))
            shown, more = len(links), next(found, None) is not None
            write_sheet(links_sheet(links, more=more), out)
        else:
            shown = WRITERS[format_](islice(found, limit), out)
            more = shown == limit and next(found, None) is not None
    problem(f"{shown:,} shown, there are more: --limit" if more else f"{shown:,} shown")


def _behind(relations: Relations) -> None:
    if waiting := relations.waiting():
        problem(f"{waiting:,} documents are new or changed since: run onrecord relate")


def _judge(ledger: str | None, id: str, by: str, why: str, *, confirmed: bool) -> None:
    from onrecord.ledger import Ledger
    from onrecord.relate.relations import Relations

    with Ledger.open(ledger, create=False) as opened:
        link = Relations(opened).judge(id.lower(), confirmed=confirmed, by=by, why=why)
    problem(f"{link.id}: {'confirmed' if confirmed else 'rejected'}")
