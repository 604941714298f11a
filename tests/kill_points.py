"""Kills ``onrecord add`` with SIGKILL at chosen moments of its work with the database, and lets it go on.

``python kill_points.py LEDGER DOCS SEED TIMES``, where ``{n}`` in LEDGER is a number of each ledger. A child process
is forked for each run, so that the network is loaded once. Moments are the statements that go to the database, the
commits before and after they are done: the start (the migrations), the looks before extraction, the writing. Prints
one JSON object: how many were killed, in what, and what differs from a run without a kill (nothing should).
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from onrecord.batch import Workers
from onrecord.cli import main
from onrecord.exports.record import dumps, records
from onrecord.ledger import Ledger, recorder
from onrecord.model import Document

os.environ["ONRECORD_THREADS"] = "1"
recorder._MOST = 5  # so that a short run writes several times


def run(ledger: str, docs: str, at: int | None, told: Any = None) -> int:
    """Add in a child process, which is killed at its ``at``-th moment; its status as ``os.waitpid`` has it."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    count = 0

    def moment(what: str) -> None:
        nonlocal count
        count += 1
        if told is not None:
            told(what)
        if count == at:
            os.write(1, f"killed {what}\n".encode())
            os.kill(os.getpid(), signal.SIGKILL)

    listen(moment)
    sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115
    code = 99
    try:
        main(["add", docs, "--ledger", ledger, "--workers", "1", "-q"])
    except SystemExit as left:
        code = int(left.code or 0)
    if at is None and told is not None:
        os.write(1, f"moments {count}\n".encode())
    os._exit(code)


def listen(moment: Callable[[str], None]) -> None:
    """Call ``moment`` before each statement, before each commit and after it."""

    def before(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        moment(re.split(r"\W+", statement.strip(), maxsplit=1)[0].upper())

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "commit", lambda _connection: moment("commit begins"))
    done = Engine._commit_impl if hasattr(Engine, "_commit_impl") else None
    del done
    from sqlalchemy.engine.default import DefaultDialect

    commit = DefaultDialect.do_commit

    def after(self: Any, connection: Any) -> None:
        commit(self, connection)
        moment("commit done")

    DefaultDialect.do_commit = after  # type: ignore[method-assign]


def exported(ledger: str) -> list[str]:
    """The records of a ledger as JSON Lines, and whether all of it holds."""
    with Ledger.open(ledger, read_only=True) as opened:
        (*_, account) = opened.verify()
        lines = [f"problem: {p.where}: {p.what}" for p in account.problems]
        return lines + [dumps(record) for document in opened.documents() for record in records(document)]


def all_moments(ledger: str, docs: str) -> tuple[int, list[str]]:
    """How many moments a run without a kill has, and what it records."""
    reader, writer = os.pipe()
    kept = os.dup(1)
    os.dup2(writer, 1)
    status = run(ledger, docs, None, lambda _what: None)
    os.dup2(kept, 1)
    os.close(writer)
    said = os.read(reader, 1 << 16).decode()
    os.close(reader)
    assert status == 0, status
    return int(said.split("moments ")[1]), exported(ledger)


def go(places: str, docs: str, seed: int, times: int) -> dict[str, Any]:
    """Kill so often, resume, and compare."""
    with Workers(1) as workers:  # load the network before forking
        list(workers.extracted([Document("warm", "The port denied it.")]))
    count, expected = all_moments(places.format(n=0), docs)
    rng = random.Random(seed)
    # evenly over the whole run, so that its start, its reading and its writing all have their share
    moments = sorted(1 + (k * count + rng.randrange(count)) // times for k in range(times))
    killed: Counter[str] = Counter()
    differs: list[str] = []
    for number, at in enumerate(moments, 1):
        ledger = places.format(n=number)
        reader, writer = os.pipe()
        kept = os.dup(1)
        os.dup2(writer, 1)
        status = run(ledger, docs, min(at, count))
        os.dup2(kept, 1)
        os.close(writer)
        said = os.read(reader, 1 << 16).decode().strip()
        os.close(reader)
        if not os.WIFSIGNALED(status):
            differs.append(f"moment {at}: was not killed but ended with {status}")
            continue
        killed[said.removeprefix("killed ")] += 1
        status = run(ledger, docs, None)
        if status or (found := exported(ledger)) != expected:
            what = f"ended with {status}" if status else f"{len(set(found) ^ set(expected))} records differ"
            differs.append(f"moment {at} ({said}): {what}")
    return {
        "moments": count,
        "killed": killed.total(),
        "in": dict(killed),
        "records": len(expected),
        "differs": differs,
    }


if __name__ == "__main__":
    print(json.dumps(go(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))
