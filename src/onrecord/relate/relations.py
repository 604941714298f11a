"""What belongs together across the documents of a ledger: brought up to date, looked at, judged by persons."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from onrecord.errors import UsageError
from onrecord.factchecks import FactChecks
from onrecord.ledger import Entry, Ledger, Query, tables
from onrecord.ledger.corrections import Said
from onrecord.meaning.encoder import shipped
from onrecord.meaning.pairs import shipped_pairs
from onrecord.model import Statement
from onrecord.relate import linking, matter, reviews, who
from onrecord.relate.linking import Compared
from onrecord.relate.matter import Matter
from onrecord.relate.recording import Comparing, unrelated, unrelated_count
from onrecord.relate.settling import settle, unsettled
from onrecord.relate.sides import Kind, Link, Loader, numbers_of
from onrecord.relate.ties import ties_of
from onrecord.relate.tying import Tying
from onrecord.relate.who import Entity, Known, Voice

__all__ = ["Related", "Relations"]

_AT_ONCE = 50
"""So many documents are compared in one transaction."""

Progress = Callable[[int, int], None]
"""Is told how many of how many documents are compared."""


@dataclass(frozen=True, slots=True)
class Related:
    """What there is after documents were compared: how many were now, and how much there is of everything."""

    compared: int
    documents: int
    entities: int
    quotations: int
    links: int
    copies: int
    doubts: int
    ties: int


class Relations:
    """What belongs together across the documents of a ledger.

    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "desk.db"
    >>> with Ledger.open(file) as ledger:
    ...     Relations(ledger).update().documents
    0
    """

    def __init__(self, ledger: Ledger, tying: Tying | None = None) -> None:
        """``tying`` compares claims; without one the shipped models do."""
        self._ledger = ledger
        self._tying = tying or Tying(shipped(), shipped_pairs())

    def update(self, progress: Progress | None = None) -> Related:
        """Compare what is new or changed with all that is there; interrupted, it goes on where it stopped."""
        database, comparing, blocks = self._ledger.database, Comparing(self._tying), set[str]()
        done, total = 0, self.waiting() if progress is not None else 0
        while True:
            with database.writing() as connection:
                found = unrelated(connection, _AT_ONCE)
                blocks |= comparing.documents(connection, found)
            done += len(found)
            if progress is not None and found:
                progress(done, max(total, done))
            if len(found) < _AT_ONCE:
                break
        with database.reading() as connection:
            blocks |= unsettled(connection)
        self._settle(blocks)
        with database.reading() as connection:
            counts = {
                name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for name, table in (
                    ("documents", tables.related), ("entities", tables.entity), ("quotations", tables.saying),
                    ("links", tables.link), ("copies", tables.copied), ("doubts", tables.doubt), ("ties", tables.tie),
                )
            }  # fmt: skip
        return Related(compared=done, **counts)

    def waiting(self) -> int:
        """How many documents are new, or changed, since the last update."""
        with self._ledger.database.reading() as connection:
            return unrelated_count(connection)

    def links(
        self, kinds: Sequence[Kind] = (), *, serious: bool = False, rejected: bool = False, every: bool = False
    ) -> Iterator[Link]:
        """The links of some kinds, or of all, each with its evidence; ``rejected``: those that a person rejected.

        Each quotation stands beside the first of its words, and the first that it alters; with ``every`` beside all.
        """
        with self._ledger.database.reading() as connection:
            yield from linking.links(connection, kinds, serious=serious, rejected=rejected, every=every)

    def links_of(self, statements: Collection[tuple[int, str]]) -> Iterator[Link]:
        """The links between quotations that some statements have part in, by revision and id (``Entry.revision``)."""
        with self._ledger.database.reading() as connection:
            yield from linking.links_of_statements(connection, statements)

    def ties_of(self, statements: Collection[tuple[int, str]]) -> Iterator[Link]:
        """The links between claims that some statements have part in, by revision and id, the most probable first.

        Those that a person rejected are left out.
        """
        with self._ledger.database.reading() as connection:
            numbers = numbers_of(connection, tables.claim, statements)
            yield from (link for link in ties_of(connection, numbers, Loader(connection)) if not link.rejected)

    def compared(self) -> int:
        """How many documents were compared with each other."""
        with self._ledger.database.reading() as connection:
            return connection.execute(select(func.count()).select_from(tables.related)).scalar_one()

    def queue(self) -> Iterator[Link]:
        """The links that wait for a person: serious changes, then disputes, the most probable first, then speakers who
        may be one of several, those with the fewest that they may be first; what a person judged is not asked again."""
        with self._ledger.database.reading() as connection:
            for kind in (Kind.ALTERED, Kind.DISPUTES):
                for link in linking.links(connection, (kind,), serious=kind is Kind.ALTERED):
                    if link.judgement is None:
                        yield link
            yield from linking.doubts(connection)

    def judge(self, id: str, *, confirmed: bool, by: str, why: str) -> Link:
        """Say that a link is one, or that it is none; what is said is appended, and the last word counts.

        Raises:
            UsageError: there is no such link, or a name or a reason is missing.
        """
        said = Said(by, why)
        with self._ledger.database.writing() as connection:
            link, blocks = linking.judge(connection, id, said, confirmed=confirmed)
        self._settle(blocks)
        return link

    def judge_review(self, check: str, statement: str, *, confirmed: bool, by: str, why: str) -> str:
        """Say that a fact-check, by its id, is of the claim that a statement makes (by its id's beginning), or that
        it is not; the id of what ties them. What is said is appended, and the last word counts.

        Raises:
            UsageError: there is no such fact-check or statement, or a name or a reason is missing.
        """
        said, found = Said(by, why), self._statement(statement)
        if FactChecks(self._ledger).get(check) is None:
            raise UsageError(f"{check}: there is no fact-check with this id (see: onrecord factchecks list)")
        with self._ledger.database.writing() as connection:
            return reviews.judge_review(connection, found, check, said, confirmed=confirmed)

    def compare(self, one: str, other: str) -> Compared:
        """Two statements side by side, by the beginnings of their ids.

        Raises:
            UsageError: there is no such statement, or several begin so.
        """
        return linking.compared_statements(*(self._statement(id) for id in (one, other)))

    def matter(self, words: str, query: Query | None = None, *, limit: int = 200, of: str | None = None) -> Matter:
        """What is said on a matter, of what a query lets through: ``limit`` statements at most, those with all words
        first, then those that mean nearly it. ``of`` is a speaker, by number or by words of the name.

        Raises:
            UsageError: there is no word to look for, or nobody of that name speaks, or several.
        """
        checks = FactChecks(self._ledger)
        asked = self._ledger.within(query or Query())
        with self._ledger.database.reading() as connection:
            entity = who.named(connection, of) if of is not None else None
            return matter.matter(
                connection, shipped(), words, asked, limit=limit, entity=entity,
                checks=checks if len(checks) else None,
            )  # fmt: skip

    def entities(self, words: str = "", *, limit: int | None = 50) -> list[Entity]:
        """The persons and organisations that speak most; with words, those with a name that has them."""
        with self._ledger.database.reading() as connection:
            return who.entities(connection, words, limit)

    def voices(self, entity: int) -> list[Voice]:
        """In which documents an entity speaks, under which name.

        Raises:
            UsageError: there is no such entity.
        """
        with self._ledger.database.reading() as connection:
            return who.voices(connection, entity)

    def merge(self, one: int, other: int, *, by: str, why: str) -> None:
        """Say that two entities are one.

        Raises:
            UsageError: there is no such entity, or both are one.
        """
        said = Said(by, why)
        with self._ledger.database.writing() as connection:
            blocks = who.merge(connection, one, other, said)
        self._settle(blocks)

    def split(self, entity: int, documents: Sequence[str], *, by: str, why: str) -> None:
        """Say that the speakers of some documents are another than the entity.

        Raises:
            UsageError: there is no such entity, or it does not speak in one of them, or nowhere else.
        """
        said = Said(by, why)
        with self._ledger.database.writing() as connection:
            blocks = who.split(connection, entity, documents, said)
        self._settle(blocks)

    def import_known(self, known: Iterable[Known]) -> int:
        """Take over a list of known people and organisations; how many these are."""
        with self._ledger.database.writing() as connection:
            count, blocks = who.import_known(connection, known)
        self._settle(blocks)
        return count

    def _statement(self, id: str) -> tuple[Entry, Statement]:
        found = self._ledger.statements(id.lower())
        if not found:
            raise UsageError(f"{id}: {self._ledger.where} has no statement whose id begins so")
        if len(names := {statement.id for _, statement in found}) > 1:
            raise UsageError(f"{id}: {len(names)} statements begin so: write more of the id")
        return found[0]

    def _settle(self, blocks: Collection[str]) -> None:
        left = set(blocks)
        while left:
            with self._ledger.database.writing() as connection:
                left -= settle(connection, left)
