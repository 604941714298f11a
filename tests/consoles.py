"""The command line called in this process, and in one that lacks a package."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
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


def without(package: str, folder: Path, *arguments: str) -> Done:
    """What a command does, run in ``folder``, where a package is not installed."""
    code = f"import sys; sys.modules[{package!r}] = None; from onrecord.cli import main; main(sys.argv[1:])"
    done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=folder, capture_output=True, text=True)
    return Done(done.returncode, done.stdout, done.stderr)
