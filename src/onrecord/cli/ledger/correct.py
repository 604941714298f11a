"""``onrecord correct``: a person's word against the machine's, appended and kept."""

from __future__ import annotations

import click

from onrecord.cli import problem
from onrecord.cli.ledger import by_and_why, ledger_options

__all__ = ["command"]


@click.command("correct")
@click.argument("id")
@click.argument("changes", nargs=-1, metavar="FIELD=VALUE...")
@click.option("--withdraw", is_flag=True, help="ID is a correction's number: take it back.")
@click.option("--settle", type=int, metavar="NUMBER", help="Attach this correction, which waits, to the statement.")
@by_and_why
@ledger_options
def command(
    id: str,
    changes: tuple[str, ...],
    withdraw: bool,
    settle: int | None,
    by: str,
    why: str,
    ledger: str | None,
    collection: str | None,
) -> None:
    """Correct fields of the statement ID (or the first digits of its id).

    A correction is appended: who, when, what, why. It wins over what the machine found in every view, and a newer
    extractor does not overwrite it. FIELD is one of speaker, source_type, source_title, justification,
    anonymity_reason, relayed_by, kind, form, source, cue, content, quoted, addressee, act, target, certainty,
    polarity, said_on, said_at, channel; rejected=yes says that this is no statement. A place in the text is written as
    offsets (12-25 or 12-25,30-41) or as its words; nothing after the = means "not known".

    \b
    Examples:
      onrecord correct 83684888 speaker="Ilse Kamara" --by ada --why "the tape: she speaks, not her deputy"
      onrecord correct 83684888 act=deny polarity=negative --by ada --why "denies it in the next sentence"
      onrecord correct 83684888 rejected=yes --by ada --why "a headline's pun, nobody said it"
      onrecord correct 7 --withdraw --by ada --why "misheard"
    """
    from onrecord.ledger import Ledger

    with Ledger.open(ledger, create=False, collection=collection) as opened:
        if withdraw:
            if changes or not id.isdecimal():
                raise click.UsageError("--withdraw takes the number of a correction and nothing else")
            opened.withdraw(int(id), by=by, why=why)
            problem(f"correction {id}: withdrawn")
            return
        if settle is not None:
            opened.settle(settle, id)
            problem(f"correction {settle}: attached to {id}")
            if not changes:
                return
        if not changes:
            raise click.UsageError("give what to correct: FIELD=VALUE")
        pairs = []
        for change in changes:
            name, equals, value = change.partition("=")
            if not equals:
                raise click.UsageError(f"{change!r}: write FIELD=VALUE")
            pairs.append((name.strip(), value))
        statement = opened.correct(id.lower(), pairs, by=by, why=why)
    problem(f"{statement.id}: corrected")
