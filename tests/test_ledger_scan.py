"""What a search finds is what a plain look at every statement finds, whatever is asked, in both databases."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from onrecord.errors import UnreadableDocument
from onrecord.extract import statement_at
from onrecord.ledger import Added, Ledger, Query, present, recorder, search
from onrecord.ledger.dates import first_day, last_day
from onrecord.ledger.query import Term, terms_of, tokens
from onrecord.model import Act, Deed, Document, Form, Kind, Occasion, SourceType, Span, Speaker, Statement

TEXT = """
the the the the of of of to to a port port quay quays crew crews pact treaty sign signs signal señor naïve ship shipyard
right-wing near not 12 O’Hara
"""
WORDS = TEXT.split()
NAMES = ("Ilse Kamara", "Łukasz Señor", "Ade Okafor", "Ade Kamara", "two officials", None)
PAPERS = ("The Harbour Courier", "Gazette", "Evening Gazette", None)
DAYS = (
    "2024-05-03", "2024-05-04", "2024-05", "2024", "2023-12-31T23:10:00Z", "2023-W52", "2019/2022", "1998-01-02", None,
)  # fmt: skip


def article(rng: random.Random, number: int) -> Document:
    """An article of a few sentences; in one in three sentences a second statement stands in the first."""
    text, at, names = "", [], []
    for _ in range(rng.randrange(1, 6)):
        name = rng.choice(NAMES)
        words = " ".join(rng.choice(WORDS) for _ in range(rng.randrange(2, 12)))
        start = len(text) + len("They said ")
        text += f"They said {words}. "
        names.append(name)
        at.append(Span(start, start + len(words)))
    found: list[Statement] = []
    plain = Document(f"d{number}", text, date=rng.choice(DAYS), outlet=rng.choice(PAPERS))
    for span, name in zip(at, names, strict=True):
        outer = traits(rng, statement_at(plain, [span], used={s.id for s in found}), name)
        found.append(outer)
        middle = text.find(" ", span.start, span.end) + 1
        if middle and rng.random() < 0.3:
            inner = statement_at(plain, [Span(middle, span.end)], used={s.id for s in found})
            found.append(replace(traits(rng, inner, rng.choice(NAMES)), parent=outer.id))
    return replace(plain, statements=tuple(found))


def traits(rng: random.Random, statement: Statement, name: str | None) -> Statement:
    """The statement with some speaker, act, form, kind, score and day."""
    first, second = rng.choice([*Act, None]), rng.choice([*Act, None])
    return replace(
        statement,
        speakers=(Speaker(name, rng.choice(list(SourceType))),) if name else (),
        deed=Deed(first, 0.9, second=second if second != first else None) if first else None,
        form=rng.choice(list(Form)),
        kind=rng.choices(list(Kind), (8, 1, 1))[0],
        score=rng.choice((0.25, 0.5, 1.0)),
        occasion=Occasion(rng.choice(("2024-04", "2024-05-01", "2023", None, None))),
    )


def asked(rng: random.Random) -> Query:
    """Some question."""

    def words() -> str:
        made = []
        for _ in range(rng.randrange(1, 4)):
            kind, word = rng.random(), rng.choice(WORDS)
            made.append(
                f'"{rng.choice(WORDS)} {word}"' if kind < 0.25 else f"{word[:3]}*" if kind < 0.45 else
                f"-{word}" if made and kind < 0.6 else word
            )  # fmt: skip
        return " ".join(made)

    def some(values: Any) -> Any:
        return tuple(rng.sample(list(values), rng.randrange(1, 3)))

    day = ("2024-05-03", "2024-05", "2024", "2023-12", "2021", "1998-01-02", "1990", "2030")
    chances = {
        "words": (0.6, words), "speaker": (0.2, lambda: rng.choice(("kamara", "SENOR", "ade ka*", "-ade okafor"))),
        "outlet": (0.2, lambda: rng.choice(("gazette", "gazette -evening", "harbour courier"))),
        "since": (0.25, lambda: rng.choice(day)), "until": (0.25, lambda: rng.choice(day)),
        "said_since": (0.1, lambda: rng.choice(day)), "said_until": (0.1, lambda: rng.choice(day)),
        "acts": (0.25, lambda: some(Act)), "forms": (0.25, lambda: some(Form)), "kinds": (0.2, lambda: some(Kind)),
        "source_types": (0.2, lambda: some(SourceType)), "min_score": (0.2, lambda: rng.choice((0.3, 0.6))),
        "collection": (0.1, lambda: rng.choice(("", "other"))), "speaker_name": (0.1, lambda: "Ade Kamara"),
    }  # fmt: skip
    return Query(**{name: draw() for name, (chance, draw) in chances.items() if rng.random() < chance})


def days(date: str | None) -> tuple[str, str] | None:
    """The first and the last day of publication; none of what covers more than a year."""
    first, last = first_day(date), last_day(date)
    return (first, last) if first and last and int(last[:4]) - int(first[:4]) < 2 else None


def has(text: str | None, words: str) -> bool:
    """Whether a text has what was looked for."""
    there = tokens(text).split()

    def stands(term: Term) -> bool:
        for at in range(len(there) - len(term.words) + 1):
            *body, last = there[at : at + len(term.words)]
            if tuple(body) == term.words[:-1] and (
                last.startswith(term.words[-1]) if term.prefix else last == term.words[-1]
            ):
                return True
        return False

    return all(stands(term) != term.absent for term in terms_of(words))


def wanted(query: Query, collection: str, document: Document, statement: Statement) -> bool:
    """Whether a query asks for a statement, by what the documentation says and nothing else."""
    published, on = days(document.date), statement.occasion.on
    acts = {statement.act, statement.deed.second if statement.deed else None}
    checks = [
        has(" … ".join(span.of(document.text) for span in statement.content), query.words),
        has(statement.speaker, query.speaker),
        has(document.outlet, query.outlet),
        query.since is None or bool(published and published[1] >= str(first_day(query.since))),
        query.until is None or bool(published and published[0] <= str(last_day(query.until))),
        query.said_since is None or str(last_day(on) or "") >= str(first_day(query.said_since)),
        query.said_until is None or (on is not None and str(first_day(on)) <= str(last_day(query.said_until))),
        not query.acts or bool(acts & set(query.acts)),
        not query.forms or statement.form in query.forms,
        not query.source_types or statement.source_type in query.source_types,
        not query.kinds or statement.kind in query.kinds,
        statement.score >= query.min_score,
        query.collection in (None, collection),
        query.speaker_name in (None, statement.speaker),
    ]
    return all(checks)


Key = tuple[str, str]


@pytest.fixture
def filled(where: str) -> Iterator[tuple[Ledger, list[tuple[str, Document]]]]:
    """A ledger with revised, corrected and removed documents, and what it holds by when it was recorded last."""
    rng = random.Random(7)
    first, later = [article(rng, number) for number in range(40)], [article(rng, number) for number in range(8)]
    others = [article(rng, number) for number in range(100, 110)]
    with Ledger.open(where, collection="other") as other, other.recorder("test") as writer:
        for document in others:
            writer.add(document)
    with Ledger.open(where) as ledger:
        with ledger.recorder("test") as writer:
            for document in first:
                writer.add(document)
        with ledger.recorder("test") as writer:
            for document in later:
                writer.add(document)
        ledger.remove("d20", by="desk", reason="court order")
        for number, change in ((30, ("act", "commit")), (31, ("speaker", "Ilse Señor")), (32, ("rejected", "yes"))):
            ledger.correct(first[number].statements[0].id, [change], by="ada", why="the tape")
        entries = {entry.key: (entry.collection, entry.document) for entry in ledger.entries()}
        moved = [document.id for document in later] + ["d30", "d31", "d32"]
        order = [str(id) for id in entries if id not in moved] + [str(id) for id in moved]
        yield ledger, [entries[key] for key in order]


def keys(hits: Any) -> list[Key]:
    return [(str(hit.entry.document.id), hit.statement.id) for hit in hits]


@pytest.mark.parametrize("seed", range(5))
def test_a_search_finds_what_a_look_at_every_statement_finds(
    filled: tuple[Ledger, list[tuple[str, Document]]], seed: int
) -> None:
    ledger, entries = filled
    rng, met = random.Random(seed), 0
    for _ in range(60):
        query = asked(rng)
        found: list[tuple[str, int, Key]] = []
        for collection, document in entries:
            published = days(document.date)
            for statement in document.statements:
                if wanted(query, collection, document, statement):
                    key = (str(document.id), statement.id)
                    found.append((published[0] if published else "", len(found), key))
        met += bool(found)
        recorded, dated = [key for _, _, key in reversed(found)], [key for *_, key in sorted(found, reverse=True)]
        assert keys(ledger.search(query, sort="recorded", limit=500)) == recorded, query
        assert keys(ledger.search(query, sort="date", limit=500)) == dated, query
        best = keys(ledger.search(query, limit=500))
        assert sorted(best) == sorted(recorded) and len(best) == len(set(best)), query
        assert query.words or best == dated
        for sort, whole in (("recorded", recorded), ("date", dated), ("relevance", best)):
            assert keys(ledger.search(query, sort=sort, limit=4)) == whole[:4], query
        assert ledger.count(query) == len(found)
        assert ledger.count(query, most=5) == min(len(found), 6)
        counted = {one.speaker: one.statements for one in ledger.speakers(query)}
        names = [s.speaker for _, d in entries for s in d.statements if (str(d.id), s.id) in set(best) and s.speaker]
        assert counted == {name: names.count(name) for name in names}, query
        whole_ones = {s.id for _, d in entries for s in d.statements if s.parent is None} & {id for _, id in best}
        assert sum(month.statements for month in ledger.months(query)) == len(whole_ones)
    assert met > 20, "too few questions that something answers"


def test_the_latest_of_very_many_are_ranked(
    filled: tuple[Ledger, list[tuple[str, Document]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger, _ = filled
    for query in (Query("the"), Query("the", since="2023", forms=(Form.VERBATIM, Form.PARTIAL))):
        dated, ranked = keys(ledger.search(query, sort="date", limit=500)), keys(ledger.search(query, limit=500))
        assert len(dated) > 20
        monkeypatch.setattr(search, "RANKED", 12)
        latest = [key for key in ranked if key in dated[:12]]
        assert keys(ledger.search(query, limit=12)) == latest
        assert keys(ledger.search(query, limit=5)) == latest[:5]
        assert sorted(keys(ledger.search(query, limit=15))) == sorted(dated[:15])
        assert keys(ledger.search(query, limit=len(dated))) == ranked
        monkeypatch.undo()


def test_hits_come_with_their_documents_and_whoever_relays_them(
    filled: tuple[Ledger, list[tuple[str, Document]]],
) -> None:
    ledger, entries = filled
    documents = {str(document.id): document for _, document in entries}
    hits = list(ledger.search(Query(), limit=500))
    assert len(hits) == sum(len(document.statements) for document in documents.values()) > 100
    for hit in hits:
        document = documents[str(hit.entry.document.id)]
        chain = [hit.statement]
        while chain[0].parent is not None:
            chain.insert(0, next(s for s in document.statements if s.id == chain[0].parent))
        assert hit.entry.document == replace(document, statements=tuple(chain))
        one = ledger.document(str(document.id)) if hit.entry.collection == "" else hit.entry
        assert (hit.entry.place, hit.entry.of, hit.entry.extraction) == (one.place, one.of, one.extraction)


def test_a_backup_is_searched_like_the_ledger(
    filled: tuple[Ledger, list[tuple[str, Document]]], tmp_path: Path
) -> None:
    ledger, _ = filled
    ledger.backup(tmp_path / "copy.db")
    with Ledger.open(tmp_path / "copy.db", read_only=True) as copy:
        for query in (Query("port crew"), Query("sig*", forms=(Form.VERBATIM,)), Query(acts=(Act.COMMIT,))):
            found = keys(ledger.search(query, sort="date", limit=500))
            assert found and keys(copy.search(query, sort="date", limit=500)) == found


def test_the_index_of_words_in_sqlite_is_of_the_rows(tmp_path: Path) -> None:
    rng = random.Random(3)
    with Ledger.open(tmp_path / "l.db") as ledger:
        for number in (1, 2, 3, 2):
            ledger.add(article(rng, number))
        statement = ledger.document("d1").document.statements[0].id
        ledger.correct(statement, [("act", "threaten"), ("speaker", "Ilse Kamara")], by="ada", why="the tape")
        ledger.remove("d3", by="desk", reason="court order")
        with ledger._database.reading() as connection:
            rows = {row["id"]: row for number in (1, 2) for row in present.rows_of(connection, number)}
    raw = sqlite3.connect(tmp_path / "l.db")
    raw.execute("INSERT INTO present_words(present_words) VALUES ('integrity-check')")
    raw.row_factory = sqlite3.Row
    looked = raw.execute("SELECT * FROM present JOIN present_looked USING (place)").fetchall()
    assert {row["id"] for row in looked} == set(rows)
    assert all(row["traits"] == present.traits_of(rows[row["id"]]) for row in looked)
    raw.close()


def test_a_document_whose_present_statements_are_refused_spares_the_others(
    where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng, whole = random.Random(5), recorder.refresh_all

    def picky(connection: Any, changed: Any) -> None:
        if any(fresh is not None and fresh.document.id == "d2" for fresh in changed.values()):
            raise IntegrityError("INSERT", {}, ValueError("too long for an index"))
        whole(connection, changed)

    monkeypatch.setattr(recorder, "refresh_all", picky)
    with Ledger.open(where) as ledger:
        with ledger.recorder("test") as writer:
            for number in range(4):
                writer.add(article(rng, number))
            results = writer.flush()
        assert [isinstance(result, Added) for result in results] == [True, True, False, True]
        assert isinstance(results[2], UnreadableDocument) and "too long" in str(results[2])
        assert {hit.entry.document.id for hit in ledger.search(Query(), limit=500)} == {"d0", "d1", "d3"}
        (*_, account) = ledger.verify()
        assert not account.problems and account.documents == 3
