"""The commands that write to a ledger or read from it: one file a command."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

__all__ = ["by_and_why", "ledger_option", "ledger_options"]

_Command = TypeVar("_Command", bound=Callable[..., object])


ledger_option = click.option(
    "--ledger",
    metavar="FILE|ADDRESS",
    help="The ledger: a file, or a postgresql:// address. [ONRECORD_LEDGER, or onrecord.db]",
)
"""Which ledger."""


def ledger_options(function: _Command) -> _Command:
    """Which ledger, and which part of it."""
    help_ = "A part of the ledger in which documents' ids are its own."
    return ledger_option(click.option("--collection", metavar="NAME", help=help_)(function))


def by_and_why(function: _Command) -> _Command:
    """Who says it, and why."""
    for option in (
        click.option("--why", required=True, metavar="WORDS", help="Why: what you saw that it does not say."),
        click.option("--by", required=True, metavar="NAME", help="Who corrects."),
    ):
        function = option(function)
    return function
