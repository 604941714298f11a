from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from onrecord.errors import UsageError
from onrecord.extract import statement_at
from onrecord.ledger import Ledger, Query
from onrecord.ledger.dates import first_day, last_day
from onrecord.ledger.query import Term, spans_of_terms, terms_of
from onrecord.ledger.search import alike
from onrecord.model import Act, Deed, Document, Form, Kind, Occasion, SourceType, Span, Speaker, Statement
from sample_documents import fishing_pact
from test_ledger import story

WORDS = "Señor Łukasz said the right-wing crews “will not sign” the pact. He said it was near."


def document(id: str, words: str = WORDS, **known: Any) -> Document:
    def said(content: str, source: str, cue: str = "said", **more: Any) -> Statement:
        at, who = words.index(content), words.index(source)
        said_at = words.index(cue, who)
        spans = ([Span(at, at + len(content))], [Span(who, who + len(source))], [Span(said_at, said_at + len(cue))])
        return replace(statement_at(Document(id, words), *spans), **more)

    person = (Speaker("Łukasz Señor", SourceType.NAMED_PERSON),)
    found = (
        said(words[words.index("the right") : words.index(". He")], "Señor Łukasz", speakers=person,
             deed=Deed(Act.REFUSE, 0.9, second=Act.ASSERT), occasion=Occasion("2024-05")),
        said("it was near", "He", kind=Kind.NON_RESPONSE, score=0.5),
    )  # fmt: skip
    return Document(id, words, statements=found, **known)


@pytest.fixture
def ledger(where: str) -> Any:
    with Ledger.open(where) as opened:
        opened.add(document("a", outlet="The Harbour Courier", date="2024-05-03"))
        opened.add(document("b", WORDS.replace("pact", "treaty"), outlet="Gazette", date="2024-06"))
        opened.add(fishing_pact())
        yield opened


def found(ledger: Ledger, query: Query, **how: Any) -> list[tuple[str, str]]:
    """Document and first words of the content of each hit."""
    hits = list(ledger.search(query, **how))
    assert len(hits) == ledger.count(query)
    return [(str(h.entry.document.id), h.statement.content[0].of(h.entry.document.text)[:9]) for h in hits]


def test_chosen_documents_have_what_was_asked_for_and_what_stands_around_it(ledger: Ledger) -> None:
    every = {e.document.id: e.document.statements for e in ledger.entries()}
    assert sum(map(len, every.values())) == sum(len(d.statements) for d in ledger.documents())
    chosen = {e.document.id: e.document.statements for e in ledger.entries(Query("crews"))}
    assert {id: [s.id for s in found] for id, found in chosen.items()} == {
        id: [s.id for s in every[id] if "crews" in s.content[0].of(WORDS)] for id in ("a", "b")
    }
    nested = next(s for s in fishing_pact().statements if s.parent is not None)
    words = " ".join(span.of(fishing_pact().text) for span in nested.content)
    (entry,) = ledger.entries(Query(words.replace("“", "").replace("”", "")))
    kept = [s.id for s in entry.document.statements]
    assert nested.id in kept and nested.parent in kept, "never without whoever relays it"
    assert list(ledger.entries(Query("zebra"))) == []


CREWS_A, CREWS_B = ("a", "the right"), ("b", "the right")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("crews", [CREWS_A, CREWS_B]),
        ("CREWS sign", [CREWS_A, CREWS_B]),
        ('"will not sign"', [CREWS_A, CREWS_B]),
        ('"sign not"', []),
        ("right-wing", [CREWS_A, CREWS_B]),
        ("wing", [CREWS_A, CREWS_B]),
        ("win", []),
        ("win*", [CREWS_A, CREWS_B]),
        ("crews -treaty", [CREWS_A]),
        ('crews -"the treaty"', [CREWS_A]),
        ("crews pact*", [CREWS_A]),
        ("crews OR", []),
        ("crews NEAR sign", []),
        ("near", [("a", "it was ne"), ("b", "it was ne")]),
        ("zebra", []),
        ("crews ' ( ) : ^ *", [CREWS_A, CREWS_B]),
    ],
)
def test_words(ledger: Ledger, words: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(h for h in found(ledger, Query(words)) if h[0] != "pact") == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query(speaker="señor"), [CREWS_A, CREWS_B]),
        (Query(speaker="SENOR"), [CREWS_A, CREWS_B]),
        (Query(speaker="Okafor Señor"), []),
        (Query("crews", outlet="harbour"), [CREWS_A]),
        (Query("crews", since="2024-05-04"), [CREWS_B]),
        (Query("crews", since="2024-06-15"), [CREWS_B]),
        (Query("crews", until="2024-05"), [CREWS_A]),
        (Query("crews", until="2024-06-01"), [CREWS_A, CREWS_B]),
        (Query("crews", said_since="2024-05-20"), [CREWS_A, CREWS_B]),
        (Query("crews", said_until="2024-04"), []),
        (Query(acts=(Act.REFUSE,), speaker="señor"), [CREWS_A, CREWS_B]),
        (Query(acts=(Act.ASSERT,), speaker="señor"), [CREWS_A, CREWS_B]),
        (Query(acts=(Act.DENY,), speaker="señor"), []),
        (Query("crews", forms=(Form.PARTIAL,)), [CREWS_A, CREWS_B]),
        (Query("crews", forms=(Form.VERBATIM,)), []),
        (Query("crews", source_types=(SourceType.NAMED_PERSON,)), [CREWS_A, CREWS_B]),
        (Query("near", kinds=(Kind.STATEMENT,), outlet="gazette"), []),
        (Query("near", min_score=0.6), []),
        (Query("crews", collection="none"), []),
    ],
    ids=str,
)
def test_filters(ledger: Ledger, query: Query, expected: list[tuple[str, str]]) -> None:
    assert sorted(found(ledger, query)) == expected


def test_what_makes_no_sense(ledger: Ledger) -> None:
    for wrong in ({"since": "soon"}, {"said_until": "2024-13"}, {"words": "-crews"}, {"words": "…"}, {"speaker": "-"}):
        with pytest.raises(UsageError):
            Query(**wrong)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="none of that name"):
        list(ledger.search(Query("crews"), sort="luck"))


def test_order_and_limit(ledger: Ledger) -> None:
    assert found(ledger, Query("crews"), sort="date") == [CREWS_B, CREWS_A]
    assert found(ledger, Query("crews"), sort="recorded") == [CREWS_B, CREWS_A]
    assert len(list(ledger.search(Query(), limit=3))) == 3
    ledger.add(document("c", WORDS.replace("the pact", "the pact, crews and crews and crews")))
    assert found(ledger, Query("crews"))[0][0] in ("a", "b", "c")
    assert {d for d, _ in found(ledger, Query("crews"))} == {"a", "b", "c"}


def test_hits_say_where_the_words_stand_and_who_relays(ledger: Ledger) -> None:
    hit = next(ledger.search(Query("sign right", outlet="courier")))
    text = hit.entry.document.text
    assert [span.of(text) for span in hit.found] == ["right", "sign"]
    inner = next(s for s in fishing_pact().statements if s.parent)
    word = max(inner.content[0].of(fishing_pact().text).split(), key=len).strip("“”.,")
    hits = [h for h in ledger.search(Query(word)) if h.statement.id == inner.id]
    assert [s.id for s in hits[0].entry.document.statements][-2:] == [inner.parent, inner.id]


def test_what_is_looked_for_is_what_the_ledger_says_now(ledger: Ledger) -> None:
    first = document("a").statements[0]
    ledger.correct(first.id, [("speaker", "Ilse Kamara"), ("act", "commit")], by="ada", why="the tape")
    assert found(ledger, Query(speaker="Kamara", acts=(Act.COMMIT,))) == [CREWS_A]
    assert next(ledger.search(Query(speaker="Kamara"))).statement.reviews
    ledger.correct(first.id, [("rejected", "yes")], by="ada", why="no")
    assert found(ledger, Query("crews")) == [CREWS_B]
    ledger.withdraw(3, by="ada", why="yes")
    assert found(ledger, Query(speaker="Kamara")) == [CREWS_A]
    ledger.add(document("b", WORDS.replace("the pact", "the accord"), outlet="Gazette", date="2024-06"))
    assert {d for d, _ in found(ledger, Query("treaty"))} == {"pact"} and len(found(ledger, Query("accord"))) == 1
    ledger.remove("a", by="desk", reason="court order")
    assert {d for d, _ in found(ledger, Query("crews"))} == {"b"}
    missed = statement_at(document("b", WORDS.replace("the pact", "the accord")), [Span(0, 5)])
    ledger.add_statement("b", missed, by="ada", why="missed")
    assert [d for d, _ in found(ledger, Query("Senor"))] == ["b"]
    (*_, account) = ledger.verify()
    assert not account.problems


def test_who_speaks(ledger: Ledger) -> None:
    one = next(s for s in ledger.speakers() if s.speaker == "Łukasz Señor")
    assert (one.statements, one.documents, one.outlets, one.first, one.last) == (2, 2, 2, "2024-05-03", "2024-06-30")
    assert [s.speaker for s in ledger.speakers(Query(outlet="gazette"))] == ["Łukasz Señor"]
    ledger.correct(document("a").statements[0].id, [("source_type", "document")], by="ada", why="a letter")
    ledger.add(document("c", WORDS + " More.", outlet="Gazette"))
    kinds = {s.speaker: s.source_type for s in ledger.speakers()}
    assert kinds["Łukasz Señor"] == "named_person", "as most of the statements have it"
    counts = [s.statements for s in ledger.speakers(limit=5)]
    assert counts == sorted(counts, reverse=True)


# more than a database takes in one command

MANY = 66_000
"""PostgreSQL takes 65,535 values in a command, SQLite 32,766 unless it is built with more."""


def as_built_by_default(ledger: Ledger) -> None:
    def narrow(raw: Any, *_: Any) -> None:
        raw.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 32_766)

    if ledger._database.is_file:
        event.listen(ledger._database.engine, "checkout", narrow)


def test_who_speaks_where_very_many_do(ledger: Ledger) -> None:
    as_built_by_default(ledger)
    with ledger._database.writing() as connection:
        last, document, revision = connection.execute(
            text("SELECT max(number), max(document), max(revision) FROM present")
        ).one()
        connection.execute(
            text(f"""
            WITH RECURSIVE more(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM more WHERE i < {MANY})
            INSERT INTO present (number, place, document, revision, id, kind, form, score, start, content, reviewed,
                                 speaker, source_type)
            SELECT {last} + i, {last} + i, {document}, {revision}, 'x' || i, 'statement', 'verbatim', 1, 0, 'it', 0,
                   'Speaker ' || i, CASE i WHEN {MANY} THEN 'document' ELSE 'named_person' END FROM more
        """)
        )
    everybody = {one.speaker: one.source_type for one in ledger.speakers(limit=2**31 - 1)}
    assert len(everybody) > MANY and everybody[f"Speaker {MANY}"] == "document"
    few = ledger.speakers(limit=5)
    assert {one.speaker: one.source_type for one in few}.items() <= everybody.items()


def test_hits_of_very_many_that_are_alike(ledger: Ledger) -> None:
    as_built_by_default(ledger)
    with ledger._database.reading() as connection:
        first, last = connection.execute(text("SELECT min(number), max(number) FROM present")).one()
        likest = [(last, 1.0), *((last + n, 0.9) for n in range(1, MANY)), (first, 0.5)]
        assert [hit.likeness for hit in alike(connection, Query(), likest, "relevance")] == [1.0, 0.5]
        assert [hit.likeness for hit in alike(connection, Query(), likest[::-1], "recorded")] == [1.0, 0.5]


def test_an_older_ledger_can_be_searched_once_it_is_opened(tmp_path: Path) -> None:
    import gzip

    from test_ledger import LEDGERS

    file = tmp_path / "l.db"
    file.write_bytes(gzip.decompress((LEDGERS / "schema-0001.db.gz").read_bytes()))
    with Ledger.open(file) as ledger:
        assert {h.entry.document.id for h in ledger.search(Query("pay"))} == {"story"}
        assert next(ledger.search(Query(speaker="Kamara"))).statement.id == story().statements[1].id


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-W01", "2024-01-01", "2024-01-07"),
        ("2024-05-06/2024-05-12", "2024-05-06", "2024-05-12"),
        ("2024-05-03T09:42:00+02:00", "2024-05-03", "2024-05-03"),
        ("2024-13", None, None),
        ("2024-02-30", None, None),
        ("PRESENT_REF", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_days_of_dates(value: str | None, first: str | None, last: str | None) -> None:
    assert (first_day(value), last_day(value)) == (first, last)


def test_terms() -> None:
    assert terms_of('a-b "C D" e* -f -"g h" …') == [
        Term(("a", "b")), Term(("c", "d")), Term(("e",), prefix=True), Term(("f",), absent=True),
        Term(("g", "h"), absent=True),
    ]  # fmt: skip
    assert spans_of_terms("The Señor, señor-like", "senor") == [(4, 9), (11, 16)]
    assert spans_of_terms("will not sign", '"not si*"') == []
    assert spans_of_terms("will not sign", '"not sign" wil*') == [(0, 4), (5, 13)]
