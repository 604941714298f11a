from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from servers import NoServer, postgres

_NUMBERS = count(1)


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


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place for a ledger, in each kind of database."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.db")
    address: str = request.getfixturevalue("database")
    return address
