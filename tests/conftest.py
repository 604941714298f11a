from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sample_ledgers import correct, fill
from servers import NoServer, postgres

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_NUMBERS = count(1)
_CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL server; where there is none the tests are skipped, loudly, and fail in CI."""
    address = os.environ.get("ONRECORD_TEST_POSTGRES")
    if address:
        yield address
        return
    try:
        running = postgres()
        found = running.__enter__()
    except NoServer as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(str(missing))
        pytest.skip(f"THE LEDGER IN POSTGRESQL IS NOT TESTED: {missing}")
    try:
        yield found
    finally:
        running.__exit__(None, None, None)


@pytest.fixture
def database(server: str) -> Iterator[str]:
    """The address of an empty database on the server."""
    import psycopg

    name = f"ledger_{os.getpid()}_{next(_NUMBERS)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield f"{server}/{name}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def full_ledger(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A ledger, only to be read, with everything in it that the hand-made documents and persons' corrections have."""
    where = str(tmp_path_factory.mktemp("ledger") / "full.db")
    fill(where)
    correct(where)
    return where


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place for a ledger, in each kind of database."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.db")
    address: str = request.getfixturevalue("database")
    return address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    missing = None if _CHROMIUM else "no Chromium on this machine (apt-get install chromium)"
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing = "playwright is not installed (pip install 'onrecord[test]')"
    if missing:
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=_CHROMIUM, args=_FLAGS)
        yield started
        started.close()
