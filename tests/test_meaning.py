"""Search by meaning: the encoder, the index and what becomes of it, on both databases, with the shipped weights."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from consoles import Console
from onrecord.errors import LedgerError, ModelError, UsageError
from onrecord.extract import statement_at
from onrecord.ledger import Hit, Ledger, Query, likeness, meanings
from onrecord.meaning import index as index_file
from onrecord.meaning.encoder import SIZE, Encoder, shipped
from onrecord.meaning.index import WRITING, Damaged, Draft, Index, alone
from onrecord.model import Act, Deed, Document, SourceType, Span, Speaker

SAYS = {
    "port": ("Ilse Kamara", "the dockers will stay away from work until their wages go up", "Every quay worker is on strike for better pay"),
    "river": ("Anton Ruz", "the water in the Lume has been poisoned by the tannery", "A leather factory has polluted the stream"),
    "vote": ("Ada Voss", "the council will hold the ballot a month earlier", "Elections are brought forward by four weeks"),
    "rail": ("Piet Arno", "no train will run to the coast before the bridge is mended", "Rail service to the sea stops until repairs are done"),
    "school": ("Mina Holt", "children should learn a second language from the age of six", "Teach pupils a foreign tongue early"),
    "tax": ("Ugo Fenn", "the levy on bread is to be abolished", "They will scrap the duty on loaves"),
    "match": ("Lea Brandt", "our goalkeeper saved us from a heavy defeat", "Without the woman between the posts we would have lost badly"),
    "truce": ("Rasmus Oye", "both armies agreed to lay down their weapons at midnight", "A ceasefire between the two sides begins tonight"),
}  # fmt: skip
"""Speaker, content, and the same in other words."""


def document(id: str, content: str | None = None, **known: Any) -> Document:
    name, words, _ = SAYS.get(id, ("Ida Quist", "nothing", ""))
    words = content or words
    text = f"{name} said that {words}. It rained."
    end = len(name)
    start = end + len(" said that ")
    spans = [Span(start, start + len(words))], [Span(0, end)], [Span(end + 1, end + 5)]
    statement = replace(
        statement_at(Document(id, text), *spans),
        speakers=(Speaker(name, SourceType.NAMED_PERSON),),
        deed=Deed(Act.DENY if id in ("river", "rail") else Act.ASSERT, 0.9),
    )
    return Document(id, text, statements=(statement,), **known)


@pytest.fixture(autouse=True)
def places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of the user's is touched."""
    monkeypatch.delenv("ONRECORD_INDEX", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


@pytest.fixture
def ledger(where: str) -> Iterator[Ledger]:
    with Ledger.open(where) as opened:
        for number, id in enumerate(SAYS):
            opened.add(
                document(id, outlet="Gazette" if number % 2 else "The Harbour Courier", date=f"2024-05-0{number + 1}")
            )
        yield opened


def file_of(ledger: Ledger) -> Path:
    return meanings.file_of(ledger.where)


def found(ledger: Ledger, like: str, query: Query | None = None, **how: Any) -> list[str]:
    return [str(hit.entry.document.id) for hit in ledger.search(query or Query(), like=like, **how)]


def stored(vector: np.ndarray[Any, np.dtype[np.float32]]) -> bytes:
    """A vector as it stands in an index."""
    return index_file._rounded(vector).tobytes()


def vector_of(words: str) -> bytes:
    return stored(shipped().vectors([words])[0])


# the encoder


def test_a_text_has_the_same_vector_in_any_company() -> None:
    texts = [content for _, content, _ in SAYS.values()] + ["", "…", "word " * 900, "A", "zażółć 漢字 🚀"]
    together = shipped().vectors(texts)
    assert together.shape == (len(texts), SIZE) and together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    alone_ = np.stack([shipped().vectors([text])[0] for text in texts])
    assert np.abs(together - alone_).max() < 1e-6
    assert [stored(a) for a in together] == [stored(b) for b in alone_]
    assert shipped().vectors([]).shape == (0, SIZE)


@pytest.mark.parametrize(
    ("words", "same", "other"),
    [
        (
            "Hundreds of employees were dismissed",
            "The firm laid off four hundred workers",
            "Hundreds of visitors were welcomed",
        ),
        ("The suspect was taken into custody", "Police arrested the man", "The suspect was a painting by a student"),
    ],
)
def test_meaning_outweighs_words(words: str, same: str, other: str) -> None:
    base, near, far = shipped().vectors([words, same, other])
    assert base @ near > base @ far + 0.1


def test_threads_are_set_as_the_extractors(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [content for _, content, _ in SAYS.values()]
    models = Path(likeness.__file__).parent.parent / "models"
    files = (models / "meaning" / "encoder.onnx", models / "extract" / "tokenizer.json")
    made = []
    for threads in ("1", "3"):
        monkeypatch.setenv("ONRECORD_THREADS", threads)
        made.append(Encoder(*files).vectors(texts))
    assert (made[0] == made[1]).all()
    monkeypatch.setenv("ONRECORD_THREADS", "many")
    with pytest.raises(UsageError, match="whole number"):
        Encoder(*files).vectors(texts)


def test_a_missing_or_broken_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="reinstall"):
        _ = Encoder(tmp_path / "none.onnx", tmp_path / "none.json").version
    broken = tmp_path / "encoder.onnx"
    broken.write_bytes(b"no graph")
    with pytest.raises(ModelError, match="reinstall"):
        Encoder(broken, Path(likeness.__file__).parent.parent / "models/extract/tokenizer.json").vectors(["a"])


# the index's file


def noise(
    count: int, seed: int = 0
) -> tuple[np.ndarray[Any, np.dtype[np.uint64]], np.ndarray[Any, np.dtype[np.float32]]]:
    rng = np.random.default_rng(seed)
    vectors = rng.standard_normal((count, SIZE)).astype(np.float32)
    return rng.integers(1, 2**63, count, dtype=np.uint64), vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_the_nearest_are_found_and_measured(tmp_path: Path) -> None:
    keys, vectors = noise(2000)
    draft = Draft("e")
    draft.add(keys, vectors)
    draft.write(tmp_path / "i", "s")
    index = Index(tmp_path / "i", "e")
    assert (len(index), index.state, index.keys().tolist()) == (2000, "s", sorted(keys.tolist()))
    rng, hits = np.random.default_rng(1), 0
    for number in range(0, 2000, 100):
        asked = vectors[number] + 0.02 * rng.standard_normal(SIZE).astype(np.float32)
        exact = vectors @ asked / np.linalg.norm(asked)
        near, alike = index.nearest(asked, 10)
        assert near[0] == keys[number] and (np.diff(alike) <= 0).all()
        assert abs(alike[0] - exact[number]) < 2e-3
        hits += len(set(near.tolist()) & set(keys[np.argsort(-exact)[:10]].tolist()))
    assert hits >= 190
    some = np.array([keys[5], 3, keys[9]], np.uint64)
    one_by_one = index.likeness(vectors[5], some)
    assert one_by_one[0].tolist() == [keys[5], keys[9]] and one_by_one[1][0] == pytest.approx(1)


@pytest.mark.parametrize("gone", [1, 60, 150, 299, 300])
def test_nothing_of_what_is_taken_out_is_left_in_the_file(tmp_path: Path, gone: int) -> None:
    file = tmp_path / "i"
    keys, vectors = noise(300)
    draft = Draft("e")
    draft.add(keys, vectors)
    draft.write(file, "s")
    draft = Draft("e", Index(file, "e"))
    draft.take_out(keys[:gone])
    draft.write(file, "t")
    raw, index = file.read_bytes(), Index(file, "e")
    assert not [k for k in range(gone) if stored(vectors[k]) in raw or int(keys[k]).to_bytes(8, "little") in raw]
    assert all(stored(vectors[k]) in raw for k in range(gone, 300))
    assert index.keys().tolist() == sorted(keys[gone:].tolist())
    for k in range(gone, 300, 37):
        assert index.nearest(vectors[k], 3)[0][0] == keys[k]
    assert len(index.nearest(vectors[0], 300)[0]) == 300 - gone
    draft = Draft("e", index)
    draft.add(keys[:gone], vectors[:gone])
    draft.write(file, "u")
    again = Index(file, "e")
    assert again.keys().tolist() == sorted(keys.tolist()) and again.nearest(vectors[0], 1)[0][0] == keys[0]
    assert len(again._graph) == 300, "the places of what was taken out serve again"


@pytest.mark.parametrize("kind", ["empty", "foreign", "short", "cut", "bit", "other", "about"])
def test_a_file_that_is_no_index_is_told(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "i"
    draft = Draft("e")
    draft.add(*noise(50))
    draft.write(file, "s")
    raw = file.read_bytes()
    middle = len(raw) // 2
    file.write_bytes({
        "empty": b"", "foreign": b"SQLite format 3\0" * 100, "short": raw[:100], "cut": raw[:-600], "other": raw,
        "bit": raw[:middle] + bytes([raw[middle] ^ 4]) + raw[middle + 1 :], "about": raw[:-400].ljust(len(raw), b"{"),
    }[kind])  # fmt: skip
    with pytest.raises(Damaged):
        Index(file, "another" if kind == "other" else "e")


def test_one_process_changes_an_index_at_a_time(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file, order = tmp_path / "i", []
    (tmp_path / ".i.4711.part").write_bytes(b"left by one that was killed")
    entered = threading.Event()

    def second() -> None:
        entered.set()
        with alone(file, WRITING):
            order.append("second")

    with alone(file, WRITING):
        thread = threading.Thread(target=second)
        thread.start()
        assert entered.wait(10)
        thread.join(0.3)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"] and "waiting" in caplog.text
    assert not list(tmp_path.glob("*.part"))


# where it lies


def test_where_an_index_lies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert meanings.file_of("a/desk.db") == Path("a/desk.db.meaning")
    address = "postgresql://{}db.example/press"
    mine, hers = (meanings.file_of(address.format(who)) for who in ("me:secret@", "her@"))
    assert mine == hers and mine.parent.name == "onrecord" and "secret" not in str(mine)
    assert (
        meanings.file_of("postgresql://db.example:5433/press")
        != mine
        != meanings.file_of("postgresql://db.example/other")
    )
    chosen = meanings.file_of("a/desk.db", tmp_path)
    assert chosen.parent == tmp_path and chosen != meanings.file_of("b/desk.db", tmp_path)
    monkeypatch.setenv("ONRECORD_INDEX", str(tmp_path))
    assert meanings.file_of("a/desk.db") == chosen
    assert meanings.files_of("a/desk.db") == [chosen, Path("a/desk.db.meaning")]


# searching


def test_what_is_said_in_other_words_is_found(ledger: Ledger) -> None:
    for id, (_, content, rephrased) in SAYS.items():
        hits = list(ledger.search(Query(), like=rephrased, limit=3))
        assert str(hits[0].entry.document.id) == id, rephrased
        values = [hit.likeness for hit in hits]
        assert all(v is not None and -1 <= v <= 1 for v in values) and values == sorted(values, reverse=True)  # type: ignore[type-var]
        assert next(ledger.search(Query(), like=content)).likeness == pytest.approx(1)
    assert len(found(ledger, "anything")) == len(SAYS)
    assert next(ledger.search(Query("bread"))).likeness is None


def test_filters_and_words_narrow_it_down(ledger: Ledger) -> None:
    asked = "A ceasefire between the two sides begins tonight"
    assert found(ledger, asked)[0] == "truce"
    assert set(found(ledger, asked, Query(acts=(Act.DENY,)))) == {"river", "rail"}
    assert found(ledger, "polluted stream", Query(acts=(Act.DENY,))) == ["river", "rail"]
    assert found(ledger, asked, Query("train")) == ["rail"]
    assert found(ledger, asked, Query(speaker="voss")) == ["vote"]
    assert set(found(ledger, asked, Query(outlet="courier", since="2024-05-03"))) == {"vote", "school", "match"}
    assert found(ledger, asked, Query("zebra")) == []
    assert found(ledger, asked, Query(collection="none")) == []
    assert found(ledger, asked, limit=2) == found(ledger, asked)[:2]
    assert found(ledger, asked, limit=3, sort="date") == sorted(
        found(ledger, asked, limit=3), key=list(SAYS).index, reverse=True
    )
    assert ledger.count(Query(acts=(Act.DENY,))) == 2
    for wrong in ("", " … ", "\n"):
        with pytest.raises(UsageError, match="no word"):
            found(ledger, wrong)
    with pytest.raises(UsageError, match="none of that name"):
        found(ledger, asked, sort="luck")


@pytest.mark.parametrize(
    ("few", "many", "first", "most"),
    [(1, 0, 1, 0), (1, 0, 1, 10**6), (1, 10**6, 1, 10**6), (3, 5, 1, 10**6), (10**6, 10**6, 1, 10**6), (2, 4, 200, 0)],
)
def test_all_ways_of_looking_find_the_same(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, few: int, many: int, first: int, most: int
) -> None:
    queries = [
        Query(),
        Query(acts=(Act.DENY,)),
        Query("the"),
        Query(outlet="gazette"),
        Query("the", acts=(Act.ASSERT,)),
        Query(min_score=0.5, since="2024-05-03"),
    ]
    usual = [found(ledger, "work stops", query, limit=4) for query in queries]
    for name, value in (
        ("_FEW", few),
        ("_FIRST", first),
        ("_MOST", most),
        ("_MORE", 2),
        ("_AT_ONCE", 2),
        ("_LATER", 4),
    ):
        monkeypatch.setattr(likeness, name, value)
    assert [found(ledger, "work stops", query, limit=1) for query in queries] == [one[:1] for one in usual]
    assert [found(ledger, "work stops", query, limit=4) for query in queries] == usual


def test_the_same_words_come_each_with_who_says_them(ledger: Ledger) -> None:
    ledger.add(document("copy", SAYS["tax"][1], outlet="Echo"))
    hits = list(ledger.search(Query(), like="They will scrap the duty on loaves", limit=2))
    assert [(h.entry.document.id, h.statement.speaker) for h in hits] == [("copy", "Ida Quist"), ("tax", "Ugo Fenn")]
    assert hits[0].likeness == hits[1].likeness
    assert ledger.index().vectors == len(SAYS)


def test_a_hit_comes_with_whoever_relays_it(ledger: Ledger) -> None:
    from sample_documents import fishing_pact

    ledger.add(fishing_pact())
    hit = next(
        h for h in ledger.search(Query(), like="Fish numbers will collapse if nobody patrols") if h.statement.parent
    )
    chain = hit.entry.document.statements
    assert [s.id for s in chain][-2:] == [hit.statement.parent, hit.statement.id] and chain[0].parent is None


def test_the_same_every_time(tmp_path: Path, where: str) -> None:
    results = []
    for name in ("one.db", "two.db"):
        with Ledger.open(tmp_path / name) as ledger:
            for id in SAYS:
                ledger.add(document(id))
            results.append(
                [(h.statement.id, h.likeness) for h in ledger.search(Query(), like="no work today", limit=5)]
            )
    assert results[0] == results[1] and len(results[0]) == 5
    one, two = ((tmp_path / f"{name}.db.meaning").read_bytes() for name in ("one", "two"))
    assert one[: -index_file._ABOUT] == two[: -index_file._ABOUT]


def test_nothing_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    with Ledger.open(tmp_path / "l.db") as ledger:
        ledger.add(document("tax"))
        assert found(ledger, "bread") == ["tax"]


# staying up to date


def test_the_index_follows_the_ledger(ledger: Ledger) -> None:
    asked = "The monarch gives up the throne"
    assert ledger.index().added == len(SAYS) and ledger.index().added == 0
    ledger.add(document("king", "the king will abdicate in spring"))
    assert found(ledger, asked, limit=1) == ["king"]
    ledger.add(document("king", "the harvest was poor"))  # a further revision
    assert next(ledger.search(Query(), like=asked)).likeness < 0.5  # type: ignore[operator]
    assert vector_of("the king will abdicate in spring") not in file_of(ledger).read_bytes()
    identity = ledger.document("king").document.statements[0].id
    ledger.correct(identity, [("content", "harvest")], by="ada", why="the tape")
    assert next(ledger.search(Query(), like="harvest")).likeness == pytest.approx(1)
    ledger.correct(identity, [("rejected", "yes")], by="ada", why="nobody said it")
    assert "king" not in found(ledger, "harvest")
    ledger.withdraw(2, by="ada", why="somebody did")
    assert found(ledger, "harvest")[0] == "king"
    revision, text = next(ledger.unread("other 9", "tax"))
    with ledger.recorder("reread", "other 9") as recorder:
        start = text.text.index("rained")
        again = replace(text, statements=(statement_at(text, [Span(start, start + 6)]),))
        assert [*recorder.add(again, revision), *recorder.flush()]
    hit = next(ledger.search(Query(), like="rained"))
    assert (hit.entry.document.id, hit.likeness) == ("tax", pytest.approx(1))
    (*_, account) = ledger.verify()
    assert not account.problems


def test_of_a_removed_document_nothing_stays(ledger: Ledger) -> None:
    ledger.add(document("secret", "the mayor keeps two sets of books"))
    ledger.add(document("copy", SAYS["tax"][1]))
    ledger.index()
    file = file_of(ledger)
    words, shared = vector_of("the mayor keeps two sets of books"), vector_of(SAYS["tax"][1])
    key = meanings.key("the mayor keeps two sets of books").to_bytes(8, "little")
    assert words in file.read_bytes() and key in file.read_bytes()
    ledger.remove("secret", by="desk", reason="court order")
    ledger.remove("copy", by="desk", reason="court order")
    raw = file.read_bytes()
    assert words not in raw and key not in raw and shared in raw, "what another document says too stays"
    assert [p.name for p in file.parent.iterdir() if p.name.endswith(".part")] == []
    made = ledger.index()
    assert (made.vectors, made.added, made.taken_out) == (len(SAYS), 0, 0), "it was up to date before, and is now"
    assert "secret" not in found(ledger, "the mayor keeps two sets of books")


def test_what_was_indexed_and_changed_before_goes_with_the_document(ledger: Ledger) -> None:
    ledger.add(document("secret", "the mayor keeps two sets of books"))
    ledger.index()
    ledger.add(document("secret", "the mayor is honest"))
    ledger.remove("secret", by="desk", reason="court order")
    assert vector_of("the mayor keeps two sets of books") not in file_of(ledger).read_bytes()
    made = ledger.index()
    assert (made.vectors, made.added, made.taken_out) == (len(SAYS), 0, 0)


def test_a_removed_document_goes_from_each_index(ledger: Ledger, tmp_path: Path, where: str) -> None:
    folder = tmp_path / "elsewhere"
    ledger.index()
    with Ledger.open(where, index=folder) as other:
        other.index()
        files = meanings.files_of(ledger.where, folder)
        assert len(files) == 2 and all(vector_of(SAYS["vote"][1]) in file.read_bytes() for file in files)
        other.remove("vote", by="desk", reason="court order")
    assert not any(vector_of(SAYS["vote"][1]) in file.read_bytes() for file in files)


def test_a_removal_beside_one_who_indexes(ledger: Ledger, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likeness, "_PAGE", 3)
    monkeypatch.setattr(likeness, "_KEEP_EVERY", 0.0)
    told = []

    def progress(done: int, total: int) -> None:
        told.append((done, total))
        if done == 6:
            with Ledger.open(where) as other:
                for id in SAYS:
                    if id != "tax":
                        other.remove(id, by="desk", reason="court order")

    ledger.index(progress)
    assert told == [(3, 8), (6, 8), (8, 8)]
    raw = file_of(ledger).read_bytes()
    assert [id for id in SAYS if vector_of(SAYS[id][1]) in raw] == ["tax"]
    assert found(ledger, "bread") == ["tax"] and ledger.index().vectors == 1


def test_a_removal_that_fails_leaves_all_as_it_was(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.index()

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "desk.db.meaning")

    monkeypatch.setattr(Draft, "write", refuse)
    with pytest.raises(UsageError, match="delete it"):
        ledger.remove("tax", by="desk", reason="court order")
    monkeypatch.undo()
    assert ledger.removed("tax") is None and ledger.document("tax")
    with pytest.raises(UsageError, match="no such document"):
        ledger.remove("none", by="desk", reason="court order")


def test_who_is_interrupted_goes_on(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likeness, "_PAGE", 3)

    def stop(done: int, total: int) -> None:
        if done == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ledger.index(stop)
    made = ledger.index()
    assert (made.vectors, made.added) == (8, 2)


@pytest.mark.parametrize("kind", ["foreign", "cut", "bit", "encoder"])
def test_a_damaged_index_is_made_anew(
    ledger: Ledger, kind: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = found(ledger, "no work today")
    file = file_of(ledger)
    raw = file.read_bytes()
    middle = len(raw) // 2
    if kind == "encoder":
        draft = Draft("another")
        draft.add(*noise(4))
        draft.write(file, "s")
    else:
        file.write_bytes({
            "foreign": b"<html>" * 400, "cut": raw[:middle],
            "bit": raw[:middle] + bytes([raw[middle] ^ 1]) + raw[middle + 1 :],
        }[kind])  # fmt: skip
    assert found(ledger, "no work today") == before
    assert f"{file}: " in caplog.text and caplog.text.count("made anew") == 1
    assert ledger.index().vectors == len(SAYS)
    file.write_bytes(b"junk")
    ledger.remove("tax", by="desk", reason="court order")
    assert not file.exists(), "what cannot be read may hold anything"
    assert "tax" not in found(ledger, "bread")


def test_two_processes_at_once(where: str, tmp_path: Path) -> None:
    with Ledger.open(where) as ledger:
        for number in range(300):
            ledger.add(document(f"d{number}", f"ship number {number} came in at noon"))
    program = "import sys; from onrecord.ledger import Ledger, Query\nwith Ledger.open(sys.argv[1], read_only=True) as l: print(len(list(l.search(Query(), like='a vessel arrived', limit=300))))"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, where], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    done = [process.communicate(timeout=120) for process in running]
    assert [out.strip() for out, _ in done] == ["300"] * 3, [err for _, err in done]
    with Ledger.open(where) as ledger:
        made = ledger.index()
        assert (made.vectors, made.added) == (300, 0)


def test_a_ledger_that_may_only_be_read(
    ledger: Ledger, where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "here")

    with Ledger.open(where, read_only=True) as reader, monkeypatch.context() as patched:
        patched.setattr(Path, "mkdir", refuse)
        with pytest.raises(UsageError, match="--index FOLDER"):
            found(reader, "bread")
    with Ledger.open(where, read_only=True, index=tmp_path / "mine") as reader:
        assert found(reader, "bread", limit=1) == ["tax"]
    assert not file_of(ledger).exists()
    (tmp_path / "file").write_text("")
    with Ledger.open(where, read_only=True, index=tmp_path / "file") as reader, pytest.raises(LedgerError):
        found(reader, "bread")


def test_an_index_that_another_process_brought_up_to_date_is_opened_again(ledger: Ledger, where: str) -> None:
    assert found(ledger, "bread", limit=1) == ["tax"]
    with Ledger.open(where) as other:
        other.add(document("king", "the king will abdicate in spring"))
        assert found(other, "the monarch gives up the throne", limit=1) == ["king"]
    opened = ledger._likeness._opened
    assert found(ledger, "the monarch gives up the throne", limit=1) == ["king"]
    assert ledger._likeness._opened is not opened
    opened = ledger._likeness._opened
    assert found(ledger, "bread", limit=1) == ["tax"] and ledger._likeness._opened is opened


def test_an_empty_ledger(where: str) -> None:
    with Ledger.open(where) as ledger:
        assert found(ledger, "bread") == [] and ledger.index().vectors == 0
        ledger.add(document("tax"))
        assert found(ledger, "bread") == ["tax"]
        ledger.remove("tax", by="desk", reason="court order")
        assert found(ledger, "bread") == []


def test_verify_and_rebuild_know_the_column(tmp_path: Path) -> None:
    import sqlite3

    from onrecord.ledger import present

    with Ledger.open(tmp_path / "l.db") as ledger:
        ledger.add(document("tax"))
        with sqlite3.connect(tmp_path / "l.db") as connection:
            assert connection.execute("SELECT meaning FROM present").fetchone() == (meanings.key(SAYS["tax"][1]),)
            connection.execute("UPDATE present SET meaning = 1")
        (*_, account) = ledger.verify()
        assert ["meaning is looked for" in problem.what for problem in account.problems] == [True]
        with ledger._database.writing() as writing:
            before = present.mark(writing)
            present.rebuild(writing)
            assert present.mark(writing) != before
        (*_, account) = ledger.verify()
        assert not account.problems


# the command line


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Console:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    for name in [name for name in os.environ if name.startswith("ONRECORD_")]:
        monkeypatch.delenv(name)
    with Ledger.open("onrecord.db") as ledger:
        for id in SAYS:
            ledger.add(document(id, outlet="Gazette", date="2024-05-03"))
    return Console(capfd)


def test_search_like(run: Console) -> None:
    done = run("search", "--like", "They will scrap the duty on loaves", "--limit", "2")
    assert done.code == 0
    first = done.out.splitlines()[0]
    assert first.startswith("Ugo Fenn") and "likeness 0." in " ".join(done.out.split())
    assert "as reported by Gazette" in " ".join(done.out.split()), "never without who relays it"
    assert "8 of 8 new wordings" in done.err
    assert done.err.splitlines()[-1] == "onrecord: the 2 likest of 8 statements"
    again = run("search", "levy", "--like", "They will scrap the duty on loaves", "-f", "jsonl")
    (line,) = again.lines
    assert line["speaker"] == "Ugo Fenn" and 0.3 < line["likeness"] < 1 and "index" not in again.err
    listed = json.loads(run("search", "--like", "bread", "-f", "json").out)
    assert [one["likeness"] for one in listed] == sorted((one["likeness"] for one in listed), reverse=True)
    assert "likeness" not in run("search", "levy", "-f", "jsonl").lines[0]
    assert run("search", "--like", "bread", "-f", "csv").code == 0
    page = run("search", "--like", "duty <b>on</b> loaves", "-f", "html").out
    assert "likeness 0." in page and "duty &lt;b&gt;on&lt;/b&gt; loaves" in page
    assert run("search", "--like", "…").code == 2


def test_index_ahead(run: Console) -> None:
    done = run("index")
    assert done.code == 0 and done.out == "" and "onrecord.db.meaning: 8 wordings (8 new, 0 taken out)" in done.err
    assert Path("onrecord.db.meaning").exists()
    assert run("index", "-q").err == ""
    assert "index:" not in run("search", "--like", "bread").err
    elsewhere = run("search", "--like", "bread", "--index", "indexes")
    assert elsewhere.code == 0 and len(list(Path("indexes").glob("onrecord.db-*.meaning"))) == 1
    assert run("remove", "tax", "--by", "desk", "--reason", "court order", "--index", "indexes").code == 0
    words = vector_of(SAYS["tax"][1])
    assert not any(
        words in file.read_bytes() for file in (Path("onrecord.db.meaning"), *Path("indexes").glob("*.meaning"))
    )
    Path("onrecord.db.meaning").write_bytes(b"junk")
    done = run("search", "--like", "bread")
    assert done.code == 0 and "onrecord: warning: onrecord.db.meaning: is no index of meanings" in done.err


@pytest.mark.parametrize(
    "command", [["search", "levy"], ["remove", "tax", "--by", "a", "--reason", "b"], ["list"], ["read", "a.txt"]]
)
def test_who_does_not_ask_for_meaning_does_not_load_it(run: Console, command: list[str]) -> None:
    Path("a.txt").write_text("The port denied it.")
    program = "import sys; from onrecord.cli import main\ntry: main(sys.argv[1:])\nfinally: print(sorted(m for m in sys.modules if 'usearch' in m or 'onrecord.meaning' in m))"
    done = subprocess.run([sys.executable, "-c", program, *command], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_the_index_can_be_loaded_before_all_else() -> None:
    """usearch before onnxruntime is a crash."""
    done = subprocess.run(
        [sys.executable, "-c", "import onrecord.meaning.index, onnxruntime; print('fine')"],
        capture_output=True,
        text=True,
    )
    assert done.stdout == "fine\n", done.returncode


def test_hits_of_other_searches_have_no_likeness() -> None:
    assert Hit.__dataclass_fields__["likeness"].default is None
