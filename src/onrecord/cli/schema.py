"""``onrecord schema``."""

from __future__ import annotations

import click

__all__ = ["command"]


@click.command("schema")
def command() -> None:
    """Print the JSON Schema (draft 2020-12) of a statement record.

    A record is one line of "onrecord read --format jsonl", and one member of "statements" in
    "--format json".

    \b
    Example:
      onrecord schema > record.schema.json
    """
    from onrecord.exports.record import schema_text

    click.echo(schema_text(), nl=False)
