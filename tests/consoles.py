"""The command line called in this process."""

from __future__ import annotations

import json
from typing import Any

import pytest

from onrecord.cli import main


class Done:
    """What a command left: its exit code, standard output and standard error."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Standard output as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]


class Console:
    """Runs commands."""

    def __init__(self, capfd: pytest.CaptureFixture[str]) -> None:
        self.capfd = capfd

    def __call__(self, *arguments: str) -> Done:
        with pytest.raises(SystemExit) as left:
            main(arguments)
        out, err = self.capfd.readouterr()
        assert isinstance(left.value.code, int)
        return Done(left.value.code, out, err)
