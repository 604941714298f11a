"""Opening a ledger's database, SQLite or PostgreSQL: transactions, locks, the schema's version, and plain errors."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import QueuePool

from onrecord.errors import LedgerBusy, LedgerError, UsageError

if TYPE_CHECKING:
    from alembic.config import Config

__all__ = ["SCHEMAS", "Database", "is_address", "migrations"]

SCHEMAS = ("0001", "0002", "0003", "0004", "0005", "0006")
"""The versions of the schema that this program knows, the present one last."""

_APPLICATION = 0x6F6E7263
"""SQLite's ``application_id`` of a ledger: "onrc"."""
_WRITER = 0x6F6E7263
"""PostgreSQL's advisory lock that whoever writes to a ledger holds."""


def is_address(where: str) -> bool:
    """Whether a ledger is in a database server rather than in a file."""
    return "://" in where


def migrations() -> Config:
    """The migrations, for alembic."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


class Database:
    """A ledger's database. ``timeout`` is how many seconds a writer waits for another.

    ``upgraded`` is told of which schema a ledger was that was brought up to date, in the same transaction.

    Raises:
        LedgerError: it cannot be opened, is none, is damaged, or was written by a newer onrecord.
        UsageError: it is not there and is not to be made.
    """

    def __init__(
        self,
        where: str,
        *,
        create: bool,
        writes: bool,
        timeout: float,
        upgraded: Callable[[Connection, str], None] | None = None,
    ) -> None:
        self.where, self.timeout = shown(where), timeout
        self.is_file = not is_address(where)
        if self.is_file:
            path = Path(where)
            if path.is_dir():
                raise UsageError(f"{where}: this is a folder, a ledger is a file")
            if not create and not path.exists():
                raise UsageError(f"{where}: there is no ledger (make one with: onrecord add ARTICLES --ledger {where})")
            if create and not path.parent.is_dir():
                raise UsageError(f"{where}: there is no folder {path.parent} (make it first)")
            self.engine = _sqlite(path, timeout, writes)
        else:
            self.engine = _server(where, timeout)
        try:
            self._ready(writes, upgraded)
        except BaseException:
            self.engine.dispose()
            raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the ledger throughout."""
        with self._told(), self.engine.connect() as connection:
            if not self.is_file:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection that alone may write; what is written is kept at the end, or else nothing of it is."""
        with self._told(), self.engine.connect() as connection:
            connection = connection.execution_options(writes=True)
            with connection.begin():
                if not self.is_file:
                    connection.execute(text(f"SET LOCAL lock_timeout = {int(self.timeout * 1000)}"))
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({_WRITER})"))
                yield connection

    def outside(self, command: str, *values: str) -> None:
        """Run a command of SQLite's outside of any transaction."""
        with self._told():
            connection = self.engine.raw_connection()
            try:
                cursor = connection.cursor()
                only = cursor.execute("PRAGMA query_only").fetchone()[0]
                cursor.execute("PRAGMA query_only = OFF")  # a copy to another file is no writing here
                cursor.execute(command, values).fetchall()
                cursor.execute(f"PRAGMA query_only = {only}")
            finally:
                connection.close()

    def forget(self) -> None:
        """Leave nothing in the file's log of what was deleted, as far as nobody reads it just now."""
        if self.is_file:
            self.outside("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    def _ready(self, writes: bool, upgraded: Callable[[Connection, str], None] | None) -> None:
        """Make or bring up to date the tables, where that is needed and may be done."""
        version = self._version()
        if writes and self.is_file:
            self.outside("PRAGMA journal_mode = WAL")
        if version == SCHEMAS[-1]:
            return
        if version is not None and version not in SCHEMAS:
            raise LedgerError(
                f"{self.where}: was written by a newer onrecord (schema {version}, this one knows {SCHEMAS[-1]}):"
                " update onrecord"
            )
        if not writes:
            what = "holds nothing yet" if version is None else f"has the older schema {version}"
            raise LedgerError(f"{self.where}: {what}: open it for writing once (onrecord add)")
        with self.writing() as connection:
            from alembic import command

            config = migrations()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            if version is not None and upgraded is not None:
                upgraded(connection, version)
            if self.is_file:
                connection.execute(text(f"PRAGMA application_id = {_APPLICATION}"))

    def _version(self) -> str | None:
        """The schema's version; None for an empty database."""
        with self.reading() as connection:
            there = inspect(connection).get_table_names()
            if not there:
                return None
            if "alembic_version" not in there or "statement" not in there:
                names = ", ".join(sorted(there)[:5])
                raise LedgerError(f"{self.where}: is no ledger but another database (its tables: {names})")
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What goes wrong in the database as an error that says what to do."""
        try:
            yield
        except DBAPIError as error:
            raise self._plain(error.orig or error) from error
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise self._plain(error) from error

    def _plain(self, error: BaseException) -> LedgerError:
        words, state = " ".join(str(error).split()), getattr(error, "sqlstate", None)
        if "database is locked" in words or state == "55P03":
            return LedgerBusy(
                f"{self.where}: another program has been writing to it for {self.timeout:g} seconds:"
                " try again when it is done"
            )
        for sign, what in _SIGNS:
            if sign in (state, words) or (len(sign) > 5 and sign in words):
                return LedgerError(f"{self.where}: {what}")
        return LedgerError(f"{self.where}: {words}")


_SIGNS = (
    ("disk is full", "the disk is full: make room and run the command again; what was recorded is kept"),
    ("53100", "the server's disk is full: make room and run the command again; what was recorded is kept"),
    ("disk I/O error", "the disk cannot be read or written: is it full? What was recorded before is kept"),
    ("readonly database", "it may only be read: change its permissions, or give another --ledger"),
    ("25006", "the server lets it only be read"),
    ("unable to open database file", "it cannot be opened: may its folder be read and written?"),
    ("file is not a database", "this is no ledger: the file is not an SQLite database"),
    ("malformed", "the file is damaged: take a backup of it (onrecord backup) and keep this one for repair"),
    ("does not exist", "there is no such database or user on the server: make it first (createdb)"),
)
"""What a database says, by its words or by its SQLSTATE, and what that means."""


def shown(where: str) -> str:
    """A ledger's place for messages: an address without its password."""
    if not is_address(where):
        return where
    from sqlalchemy.engine import make_url

    try:
        return make_url(where).render_as_string(hide_password=True)
    except ArgumentError:
        return where.partition("://")[0] + "://…"


def _sqlite(path: Path, timeout: float, writes: bool) -> Engine:
    def connect() -> sqlite3.Connection:
        name = quote(str(path.absolute()))
        try:
            connection = _connected(f"file:{name}?mode={'rwc' if writes else 'rw'}", timeout)
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            # a ledger on a medium that cannot be written, with nobody who writes: read it as it lies there
            log = Path(f"{path}-wal")
            if writes or not path.exists() or (log.exists() and log.stat().st_size):
                raise
            connection = _connected(f"file:{name}?mode=ro&immutable=1", timeout)
        if not writes:
            connection.execute("PRAGMA query_only = ON")
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        now = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if now else "BEGIN")

    return engine


def _connected(address: str, timeout: float) -> sqlite3.Connection:
    connection = sqlite3.connect(address, uri=True, timeout=timeout, isolation_level=None, check_same_thread=False)
    for pragma in ("foreign_keys = ON", "synchronous = FULL", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _server(where: str, timeout: float) -> Engine:
    scheme, _, rest = where.partition("://")
    if scheme.split("+")[0] not in ("postgresql", "postgres"):
        raise UsageError(f"{shown(where)}: a ledger is a file or a postgresql:// address")
    wait: dict[str, Any] = {"connect_timeout": max(2, int(timeout))}
    try:
        engine = create_engine(f"postgresql+psycopg://{rest}", connect_args=wait, pool_pre_ping=True)
    except (ImportError, NoSuchModuleError):
        raise UsageError("a ledger in PostgreSQL needs psycopg: pip install 'onrecord[postgres]'") from None
    except ArgumentError:
        raise UsageError(f"{shown(where)}: this is no address (postgresql://user@host/database)") from None

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        # to compile a search takes longer than the search; the places of two thousand statements fit into memory
        for setting in ("jit = off", "work_mem = '32MB'"):
            connection.execute(f"SET {setting}")
        connection.commit()

    return engine
