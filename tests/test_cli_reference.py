from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from onrecord.cli import COMMANDS, app
from onrecord.cli.reference import reference

PAGE = Path(__file__).parent.parent / "docs" / "cli.md"


def test_the_reference_page_is_what_help_says() -> None:
    assert PAGE.read_text("utf-8") == reference(), "run: python -m onrecord.cli.reference > docs/cli.md"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_with_an_example(name: str) -> None:
    done = CliRunner().invoke(app, [name, "--help"])
    assert done.exit_code == 0
    assert f"onrecord {name}" in done.output.split("Example")[1]
