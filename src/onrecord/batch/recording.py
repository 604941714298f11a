"""From what readers give to the ledger: what is there already is passed over, the rest extracted and written."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from onrecord.batch.workers import Workers
from onrecord.errors import DocumentError
from onrecord.ledger import Added, Ledger, Recorder, Status
from onrecord.model import Document

__all__ = ["again", "record"]


def record(
    recorder: Recorder, outcomes: Iterable[Document | DocumentError], workers: Workers
) -> Iterator[Added | DocumentError]:
    """Record documents; what became of each, in nearly their order. Errors are passed on.

    ``outcomes`` are documents without statements, as ``read_many(..., extract=False)`` gives them.
    """
    for result in workers.extracted(_new(recorder, outcomes)):
        if isinstance(result, Document):
            yield from recorder.add(result)
        elif isinstance(result, Added | DocumentError):
            yield result
    yield from recorder.flush()


def _new(
    recorder: Recorder, outcomes: Iterable[Document | DocumentError]
) -> Iterator[Document | DocumentError | Added]:
    for outcome in outcomes:
        if isinstance(outcome, DocumentError):
            yield outcome
            continue
        try:
            known = recorder.unchanged(outcome)
        except DocumentError as error:
            yield error
        else:
            yield Added(Status.UNCHANGED, outcome.id) if known else outcome


def again(
    ledger: Ledger, recorder: Recorder, workers: Workers, name: str | None = None
) -> Iterator[Added | DocumentError]:
    """Read the texts of a ledger again, those of one document or of all; what became of each.

    Those that this extractor has read are passed over.
    """
    revisions: deque[int] = deque()

    def texts() -> Iterator[Document]:
        for revision, document in ledger.unread(recorder.extractor, name):
            revisions.append(revision)
            yield document

    for result in workers.extracted(texts()):
        revision = revisions.popleft()
        if isinstance(result, Document):
            yield from recorder.add(result, revision)
        elif isinstance(result, DocumentError):
            yield result
    yield from recorder.flush()
