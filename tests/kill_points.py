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
from sqlalchemy.engine.default import DefaultDialect

from onrecord.batch import Workers
from onrecord.cli import main
from onrecord.exports.record import dumps, records
from onrecord.ledger import Ledger, recorder
from onrecord.model import Document

os.environ["ONRECORD_THREADS"] = "1"
recorder._MOST = 5  # so that a short run writes several times


def run(ledger: str, docs: str, at: int | None) -> tuple[int, list[str]]:
    """Add in a child process, which is killed at its ``at``-th moment: its status as ``os.waitpid`` has it, its moments."""
    reader, writer = os.pipe()
    child = os.fork()
    if child:
        os.close(writer)
        with os.fdopen(reader) as told:
            moments = told.read().split("\n")[:-1]
        return os.waitpid(child, 0)[1], moments
    os.close(reader)
    count = 0

    def moment(what: str) -> None:
        nonlocal count
        count += 1
        os.write(writer, f"{what}\n".encode())
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)

    listen(moment)
    sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115
    code = 99
    try:
        main(["add", docs, "--ledger", ledger, "--workers", "1", "-q"])
    except SystemExit as left:
        code = int(left.code or 0)
    os._exit(code)


def listen(moment: Callable[[str], None]) -> None:
    """Call ``moment`` before each statement, before each commit and after it."""

    def before(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        moment(re.split(r"\W+", statement.strip(), maxsplit=1)[0].upper())

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "commit", lambda _connection: moment("commit begins"))
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


def chosen(moments: list[str], times: int, rng: random.Random) -> list[int]:
    """So many moments, from 1: one of each kind there is, the others evenly over the whole run."""
    by_kind: dict[str, list[int]] = {}
    for number, what in enumerate(moments, 1):
        by_kind.setdefault(what, []).append(number)
    first = [rng.choice(numbers) for numbers in by_kind.values()][:times]
    rest = times - len(first)
    return sorted(first + [1 + (k * len(moments) + rng.randrange(len(moments))) // rest for k in range(rest)])


def go(places: str, docs: str, seed: int, times: int) -> dict[str, Any]:
    """Kill so often, resume, and compare."""
    with Workers(1) as workers:  # load the network before forking
        list(workers.extracted([Document("warm", "The port denied it.")]))
    status, moments = run(places.format(n=0), docs, None)
    assert status == 0, status
    expected = exported(places.format(n=0))
    killed: Counter[str] = Counter()
    differs: list[str] = []
    for number, at in enumerate(chosen(moments, times, random.Random(seed)), 1):
        ledger = places.format(n=number)
        status, passed = run(ledger, docs, at)
        if not os.WIFSIGNALED(status):
            differs.append(f"moment {at}: was not killed but ended with {status}")
            continue
        killed[passed[-1]] += 1
        status, _ = run(ledger, docs, None)
        if status or (found := exported(ledger)) != expected:
            what = f"ended with {status}" if status else f"{len(set(found) ^ set(expected))} records differ"
            differs.append(f"moment {at} ({passed[-1]}): {what}")
    killed_in = {"killed": killed.total(), "in": dict(killed)}
    return {"moments": len(moments), **killed_in, "records": len(expected), "differs": differs}


if __name__ == "__main__":
    print(json.dumps(go(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))
