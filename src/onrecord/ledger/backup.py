"""A copy of a ledger as one SQLite file, made while others read and write it."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path

from sqlalchemy import insert, select, text

from onrecord.errors import LedgerError, UsageError
from onrecord.ledger import tables
from onrecord.ledger.database import Database

__all__ = ["backup"]

_ROWS = 1000


def backup(database: Database, file: Path, timeout: float) -> None:
    """Write the ledger as it is at this moment to ``file``, which appears whole or not at all.

    A ledger in PostgreSQL becomes a file too, which opens like any other.

    Raises:
        UsageError: the file is there already, or its folder is not.
        LedgerError: it cannot be written.
    """
    if file.exists():
        raise UsageError(f"{file}: is there already, and a backup overwrites nothing (give another name)")
    if not file.parent.is_dir():
        raise UsageError(f"{file}: there is no folder {file.parent} (make it first)")
    part = file.with_name(f".{file.name}.part")
    part.unlink(missing_ok=True)
    try:
        if database.is_file:
            database.outside("VACUUM INTO ?", str(part))
        else:
            _copied(database, part, timeout)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(file)
    except OSError as error:
        raise LedgerError(f"{file}: cannot be written: {error.strerror or error}") from None
    finally:
        for left in (part, Path(f"{part}-wal"), Path(f"{part}-shm"), Path(f"{part}-journal")):
            left.unlink(missing_ok=True)


def _copied(database: Database, part: Path, timeout: float) -> None:
    """All rows of all tables, as one moment shows them."""
    copy = Database(str(part), create=True, writes=True, timeout=timeout)
    try:
        with database.reading() as here, copy.writing() as there:
            for table in tables.METADATA.sorted_tables:
                order = [*table.primary_key.columns]
                columns = [column for column in table.c if not column.name.startswith("words_of_")]
                rows = here.execution_options(yield_per=_ROWS).execute(select(*columns).order_by(*order)).mappings()
                while batch := [dict(row) for row in islice(rows, _ROWS)]:
                    there.execute(insert(table), batch)
            there.execute(text("INSERT INTO present_words(present_words) VALUES ('rebuild')"))
    finally:
        copy.close()
