"""A PostgreSQL server of the tests' own, started as an ordinary user; it is gone when they are."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "postgres"


class NoServer(Exception):
    """There is no PostgreSQL on this machine, or it cannot be started."""


def _programs() -> Path:
    found = shutil.which("pg_ctl")
    places = [Path(found)] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), reverse=True)
    if not places:
        raise NoServer("no PostgreSQL on this machine (apt-get install postgresql)")
    return places[0].parent


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a running server, without a database."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="onrecord-pg-"))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    as_user: dict[str, object] = {"cwd": "/"}
    if os.geteuid() == 0:  # the server refuses to run as root
        try:
            shutil.chown(folder, USER)
        except LookupError:
            raise NoServer("PostgreSQL does not run as root, and there is no user postgres") from None
        as_user |= {"user": USER, "group": USER}
    data = folder / "data"

    def call(*arguments: str) -> None:
        done = subprocess.run(arguments, capture_output=True, text=True, **as_user)  # type: ignore[call-overload]
        if done.returncode:
            raise NoServer(f"PostgreSQL cannot be started: {done.stderr.strip() or done.stdout.strip()}")

    try:
        call(str(programs / "initdb"), "-D", str(data), "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync")
        settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        call(str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", settings, "start")
        try:
            yield f"postgresql://{USER}@127.0.0.1:{port}"
        finally:
            call(str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
