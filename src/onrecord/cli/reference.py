"""The reference page of the command line, made from ``--help``: ``python -m onrecord.cli.reference``."""

from __future__ import annotations

import click

from onrecord.cli import app

__all__ = ["reference"]

_HEAD = """# The command line

<!-- Made by `python -m onrecord.cli.reference > docs/cli.md`; a test checks it. Do not edit. -->

Data goes to standard output, everything else to standard error. Exit codes: 0 done, 1 failed, 2 wrong
use, 3 finished but some documents were skipped, 130 interrupted.
"""


def reference() -> str:
    """The page in Markdown: every command with its help, 80 columns wide."""
    root = _context(app, "onrecord", None)
    parts = [_HEAD, _section(root)]
    for name in app.list_commands(root):
        command = app.get_command(root, name)
        assert command
        context = _context(command, name, root)
        parts.append(_section(context))
        if isinstance(command, click.Group):
            parts += [_section(_context(command.commands[sub], sub, context)) for sub in command.list_commands(context)]
    return "\n".join(parts)


def _context(command: click.Command, name: str, parent: click.Context | None) -> click.Context:
    return command.make_context(name, [], parent, resilient_parsing=True, terminal_width=80)


def _section(context: click.Context) -> str:
    return f"## {context.command_path}\n\n```text\n{context.get_help()}\n```\n"


if __name__ == "__main__":
    print(reference(), end="")
