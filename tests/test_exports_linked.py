"""Web Annotations, schema.org and PROV: read by what others wrote (pyld, rdflib, prov), without a network."""

from __future__ import annotations

import io
import json
import re
import socket
import tracemalloc
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import prov.model
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyld import jsonld as pyld
from rdflib import RDF, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import PROV, SDO

from consoles import Console
from onrecord.anchors import Anchor, Fate, Quote, WebAnnotation, anchored, read_web_annotations
from onrecord.cli.output import write_ledger
from onrecord.errors import DocumentError, UnreadableDocument, UsageError
from onrecord.exports import ledger_export_for
from onrecord.exports.jsonld import RECORD, SAID, context, offline
from onrecord.exports.names import document_name, name_of, revision_name, statement_name, text_name
from onrecord.exports.record import schema_text
from onrecord.exports.web_annotations import passage
from onrecord.ledger import Entry, Ledger
from onrecord.model import (
    Act,
    Deed,
    Document,
    Form,
    Occasion,
    Post,
    Provenance,
    SourceType,
    Span,
    Speaker,
    Statement,
)
from sample_documents import fishing_pact, hostile, plain

OA = Namespace("http://www.w3.org/ns/oa#")
AS = Namespace("http://www.w3.org/ns/activitystreams#")
SCHEMA = Namespace("http://schema.org/")
SAYS = Namespace("urn:onrecord:record:1#/properties/")
DCTERMS = Namespace("http://purl.org/dc/terms/")
FORMATS = ("annotations", "schema.org", "prov")

QUAY = (
    "Bo Ek, the chair of the regional council for the ports and harbours of the coast, said that the quay was safe. "
    "“Nobody will drown here,” he told the Sella Wire.\n\nThe mayor did not say so."
)
WIRE = "Ana Duarte said the ferry would sail. “It will sail,” she said."
ODD = "She wrote: 👩‍👩‍👧 “Olá, cafe\u0301!” …\r\nThe 🐟 harbour office said\r\n‘no\ud800\udfff’ and \U0001f6a2 left."
ADDRESS = 'https://courier.example/odd page|<1>\\?q="a b"'


def find(text: str, words: str, after: int = 0) -> Span:
    start = text.index(words, after)
    return Span(start, start + len(words))


def quay() -> Document:
    """A speaker named far from his words, and an outlet that passed his second sentence on."""
    ek = Speaker("Bo Ek", SourceType.NAMED_PERSON, find(QUAY, "Bo Ek"), find(QUAY, "chair of the regional council"))
    first = Statement(
        "a1", (find(QUAY, "that the quay was safe"),), (find(QUAY, "Bo Ek"),), (find(QUAY, "said"),), score=1.0,
        speakers=(ek,), deed=Deed(Act.ASSERT, 0.9), occasion=Occasion("2024-05-06/2024-05-12"),
    )  # fmt: skip
    second = Statement(
        "a2", (find(QUAY, "“Nobody will drown here,”"),), (find(QUAY, "he told"[:2]),), (find(QUAY, "told"),),
        form=Form.VERBATIM, speakers=(ek,), relayed_by=(Speaker("Sella Wire", SourceType.NAMED_ORGANIZATION),),
        occasion=Occasion("2024-05-06"),
    )  # fmt: skip
    second = replace(second, source=(find(QUAY, "he", second.content[0].end),))
    return Document(
        "quay", QUAY, "The \"safe\" quay\\n", "The Harbour Courier", "2024-05-08", "https://courier.example/quay/",
        language="en", statements=(first, second),
    )  # fmt: skip


def wire(id: str) -> Document:
    """One text that several documents have."""
    duarte = Speaker("Ana Duarte", SourceType.NAMED_PERSON)
    said = Statement(
        "b1", (find(WIRE, "the ferry would sail"),), (find(WIRE, "Ana Duarte"),), (find(WIRE, "said"),),
        speakers=(duarte,),
    )  # fmt: skip
    quoted = Statement("b2", (find(WIRE, "“It will sail,”"),), (find(WIRE, "she"),), form=Form.VERBATIM)
    return Document(id, WIRE, "Ferry", "Sella Wire", statements=(said, replace(quoted, speakers=(duarte,))))


def odd() -> Document:
    """Emoji of several code points, a combining accent, CRLF, lone surrogates, an address that is none."""
    greeting = Statement("c1", (find(ODD, "“Olá, cafe\u0301!”"),), (find(ODD, "She"),), form=Form.VERBATIM)
    office = Speaker("harbour\ud800 office", SourceType.NAMED_ORGANIZATION)
    refusal = Statement(
        "c2", (find(ODD, "‘no\ud800\udfff’"), find(ODD, "\U0001f6a2 left")), (find(ODD, "The 🐟 harbour office"),),
        (find(ODD, "said"),), speakers=(office,),
        post=Post(Span(0, 3), "@harbour", "t.me/no address"),
    )  # fmt: skip
    return Document(
        7, ODD, "“\"\\\ud800” <b>", "Out\\let \"x\"", url=ADDRESS, statements=(greeting, refusal),
        provenance=Provenance("feed\\7", "jsonl", raw_sha256="0" * 64),
    )  # fmt: skip


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """Nesting, posts, notes, corrections by two persons, one text in two documents, what is hostile, and nothing."""
    with Ledger.open(tmp_path_factory.mktemp("linked") / "desk.db") as opened:
        for document in (fishing_pact(), quay(), wire("w1"), wire("w2"), odd(), hostile(), plain()):
            opened.add(document)
        opened.correct("a2", [("speaker", "Bo Ekman")], by="ada", why="the tape")
        opened.correct("a2", [("act", "deny"), ("form", "partial")], by="bo", why='half of it, "no"')
        opened.correct("b2", [("speaker", "Ana Duarte Lima")], by="ada", why="her full name")
        opened.correct("05f3c9", [("speaker", "Adaeze N. Okafor")], by="ada", why="as on her card")
        missed = Statement("a9", (find(QUAY, "did not say so"),), (find(QUAY, "The mayor"),))
        opened.add_statement("quay", missed, by="ada", why="the machine missed it")
        yield opened


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("nothing is fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def written(format_: str, entries: Iterable[Entry]) -> dict[str, Any]:
    out = io.BytesIO()
    write = ledger_export_for(format_).write
    assert write is not None
    write(entries, out)
    made: dict[str, Any] = json.loads(out.getvalue().decode("utf-8"))
    return made


def graph(document: dict[str, Any]) -> Graph:
    made = Graph()
    made.parse(data=json.dumps(offline(document)), format="json-ld")
    return made


def load(address: str, _options: Any) -> dict[str, Any]:
    """What pyld asks for a context."""
    return {"contextUrl": None, "documentUrl": address, "document": context(address), "contentType": None}


@pytest.fixture(scope="module", params=FORMATS)
def made(request: pytest.FixtureRequest, ledger: Ledger) -> tuple[str, dict[str, Any]]:
    return request.param, written(request.param, ledger.entries())


@pytest.fixture(scope="module")
def annotations(ledger: Ledger) -> Graph:
    return graph(written("annotations", ledger.entries()))


@pytest.fixture(scope="module")
def schema(ledger: Ledger) -> Graph:
    return graph(written("schema.org", ledger.entries()))


@pytest.fixture(scope="module")
def provenance(ledger: Ledger) -> Graph:
    return graph(written("prov", ledger.entries()))


def entry_of(ledger: Ledger, name: str) -> Entry:
    return ledger.document(name)


# all three


@pytest.mark.parametrize("name", FORMATS)
def test_pyld_and_rdflib_read_the_same_triples(ledger: Ledger, name: str) -> None:
    document = written(name, [entry_of(ledger, id) for id in ("quay", "7", '../../"<x>')])
    assert pyld.expand(document, {"documentLoader": load})
    theirs = canonical(pyld.to_rdf(document, {"documentLoader": load, "format": "application/n-quads"}))
    assert len(theirs) > 100 and theirs == canonical(graph(document).serialize(format="ntriples"))


def canonical(triples: str) -> list[str]:
    """Triples with the same names for the same blank nodes (RDFC-1.0), numbers and times written alike."""
    alike = re.sub(r'"([^"]*)"\^\^<[^>]*#double>', lambda number: f'"{float(number[1])}"', triples)
    alike = re.sub(r'\+00:00"\^\^<[^>]*#dateTime>', 'Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>', alike)
    options = {"inputFormat": "application/n-quads", "format": "application/n-quads", "algorithm": "URDNA2015"}
    lines: list[str] = pyld.normalize(alike, options).splitlines()
    return sorted(lines)


def test_every_key_means_something(made: tuple[str, dict[str, Any]]) -> None:
    """A key that no context defines would be dropped without a word."""
    name, document = made
    contexts = offline(document)["@context"]
    terms: set[str] = set().union(*contexts) if isinstance(contexts, list) else set(contexts)
    if name == "schema.org":
        assert "@vocab" in terms  # every word is a term: see below whether there is such a term
        return
    for key in _keys({k: v for k, v in document.items() if k != "@context"}):
        assert key in terms or key.split(":")[0] in terms or key.startswith("@"), key
    for kind in _types(document):
        assert kind in terms, kind


def _keys(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(_keys, value))
    return set(value).union(*map(_keys, value.values())) if isinstance(value, dict) else set()


def _types(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(_types, value))
    if not isinstance(value, dict):
        return set()
    kinds = value.get("type", [])
    return set([kinds] if isinstance(kinds, str) else kinds).union(
        *(_types(v) for k, v in value.items() if k != "@context")
    )


def test_no_iri_is_broken(made: tuple[str, dict[str, Any]]) -> None:
    found = graph(made[1])
    iris = {term for triple in found for term in triple if isinstance(term, URIRef)}
    assert all(not set(iri) & set(' "<>\\^`{|}') and ":" in iri and iri.isprintable() for iri in iris)
    again = Graph()
    again.parse(data=found.serialize(format="turtle"), format="turtle")
    assert len(again) == len(found), "what rdflib writes, rdflib reads"


def test_the_same_twice_and_nothing_of_nothing(ledger: Ledger) -> None:
    for name in FORMATS:
        one, two, none = io.BytesIO(), io.BytesIO(), io.BytesIO()
        write = ledger_export_for(name).write
        assert write is not None
        write(ledger.entries(), one)
        write(ledger.entries(), two)
        write([], none)
        assert one.getvalue() == two.getvalue()
        empty = json.loads(none.getvalue())
        assert pyld.expand(empty, {"documentLoader": load}) == [] or name == "annotations"
    assert written("schema.org", [entry_of(ledger, "plain")])["@graph"] == []


def test_a_page_has_annotations_and_a_collection_may_have_none(ledger: Ledger) -> None:
    none = written("annotations", [entry_of(ledger, "plain")])
    assert (none["type"], none["total"]) == ("AnnotationCollection", 0) and "items" not in none and "first" not in none
    page = written("annotations", ledger.entries())
    assert page["type"] == "AnnotationPage" and page["partOf"]["total"] == len(page["items"]) > 50
    assert page["partOf"]["first"] == page["id"] and page["startIndex"] == 0
    other = written("annotations", [entry_of(ledger, "quay")])
    assert other["id"] != page["id"] and other["partOf"]["id"] != page["partOf"]["id"]
    found = graph(page)
    assert (URIRef(page["id"]), RDF.type, AS.OrderedCollectionPage) in found
    assert len(list(found.items(found.value(URIRef(page["id"]), AS["items"])))) == len(page["items"])


@pytest.mark.parametrize("name", FORMATS)
def test_memory_does_not_grow_with_the_documents(ledger: Ledger, name: str) -> None:
    class Nowhere(io.BytesIO):
        def write(self, _: Any) -> int:
            return 0

    entry = entry_of(ledger, "quay")
    write = ledger_export_for(name).write
    assert write is not None

    def peak(count: int) -> int:
        assert write is not None
        tracemalloc.start()
        write((replace(entry, key=f"k{k}") for k in range(count)), Nowhere())
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(10)
    assert peak(100) < peak(10) + 500_000


@pytest.mark.parametrize("name", FORMATS)
def test_an_interruption_leaves_no_half_file(ledger: Ledger, tmp_path: Path, name: str) -> None:
    def broken() -> Iterator[Entry]:
        yield entry_of(ledger, "quay")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_ledger(ledger_export_for(name), broken(), str(tmp_path / "out.jsonld"))
    assert list(tmp_path.iterdir()) == []


def test_from_the_command_line(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    run = Console(capfd)
    where = str(tmp_path / "desk.db")
    with Ledger.open(where) as opened:
        opened.add(quay())
        opened.add(fishing_pact())
    for name in FORMATS:
        done = run("export", "--ledger", where, "--format", name, "-o", str(tmp_path / "out.jsonld"))
        assert done.code == 0, done.err
        whole = json.loads((tmp_path / "out.jsonld").read_text("utf-8"))
        printed = run("export", "--ledger", where, "--format", name)
        assert json.loads(printed.out) == whole
        some = run("export", "--ledger", where, "--format", name, "--speaker", "council")
        assert 0 < len(some.out) < len(printed.out)
        assert "the ministry" in some.out, "whoever relays what the council wants is there too"


def test_contexts_that_are_shipped() -> None:
    for address in ("http://www.w3.org/ns/anno.jsonld", "https://www.w3.org/ns/anno.jsonld"):
        assert context(address)["@context"]["exact"] == "oa:exact"
    for address in ("https://schema.org", "https://schema.org/", "http://schema.org/"):
        assert context(address)["@context"]["@vocab"] == "http://schema.org/"
    with pytest.raises(UsageError, match=r"anno\.jsonld"):
        context("https://example.org/context")


def test_the_record_s_terms_are_its_schema_s() -> None:
    schema = json.loads(schema_text())
    assert f"{schema['$id']}#/properties/" == RECORD
    assert set(SAID) <= set(schema["properties"])


# web annotations


def test_positions_are_the_words(ledger: Ledger) -> None:
    texts = {document_name(e): e.document.text for e in ledger.entries()}
    page, seen = written("annotations", ledger.entries()), Counter[str]()
    for annotation in page["items"]:
        for target in annotation["target"]:
            quote, place = target["selector"]
            text = "".join("\ufffd" if 0xD800 <= ord(c) < 0xE000 else c for c in texts[target["source"]])
            assert text[place["start"] : place["end"]] == quote["exact"]
            whole = quote["prefix"] + quote["exact"] + quote["suffix"]
            assert text.find(whole) == text.rfind(whole) == place["start"] - len(quote["prefix"]), "once, and there"
            assert len(quote["prefix"]) >= min(32, place["start"])
            assert len(quote["suffix"]) >= min(32, len(text) - place["end"])
            seen[annotation["body"][0]["value"]] += 1
    assert set(seen) == {"content", "source", "cue"}
    words = [t["selector"][0]["exact"] for a in page["items"] for t in a["target"]]
    assert "“Olá, cafe\u0301!”" in words and "‘no\ufffd\ufffd’" in words and "\U0001f6a2 left" in words


def test_one_annotation_a_role_and_a_target_a_piece(ledger: Ledger) -> None:
    page = written("annotations", [entry_of(ledger, "pact")])
    said = {a["body"][0]["value"]: a for a in page["items"] if "islanders … had agreed" in a["body"][1]["value"]}
    pieces = [t["selector"][0]["exact"] for t in said["content"]["target"]]
    assert pieces[0] == "The islanders" and pieces[1].startswith("had agreed")
    assert set(said) == {"content", "source", "cue"} and len({a["id"] for a in page["items"]}) == len(page["items"])
    roles = sum(bool(getattr(s, role)) for s in fishing_pact().statements for role in ("content", "source", "cue"))
    assert len(page["items"]) == roles


def test_the_hash_of_the_text_is_where_the_standard_has_a_copy(ledger: Ledger, annotations: Graph) -> None:
    entry = entry_of(ledger, "quay")
    asked = annotations.query(
        """SELECT DISTINCT ?copy ?hash ?when WHERE { ?part oa:hasSource ?source ; oa:hasState ?state .
           ?state a oa:TimeState ; oa:cachedSource ?copy ; says:text_sha256 ?hash ; oa:sourceDate ?when }""",
        initNs={"oa": OA, "says": SAYS}, initBindings={"source": URIRef("https://courier.example/quay/")},
    )  # fmt: skip
    ((copy, hash_, when),) = asked
    assert str(copy) == text_name(entry.document.sha256) and str(hash_) == entry.document.sha256
    assert when.datatype == XSD.dateTime and str(when).startswith(entry.as_of[:19])


def test_the_body_says_who_says_it_and_who_relays_it(ledger: Ledger, annotations: Graph) -> None:
    page = written("annotations", [entry_of(ledger, "pact")])
    inner = next(a for a in page["items"] if a["target"][0]["selector"][0]["exact"] == "the ship" and a["body"])
    assert inner["body"][1]["value"] == (
        "the island council, according to Norway’s foreign ministry (“the ministry”), according to"
        " speaker not known (“He”), as reported by The Harbour Courier (paraphrase): the ship"
    )
    node = inner["body"][2]["source"]
    assert node["onrecord:speaker"] == "island council" and node["onrecord:outlet"] == "The Harbour Courier"
    assert node["onrecord:parent"]["onrecord:speaker"] == "Norway’s foreign ministry"
    assert node["onrecord:parent"]["onrecord:parent"]["onrecord:source_text"] == "He"
    assert "onrecord:speaker" not in node["onrecord:parent"]["onrecord:parent"]
    asked = annotations.query(
        """SELECT ?speaker ?relayer ?outlet WHERE {
             ?a oa:hasTarget/oa:hasSelector/oa:exact ?words ; oa:hasBody ?body . ?body oa:hasPurpose oa:identifying ;
             oa:hasSource ?s . ?s says:speaker ?speaker ; says:outlet ?outlet ; says:parent/says:speaker ?relayer }""",
        initNs={"oa": OA, "says": SAYS},
        initBindings={"words": Literal("that the stock would collapse without a patrol")},
    )  # fmt: skip
    assert [tuple(map(str, row)) for row in asked] == [
        ("scientists at the Marine Institute", "Adaeze Okafor", "The Harbour Courier")
    ]
    for annotation in written("annotations", ledger.entries())["items"]:
        assert "as reported by" in annotation["body"][1]["value"] or "editor’s note" in annotation["body"][1]["value"]


def test_who_passed_it_on_is_named(ledger: Ledger) -> None:
    items = written("annotations", [entry_of(ledger, "quay")])["items"]
    drown = next(a for a in items if "drown" in a["body"][1]["value"] and a["body"][0]["value"] == "source")
    assert drown["body"][1]["value"] == (
        "Source of: Bo Ekman (“he”), relayed by Sella Wire, as reported by The Harbour Courier (partial):"
        " “Nobody will drown here,”"
    )


def test_who_made_an_annotation(ledger: Ledger) -> None:
    entry = entry_of(ledger, "quay")
    assert entry.extraction is not None
    by_statement = {}
    for annotation in written("annotations", [entry])["items"]:
        source = annotation["body"][2]["source"]
        by_statement[source["id"] if isinstance(source, dict) else source] = annotation
    machine, corrected, added = (by_statement[statement_name(entry, s)] for s in entry.document.statements)
    assert [(c["type"], c["name"]) for c in machine["creator"]] == [("Software", entry.extraction.extractor)]
    assert machine["created"] == entry.extraction.at and "modified" not in machine
    assert [c["name"] for c in corrected["creator"]] == [entry.extraction.extractor, "ada", "bo"]
    assert corrected["modified"] == entry.document.statements[1].reviews[-1].at > corrected["created"]
    assert corrected["generator"]["name"] == entry.extraction.extractor
    assert [(c["type"], c["name"]) for c in added["creator"]] == [("Person", "ada")] and "generator" not in added
    speakers = {"Bo Ek", "Bo Ekman", "The mayor"}
    assert not speakers & {c["name"] for a in by_statement.values() for c in a["creator"]}


def test_two_documents_with_one_text_have_annotations_of_their_own(ledger: Ledger) -> None:
    one, two = (written("annotations", [entry_of(ledger, id)])["items"] for id in ("w1", "w2"))
    assert len(one) == len(two) and not {a["id"] for a in one} & {a["id"] for a in two}
    assert {t["state"]["cached"] for a in one for t in a["target"]} == {
        t["state"]["cached"] for a in two for t in a["target"]
    }


# where the words are


def read_back(ledger_entry: Entry, folder: Path) -> dict[tuple[str | None, str], WebAnnotation]:
    """The annotations of a document, by role and words, as they are read from a file."""
    write_ledger(ledger_export_for("annotations"), [ledger_entry], str(folder / "a.jsonld"))
    found = {}
    for one in read_web_annotations(folder / "a.jsonld"):
        assert isinstance(one, WebAnnotation)
        found[one.role, one.quotes[0].exact] = one
    return found


SAFE = "that the quay was safe"


@pytest.mark.parametrize(
    ("then", "fate", "moved"),
    [
        (QUAY, Fate.KEPT, False),
        ("A note on top.\n\n" + QUAY, Fate.KEPT, True),
        (QUAY.replace("The mayor did not say so.", "The mayor agreed."), Fate.KEPT, False),
        (QUAY.replace(SAFE, "that the quay was unsafe"), Fate.ORPHANED, False),
        (QUAY.replace(SAFE, "that the quay is safe"), Fate.ORPHANED, False),
        (QUAY.replace(SAFE, ""), Fate.ORPHANED, False),
        # another speaker, far before the words: 32 code points before and after them are the same
        (QUAY.replace("Bo Ek, the chair", "Ann Lee, the chair"), Fate.ORPHANED, False),
        (QUAY.replace("Bo Ek, the chair", "Bo Ek and Ann Lee, the chair"), Fate.ORPHANED, False),
        (QUAY.replace(" said that", " denied that"), Fate.ORPHANED, False),
        # his sentence is gone, somebody else says the same
        (QUAY.replace(QUAY[: QUAY.index(" “Nobody")], f"Ann Lee said {SAFE}."), Fate.ORPHANED, False),
        # his sentence is there, and somebody else says the same: it stays with him
        (f"Ann Lee said {SAFE}.\n\n{QUAY}", Fate.KEPT, True),
        (f"{QUAY}\n\nAnn Lee said {SAFE}.", Fate.KEPT, False),
        (f"{QUAY}\n\n{QUAY}", Fate.ORPHANED, False),
        (QUAY.lower(), Fate.ORPHANED, False),
        ("", Fate.ORPHANED, False),
    ],
)  # fmt: skip
def test_kept_or_orphaned(ledger: Ledger, tmp_path: Path, then: str, fate: Fate, moved: bool) -> None:
    annotation = read_back(entry_of(ledger, "quay"), tmp_path)["content", SAFE]
    anchor = anchored(annotation, then)
    assert (anchor.fate, anchor.moved) == (fate, moved), anchor.why
    if fate is Fate.KEPT:
        (span,) = anchor.spans
        assert span.of(then) == SAFE
        assert then[: span.start].rstrip().endswith("ports and harbours of the coast, said"), "his, not another's"
    else:
        assert anchor.spans == () and anchor.why


def test_words_of_the_other_speaker_look_the_same_nearby() -> None:
    """What the parameters above rely on: a context of 32 code points alone would move the words to Ann Lee."""
    then = QUAY.replace("Bo Ek, the chair", "Ann Lee, the chair")
    at = QUAY.index(SAFE)
    near = QUAY[at - 32 : at + len(SAFE) + 32]
    assert then.count(near) == 1


def test_he_may_be_somebody_else(ledger: Ledger, tmp_path: Path) -> None:
    """The sentence around is the same, but whom "he" stands for has changed."""
    his = read_back(entry_of(ledger, "quay"), tmp_path)["content", "“Nobody will drown here,”"]
    text = "Bo Ekman spoke first. The hall was full and the doors stood open to the sea. “No,” he said.\n\nThe evening was long and warm. All left."
    no = find(text, "“No,”")
    said = Statement(
        "p", (no,), (find(text, "he", no.end),), form=Form.VERBATIM, speakers=(Speaker("Bo Ekman"),)
    )  # fmt: skip
    with Ledger.open(tmp_path / "he.db") as opened:
        opened.add(Document("he", text, statements=(said,)))
        annotation = read_back(opened.document("he"), tmp_path)["content", "“No,”"]
    assert anchored(annotation, text).fate is Fate.KEPT
    assert anchored(annotation, text.replace("Bo Ekman spoke", "Jon Lund spoke")).fate is Fate.ORPHANED
    assert anchored(annotation, text.replace("All left", "Some left")).fate is Fate.KEPT
    assert anchored(his, QUAY.replace("Bo Ek,", "Al Ek,")).fate is Fate.ORPHANED, "ada calls him Ekman; “Bo” is there"


def test_pieces_are_kept_together_or_not_at_all(ledger: Ledger, tmp_path: Path) -> None:
    entry = entry_of(ledger, "pact")
    text = entry.document.text
    annotation = read_back(entry, tmp_path)["content", "A ceasefire in the licence dispute"]
    assert len(annotation.quotes) == 2
    kept = anchored(annotation, "Updated.\n" + text)
    assert kept.fate is Fate.KEPT and [s.of("Updated.\n" + text) for s in kept.spans] == [
        "A ceasefire in the licence dispute", "is within reach",
    ]  # fmt: skip
    assert anchored(annotation, text.replace("is within reach", "is out of reach")).fate is Fate.ORPHANED
    assert anchored(annotation, text.replace("two officials", "three officials")).fate is Fate.ORPHANED


def test_a_text_with_lone_surrogates_is_the_same_text(ledger: Ledger, tmp_path: Path) -> None:
    annotation = read_back(entry_of(ledger, "7"), tmp_path)["content", "‘no\ufffd\ufffd’"]
    same, other = anchored(annotation, ODD), anchored(annotation, "x" + ODD)
    assert same.fate is other.fate is Fate.KEPT and other.moved and same.why == "the text is the same"
    assert [s.of(ODD) for s in same.spans] == ["‘no\ud800\udfff’", "\U0001f6a2 left"]


def test_the_passage_stands_once_where_sentences_are_repeated() -> None:
    text = "Ada Moen said no.\n" * 6 + "Ada Moen said no. The end."
    at = len("Ada Moen said no.\n") * 3
    said = Statement("r", (find(text, "no", at),), (find(text, "Ada Moen", at),), (find(text, "said", at),))
    found = passage(Document("r", text, statements=(said,)), said)
    words = found.of(text)
    assert text.find(words) == text.rfind(words) == found.start and found.end - found.start > 100


@given(
    st.text(alphabet="ab \n", min_size=1, max_size=60), st.data(),
)  # fmt: skip
def test_what_is_kept_has_the_same_words_around_it_once(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    said = Statement("r", (Span(start, end),))
    around = passage(Document("r", text, statements=(said,)), said)
    quote = Quote(text[start:end], text[around.start : start], text[end : around.end], Span(start, end))
    annotation = WebAnnotation("a", "doc", Document("r", text).sha256, (quote,))
    assert anchored(annotation, text) == Anchor(annotation, Fate.KEPT, "the text is the same", (Span(start, end),))
    cut = data.draw(st.integers(0, len(text)))
    then = text[:cut] + data.draw(st.text(alphabet="ab", min_size=1, max_size=3)) + text[cut:]
    anchor = anchored(annotation, then)
    words, at_edge = around.of(text), around.start == 0 or not quote.suffix
    if anchor.fate is Fate.KEPT:
        (span,) = anchor.spans
        assert then[span.start - len(quote.prefix) : span.end + len(quote.suffix)] == words
        assert then.find(words) == then.rfind(words) or at_edge
    else:
        places = [at for at in range(len(then)) if then.startswith(words, at)]
        assert len(places) != 1 or at_edge


def test_where_a_text_begins_and_ends_is_context_too() -> None:
    first = WebAnnotation("a", "doc", None, (Quote("The quay is safe", "", ", the mayor said."),))
    assert anchored(first, "The quay is safe, the mayor said. Not all agree.").fate is Fate.KEPT
    assert anchored(first, "Nobody believes: The quay is safe, the mayor said.").fate is Fate.ORPHANED
    assert anchored(first, "A note.\n\nThe quay is safe, the mayor said.").fate is Fate.KEPT
    inside = WebAnnotation("a", "doc", None, (Quote("the quay is safe", "Mayor: ", ".", Span(7, 23)),))
    assert anchored(inside, "A note.\r\nMayor: the quay is safe. No.").fate is Fate.KEPT
    assert anchored(inside, "Not by the Mayor: the quay is safe.").fate is Fate.ORPHANED
    last = WebAnnotation("a", "doc", None, (Quote("the quay is safe", "Mayor: ", ""),))
    assert anchored(last, "Mayor: the quay is safe").fate is Fate.KEPT
    assert anchored(last, "Mayor: the quay is safer than ever").fate is Fate.ORPHANED


def test_positions_that_have_other_words_are_not_believed() -> None:
    text = "The quay is safe."
    wrong = WebAnnotation("a", "d", Document("d", text).sha256, (Quote("quay", "The ", " is", Span(0, 4)),))
    assert anchored(wrong, text).fate is Fate.ORPHANED


def test_annotations_of_others_are_read(tmp_path: Path) -> None:
    file = tmp_path / "one.jsonld"
    one = {
        "@context": "http://www.w3.org/ns/anno.jsonld", "id": "urn:x:1", "type": "Annotation", "body": "urn:x:note",
        "target": {"source": "urn:x:doc", "selector": {"type": "TextQuoteSelector", "exact": "safe"}},
    }  # fmt: skip
    file.write_text(json.dumps(one), encoding="utf-8")
    assert list(read_web_annotations(file)) == [WebAnnotation("urn:x:1", "urn:x:doc", None, (Quote("safe", "", ""),))]
    page = {"type": "AnnotationCollection", "first": {"type": "AnnotationPage", "items": [one, {"id": "urn:x:2"}, 3]}}
    file.write_text(json.dumps(page), encoding="utf-8")
    first, *others = read_web_annotations(file)
    assert isinstance(first, WebAnnotation) and [type(e) for e in others] == [UnreadableDocument] * 2
    assert isinstance(others[0], DocumentError) and "annotation 2" in str(others[0])
    file.write_text(json.dumps({"type": "AnnotationCollection", "total": 0}), encoding="utf-8")
    assert list(read_web_annotations(file)) == []
    image = one | {"target": {"source": "urn:x:doc", "selector": {"type": "FragmentSelector", "value": "xywh=1"}}}
    several = one | {"target": [one["target"], {**one["target"], "source": "urn:x:other"}]}  # type: ignore[dict-item]
    for number, broken in enumerate((image, several, one | {"target": "urn:x:doc"}, one | {"target": []})):
        file.write_text(json.dumps(broken), encoding="utf-8")
        (error,) = read_web_annotations(file)
        assert isinstance(error, UnreadableDocument), number
    for broken in ("[", '{"type": "Claim"}', "[]", '{"type": "AnnotationCollection", "first": "urn:x:page"}'):
        file.write_text(broken, encoding="utf-8")
        with pytest.raises(UnreadableDocument, match=r"one\.jsonld"):
            list(read_web_annotations(file))
    with pytest.raises(UnreadableDocument, match="cannot be opened"):
        list(read_web_annotations(tmp_path / "none.jsonld"))


# schema.org


def lines(ledger: Ledger, name: str) -> dict[str, dict[str, Any]]:
    """The nodes of one document by the record's id of their statement."""
    entry = entry_of(ledger, name)
    nodes = {node["@id"]: node for node in written("schema.org", [entry])["@graph"]}
    made = {s.id: nodes.pop(statement_name(entry, s)) for s in entry.document.statements if
            statement_name(entry, s) in nodes}  # fmt: skip
    assert not nodes
    return made


def test_every_term_is_schema_org_s(schema: Graph) -> None:
    used = {p for p in schema.predicates() if p != RDF.type} | set(schema.objects(None, RDF.type))
    used |= {o.datatype for o in schema.objects() if isinstance(o, Literal) and o.datatype}
    assert {SCHEMA.text, SCHEMA.Quotation, SCHEMA.Claim, SCHEMA.claimInterpreter, SCHEMA.Date} <= used
    for term in used:
        assert term.startswith(str(SCHEMA)), term
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert SDO[term.removeprefix(str(SCHEMA))]
    assert SCHEMA.ClaimReview not in used and SCHEMA.reviewRating not in used


def test_verbatim_is_a_quotation_all_else_a_claim(ledger: Ledger) -> None:
    for document, made in (
        (e.document, lines(ledger, str(e.document.id))) for e in ledger.entries() if e.key != "plain"
    ):
        for statement in document.statements:
            if statement.kind == "statement":
                kind = "Quotation" if statement.form is Form.VERBATIM else "Claim"
                assert made[statement.id]["@type"] == kind


def test_a_quotation(ledger: Ledger) -> None:
    made = lines(ledger, "w1")["b2"]
    assert made["spokenByCharacter"] == [{"@type": "Person", "name": "Ana Duarte Lima"}] == made["creator"], (
        "ada checked"
    )
    plain_one = lines(ledger, "pact")["08f3c9"]
    assert plain_one["spokenByCharacter"] == [{"@type": "Organization", "name": "Norway’s foreign ministry"}]
    assert "creator" not in plain_one and plain_one["text"] == "“There is a text. There is no treaty,”"
    assert plain_one["creditText"] == "Norway’s foreign ministry (“a spokesperson”)" and plain_one["inLanguage"] == "en"
    (article,) = plain_one["isPartOf"]
    assert article["headline"] == fishing_pact().title and article["datePublished"] == "2024-05-03T09:42:00+02:00"
    assert article["url"] == "https://courier.example/world/fishing-pact"
    assert article["publisher"] == {"@type": "Organization", "name": "The Harbour Courier"}
    assert article["encoding"]["sha256"] == fishing_pact().sha256
    assert [a["name"] for a in article["author"]] == ["Ingrid Falk", "Tunde Bello"]


def test_a_claim(ledger: Ledger) -> None:
    made = lines(ledger, "quay")["a1"]
    assert made["author"] == [{"@type": "Person", "name": "Bo Ek", "jobTitle": "chair of the regional council"}]
    assert made["claimInterpreter"] == [{"@type": "Organization", "name": "The Harbour Courier"}]
    assert made["datePublished"] == "2024-05-08" and made["temporal"] == "2024-05-06/2024-05-12"
    assert made["appearance"][0]["headline"] == 'The "safe" quay\\n' and "firstAppearance" not in made
    assert "dateCreated" not in made and "spokenByCharacter" not in made and "creator" not in made
    relayed = lines(ledger, "quay")["a2"]
    assert relayed["dateCreated"] == "2024-05-06" and relayed["author"][0]["name"] == "Bo Ekman"
    assert [r["name"] for r in relayed["claimInterpreter"]] == ["Sella Wire", "The Harbour Courier"]


def test_nobody_is_invented(ledger: Ledger) -> None:
    made = lines(ledger, "pact")
    officials, they, he, nobody, poll, mayor = (made[f"{n:02d}f3c9"] for n in (9, 4, 12, 16, 17, 18))
    for one in (officials, they, he, nobody, poll, mayor):
        assert "author" not in one and "spokenByCharacter" not in one
        assert "as reported by The Harbour Courier" in one["description"]
    assert officials["creditText"] == "two officials briefed on the talks"
    assert they["creditText"] == "The islanders" and he["creditText"] == "He" and "creditText" not in nobody
    assert he["description"] == (
        "Attributed to: speaker not known (“He”), as reported by The Harbour Courier (paraphrase)."
    )
    assert poll["isBasedOn"] == [{"@type": "CreativeWork", "name": "poll by Nordlys Research"}]
    candidates = {"Leif Aune", "Sandvær’s mayor"}
    assert not candidates & set(json.dumps(he, ensure_ascii=False).split('"')), "one of two is no speaker"


def test_nested_statements_show_who_relays_them(ledger: Ledger, schema: Graph) -> None:
    entry, made = entry_of(ledger, "pact"), lines(ledger, "pact")
    inner = made["14f3c9"]
    outer = next(s for s in entry.document.statements if s.id == "13f3c9")
    assert inner["isPartOf"] == [{"@id": statement_name(entry, outer)}]
    assert [r["name"] for r in inner["claimInterpreter"]] == ["Norway’s foreign ministry", "The Harbour Courier"]
    asked = schema.query(
        """SELECT ?who ?relayer ?outlet ?title WHERE { ?claim s:text ?text ; s:author/s:name ?who ; s:isPartOf ?outer ;
           s:appearance ?article . ?outer s:author/s:name ?relayer .
           ?article s:publisher/s:name ?outlet ; s:headline ?title }""",
        initNs={"s": SCHEMA}, initBindings={"text": Literal("the island council had asked for the ship")},
    )  # fmt: skip
    assert list(asked) == [], "nobody knows who “He” is, so nobody is named as the relayer"
    chain = schema.query(
        """SELECT ?who ?said WHERE { ?claim s:text "the ship" ; s:author/s:name ?who ; s:isPartOf+ ?outer .
           ?outer s:description ?said }""",
        initNs={"s": SCHEMA},
    )
    assert {str(who) for who, _ in chain} == {"island council"} and len(chain) == 2


def test_posts_notes_and_no_answers(ledger: Ledger) -> None:
    made = lines(ledger, "pact")
    posted = made["19f3c9"]
    assert posted["isPartOf"][1] == {
        "@type": "SocialMediaPosting", "url": "https://t.me/sandvaer/41", "author": {"name": "Mayor of Sandvær"},
    }  # fmt: skip
    note = made["23f3c9"]
    assert note["@type"] == "Comment" and note["about"]["headline"] == fishing_pact().title
    assert note["author"]["name"] == "The Harbour Courier"
    assert note["description"] == "Attributed to: The Harbour Courier (editor’s note, paraphrase)."
    no_answer = next(s.id for s in fishing_pact().statements if s.kind == "non_response")
    assert no_answer not in made
    odd_post = lines(ledger, "7")["c2"]
    assert odd_post["firstAppearance"] == [{"@type": "SocialMediaPosting", "author": {"name": "@harbour"}}]


def test_an_address_that_is_no_iri_is_kept_as_words(ledger: Ledger, schema: Graph) -> None:
    article = lines(ledger, "7")["c1"]["isPartOf"][0]
    assert "url" not in article and article["identifier"] == ["7", ADDRESS]
    entry = entry_of(ledger, "7")
    assert document_name(entry).startswith("urn:uuid:")
    assert (URIRef(revision_name(entry)), SCHEMA.identifier, Literal(ADDRESS)) in schema
    assert (None, SCHEMA.headline, Literal('“"\\\ufffd” <b>')) in schema
    assert lines(ledger, '../../"<x>')["01f3c9"]["isPartOf"][0]["identifier"][1] == "javascript:window.hit=6"


def test_articles_with_one_address_stay_apart(tmp_path: Path) -> None:
    front = "https://courier.example/"
    with Ledger.open(tmp_path / "front.db") as opened:
        for id in ("x", "y"):
            opened.add(replace(wire(id), url=front, title=f"Title of {id}"))
        found = graph(written("schema.org", opened.entries()))
    titles = [sorted(map(str, found.objects(a, SCHEMA.headline))) for a in found.subjects(RDF.type, SCHEMA.NewsArticle)]
    assert sorted(titles) == [["Title of x"], ["Title of y"]]


# PROV


def test_every_term_is_prov_s(provenance: Graph) -> None:
    used = {*provenance.predicates(), *provenance.objects(None, RDF.type)}
    terms = {term for term in used if term in PROV or term.startswith(str(PROV))}
    assert len(terms) > 20
    for term in terms:
        assert PROV[term.removeprefix(str(PROV))]  # a closed namespace: raises for what is none
    with pytest.raises(AttributeError):
        _ = PROV.wasSaidBy
    others = {str(term).rsplit("/", 1)[0] for term in used - terms}
    assert others == {
        str(SAYS).rstrip("/"), "http://purl.org/dc/terms", "http://xmlns.com/foaf/0.1",
        "http://www.w3.org/2000/01", "http://www.w3.org/1999/02",
    }  # fmt: skip


def test_prov_s_own_package_reads_it(ledger: Ledger) -> None:
    content = json.dumps(written("prov", ledger.entries()))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        document = prov.model.ProvDocument.deserialize(content=content, format="rdf", rdf_format="json-ld")
    kinds = Counter(type(record).__name__ for record in document.get_records())
    entries = list(ledger.entries())
    statements = sum(len(e.document.statements) for e in entries)
    corrections = sum(len(s.reviews) for e in entries for s in e.document.statements)
    # of each corrected statement that the machine found there is one entity more a correction
    earlier = sum(len(s.reviews) for e in entries for s in e.document.statements if s.id != "a9")
    raw, relays = 1, 1
    assert kinds["ProvEntity"] == statements + earlier + 2 * len(entries) + raw + relays
    assert kinds["ProvActivity"] == 2 * len(entries) + corrections + 7, "a run for each document that was added"
    agents = {str(r.get_asserted_types()): r for r in document.get_records(prov.model.ProvAgent)}
    assert kinds["ProvAgent"] == 4 and any("Person" in kind for kind in agents)
    assert kinds["ProvAttribution"] == statements + earlier + len(entries)
    assert kinds["ProvGeneration"] == kinds["ProvAttribution"] and kinds["ProvSpecialization"] == len(entries)
    derivations = Counter(
        str(next(iter(r.get_asserted_types() & {prov.model.PROV[t] for t in ("Quotation", "Revision", "PrimarySource")}), "derived"))
        for r in document.get_records(prov.model.ProvDerivation)
    )  # fmt: skip
    assert derivations["prov:Revision"] == earlier
    nested = sum(s.parent is not None for e in entries for s in e.document.statements)
    assert derivations["prov:PrimarySource"] == nested + relays
    assert derivations["prov:Quotation"] >= 5


def asked(found: Graph, query: str, **bindings: Any) -> list[tuple[str, ...]]:
    names = {"prov": PROV, "says": SAYS, "dcterms": DCTERMS, "foaf": "http://xmlns.com/foaf/0.1/"}
    rows = found.query(query, initNs=names, initBindings=bindings)
    return sorted(tuple(str(value) for value in row) for row in rows)  # type: ignore[union-attr]


def test_which_run_of_which_program_found_it(ledger: Ledger, provenance: Graph) -> None:
    entry = entry_of(ledger, "quay")
    assert entry.extraction is not None
    query = """SELECT ?program ?run ?at ?title WHERE { ?s says:id "a1" ; prov:wasGeneratedBy ?found .
        ?found prov:wasAssociatedWith/foaf:name ?program ; prov:endedAtTime ?at ; prov:used/says:title ?title ;
        dcterms:isPartOf/dcterms:identifier ?run }"""
    ((program, run, at, title),) = asked(provenance, query)
    assert (program, run, title) == (entry.extraction.extractor, entry.extraction.run, entry.document.title)
    assert at[:19] == entry.extraction.at[:19]


def test_who_read_the_document_from_what(ledger: Ledger, provenance: Graph) -> None:
    query = """SELECT ?program ?bytes ?from ?hash WHERE { ?revision says:document "7" ; prov:wasDerivedFrom ?bytes ;
        says:text_sha256 ?hash ; prov:wasGeneratedBy ?reading . ?reading a prov:Activity ; prov:used ?bytes ;
        dcterms:source ?from ; prov:wasAssociatedWith/foaf:name ?program }"""
    entry = entry_of(ledger, "7")
    assert entry.document.provenance is not None
    origin = entry.document.provenance.origin
    assert asked(provenance, query) == [
        (f"onrecord {entry.version}", text_name("0" * 64), origin, entry.document.sha256)
    ]


def test_quoted_derived_relayed(provenance: Graph) -> None:
    quoted = asked(provenance, "SELECT ?form WHERE { ?s prov:wasQuotedFrom/says:text_sha256 ?h ; says:form ?form }")
    derived = asked(provenance, "SELECT ?form WHERE { ?s prov:wasDerivedFrom/says:text_sha256 ?h ; says:form ?form }")
    assert {f for (f,) in quoted} == {"verbatim"} and {f for (f,) in derived} == {"partial", "paraphrase"}
    relayed = """SELECT ?words ?who WHERE { ?s prov:value ?words ; says:id "14f3c9" ; prov:hadPrimarySource+ ?outer .
        ?outer says:source_text ?who }"""
    assert [who for _, who in asked(provenance, relayed)] == ["He", "the ministry"]
    passed = """SELECT ?what WHERE { ?s says:id "a2" ; prov:hadPrimarySource ?relay . ?relay <http://www.w3.org/2000/01/rdf-schema#label> ?what }"""
    assert asked(provenance, passed) == [("what Sella Wire passed on",)]


def test_who_corrected_what_and_why(ledger: Ledger, provenance: Graph) -> None:
    query = """SELECT ?at ?person ?what ?why WHERE { ?s says:id "a2" ; prov:wasRevisionOf* ?version .
        ?version prov:wasGeneratedBy ?act ; prov:generatedAtTime ?at ; prov:wasAttributedTo ?agent .
        ?agent a prov:Person ; foaf:name ?person . ?act prov:wasAssociatedWith ?agent ;
        <http://www.w3.org/2000/01/rdf-schema#label> ?what ; <http://www.w3.org/2000/01/rdf-schema#comment> ?why }"""
    assert [row[1:] for row in dict.fromkeys(asked(provenance, query))] == [
        ("ada", "speaker: “Bo Ekman”, was “Bo Ek”", "the tape"),
        ("bo", "act: “deny”", 'half of it, "no"'),
        ("bo", "form: “partial”, was “verbatim”", 'half of it, "no"'),
    ]
    first = """SELECT ?speaker ?form ?agent WHERE { ?s says:id "a2" ; prov:wasRevisionOf+ ?first .
        ?first says:speaker ?speaker ; says:form ?form ; prov:wasQuotedFrom ?text ; prov:wasAttributedTo/foaf:name ?agent
        FILTER NOT EXISTS { ?first prov:wasRevisionOf ?earlier } }"""
    entry = entry_of(ledger, "quay")
    assert entry.extraction is not None
    assert set(asked(provenance, first)) == {("Bo Ek", "verbatim", entry.extraction.extractor)}
    now = "SELECT ?speaker ?form ?act WHERE { ?s says:speaker ?speaker ; says:form ?form ; says:act ?act }"
    name = URIRef(statement_name(entry, entry.document.statements[1]))
    assert asked(provenance, now, s=name) == [("Bo Ekman", "partial", "deny")]


def test_what_a_person_added_is_the_person_s(ledger: Ledger, provenance: Graph) -> None:
    entry = entry_of(ledger, "quay")
    name = URIRef(statement_name(entry, entry.document.statements[2]))
    query = "SELECT ?who ?used WHERE { ?s prov:wasAttributedTo/foaf:name ?who ; prov:wasGeneratedBy/prov:used ?used }"
    assert asked(provenance, query, s=name) == [("ada", revision_name(entry))]
    assert (name, PROV.wasRevisionOf, None) not in provenance


def test_a_record_is_never_attributed_to_who_speaks(ledger: Ledger, provenance: Graph) -> None:
    names = {str(n) for (n,) in asked(provenance, "SELECT ?n WHERE { ?x prov:wasAttributedTo/foaf:name ?n }")}
    entry = entry_of(ledger, "quay")
    assert entry.extraction is not None
    assert names == {"ada", "bo", f"onrecord {entry.version}", entry.extraction.extractor}
    speakers = {s.speaker for e in ledger.entries() for s in e.document.statements if s.speaker}
    agents = {str(n) for (n,) in asked(provenance, "SELECT ?n WHERE { ?x a prov:Agent ; foaf:name ?n }")}
    assert agents == names and not agents & speakers
    assert (URIRef(name_of("person", "ada")), RDF.type, PROV.Person) in provenance


def test_who_said_it(provenance: Graph) -> None:
    query = """SELECT ?who ?outlet WHERE { ?s prov:value "“We did not come here to empty anybody’s sea,” … “We came to share it.”" ;
        says:speaker ?who ; says:outlet ?outlet ; says:id ?id }"""
    assert asked(provenance, query) == [
        ("Adaeze N. Okafor", "The Harbour Courier"), ("Adaeze Okafor", "The Harbour Courier"),
    ]  # fmt: skip
    assert asked(provenance, query.rstrip(" }") + " FILTER NOT EXISTS { ?later prov:wasRevisionOf ?s } }") == [
        ("Adaeze N. Okafor", "The Harbour Courier")
    ]


def test_no_node_is_left_hanging(provenance: Graph) -> None:
    """Whatever a relation of PROV names is described in the file."""
    for subject, predicate, value in provenance:
        if predicate.startswith(str(PROV)) and isinstance(value, URIRef | BNode):
            assert (value, RDF.type, None) in provenance, (subject, predicate, value)
