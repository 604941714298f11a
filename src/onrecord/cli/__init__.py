"""The command line: one file a command group, loaded only when its command is called.

Data goes to standard output, everything else to standard error. Exit codes: 0 done, 1 failed, 2 wrong
use, 3 finished but some documents were skipped, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from onrecord.errors import OnrecordError, UsageError

__all__ = ["COMMANDS", "DONE", "FAILED", "INTERRUPTED", "SKIPPED", "WRONG_USE", "app", "main", "problem"]

DONE, FAILED, WRONG_USE, SKIPPED, INTERRUPTED = 0, 1, 2, 3, 130

COMMANDS = {
    "add": ("onrecord.cli.ledger.add", "Record articles and who said what in a ledger."),
    "backup": ("onrecord.cli.ledger.backup", "Copy a ledger while others use it."),
    "compare": ("onrecord.cli.ledger.compare", "Show two statements side by side, or compare claims pair by pair."),
    "correct": ("onrecord.cli.ledger.correct", "Correct a statement; the correction is kept beside it."),
    "corrections": ("onrecord.cli.ledger.corrections", "List corrections, and those that wait for you."),
    "entities": (
        "onrecord.cli.ledger.entities",
        "Who is who across documents: list, import, put together, tell apart.",
    ),
    "export": ("onrecord.cli.ledger.export", "Write the records of a ledger."),
    "factchecks": ("onrecord.cli.ledger.factchecks", "Reviews of claims: import, list, match with texts."),
    "import-annotations": ("onrecord.cli.ledger.import_annotations", "Take over annotations from brat or JSON Lines."),
    "index": ("onrecord.cli.ledger.index", "Bring the index up to date that 'search --like' looks through."),
    "links": ("onrecord.cli.ledger.links", "List the same and altered words, copies, disputes, and judge them."),
    "list": ("onrecord.cli.ledger.list", "List the documents of a ledger."),
    "matter": ("onrecord.cli.ledger.matter", "Show who says what on a matter, and what is disputed."),
    "positions": ("onrecord.cli.ledger.positions", "Show what one speaker says on a matter, in order of time."),
    "queue": ("onrecord.cli.ledger.queue", "List what waits for a person."),
    "relate": ("onrecord.cli.ledger.relate", "Compare what is new: who is who, same and altered words, disputes."),
    "remove": ("onrecord.cli.ledger.remove", "Take a document out of a ledger, with a tombstone in its place."),
    "report": ("onrecord.cli.ledger.report", "Bundle what a query asks for as pages to hand over."),
    "reread": ("onrecord.cli.ledger.reread", "Look for statements again with a newer onrecord."),
    "search": ("onrecord.cli.ledger.search", "Look for statements by words, speaker, outlet, day, act, form, source."),
    "show": ("onrecord.cli.ledger.show", "Show a statement or a document of a ledger, with what proves it."),
    "speaker": ("onrecord.cli.ledger.speaker", "Show what one speaker says."),
    "speakers": ("onrecord.cli.ledger.speakers", "List who speaks in a ledger."),
    "stats": ("onrecord.cli.ledger.stats", "Count statements by outlet and month."),
    "timeline": ("onrecord.cli.ledger.timeline", "Count statements by when they were said."),
    "verify": ("onrecord.cli.ledger.verify", "Check every hash and every slice of a ledger."),
    "read": ("onrecord.cli.read", "Read articles and write who said what."),
    "sources": ("onrecord.cli.sources", "Write the sourcing table of articles: which sentences, from whom, and why."),
    "terms": ("onrecord.cli.terms", "List offers, commitments and refusals by party, with their conditions."),
    "times": ("onrecord.cli.times", "List time expressions with their values."),
    "schema": ("onrecord.cli.schema", "Print the JSON Schema of a statement record."),
}
"""Each command's module, whose ``command`` it is, and what ``onrecord --help`` says of it."""


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name][0]).command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # Whoever read our output has had enough ("| head"). Caught here, because click would make it a
            # failure; and standard output is turned away, because Python flushes it once more at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return DONE

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


def _version(ctx: click.Context, _param: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        import onrecord

        click.echo(f"onrecord {onrecord.__version__}")
        ctx.exit()


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version", is_flag=True, callback=_version, expose_value=False, is_eager=True, help="Show the version and exit."
)
def app() -> None:
    """Turn news into a ledger of attributed statements: who said what, in whose words.

    onrecord records that something was said, never that it is true.

    \b
    Examples:
      onrecord read story.html
      onrecord read articles/ --format html -o pages/
      onrecord read --help
    """


def problem(message: str) -> None:
    """Write ``message`` to standard error as one line, whatever it holds."""
    from onrecord.exports.display import one_line

    click.echo(f"onrecord: {one_line(message)}", err=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code; problems are one line each, never a traceback."""
    sys.exit(_run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    try:
        code = app.main(args=arguments, prog_name="onrecord", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else DONE
    except click.exceptions.NoArgsIsHelpError as wrong:
        click.echo(wrong.format_message(), err=True)
        return WRONG_USE
    except click.UsageError as wrong:
        command = wrong.ctx.command_path if wrong.ctx else "onrecord"
        where = command.removeprefix("onrecord").strip()
        what = wrong.format_message().rstrip(".")
        problem(f"{where + ': ' if where else ''}{what} (try '{command} --help')")
        return WRONG_USE
    except (click.Abort, KeyboardInterrupt):
        problem("interrupted")
        return INTERRUPTED
    except UsageError as wrong:
        problem(str(wrong))
        return WRONG_USE
    except OnrecordError as failed:
        problem(str(failed))
        return FAILED
    except OSError as failed:
        problem(f"{failed.filename or 'output'}: {failed.strerror or failed}")
        return FAILED
