from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from onrecord.batch import Workers
from onrecord.errors import DocumentError, EmptyDocument, ModelError, TooLarge, UnreadableDocument
from onrecord.model import Document

TEXT = "The port denied it. “We will pay,” Ilse Kamara said."


def work(document: Document) -> Document | DocumentError:
    """What the documents' ids ask for: in a worker, where a test cannot reach."""
    if str(document.id).startswith("slow"):
        time.sleep(0.2)
    if document.id == "killer":
        os.kill(os.getpid(), signal.SIGKILL)
    if document.id == "bad":
        return TooLarge("bad", "too long", "cut it")
    if document.id == "broken":
        raise ModelError("the weights are gone")
    return replace(document, title="read")


def documents(*ids: str) -> list[Document]:
    return [Document(id, TEXT) for id in ids]


@pytest.mark.parametrize("number", [1, 2])
def test_results_come_in_order_with_errors_in_their_place(number: int) -> None:
    error = EmptyDocument("x", "empty")
    with Workers(number, work) as workers:
        results = list(workers.extracted([*documents("slow", "a", "bad"), error, *documents("b", "slow 2", "c")]))
    assert [r.id if isinstance(r, Document) else str(r) for r in results] == [
        "slow", "a", "bad: too long (cut it)", "x: empty", "b", "slow 2", "c",
    ]  # fmt: skip
    assert isinstance(results[2], TooLarge), "an error comes back from another process as it was"


def test_a_run_that_cannot_go_on_stops() -> None:
    with pytest.raises(ModelError, match="weights"), Workers(2, work) as workers:
        list(workers.extracted(documents("a", "broken", "b")))


def test_a_document_that_kills_its_worker_costs_no_other() -> None:
    ids = [f"d{n}" for n in range(12)]
    ids.insert(3, "killer")
    ids.insert(9, "killer")
    with Workers(2, work) as workers:
        results = list(workers.extracted(documents(*ids)))
    assert [r.id if isinstance(r, Document) else "killer" for r in results] == ids
    lost = [r for r in results if not isinstance(r, Document)]
    assert len(lost) == 2 and all(isinstance(r, UnreadableDocument) and "was killed" in str(r) for r in lost)


def test_a_worker_killed_from_outside_costs_nothing() -> None:
    with Workers(2, work) as workers:

        def given() -> Iterator[Document]:
            for number in range(20):
                if number == 9:
                    assert workers._pool is not None
                    os.kill(next(iter(workers._pool._processes)), signal.SIGKILL)
                yield Document(f"slow {number}", TEXT)

        results = list(workers.extracted(given()))
    assert [r.id for r in results if isinstance(r, Document)] == [f"slow {n}" for n in range(20)]


def test_no_more_is_held_than_the_workers_need() -> None:
    taken = 0

    def given() -> Iterator[Document]:
        nonlocal taken
        for number in range(60):
            taken += 1
            yield Document(str(number), TEXT)

    with Workers(2, work) as workers:
        results = workers.extracted(given())
        for number, _ in enumerate(results):
            assert taken <= number + 2 * 4 + 2


def test_the_real_extractor_in_workers_and_a_fault_in_it() -> None:
    with Workers(2) as workers:
        found, same = workers.extracted(documents("a", "b"))
    assert isinstance(found, Document) and isinstance(same, Document)
    assert found.statements and found.statements == same.statements


def test_a_fault_of_ours_is_an_error_of_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(document: Document) -> Document:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("onrecord.pipeline.with_statements", fails)
    with Workers(1) as workers:
        (result,) = workers.extracted(documents("a"))
    assert isinstance(result, UnreadableDocument) and "ZeroDivisionError" in str(result)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys, time; sys.path.insert(0, sys.argv[1])\n"
        "from onrecord.batch import Workers; from onrecord.model import Document\n"
        "import test_workers\n"
        "if __name__ == '__main__':\n"
        "    with Workers(2, test_workers.work) as workers:\n"
        "        def given():\n"
        "            for n in range(10): yield Document(str(n), 'x')\n"
        "            print(*workers._pool._processes, flush=True); time.sleep(60)\n"
        "        list(workers.extracted(given()))\n"
    )
    script = tmp_path / "parent.py"
    script.write_text(code)
    parent = subprocess.Popen(
        [sys.executable, str(script), str(Path(__file__).parent)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout
    children = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(children) == 2
    parent.kill()
    parent.wait()
    parent.stdout.close()
    for _ in range(100):
        if not any(_runs(pid) for pid in children):
            return
        time.sleep(0.1)
    raise AssertionError("the workers run on")


def _runs(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
