"""The examples in the documentation run, and say what they print."""

import doctest
from pathlib import Path

import pytest

import onrecord

ROOT = Path(__file__).parent.parent
PAGES = sorted(p for p in (ROOT / "docs").glob("*.md") if ">>> " in p.read_text(encoding="utf-8"))
MODULES = sorted(p for p in (ROOT / "src").rglob("*.py") if ">>> " in p.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_page(page: Path) -> None:
    result = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert result.attempted
    assert not result.failed


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.stem)
def test_docstrings(path: Path) -> None:
    name = ".".join(path.relative_to(ROOT / "src").with_suffix("").parts).removesuffix(".__init__")
    module = __import__(name, fromlist=["_"])
    result = doctest.testmod(module)
    assert result.attempted
    assert not result.failed


def test_pages_were_found() -> None:
    assert PAGES
    assert MODULES
    assert onrecord.__version__
