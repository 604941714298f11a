"""brat's standoff format: what is written, that it comes back unchanged, and what an edit brings."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import bioc.brat
import pytest
from bioc.brat.validator import validate
from hypothesis import given, settings
from hypothesis import strategies as st

from consoles import Console, Done
from onrecord.annotations import read_brat
from onrecord.annotations.brat import BREAKS, lined
from onrecord.errors import UnreadableDocument, UsageError
from onrecord.exports.brat import EXPORT, standoff
from onrecord.ledger import Ledger
from onrecord.model import Document, Kind, Span, Speaker, Statement
from sample_documents import Builder, fishing_pact, hostile
from sample_ledgers import correct, documents, entries, every_line_end, fill, shared_contents, told
from test_exports_ledger import entry_of

BY = ("--by", "ada", "--why", "second reading")
SAFE = [document for document in documents() if document.id != hostile().id]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Console:
    monkeypatch.chdir(tmp_path)
    return Console(capfd)


def exported(run: Console, ledger: str = "l.db", folder: str = "brat") -> None:
    assert run("export", "--ledger", ledger, "-f", "brat", "-o", f"{folder}/", "-q").code == 0


def imported(run: Console, *more: str, ledger: str = "l.db", folder: str = "brat") -> Done:
    return run("import-annotations", folder, *BY, "--ledger", ledger, *more)


def corrections(ledger: str = "l.db") -> list[tuple[str, str, str | None]]:
    with Ledger.open(ledger, read_only=True) as opened:
        return [(c.statement, c.field, c.value) for c in opened.corrections()]


def test_what_is_written(tmp_path: Path) -> None:
    b = Builder("“No,” said Ilse Kamara of the port, who believes it fell.\nThe port did not answer.")
    speaker = (Speaker("Ilse Kamara"),)
    outer = replace(b.add("“No", "Ilse Kamara of the port", "said", "“No,” || it fell"), speakers=speaker)
    inner = replace(b.add("who", "who", "believes", "it fell"), parent=outer.id)
    b.add("The port did", "The port", "", "did not answer", kind=Kind.NON_RESPONSE)
    document = Document("d", b.text, outlet="The Quay", statements=(outer, inner, b.statements[2]))
    assert standoff(entry_of(document)).splitlines() == [
        "T1\tSource 11 34\tIlse Kamara of the port",
        "T2\tCue 6 10\tsaid",
        "T3\tContent 0 5;49 56\t“No,” it fell",
        "T4\tAttribution 6 10\tsaid",
        "E1\tAttribution:T4 Source:T1 Cue:T2 Content:T3",
        "A1\tForm E1 paraphrase",
        "A2\tSourceType E1 unknown",
        "#1\tAnnotatorNotes E1\tIlse Kamara, as reported by The Quay (paraphrase); unknown; score 0.93",
        '#2\tRecord E1\t{"id": "01f3c9", "document": "d"}',
        "T5\tSource 36 39\twho",
        "T6\tCue 40 48\tbelieves",
        "T7\tContent 49 56\tit fell",
        "T8\tAttribution 40 48\tbelieves",
        "E2\tAttribution:T8 Source:T5 Cue:T6 Content:T7 Within:E1",
        "A3\tForm E2 paraphrase",
        "A4\tSourceType E2 unknown",
        "#3\tAnnotatorNotes E2\tspeaker not known (“who”), according to Ilse Kamara, as reported by The Quay"
        " (paraphrase); score 0.93",
        '#4\tRecord E2\t{"id": "02f3c9", "document": "d"}',
        "T9\tSource 58 66\tThe port",
        "T10\tContent 67 81\tdid not answer",
        "T11\tAttribution 67 81\tdid not answer",
        "E3\tAttribution:T11 Source:T9 Content:T10",
        "A5\tKind E3 non_response",
        "A6\tForm E3 paraphrase",
        "A7\tSourceType E3 unknown",
        "#5\tAnnotatorNotes E3\tspeaker not known (“The port”), as reported by The Quay (no response, paraphrase);"
        " score 0.93",
        '#6\tRecord E3\t{"id": "03f3c9", "document": "d"}',
    ]


def test_the_folder_is_what_brat_wants(run: Console) -> None:
    fill("l.db")
    exported(run)
    names = {file.name for file in Path("brat").iterdir()}
    assert {"annotation.conf", "visual.conf", "pact.txt", "pact.ann", "plain.ann", "x.ann"} <= names
    assert Path("brat/plain.ann").read_bytes() == b""
    configured = Path("brat/annotation.conf").read_text(encoding="utf-8")
    for section in ("[entities]", "[relations]", "[events]", "[attributes]"):
        assert section in configured
    types = set(re.findall(r"^\w+", configured, re.MULTILINE))
    values = dict(re.findall(r"^(\w+)\tArg:Attribution, Value:(\S+)$", configured, re.MULTILINE))
    for file in Path("brat").glob("*.ann"):
        for line in file.read_text(encoding="utf-8").split("\n"):
            if line.startswith("T"):
                assert line.split("\t")[1].split()[0] in types
            if line.startswith("A"):
                name, _, value = line.split("\t")[1].split()
                assert value in values[name].split("|")


def test_texts_are_those_of_the_documents_byte_for_byte(run: Console) -> None:
    fill("l.db")
    exported(run)
    for document, name in ((every_line_end(), "lines"), (fishing_pact(), "pact")):
        assert Path(f"brat/{name}.txt").read_bytes() == document.text.encode()
    assert len(Path("brat/x.txt").read_bytes().decode()) == len(hostile().text), "a lone surrogate is one character"


def test_third_parties_read_the_same(run: Console) -> None:
    """bioc has the same offsets and texts; of discontinuous ones it expects the parts without a blank between."""
    fill("l.db")
    correct("l.db")
    exported(run)
    seen = 0
    for file in Path("brat").glob("*.ann"):
        text = file.with_suffix(".txt").read_bytes().decode()
        read = bioc.brat.loads(text, file.read_bytes().decode())
        mine = read_brat(text, file.read_bytes().decode(), "x")
        assert read.text == text and len(read.events) == len(mine)
        for entity in read.entities:
            spans = [Span(where.begin, where.end) for where in sorted(entity.locations)]
            words = re.sub(f"[{BREAKS}]", " ", " ".join(span.of(text) for span in spans))
            assert entity.text == words.rstrip()
            seen += 1
        for event, item in zip(read.events, mine, strict=True):
            for role in ("source", "cue", "content"):
                tied = event.arguments.get(role.capitalize())
                theirs = sorted(read.get_annotation(tied).locations) if tied else []
                assert [(a.begin, a.end) for a in theirs] == list(lined(text, getattr(item, role)))
        complaints: list[str] = []
        validate(read, onerror=complaints.append)
        several = [entity for entity in read.entities if len(entity.locations) > 1]
        assert len(complaints) <= len(several), complaints
    assert seen > 150


def test_it_comes_back_unchanged(run: Console) -> None:
    fill("l.db", SAFE)
    correct("l.db")
    exported(run)
    before, kept = list(entries("l.db")), corrections()
    done = imported(run, "--complete")
    assert done.code == 0 and "55 statements: 0 corrected, 0 added, 55 as they were, 0 rejected" in done.err
    assert list(entries("l.db")) == before and corrections() == kept


def test_a_ledger_without_statements_gets_all_of_them(run: Console) -> None:
    fill("l.db", SAFE)
    correct("l.db")
    exported(run)
    fill("fresh.db", SAFE, statements=False)
    done = imported(run, "--complete", ledger="fresh.db")
    assert done.code == 0 and "0 corrected, 55 added, 0 as they were, 0 rejected" in done.err
    made = {e.document.id: Counter(map(told, e.document.statements)) for e in entries("l.db")}
    assert {e.document.id: Counter(map(told, e.document.statements)) for e in entries("fresh.db")} == made
    assert "0 corrected, 0 added, 55 as they were, 0 rejected" in imported(run, "--complete", ledger="fresh.db").err


def test_what_a_person_changes_is_what_is_corrected(run: Console) -> None:
    fill("l.db", SAFE)
    exported(run)
    file = Path("brat/pact.ann")
    lines = file.read_text(encoding="utf-8").split("\n")
    text = fishing_pact().text
    start = text.index("confirmed")
    at = next(n for n, line in enumerate(lines) if line.endswith("\tconfirmed") and "\tCue " in line)
    lines[at] = lines[at].replace(f"Cue {start}", f"Cue {start - 9}").replace("\tconfirmed", "\tministry confirmed")
    lines = [line.replace("A1\tForm E1 partial", "A1\tForm E1 verbatim") for line in lines]
    third = next(line for line in lines if line.startswith("E3\t"))
    lines[lines.index(third)] = third.replace(" Source:", " Ignored:")  # roles are told by the types of stretches
    gone = next(line for line in lines if line.startswith("E5\t"))
    lines = [line for line in lines if line != gone and " E5\t" not in line and " E5 " not in line]
    end = len(text)
    lines[-1:] = [f"T900\tContent {end - 9} {end - 1}\tvessels", f"T901\tAttribution {end - 9} {end - 1}\tvessels"]
    lines += ["E900\tAttribution:T901 Content:T900", "A900\tKind E900 editor_note", ""]
    file.write_text("\n".join(lines), encoding="utf-8")
    done = imported(run, "--complete")
    assert done.code == 0 and "2 corrected, 1 added, 53 as they were, 1 rejected" in done.err, done.err
    confirmed = next(s.id for s in fishing_pact().statements if any(c.of(text) == "confirmed" for c in s.cue))
    found = corrections()
    assert (confirmed, "cue", f"[[{start - 9}, {start + 9}]]") in found
    assert ("01f3c9", "form", '"verbatim"') in found and ("05f3c9", "rejected", "true") in found
    assert sorted(field for _, field, _ in found) == ["cue", "form", "kind", "rejected", "statement"]
    assert "0 corrected, 0 added, 56 as they were, 0 rejected" in imported(run, "--complete").err


def test_a_statement_that_was_rejected_comes_back_when_a_person_annotates_it(run: Console) -> None:
    fill("l.db", [fishing_pact()])
    exported(run)
    with Ledger.open("l.db") as ledger:
        for identity in ("02f3c9", "08f3c9"):
            ledger.correct(identity, [("rejected", "yes")], by="bo", why="no")
    assert "2 corrected, 0 added, 21 as they were" in imported(run).err
    for file in Path("brat").glob("*.ann"):  # without the ids it is told by its spans
        lines = file.read_text(encoding="utf-8").split("\n")
        file.write_text("\n".join(line for line in lines if "\tRecord " not in line), encoding="utf-8")
    with Ledger.open("l.db") as ledger:
        ledger.correct("02f3c9", [("rejected", "yes")], by="bo", why="no")
    assert "1 corrected, 0 added, 22 as they were" in imported(run).err
    assert "0 corrected, 0 added, 23 as they were" in imported(run).err
    assert len(next(entries("l.db")).document.statements) == 23


def test_another_speaker_of_the_same_words_is_another_statement(run: Console) -> None:
    """Not the one that is there with another source."""
    outer, inner = shared_contents().statements
    fill("l.db", [replace(shared_contents(), statements=(outer,))])
    Path("brat").mkdir()
    Path("brat/a.txt").write_text(shared_contents().text, encoding="utf-8")
    Path("brat/a.ann").write_text(
        standoff(entry_of(shared_contents())).replace(f'"id": "{inner.id}", ', ""), encoding="utf-8"
    )
    assert "0 corrected, 1 added, 1 as they were, 0 rejected" in imported(run, "--complete").err
    found = next(entries("l.db")).document.statements
    assert {(s.source, s.content) for s in found} == {(s.source, s.content) for s in (outer, inner)}
    assert "0 corrected, 0 added, 2 as they were, 0 rejected" in imported(run, "--complete").err


def test_of_two_documents_of_one_text_each_keeps_its_own(run: Console) -> None:
    fill("l.db", [fishing_pact()])
    with Ledger.open("l.db") as ledger:
        ledger.correct("05f3c9", [("act", "deny"), ("speaker", "A. Okafor")], by="bo", why="the tape")
    fill("l.db", [next(d for d in documents() if d.id == "copy")])
    exported(run)
    jsonl = run("export", "--ledger", "l.db", "-q").out
    Path("l.jsonl").write_text(jsonl, encoding="utf-8")
    for where in ("brat", "l.jsonl"):
        assert "46 statements: 0 corrected, 0 added" in imported(run, folder=where).err
    first = '"document": "copy", "id": "05f3c9"'
    edited = "".join(
        line.replace('"speaker": "Adaeze Okafor"', '"speaker": "Ada O."') if first in line else line
        for line in jsonl.splitlines(keepends=True)
    )
    Path("l.jsonl").write_text(edited, encoding="utf-8")
    assert "46 statements: 1 corrected, 0 added" in imported(run, folder="l.jsonl").err
    speakers = {e.key: [s.speaker for s in e.document.statements if s.id == "05f3c9"] for e in entries("l.db")}
    assert speakers == {"pact": ["A. Okafor"], "https://copy.example/pact": ["Ada O."]}


def test_records_come_back_unchanged_and_with_what_was_edited(run: Console) -> None:
    fill("l.db")
    correct("l.db")
    run("export", "--ledger", "l.db", "-o", "l.jsonl", "-q")
    before, kept = list(entries("l.db")), corrections()
    assert "56 statements: 0 corrected, 0 added, 56 as they were" in imported(run, folder="l.jsonl").err
    assert list(entries("l.db")) == before and corrections() == kept
    lines = Path("l.jsonl").read_text(encoding="utf-8").split("\n")
    lines[4] = lines[4].replace('"act": null', '"act": "deny"').replace('"said_on": null', '"said_on": "2024-05-02"')
    Path("l.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert "1 corrected, 0 added, 55 as they were" in imported(run, folder="l.jsonl").err
    assert [(field, value) for _, field, value in corrections()[len(kept) :]] == [
        ("act", '"deny"'),
        ("said_on", '"2024-05-02"'),
    ]
    done = imported(run, "--complete", folder="l.jsonl")
    assert done.code == 2 and '"rejected": true' in done.err and len(done.err.splitlines()) == 1


def test_what_somebody_may_have_annotated_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine.ann").write_text("T1\tSource 0 3\tThe\n")
    assert EXPORT.write_folder is not None
    with pytest.raises(UsageError, match="give an empty folder"):
        EXPORT.write_folder([entry_of(fishing_pact())], tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["mine.ann"]


TEXT = "The port denied it. Rain fell, she thought."
BOUND = "T1\tSource 0 8\tThe port\nT2\tCue 9 15\tdenied\nT3\tContent 16 18\tit\nT4\tAttribution 9 15\tdenied\n"


@pytest.mark.parametrize(
    "ties",
    [
        "E1\tAttribution:T4 Source:T1 Cue:T2 Content:T3",
        "E1\tAttribution:T2 Source:T1 Content:T3",
        "E1\tCue:T2 Source:T1 Content:T3",
        "E1\tCue:T2 Source:T1 Content:T3\r",
        "R1\tAttribution Source:T1 Cue:T2 Content:T3",
        "E1\tAttribution:T4 Source:T1 Cue:T2 Content:T3 Within:E2\nE2\tMotion:T4",
        "E1\tAttribution:T4 Source:T1 Cue:T2 Content:T3\nR1\tCoreference Arg1:T1 Arg2:T1\nA1\tMood E1 sour\nA2\tSure E1",
        "E1\tAttribution:T4 Source:T1 Cue:T2 Content:T3\n#1\tAnnotatorNotes E1\tRecord {\nM1\tNegation E1",
    ],
)
def test_ways_to_tie(ties: str) -> None:
    (item,) = read_brat(TEXT, BOUND + ties, "a")
    assert (item.source, item.cue, item.content) == ((Span(0, 8),), (Span(9, 15),), (Span(16, 18),))
    assert item.id is None and not item.values


def test_cue_and_source_may_be_missing() -> None:
    (item,) = read_brat(TEXT, BOUND + "E1\tAttribution:T4 Content:T3\nA1\tAct E1 deny\nA2\tKind E1 statement", "a")
    assert item.source == item.cue == () and item.values == {"act": "deny", "kind": "statement"}


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("E1\tAttribution:T4 Source:T1 Cue:T2", "a:5: E1 ties no Content"),
        ("E1\tAttribution:T4 Content:T9", "a:5: T9 is not defined"),
        ("E1\tAttribution:T4 Content:T3 Within:E7", "a:5: E7 is not defined"),
        ("T5\tContent 17 20\tt.\nE1\tAttribution:T4 Content:T3 Content2:T5", "a:6: stretches of its content overlap"),
        (
            "E1\tAttribution:T4 Content:T3\nA1\tAct E1 deny\nA2\tAct E1 warn",
            "a:7: E1 has two values of Act: deny and warn",
        ),
        ("E1\tAttribution:T4 Content:T3\n#1\tRecord E1\tnone", "a:6: the note Record is no JSON object"),
        ('E1\tAttribution:T4 Content:T3\n#1\tRecord E1\t{"content": [3]}', "a:5: the note Record: content is no list"),
    ],
)
def test_what_is_broken_says_where(lines: str, message: str) -> None:
    with pytest.raises(UnreadableDocument, match=re.escape(message)):
        read_brat(TEXT, BOUND + lines, "a")


def test_a_value_that_there_is_not_skips_the_document(run: Console) -> None:
    fill("l.db", [fishing_pact()])
    exported(run)
    file = Path("brat/pact.ann")
    file.write_text(
        file.read_text(encoding="utf-8").replace("A1\tForm E1 partial", "A1\tForm E1 sung"), encoding="utf-8"
    )
    done = imported(run, "--complete")
    assert done.code == 3 and "form=sung: there is no such value" in done.err and not corrections()


pieces = st.text(alphabet=st.sampled_from("ab “\n\t\r\u2028\x85🎺"), min_size=3, max_size=40)


@given(pieces, st.data())
@settings(max_examples=200)
def test_any_spans_come_back(text: str, data: st.DataObject) -> None:
    def spans(least: int) -> tuple[Span, ...]:
        cuts = data.draw(st.lists(st.integers(0, len(text)), min_size=2 * least, max_size=6, unique=True))
        cuts = sorted(cuts)[: len(cuts) // 2 * 2]
        return tuple(Span(*pair) for pair in zip(cuts[::2], cuts[1::2], strict=True))

    statements = tuple(
        Statement(f"{n}", spans(1), source=spans(0), cue=spans(0)) for n in range(data.draw(st.integers(1, 3)))
    )
    lines = standoff(entry_of(Document("\t\n\ud800“", text, statements=statements)))
    assert lines.encode().decode().count("\n") == len(lines.splitlines()) or "\x1c" in lines
    found = read_brat(text, lines, "x")
    assert [(s.id, s.content, s.source, s.cue) for s in statements] == [
        (item.id, item.content, item.source, item.cue) for item in found
    ]
    for number, line in enumerate(filter(lambda line: line.startswith("T"), lines.split("\n")), 1):
        assert line.startswith(f"T{number}\t") and line.count("\t") == 2
