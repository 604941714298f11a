from __future__ import annotations

import gzip
import json
import re
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from onrecord.errors import DocumentError, LedgerBusy, LedgerError, Removed, UnreadableDocument, UsageError
from onrecord.exports.display import corrected
from onrecord.extract import statement_at
from onrecord.ledger import Ledger, Status
from onrecord.ledger.changes import changes
from onrecord.ledger.codec import document_from, document_json, statement_from, statement_json
from onrecord.ledger.database import SCHEMAS, Database, migrations
from onrecord.ledger.fields import FIELDS, is_span_field, value_of
from onrecord.ledger.identity import as_of, content_sha256, keys
from onrecord.ledger.tables import METADATA
from onrecord.model import (
    OUTLET,
    SPEAKER,
    Act,
    Certainty,
    Commitment,
    Deed,
    Document,
    Form,
    Occasion,
    Provenance,
    SourceType,
    Span,
    Speaker,
    Statement,
    Timex,
    TimexType,
)
from sample_documents import all_samples, fishing_pact

TEXT = "The port denied it. “We will pay,” Ilse Kamara said. The mayor said the quay was safe."


def story(words: str = TEXT, *, id: str | int = "story", statements: bool = True, **known: Any) -> Document:
    """A document with three statements, found anew in its words."""
    found = []
    for content, source, cue in (
        ("it", "The port", "denied"),
        ("“We will pay,”", "Ilse Kamara", "said"),
        ("the quay was safe", "The mayor", "said"),
    ):
        at = words.find(content) if content in words and source in words else -1
        if at >= 0 and statements:
            start = words.index(source)
            cue_at = words.index(cue, start)
            made = statement_at(
                Document(id, words), [Span(at, at + len(content))], [Span(start, start + len(source))],
                [Span(cue_at, cue_at + len(cue))],
            )  # fmt: skip
            found.append(replace(made, score=0.9))
    return Document(id, words, statements=tuple(found), **known)


def page(words: str = TEXT, url: str = "https://courier.example/pay", captured: str | None = None) -> Document:
    found = Provenance("crawl.warc" if captured else url, "warc" if captured else "html", captured=captured)
    return replace(story(words), id=f"urn:{captured}" if captured else url, url=url, provenance=found)


# codec


@pytest.mark.parametrize("document", [*all_samples(), story()], ids=lambda d: str(d.id))
def test_documents_survive_the_codec(document: Document) -> None:
    back = document_from(document_json(document), document.text)
    assert replace(back, statements=document.statements) == document
    for statement in document.statements:
        assert statement_from(statement_json(statement)) == statement


spans = st.lists(st.integers(0, 50), min_size=2, max_size=6, unique=True).map(
    lambda n: tuple(Span(*pair) for pair in zip(*[iter(sorted(n))] * 2, strict=False))
)
words = st.none() | st.text(max_size=8)
speakers = st.builds(
    Speaker, words, st.sampled_from(SourceType), mention=st.none() | st.just(Span(1, 2)), title=st.just(Span(0, 3))
)
statements = st.builds(
    Statement, id=st.text(min_size=1, max_size=8), content=spans, source=spans, cue=st.just(()), form=st.sampled_from(Form),
    score=st.floats(0, 1), speakers=st.lists(speakers, max_size=2).map(tuple),
    deed=st.none() | st.builds(Deed, st.sampled_from(Act), st.floats(0, 1), words=spans),
    commitments=st.lists(st.builds(Commitment, st.text(), st.sampled_from(Certainty)), max_size=2).map(tuple),
    occasion=st.builds(Occasion, on=words), times=st.just((Timex(Span(0, 1), TimexType.SET, None),)),
)  # fmt: skip


@given(statements)
def test_any_statement_survives_the_codec(statement: Statement) -> None:
    assert statement_from(statement_json(statement)) == statement
    assert statement_json(statement).isascii()


def test_a_damaged_body_is_an_error() -> None:
    for body in ('{"id":"a"}', "[]", "{", '{"id":"a","content":[[3,1]]}', '{"id":"a","content":3}'):
        with pytest.raises(ValueError):
            statement_from(body)


# what is the same document


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (Document("7", "x"), ("7",)),
        (Document("text", "x"), (f"text {Document('text', 'x').sha256[:16]}",)),
        (Document("stdin", "x", provenance=Provenance("stdin", "text")), (f"text {Document('a', 'x').sha256[:16]}",)),
        (Document("a.txt", "x", provenance=Provenance("a.txt", "text")), (str(Path.cwd() / "a.txt"),)),
        (
            Document("a.html", "x", url="http://N.example/1#top", provenance=Provenance("a.html", "html")),
            ("http://n.example/1", "a.html"),
        ),
        (
            Document("urn:1", "x", url="http://n.example/1", provenance=Provenance("c.warc#urn:1", "warc")),
            ("http://n.example/1", "urn:1"),
        ),
        (
            Document("guid-9", "x", url="http://n.example/1", provenance=Provenance("feed.xml:1", "feed")),
            ("http://n.example/1", "guid-9"),
        ),
        (Document("9", "x", url="http://n.example/1", provenance=Provenance("d.jsonl:1", "jsonl")), ("9",)),
        (
            Document("d.jsonl:1", "x", url="http://n.example/1", provenance=Provenance("d.jsonl:1", "jsonl")),
            ("http://n.example/1", "d.jsonl:1"),
        ),
        (
            Document("d.jsonl:1", "x", provenance=Provenance("d.jsonl:1", "jsonl")),
            (f"text {Document('a', 'x').sha256[:16]}",),
        ),
    ],
)
def test_what_tells_a_document(document: Document, expected: tuple[str, ...]) -> None:
    assert keys(document) == expected


def test_a_very_long_key_is_cut_and_stays_its_own() -> None:
    one, other = keys(Document("a" * 5000, "x"))[0], keys(Document("a" * 5000 + "b", "x"))[0]
    assert one != other and len(one) < 900


def test_the_day_of_the_capture_is_no_change() -> None:
    first = replace(page(captured="2016-09-13T10:00:00Z"), date="2016-09-13")
    later = replace(page(captured="2016-09-20T10:00:00Z"), date="2016-09-20")
    assert content_sha256(first) == content_sha256(later)
    assert content_sha256(first) != content_sha256(replace(later, date="2016-01-01"))
    assert as_of(first, "2020") == "2016-09-13T10:00:00.000000Z"
    assert as_of(page(captured="in May"), "2020") == "2020"


# recording


def test_what_is_recorded_comes_back(where: str) -> None:
    odd = replace(story("He said “no\0” \ud800 aloud.", id="odd\0\ud800"), title="a\0b\udfff", outlet="\0")
    with Ledger.open(where) as ledger:
        for document in (*all_samples(), story(), odd):
            assert ledger.add(document).status is Status.ADDED
        assert list(ledger.documents()) == [*all_samples(), story(), odd]
        (*_, account) = ledger.verify()
        assert not account.problems and account.documents == len(all_samples()) + 2
    with Ledger.open(where, read_only=True) as ledger:
        entry = ledger.document("story")
        assert entry.document == story() and (entry.place, entry.of) == (1, 1)
        assert entry.extraction is not None and entry.extraction.extractor.startswith("onrecord ")


def test_adding_again_changes_nothing(where: str) -> None:
    with Ledger.open(where) as ledger:
        ledger.add(story())
        before = everything(ledger)
        assert ledger.add(story()).status is Status.UNCHANGED
        assert everything(ledger) == before


def everything(ledger: Ledger) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, without the columns of words, which PostgreSQL alone fills."""
    with ledger._database.reading() as connection:
        return {
            t.name: [tuple(r) for r in connection.execute(select(*columns).order_by(*t.primary_key.columns))]
            for t in METADATA.sorted_tables
            if (columns := [c for c in t.c if not c.name.startswith("words_of_")])
        }


def test_a_changed_text_is_a_new_revision_and_the_old_one_stays(where: str) -> None:
    edited = TEXT.replace("We will pay", "We will not pay")
    with Ledger.open(where) as ledger:
        ledger.add(page())
        assert ledger.add(page(edited)).status is Status.REVISED
        assert ledger.add(page(edited)).status is Status.UNCHANGED
        one, two = ledger.revisions("https://courier.example/pay")
        assert (one.document.text, two.document.text) == (TEXT, edited)
        assert ledger.document("HTTPS://courier.example/pay#top").document.text == edited
        assert ledger.add(page()).status is Status.REVISED, "an edit that was taken back is news too"
        assert [e.document.text for e in ledger.revisions("https://courier.example/pay")] == [TEXT, edited, TEXT]


def test_captures_are_ordered_by_when_they_were_taken_and_found_again(where: str) -> None:
    edited = TEXT.replace("We will pay", "We may pay")
    captures = [
        page(edited, captured="2016-09-20T10:00:00Z"),
        page(TEXT, captured="2016-09-13T10:00:00Z"),
        page(TEXT, captured="2016-09-14T10:00:00Z"),
        page(TEXT, captured="2016-09-22T10:00:00Z"),
    ]
    with Ledger.open(where) as ledger, ledger.recorder("test") as recorder:
        for capture in captures:
            recorder.add(capture)
        became = [r.status if not isinstance(r, DocumentError) else r for r in recorder.flush()]
        assert became == [Status.ADDED, Status.REVISED, Status.UNCHANGED, Status.REVISED]
        assert [e.document.text for e in ledger.revisions("https://courier.example/pay")] == [TEXT, edited, TEXT]
    with Ledger.open(where) as ledger:
        before = everything(ledger)
        assert [ledger.add(capture).status for capture in captures] == [Status.UNCHANGED] * 4
        assert everything(ledger) == before


def test_two_texts_with_one_id_in_a_run_are_not_revisions(where: str) -> None:
    with Ledger.open(where) as ledger:
        for _ in range(2):  # the second run finds the same as the first
            with ledger.recorder("test") as recorder:
                recorder.add(story())
                recorder.add(story(TEXT + " No.", id="story"))
                first, second = recorder.flush()
            assert not isinstance(first, DocumentError)
            assert isinstance(second, UnreadableDocument) and "another text" in str(second)
        assert len(ledger.revisions("story")) == 1


def test_two_items_with_one_address_are_two_documents(where: str) -> None:
    def item(guid: str, words: str) -> Document:
        known = Provenance("feed.xml:1", "feed")
        return replace(story(words), id=guid, url="https://courier.example/", provenance=known)

    with Ledger.open(where) as ledger:
        for _ in range(2):
            with ledger.recorder("test") as recorder:
                recorder.add(item("one", TEXT))
                recorder.add(item("two", TEXT + " Yes."))
        assert [d.id for d in ledger.documents()] == ["one", "two"]
        assert len(ledger.revisions("two")) == 1


def test_collections_have_ids_of_their_own(where: str) -> None:
    with Ledger.open(where, collection="wires") as ledger:
        ledger.add(story(id=1))
    with Ledger.open(where, collection="blogs") as ledger:
        ledger.add(story(TEXT + " Yes.", id=1))
        assert [d.text for d in ledger.documents()] == [TEXT + " Yes."]
    with Ledger.open(where) as ledger:
        assert len(list(ledger.documents())) == 2
        with pytest.raises(UsageError, match="2 documents have this name"):
            ledger.document("1")


def test_a_run_that_writes_nothing_leaves_nothing_and_one_that_does_is_finished(where: str) -> None:
    with Ledger.open(where) as ledger:
        with ledger.recorder("nothing"):
            pass
        assert everything(ledger)["run"] == []
        ledger.add(story())
        ((_, started, finished, command, version),) = everything(ledger)["run"]
        assert command == "add" and started <= finished and version


def test_a_document_that_cannot_be_recorded_spares_the_others(where: str) -> None:
    twice = replace(story(id="twice"), statements=(story().statements[0],) * 2)
    with Ledger.open(where) as ledger, ledger.recorder("test") as recorder:
        for document in (story(id="a"), twice, story(id="b")):
            recorder.add(document)
        good, bad, fine = recorder.flush()
        assert isinstance(bad, UnreadableDocument) and "cannot be recorded" in str(bad)
        assert not isinstance(good, DocumentError) and not isinstance(fine, DocumentError)
        assert [d.id for d in ledger.documents()] == ["a", "b"]


# two at once


def test_readers_see_what_is_whole_while_somebody_writes(where: str) -> None:
    with Ledger.open(where) as writer, Ledger.open(where, read_only=True) as reader:
        writer.add(story(id="a"))
        with writer._database.writing() as connection:
            connection.execute(text("UPDATE revision SET title = 'half'"))
            assert [e.document.title for e in reader.entries()] == [None]
        writer.add(story(id="b"))
        assert [d.id for d in reader.documents()] == ["a", "b"]


def test_a_second_writer_waits_or_is_told(where: str) -> None:
    with Ledger.open(where) as first, Ledger.open(where, timeout=0.3) as second:
        with first._database.writing(), pytest.raises(LedgerBusy, match="another program"):
            second.add(story())
        with first._database.writing():
            done = threading.Event()

            def add() -> None:
                with Ledger.open(where, timeout=30) as third:
                    third.add(story())
                done.set()

            waiting = threading.Thread(target=add)
            waiting.start()
            assert not done.wait(0.3)
        waiting.join()
        assert done.is_set() and [d.id for d in first.documents()] == ["story"]


def test_two_runs_of_the_same_documents_record_them_once(where: str) -> None:
    Ledger.open(where).close()
    failed: list[BaseException] = []

    def add() -> None:
        try:
            with Ledger.open(where) as ledger, ledger.recorder("test") as recorder:
                for number in range(40):
                    recorder.add(story(id=number))
                    if number % 7 == 0:
                        recorder.flush()
        except BaseException as error:
            failed.append(error)

    both = [threading.Thread(target=add) for _ in range(3)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert not failed
    with Ledger.open(where) as ledger:
        assert sorted(int(d.id) for d in ledger.documents()) == list(range(40))
        (*_, account) = ledger.verify()
        assert account.revisions == 40 and not account.problems


# persons


def test_a_correction_wins_everywhere_and_says_who_and_why(where: str) -> None:
    with Ledger.open(where) as ledger:
        ledger.add(story())
        paid = story().statements[1]
        changed = ledger.correct(paid.id[:6], [("speaker", "Ilse Kamara"), ("act", "commit")], by="ada", why="the tape")
        assert changed.speaker == "Ilse Kamara" and changed.act is Act.COMMIT
        assert [(r.field, r.value, r.was, r.by, r.why) for r in changed.reviews] == [
            ("speaker", "Ilse Kamara", None, "ada", "the tape"),
            ("act", "commit", None, "ada", "the tape"),
        ]
        again = ledger.correct(paid.id, [("speaker", "The port")], by="bo", why="second thought")
        assert again.speaker == "The port" and again.reviews[-1].was == "Ilse Kamara"
        with pytest.raises(UsageError, match=r"^speaker=The port: bo said so before, on \d{4}-.* \(second thought\)$"):
            ledger.correct(paid.id, [("speaker", "The port")], by="bo", why="once more")
        assert ledger.document("story").document.statements[1] == again
        assert next(ledger.documents()).statements[1] == again
        assert ledger.statements(paid.id)[0][1] == again
        assert len(ledger.corrections("story")) == 3
        ledger.withdraw(3, by="ada", why="no")
        assert ledger.document("story").document.statements[1].speaker == "Ilse Kamara"
        assert len(ledger.corrections()) == 4, "what was withdrawn stays on record"
        (*_, account) = ledger.verify()
        assert not account.problems and account.corrections == 4


def test_what_is_right_is_confirmed(where: str) -> None:
    with Ledger.open(where) as ledger:
        deed = Deed(Act.COMMIT, 0.4, target=Span(0, 8), target_name="Port of Sella")
        before = replace(
            story().statements[1],
            speakers=(
                Speaker("Ilse Kamara", SourceType.NAMED_PERSON),
                Speaker(None, SourceType.DOCUMENT, title=Span(35, 39)),
            ),
            deed=deed,
            commitments=(Commitment(SPEAKER, Certainty.CERTAIN), Commitment(OUTLET, Certainty.UNCOMMITTED)),
            occasion=Occasion("2024-05", Span(53, 62)),
        )
        ledger.add(replace(story(), statements=(before,)))
        for by, why in (("ada", "the tape"), ("bo", "asked him")):
            now = ledger.correct(before.id, [("speaker", before.speaker or "")], by=by, why=why)
        assert now.speakers == before.speakers and now.speaker_score == 1.0
        assert [(r.field, r.value, r.was, r.by, r.why) for r in now.reviews] == [
            ("speaker", before.speaker, before.speaker, "ada", "the tape"),
            ("speaker", before.speaker, before.speaker, "bo", "asked him"),
        ]
        assert corrected(now)[0].startswith(f"speaker: “{before.speaker}”, confirmed (ada, ")
        with pytest.raises(UsageError, match="bo said so before"):
            ledger.correct(before.id, [("form", str(before.form)), ("speaker", before.speaker or "")], by="bo", why="x")
        assert len(ledger.corrections()) == 2, "all or nothing"
        ledger.withdraw(2, by="bo", why="no")
        ledger.correct(before.id, [("speaker", before.speaker or "")], by="bo", why="yes")
        for name in FIELDS:
            value = json.loads(value_of(before, name) or '""')
            written = ",".join(f"{start}-{end}" for start, end in value) if is_span_field(name) else value
            now = ledger.correct(before.id, [(name, written)], by="cy", why="all of it")
            assert now.reviews[-1].confirms and now.reviews[-1].field == name
        sure = replace(before, speaker_score=1.0, deed=replace(deed, score=1.0), reviews=now.reviews)
        assert now == sure, "nothing else is another"
        (*_, account) = ledger.verify()
        assert not account.problems


def test_what_is_said_of_one_document_can_be_said_of_a_copy_of_it(where: str) -> None:
    with Ledger.open(where) as ledger:
        ledger.add(fishing_pact())
        one = fishing_pact().statements[0]
        ledger.correct(one.id, [("speaker", "Bo Ek")], by="ada", why="the tape")
        ledger.add(replace(fishing_pact(), id="copy"))
        ledger.correct(one.id, [("speaker", "Bo Ek")], by="ada", why="the tape")
        assert [entry.document.statements[0].speaker for entry in ledger.entries()] == ["Bo Ek", "Bo Ek"]
        assert [c.document for c in ledger.corrections()] == ["pact", "copy"]


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (("source_type", "document"), lambda s: s.source_type is SourceType.DOCUMENT),
        (("speaker", "Ann Lee; Bo Ek"), lambda s: [p.name for p in s.speakers] == ["Ann Lee", "Bo Ek"]),
        (("source_title", "Ilse"), lambda s: s.speakers[0].title == Span(35, 39)),
        (("justification", "35-39"), lambda s: s.speakers[0].justification == Span(35, 39)),
        (("relayed_by", "The Courier"), lambda s: [p.name for p in s.relayed_by] == ["The Courier"]),
        (("kind", "non_response"), lambda s: str(s.kind) == "non_response"),
        (("form", "partial"), lambda s: s.form is Form.PARTIAL),
        (("content", "20-22,27-31"), lambda s: s.content == (Span(20, 22), Span(27, 31))),
        (("source", ""), lambda s: s.source == ()),
        (("addressee", "The mayor"), lambda s: s.addressee == (Span(53, 62),)),
        (("target", "The port"), lambda s: s.deed is not None and s.deed.target == Span(0, 8)),
        (("certainty", "possible"), lambda s: s.commitments[0].certainty is Certainty.POSSIBLE),
        (("polarity", "negative"), lambda s: str(s.commitments[0].polarity) == "negative"),
        (("said_on", "2024-05-03"), lambda s: s.occasion.on == "2024-05-03"),
        (("said_at", "the quay"), lambda s: s.occasion.at == Span(68, 76)),
        (("channel", "the quay"), lambda s: s.occasion.channel == Span(68, 76)),
    ],
    ids=lambda v: v[0] if isinstance(v, tuple) else "",
)
def test_what_can_be_corrected(tmp_path: Path, change: tuple[str, str], check: Any) -> None:
    with Ledger.open(tmp_path / "l.db") as ledger:
        ledger.add(story())
        changed = ledger.correct(story().statements[1].id, [change], by="ada", why="so")
        assert check(changed)
        assert ledger.document("story").document.statements[1] == changed
        assert changed.reviews[-1].field == change[0]


def test_what_is_not_known_is_a_correction_too(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.db") as ledger:
        ledger.add(fishing_pact())
        named = next(s for s in fishing_pact().statements if s.speaker and s.source_type is SourceType.NAMED_PERSON)
        changed = ledger.correct(named.id, [("speaker", "")], by="ada", why="it is not said who")
        assert changed.speaker is None and changed.source_type is SourceType.NAMED_PERSON
        assert (changed.reviews[0].value, changed.reviews[0].was) == (None, named.speaker)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("mood", "good"), "no such field"),
        (("act", "sing"), "no such value"),
        (("content", ""), "cannot be empty"),
        (("content", "5-3"), "offsets rise"),
        (("content", "5-9,7-12"), "offsets rise"),
        (("content", "5-9999"), "offsets rise"),
        (("source", "The Queen"), "do not stand in the text"),
        (("target", "1-3,5-7"), "one place"),
        (("said_on", "in May"), "write a day"),
        (("rejected", "perhaps"), "yes or no"),
    ],
)
def test_a_correction_that_makes_no_sense_is_told(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    with Ledger.open(tmp_path / "l.db") as ledger:
        ledger.add(story())
        before = everything(ledger)
        with pytest.raises(UsageError, match=message):
            ledger.correct(story().statements[1].id, [("speaker", "Bo Ek"), change], by="ada", why="so")
        for by, why in (("", "x"), ("x", " ")):
            with pytest.raises(UsageError, match="is empty"):
                ledger.correct(story().statements[1].id, [("speaker", "Bo Ek")], by=by, why=why)
        assert everything(ledger) == before


def test_a_rejected_statement_is_in_no_view_and_what_stood_in_it_goes_up(where: str) -> None:
    pact = fishing_pact()
    outer = next(s for s in pact.statements if any(c.parent == s.id for c in pact.statements) and s.parent is not None)
    with Ledger.open(where) as ledger:
        ledger.add(pact)
        ledger.correct(outer.id, [("rejected", "yes")], by="ada", why="nobody said it")
        entry = ledger.document(str(pact.id))
        assert outer.id not in [s.id for s in entry.document.statements]
        assert [s.id for s in entry.rejected] == [outer.id]
        inner = {s.id for s in pact.statements if s.parent == outer.id}
        assert {s.parent for s in entry.document.statements if s.id in inner} == {outer.parent}
        ledger.correct(outer.id, [("rejected", "no")], by="ada", why="she did")
        assert [s.id for s in ledger.document(str(pact.id)).document.statements] == [s.id for s in pact.statements]


def test_a_statement_that_a_person_adds(where: str) -> None:
    with Ledger.open(where) as ledger:
        ledger.add(replace(story(), statements=story().statements[::2]))
        missed = replace(story().statements[1], score=1.0)
        ledger.add_statement("story", missed, by="ada", why="missed")
        found = ledger.document("story").document.statements
        assert [s.id for s in found] == [s.id for s in story().statements]
        assert found[1].reviews[0].field == "statement"
        assert ledger.correct(missed.id, [("act", "commit")], by="ada", why="pays").act is Act.COMMIT
        ((entry, shown),) = ledger.statements(missed.id)
        assert shown.act is Act.COMMIT and entry.document.id == "story"
        ledger.withdraw(1, by="ada", why="was nothing")
        assert len(ledger.document("story").document.statements) == 2
        with pytest.raises(UsageError, match="lies outside"):
            ledger.add_statement("story", Statement("x", (Span(0, 9999),)), by="ada", why="x")


# another extractor, another text


def read_again(ledger: Ledger, document: Document, extractor: str) -> Any:
    with ledger.recorder("reread", extractor) as recorder:
        ((revision, _),) = ledger.unread(extractor)
        (became,) = (*recorder.add(document, revision), *recorder.flush())
    return became


def test_a_newer_extractor_leaves_history_and_corrections_hold(where: str) -> None:
    first = story()
    with Ledger.open(where) as ledger:
        ledger.add(first)
        ledger.correct(first.statements[0].id, [("speaker", "Port of Sella")], by="ada", why="full name")
        ledger.correct(first.statements[1].id, [("act", "commit")], by="ada", why="pays")
        ledger.correct(first.statements[2].id, [("polarity", "negative")], by="ada", why="ironic")
        # the newer one finds the first with the same id, the second with other offsets, and not the third
        second = statement_at(first, [Span(20, 33)], first.statements[1].source, first.statements[1].cue)
        assert second.id != first.statements[1].id
        became = read_again(ledger, replace(first, statements=(first.statements[0], second)), "onrecord 9")
        assert (became.status, became.waiting) == (Status.EXTRACTED, 1)
        found = ledger.document("story").document.statements
        assert [(s.id, s.speaker, s.act) for s in found] == [
            (first.statements[0].id, "Port of Sella", None),
            (second.id, None, Act.COMMIT),
        ]
        (waits,) = ledger.corrections(waiting=True)
        assert (waits.statement, waits.words, waits.field) == (first.statements[2].id, "the quay was safe", "polarity")
        ((entry, old),) = ledger.statements(first.statements[2].id)
        assert old.id == first.statements[2].id and entry.extraction is not None, "history can still be looked at"
        with pytest.raises(UsageError, match="earlier extract"):
            ledger.correct(old.id, [("act", "deny")], by="ada", why="x")
        ledger.settle(waits.number, second.id)
        assert not ledger.corrections(waiting=True)
        assert str(ledger.document("story").document.statements[1].commitments[0].polarity) == "negative"
        (*_, account) = ledger.verify()
        assert not account.problems and account.corrections == 3 and account.waiting == 0
        # read again by the same: nothing to do
        assert list(ledger.unread("onrecord 9")) == []


def test_corrections_follow_the_words_into_a_new_revision_and_never_to_a_look_alike(where: str) -> None:
    with Ledger.open(where) as ledger:
        ledger.add(story())
        for k, (field, value) in enumerate((("speaker", "Port of Sella"), ("cue", "34-38"), ("source", "mayor"))):
            ledger.correct(story().statements[k].id, [(field, value)], by="ada", why="so")
        moved = "Sella. " + TEXT.replace("the quay was safe", "the quay is safe")
        became = ledger.add(story(moved))
        assert became.status is Status.REVISED and became.waiting == 1
        one, two = ledger.document("story").document.statements
        assert one.speaker == "Port of Sella" and two.cue == (Span(41, 45),)
        (waits,) = ledger.corrections(waiting=True)
        assert waits.field == "source"
        twice = story(moved + " The mayor said the quay was safe. The mayor said the quay was safe.")
        look_alikes = tuple(statement_at(twice, [Span(at, at + 17)]) for at in (len(moved) + 16, len(moved) + 50))
        ledger.add(replace(twice, statements=(*twice.statements[:2], *look_alikes)))
        assert all(not s.reviews for s in ledger.document("story").document.statements[2:])


def test_what_is_withdrawn_waits_for_nobody(where: str) -> None:
    with Ledger.open(where) as ledger:
        ledger.add(story())
        ledger.correct(story().statements[2].id, [("act", "deny")], by="ada", why="so")
        assert ledger.add(story(TEXT.replace("the quay was safe", "the quay is safe"))).waiting == 1
        assert [c.number for c in ledger.corrections(waiting=True)] == [1]
        ledger.withdraw(1, by="ada", why="gone")
        assert ledger.corrections(waiting=True) == [] and len(ledger.corrections()) == 2
        (*_, account) = ledger.verify()
        assert not account.problems and (account.corrections, account.waiting) == (2, 0)


def test_what_changed_from_one_revision_to_the_next(where: str) -> None:
    edited = TEXT.replace("We will pay", "We will not pay").replace("The port denied it. ", "")
    with Ledger.open(where) as ledger:
        ledger.add(story())
        edited_story = story(edited)
        paid = edited.index("“We")
        also = statement_at(edited_story, [Span(paid, edited.index("”") + 1)], [Span(20, 31)])
        ledger.add(replace(edited_story, statements=(also, *edited_story.statements)))
        ((before, after, found),) = ledger.changes("story")
        assert (before.place, after.place) == (1, 2)
        gone, changed = found
        assert gone.before is not None and gone.after is None and gone.edited
        assert changed.edited and [(p.kind, p.words) for p in changed.pieces if p.kind != "same"] == [("added", "not")]


def test_what_only_the_extractor_sees_otherwise_is_no_edit() -> None:
    before = story()
    two = before.statements[1]
    after = story(TEXT + " Rain fell.")
    other = replace(after.statements[2], deed=Deed(Act.DENY, 0.9))
    found = changes(before, replace(after, statements=(after.statements[0], other)))
    assert [(c.edited, c.after is None) for c in found] == [(False, True), (False, False)]
    assert found[1].fields == (("act", None, "deny"),) and found[0].before == two


# takedowns, backups, proofs


def test_a_removed_document_is_gone_and_stays_out(where: str) -> None:
    with Ledger.open(where) as ledger:
        ledger.add(story(id="other"))
        ledger.add(page())
        ledger.add(page(TEXT + " More."))
        ledger.correct(
            ledger.document("https://courier.example/pay").document.statements[0].id, [("act", "deny")], by="a", why="b"
        )
        for by, reason in (("", "x"), ("x", "")):
            with pytest.raises(UsageError, match="is empty"):
                ledger.remove("https://courier.example/pay", by=by, reason=reason)
        ledger.remove("https://courier.example/pay", by="desk", reason="court order")
        rows = everything(ledger)
        assert "More." not in repr(rows) and len(rows["removal"]) == 1 and not rows["correction"]
        with pytest.raises(UsageError, match=r"was removed on .*: court order"):
            ledger.document("https://courier.example/pay")
        tombstone = ledger.removed("https://courier.example/pay")
        assert tombstone is not None and (tombstone.by, tombstone.reason) == ("desk", "court order")
        with pytest.raises(Removed, match="court order"):
            ledger.add(page())
        (*_, account) = ledger.verify()
        assert not account.problems and account.documents == 1
        ledger.lift("https://courier.example/pay")
        assert ledger.add(page()).status is Status.REVISED
        with pytest.raises(UsageError, match="was not removed"):
            ledger.lift("https://courier.example/pay")


def test_nothing_of_a_removed_document_is_left_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "l.db"
    with Ledger.open(file) as ledger:
        ledger.add(story())
        ledger.add(story("The harbour master said Zephyrine Quillfeather lied.", id="gone"))
        ledger.remove("gone", by="desk", reason="libel")
    left = b"".join(p.read_bytes() for p in tmp_path.iterdir())
    assert b"Quillfeather" not in left and b"Kamara" in left


def test_a_backup_is_a_ledger_made_while_others_write(where: str, tmp_path: Path) -> None:
    with Ledger.open(where) as ledger:
        for document in all_samples():
            ledger.add(document)
        ledger.correct(fishing_pact().statements[0].id, [("speaker", "Oslo")], by="a", why="b")
        ledger.remove(str(all_samples()[1].id), by="a", reason="b")
        with ledger._database.writing() as connection:
            connection.execute(text("UPDATE revision SET title = 'half'"))
            with Ledger.open(where, read_only=True) as reader:
                reader.backup(tmp_path / "copy.db")
            connection.rollback()
        with Ledger.open(tmp_path / "copy.db") as copy:
            assert everything(copy) == everything(ledger)
            (*_, account) = copy.verify()
            assert not account.problems
            assert copy.add(story()).status is Status.ADDED, "the copy goes on as a ledger"
        with pytest.raises(UsageError, match="is there already"):
            ledger.backup(tmp_path / "copy.db")
        with pytest.raises(UsageError, match="no folder"):
            ledger.backup(tmp_path / "none" / "copy.db")
        assert not list(tmp_path.glob(".*")), "no parts are left"


TAMPERED = [
    ("UPDATE revision SET text = CAST(replace(CAST(text AS TEXT), 'pay', 'lie') AS BLOB)", "SHA-256 differs"),
    ("UPDATE revision SET title = 'Another'", "column title"),
    ("UPDATE revision SET body = replace(body, 'story', 'other')", "SHA-256 differs|is not what"),
    ("UPDATE statement SET body = replace(body, '0.9', '0.8') WHERE number = 1", "not those that were recorded"),
    ("UPDATE statement SET content = 'We will lie' WHERE number = 2", "not the slice"),
    ("UPDATE statement SET start = start + 1 WHERE number = 2", "start is not what"),
    ("UPDATE statement SET speaker = 'Bo Ek' WHERE number = 2", "speaker is not what"),
    ("DELETE FROM statement WHERE number = 3", "2 statements, 3 were recorded"),
    ("UPDATE correction SET content = '[[5, 9999]]'", "lie outside the text"),
    ("DELETE FROM attachment", "neither tied to a statement nor waiting"),
    ("UPDATE present SET speaker = 'Bo Ek' WHERE number > 1", "is looked for otherwise"),
    ("DELETE FROM present", "0 statements can be looked for, there are 3"),
]


@pytest.mark.parametrize(("command", "message"), TAMPERED, ids=[c for c, _ in TAMPERED])
def test_verify_finds_what_was_tampered_with(tmp_path: Path, command: str, message: str) -> None:
    file = tmp_path / "l.db"
    with Ledger.open(file) as ledger:
        ledger.add(replace(story(), title="A story"))
        ledger.correct(story().statements[0].id, [("act", "deny")], by="a", why="b")
        (*_, account) = ledger.verify()
        assert not account.problems
    raw = sqlite3.connect(file)
    with raw:
        raw.execute(command)
    raw.close()
    with Ledger.open(file) as ledger:
        (*_, account) = ledger.verify()
        assert any(re.search(message, problem.what) for problem in account.problems), account.problems


# the database


def test_the_schema_is_what_the_migrations_make(where: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    Ledger.open(where).close()
    database = Database(where, create=False, writes=True, timeout=5)

    def ours(_thing: object, name: str | None, _kind: str, _reflected: bool, _other: object) -> bool:
        return "present_words" not in (name or "")  # the indexes of words, which each database has in its own way

    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"include_object": ours}), METADATA) == []
    database.close()
    assert [s.revision for s in reversed(list(ScriptDirectory.from_config(migrations()).walk_revisions()))] == list(
        SCHEMAS
    )


def test_sqlite_tables_are_strict_and_checked(tmp_path: Path) -> None:
    file = tmp_path / "l.db"
    with Ledger.open(file) as ledger:
        ledger.add(story())
    raw = sqlite3.connect(file)
    raw.execute("PRAGMA foreign_keys = ON")
    kinds = dict(raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    assert all("STRICT" in kinds[table.name] for table in METADATA.sorted_tables)
    for command in (
        "UPDATE statement SET score = 'high'",
        "UPDATE statement SET score = 2",
        "UPDATE statement SET form = 'shouted'",
        "UPDATE statement SET parent = 'nobody'",
        "UPDATE statement SET stop = start",
        "DELETE FROM extraction",
        "UPDATE revision SET text_sha256 = 'short'",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            raw.execute(command)
    raw.close()


def test_a_ledger_of_a_newer_schema_is_left_alone(where: str) -> None:
    with Ledger.open(where) as ledger:
        ledger.add(story())
        with ledger._database.writing() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for read_only in (True, False):
        with pytest.raises(LedgerError, match=r"newer onrecord.*update onrecord"):
            Ledger.open(where, read_only=read_only)


def test_places_that_are_no_ledgers(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no ledger"):
        Ledger.open(tmp_path / "none.db", create=False)
    with pytest.raises(UsageError, match="no folder"):
        Ledger.open(tmp_path / "none" / "l.db")
    with pytest.raises(UsageError, match="is a folder"):
        Ledger.open(tmp_path)
    (tmp_path / "story.txt").write_text(TEXT * 100)
    with pytest.raises(LedgerError, match="not an SQLite database"):
        Ledger.open(tmp_path / "story.txt")
    assert (tmp_path / "story.txt").read_text() == TEXT * 100
    raw = sqlite3.connect(tmp_path / "other.db")
    raw.execute("CREATE TABLE recipes (name TEXT)")
    raw.close()
    with pytest.raises(LedgerError, match=r"another database.*recipes"):
        Ledger.open(tmp_path / "other.db")
    (tmp_path / "empty.db").touch()
    with pytest.raises(LedgerError, match="holds nothing yet"):
        Ledger.open(tmp_path / "empty.db", read_only=True)
    for address in ("mysql://host/db", "postgresql://", "onrecord://x"):
        with pytest.raises((UsageError, LedgerError)):
            Ledger.open(address, timeout=2)


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "l.db"
    with Ledger.open(file) as ledger:
        for number in range(30):
            ledger.add(story(id=number))
    raw = bytearray(file.read_bytes())
    raw[8192:60000] = b"\x5a" * (60000 - 8192)
    file.write_bytes(raw)
    with pytest.raises(LedgerError), Ledger.open(file, read_only=True) as ledger:
        (*_, account) = ledger.verify()
        if account.problems:
            raise LedgerError(account.problems[0].what)


@pytest.mark.postgres
def test_a_server_that_is_not_there(server: str) -> None:
    with pytest.raises(LedgerError, match="no such database"):
        Ledger.open(f"{server}/nothing_here", timeout=2)
    with pytest.raises(LedgerError):
        Ledger.open("postgresql://nobody:secret@127.0.0.1:9/x", timeout=2)
    try:
        Ledger.open("postgresql://nobody:secret@127.0.0.1:9/x", timeout=2)
    except LedgerError as error:
        assert "secret" not in str(error)


def test_json_of_the_corrections_table_is_json(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.db") as ledger:
        ledger.add(story())
        ledger.correct(story().statements[1].id, [("content", "20-22"), ("speaker", 'A "B" C')], by="a", why="b")
        values = [json.loads(c.value) for c in ledger.corrections() if c.value is not None]
    assert values == [[[20, 22]], 'A "B" C']


LEDGERS = Path(__file__).parent / "fixtures" / "ledgers"


@pytest.mark.parametrize("version", SCHEMAS)
def test_a_ledger_of_every_schema_opens_is_brought_up_to_date_and_holds(tmp_path: Path, version: str) -> None:
    """Files written by the releases themselves: story, a page in two revisions, the pact, a correction (of a text that two documents have), a tombstone."""
    file = tmp_path / "l.db"
    file.write_bytes(gzip.decompress((LEDGERS / f"schema-{version}.db.gz").read_bytes()))
    if version != SCHEMAS[-1]:
        with pytest.raises(LedgerError, match="older schema"):
            Ledger.open(file, read_only=True)
    with Ledger.open(file) as ledger:
        (*_, account) = ledger.verify()
        assert not account.problems
        assert (account.documents, account.revisions, account.statements, account.corrections) == (3, 4, 31, 2)
        assert ledger.document("story").document.statements[1].speaker == "Ilse Kamara"
        assert len(ledger.revisions("https://courier.example/pay")) == 2
        assert ledger.removed("gone") is not None
        assert ledger.add(story()).status is Status.UNCHANGED
        assert ledger.add(story(id="new")).status is Status.ADDED
        (*_, account) = ledger.verify()
        assert not account.problems and account.documents == 4
