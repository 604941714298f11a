"""``onrecord entities``: who is who across documents."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from onrecord.cli import problem
from onrecord.cli.ledger import by_and_why, ledger_option
from onrecord.cli.ledger.filters import file_option
from onrecord.exports.display import counted

__all__ = ["command"]

COLUMNS = (
    "number", "name", "kind", "names", "statements", "documents", "independent", "outlets", "reference"
)  # fmt: skip
VOICES = ("document", "outlet", "date", "name", "titles", "statements")

_format = click.option(
    "-f", "--format", "format_", type=click.Choice(["text", "json", "jsonl", "csv"]), default="text",
    show_default=True, help="text: for the terminal. json: one list. jsonl: one row a line. csv: for spreadsheets.",
)  # fmt: skip


@click.group("entities")
def command() -> None:
    """Persons and organizations across documents: list them, import known ones, put together, tell apart.

    'onrecord relate' finds them. Names that fit several are joined with none: see 'onrecord queue'.

    \b
    Examples:
      onrecord entities list
      onrecord entities show 17
      onrecord entities import people.csv
      onrecord entities merge 17 42 --by ada --why "her name before she married"
      onrecord entities split 17 story-9 --by ada --why "the mayor's cousin of the same name"
    """


@command.command("list")
@click.argument("words", required=False, default="")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="So many at most.")
@_format
@file_option
@ledger_option
def list_(words: str, limit: int, format_: str, output: str | None, ledger: str | None) -> None:
    """List who speaks, those with most statements first; with WORDS, those with a name that has them.

    "independent" counts the documents that are no copies of each other.
    """
    from onrecord.cli.output import destination
    from onrecord.exports.tables import write_table
    from onrecord.ledger import Ledger
    from onrecord.relate.relations import Relations

    with Ledger.open(ledger, read_only=True) as opened:
        found = Relations(opened).entities(words, limit=limit)
    rows = (asdict(entity) | {"names": _joined(entity.names, format_)} for entity in found)
    with destination(output, format_) as out:
        write_table(rows, COLUMNS, format_, out)


@command.command("show")
@click.argument("number", type=int)
@_format
@file_option
@ledger_option
def show(number: int, format_: str, output: str | None, ledger: str | None) -> None:
    """Show in which documents the entity NUMBER speaks, under which name and titles."""
    from onrecord.cli.output import destination
    from onrecord.exports.tables import write_table
    from onrecord.ledger import Ledger
    from onrecord.relate.relations import Relations

    with Ledger.open(ledger, read_only=True) as opened:
        found = Relations(opened).voices(number)
    rows = (asdict(voice) | {"titles": _joined(voice.titles, format_)} for voice in found)
    with destination(output, format_) as out:
        write_table(rows, VOICES, format_, out)


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@ledger_option
def import_(file: Path, ledger: str | None) -> None:
    """Take over a list of known people and organizations.

    FILE is CSV with the columns id, name, aliases (divided by semicolons) and kind (person or organization), or
    FollowTheMoney entities as JSON. Speakers with one of these names become the one of the list; an entity has its id.
    """
    from onrecord.ledger import Ledger
    from onrecord.relate.relations import Relations
    from onrecord.relate.who import known_of

    known = list(known_of(file))
    with Ledger.open(ledger, create=False) as opened:
        count = Relations(opened).import_known(known)
    problem(f"{file}: {count:,} persons and organizations")


@command.command("merge")
@click.argument("one", type=int)
@click.argument("other", type=int)
@by_and_why
@ledger_option
def merge(one: int, other: int, by: str, why: str, ledger: str | None) -> None:
    """Say that the entities ONE and OTHER are one; it is appended, and stays so."""
    from onrecord.ledger import Ledger
    from onrecord.relate.relations import Relations

    with Ledger.open(ledger, create=False) as opened:
        Relations(opened).merge(one, other, by=by, why=why)
    problem(f"{one} and {other}: one")


@command.command("split")
@click.argument("number", type=int)
@click.argument("documents", nargs=-1, required=True)
@by_and_why
@ledger_option
def split(number: int, documents: tuple[str, ...], by: str, why: str, ledger: str | None) -> None:
    """Say that whoever speaks in DOCUMENTS is another than the entity NUMBER; it is appended, and stays so."""
    from onrecord.ledger import Ledger
    from onrecord.relate.relations import Relations

    with Ledger.open(ledger, create=False) as opened:
        Relations(opened).split(number, documents, by=by, why=why)
    problem(f"{number}: told apart from who speaks in {counted(len(documents), 'document')}")


def _joined(words: tuple[str, ...], format_: str) -> object:
    return list(words) if format_ in ("json", "jsonl") else "; ".join(words)
