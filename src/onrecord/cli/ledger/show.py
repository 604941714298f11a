"""``onrecord show``: a statement or a document of a ledger, with all that proves it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from onrecord.cli.ledger import ledger_options
from onrecord.cli.read import output_option
from onrecord.exports import FORMATS

if TYPE_CHECKING:
    from onrecord.ledger import Entry, Ledger

__all__ = ["command"]


@click.command("show")
@click.argument("name", metavar="ID|DOCUMENT")
@click.option("--revisions", is_flag=True, help="The document's revisions, and what changed in its statements.")
@click.option(
    "-f", "--format", "format_", type=click.Choice(list(FORMATS)), default="text", show_default=True,
    help="A statement and revisions: text or json. A document: all that 'onrecord read' writes.",
)  # fmt: skip
@output_option
@ledger_options
def command(
    name: str, revisions: bool, format_: str, output: str | None, ledger: str | None, collection: str | None
) -> None:
    """Show a statement (by its id, or the first digits of it) or a document (by its id, address or path).

    Of a statement: who said it and who relays it, its context, the proof that its words are the slice of the stored
    text, where the text came from, what persons corrected, and a citation to copy.

    \b
    Examples:
      onrecord show articles/story.html
      onrecord show 83684888
      onrecord show https://news.example/story --revisions
      onrecord show articles/story.html --format html -o story.html
    """
    from onrecord.errors import UsageError
    from onrecord.ledger import Ledger

    with Ledger.open(ledger, read_only=True, collection=collection) as opened:
        if opened.has_document(name):
            if revisions:
                _revisions(opened, name, format_)
            else:
                _document(opened.document(name), format_, output)
            return
        if revisions:
            raise UsageError(f"{name}: {opened.where} has no such document")
        _statement(opened, name, format_)


def _document(entry: Entry, format_: str, output: str | None) -> None:
    from onrecord.cli.output import write
    from onrecord.exports import Export, export_for

    export = export_for(format_)
    if format_ == "text":
        from onrecord.exports.text import write as write_text

        export = Export("text", ".txt", lambda documents, out: write_text(documents, out, ids=True))
    write(export, [entry.document], output)


def _revisions(opened: Ledger, name: str, format_: str) -> None:
    from onrecord.exports.record import dumps
    from onrecord.exports.revisions import revision_objects, write_revisions

    every, steps = opened.revisions(name), opened.changes(name)
    if _is_json(format_):
        for made in revision_objects(every, steps):
            click.echo(dumps(made))
    else:
        write_revisions(every, steps, sys.stdout)


def _statement(opened: Ledger, name: str, format_: str) -> None:
    from onrecord.errors import UsageError
    from onrecord.exports.record import dumps
    from onrecord.exports.sheet import sheet, write_sheet

    found = opened.statements(name.lower()) if _is_id(name) else []
    if not found:
        raise UsageError(f"{name}: {opened.where} has neither a document nor a statement of this name")
    ids = {statement.id for _, statement in found}
    if len(ids) > 1:
        raise UsageError(f"{name}: {len(ids)} statements begin so: write more of the id")
    for number, (entry, statement) in enumerate(found):
        recorded = opened.recorded_words(entry, statement.id)
        if _is_json(format_):
            click.echo(dumps(sheet(entry, statement, recorded=recorded)))
        else:
            if number:
                click.echo("\n" + "─" * 40 + "\n")
            write_sheet(entry, statement, recorded, sys.stdout)


def _is_id(name: str) -> bool:
    return 4 <= len(name) <= 64 and all(digit in "0123456789abcdef" for digit in name.lower())


def _is_json(format_: str) -> bool:
    if format_ not in ("text", "json", "jsonl"):
        raise click.UsageError(f"--format {format_} is for documents: text or json")
    return format_ != "text"
