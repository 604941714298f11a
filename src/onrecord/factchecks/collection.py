"""The fact-checks of a ledger: imported, listed, taken out, and matched with what texts say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from sqlalchemy import select

from onrecord.errors import UsageError
from onrecord.factchecks import store
from onrecord.factchecks.factcheck import FactCheck
from onrecord.factchecks.matching import Match, Reviewed, vectors
from onrecord.factchecks.ranker import Second
from onrecord.ledger import Ledger, tables
from onrecord.meaning.encoder import shipped

__all__ = ["FactChecks", "Taken"]

_Item = TypeVar("_Item")

_AT_ONCE = 200
"""So many fact-checks are encoded and written in one transaction."""

Progress = Callable[[int], None]
"""Is told how many fact-checks are done."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of imported fact-checks: how many were new, how many changed, how many were there as they are."""

    new: int = 0
    changed: int = 0
    same: int = 0

    def __add__(self, other: Taken) -> Taken:
        return Taken(self.new + other.new, self.changed + other.changed, self.same + other.same)


class FactChecks:
    """The fact-checks of a ledger; ``second`` looks closer at the best candidates of a text.

    >>> import tempfile, pathlib
    >>> with Ledger.open(pathlib.Path(tempfile.mkdtemp()) / "desk.db") as ledger:
    ...     len(FactChecks(ledger))
    0
    """

    def __init__(self, ledger: Ledger, *, second: Second | None = None) -> None:
        self._database = ledger.database
        self._second = second
        self._reviewed: tuple[tuple[int, str | None], Reviewed] | None = None

    def __len__(self) -> int:
        with self._database.reading() as connection:
            return store.state(connection)[0]

    def __iter__(self) -> Iterator[FactCheck]:
        """All of them, in the order of their ids."""
        ids = select(tables.factcheck.c.id).order_by(tables.factcheck.c.id)
        with self._database.reading() as connection:
            for some in _parts(connection.execute(ids).scalars().all()):
                found = store.known(connection, some, "")
                yield from (found[id][0] for id in some)

    def get(self, id: str) -> FactCheck | None:
        """The one with this id."""
        with self._database.reading() as connection:
            found = store.known(connection, [id], "").get(id)
        return found[0] if found else None

    def take(self, checks: Iterable[FactCheck], origin: str, progress: Progress | None = None) -> Taken:
        """Write fact-checks; one that is there with the same id is replaced where anything of it changed.

        ``origin`` says where they come from. Interrupted, what was written stays; so does what it goes on with when
        the same is imported again. Vectors that an older encoder made are made anew.
        """
        taken, done = Taken(), 0
        for some in _parts(checks):
            taken += self._take(some, origin)
            done += len(some)
            if progress is not None:
                progress(done)
        self._refresh()
        return taken

    def remove(self, id: str) -> None:
        """Take one out.

        Raises:
            UsageError: there is none with this id.
        """
        with self._database.writing() as connection:
            if not store.remove(connection, id):
                raise UsageError(f"{id}: there is no fact-check with this id (see: onrecord factchecks list)")
        self._database.forget()

    def match(self, texts: Sequence[str], *, limit: int = 5, least: float | None = None) -> list[list[Match]]:
        """For each text the reviewed claims that are similar to what it says, the best first; at most ``limit``.

        ``least`` is the least score, None the one from which on a match is worth being looked at. The collection is
        read and made ready once, and again after it changed: give many texts in one call, or keep this object.
        """
        if not texts:
            return []
        encoder = shipped()
        with self._database.reading() as connection:
            state = store.state(connection)
            if self._reviewed is None or self._reviewed[0] != state:
                self._reviewed = (
                    state,
                    Reviewed(*store.every(connection, encoder), second=self._second, encoder=encoder),
                )
        return self._reviewed[1].match(texts, limit=limit, least=least)

    def _take(self, checks: Sequence[FactCheck], origin: str) -> Taken:
        version = shipped().version
        with self._database.reading() as connection:
            known = store.known(connection, [check.id for check in checks], version)
        there = {id: check for id, (check, _) in known.items()}
        differing = [check for check in checks if there.get(check.id) != check]
        kept = {
            check.id: known[check.id][1]
            for check in differing
            if check.id in there and (there[check.id].claim, there[check.id].title) == (check.claim, check.title)
        }
        lacking = [check for check in differing if kept.get(check.id) is None]
        made = dict(zip((check.id for check in lacking), _vectors(lacking), strict=True))
        if differing:
            with self._database.writing() as connection:
                store.write(connection, [(c, made.get(c.id) or kept[c.id] or b"") for c in differing], origin, version)
        new = sum(check.id not in there for check in differing)
        return Taken(new, len(differing) - new, len(checks) - len(differing))

    def _refresh(self) -> None:
        """Make vectors of an older encoder anew."""
        version = shipped().version
        while True:
            with self._database.reading() as connection:
                old = store.stale(connection, version, _AT_ONCE)
            if not old:
                return
            made = _vectors([check for check, _ in old])
            with self._database.writing() as connection:
                for (check, origin), kept in zip(old, made, strict=True):
                    store.write(connection, [(check, kept)], origin, version)


def _parts(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    """As many items as are handled together, one list after the other."""
    waiting = iter(items)
    while some := list(islice(waiting, _AT_ONCE)):
        yield some


def _vectors(checks: Sequence[FactCheck]) -> list[bytes]:
    encoder = shipped()
    titles = vectors([check.title for check in checks], encoder)
    return store.packed(vectors([check.claim for check in checks], encoder), titles)
