"""What belongs together across a ledger's documents: found once, brought up to date, judged by persons for good."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from consoles import Console
from onrecord.errors import UsageError
from onrecord.extract import statement_at
from onrecord.ledger import Ledger, tables
from onrecord.model import Document, Form, SourceType, Span, Speaker, Statement
from onrecord.relate.alike import Change
from onrecord.relate.relations import Relations
from onrecord.relate.sides import Kind, Link
from onrecord.relate.who import Known, known_of
from sample_claims import SILENT

MAP = "We will not sign this map before the autumn, and forty boats will leave the harbour on Friday."
BOATS = "Nobody on this island has ever been asked whether the harbour should belong to the company."
PERSON, BODY = SourceType.NAMED_PERSON, SourceType.NAMED_ORGANIZATION


def report(
    id: str, day: str, said: list[tuple[str, str]], outlet: str = "Gazette", around: str = "", title: str = ""
) -> Document:
    """A report in which each of these says its words, in quotation marks; ``title`` stands before the first name."""
    text, found = f"{around}\n" if around else "", []
    for name, words in said:
        start = len(text)
        text += f"“{words}” {title + ' ' if title else ''}{name} said. "
        found.append((name, start, start + len(words) + 2))
    statements: list[Statement] = []
    for name, start, end in found:
        at = text.index(name, end)
        made = statement_at(Document(id, text), [Span(start, end)], [Span(at, at + len(name))], [])
        spans = made.content
        heads = text.rindex(title, 0, at) if title else -1
        titled = Span(heads, heads + len(title)) if title else None
        speaker = Speaker(name, PERSON if " " in name or name.istitle() else BODY, made.source[0], title=titled)
        statements.append(replace(made, quoted=spans, form=Form.VERBATIM, speakers=(speaker,)))
    return Document(id, text, outlet=outlet, date=day, statements=tuple(statements))


@pytest.fixture
def ledger(where: str) -> Iterator[Ledger]:
    with Ledger.open(where) as opened:
        yield opened


def related(ledger: Ledger, *documents: Document) -> Relations:
    for document in documents:
        ledger.add(document)
    relations = Relations(ledger, SILENT)
    relations.update()
    return relations


def told(link: Link) -> tuple[str, str, str, list[str]]:
    """Kind, the two documents, the changes."""
    sides = [str(s.entry.document.id) if s.entry else "-" for s in (link.first, link.second)]
    return str(link.kind), sides[0], sides[1], [str(change) for change in link.changes]


def rows(ledger: Ledger, *names: str) -> list[int]:
    with ledger.database.reading() as connection:
        return [
            connection.execute(select(func.count()).select_from(getattr(tables, name))).scalar_one() for name in names
        ]


def test_the_same_words_and_altered_words_in_the_order_of_publication(ledger: Ledger) -> None:
    relations = related(
        ledger,
        report("late", "2024-05-09", [("Ilse Kamara", MAP.replace("not ", ""))]),
        report("early", "2024-05-03", [("Ilse Kamara", MAP)]),
        report("cut", "2024-05-04", [("Kamara", "sign this map before the autumn, and forty boats will leave")]),
        report("other", "2024-05-04", [("Anton Ruz", "I have never seen so much ice in this harbour in May.")]),
    )
    assert sorted(told(link) for link in relations.links()) == [
        ("altered", "early", "late", ["negation"]),
        ("repeats", "cut", "late", []),
        ("repeats", "early", "cut", []),
    ]
    (serious,) = relations.links(serious=True)
    assert serious.serious and not serious.first.day > serious.second.day
    difference = serious.differences[0]
    words = [serious.first.spans[k].of(serious.first.entry.document.text) for k in range(*difference.first)]  # type: ignore[union-attr]
    assert (difference.kind, words, difference.second[0] - difference.second[1]) == (Change.NEGATION, ["not"], 0)
    assert {link.first.entity for link in relations.links([Kind.REPEATS])} == {serious.first.entity}
    assert serious.first.entity is not None and serious.first.entity[1] == "Ilse Kamara"


def test_a_long_saying_given_to_another_person_is_serious(ledger: Ledger) -> None:
    relations = related(
        ledger,
        report("a", "2024-05-03", [("Ilse Kamara", BOATS)]),
        report("b", "2024-05-04", [("Anton Ruz", BOATS)]),
        report("c", "2024-05-04", [("UNION", BOATS)]),
    )
    every = [("altered", "a", "b", ["speaker"]), ("repeats", "a", "c", []), ("repeats", "b", "c", [])]
    assert sorted(told(link) for link in relations.links(every=True)) == every
    assert sorted(told(link) for link in relations.links()) == every[:2], "each beside the first of its words"


def test_only_what_is_new_or_changed_is_compared(ledger: Ledger) -> None:
    first = report("a", "2024-05-03", [("Ilse Kamara", MAP)])
    relations = related(ledger, first, report("b", "2024-05-04", [("Ilse Kamara", MAP)], around="Sella"))
    before = [link.id for link in relations.links()]
    assert relations.update().compared == 0
    ledger.add(report("c", "2024-05-05", [("Anton Ruz", BOATS)]))
    assert relations.waiting() == 1
    assert relations.update().compared == 1
    ledger.correct(first.statements[0].id, [("act", "refuse")], by="ada", why="the tape")
    assert relations.update().compared == 1
    assert [link.id for link in relations.links()] == before and len(before) == 1
    ledger.add(report("a", "2024-05-03", [("Ilse Kamara", BOATS)]))
    assert list(relations.links()) == [], "the words are no longer there, compared anew or not"
    assert relations.update().compared == 1
    assert rows(ledger, "related", "saying", "link") == [3, 3, 1]
    assert [told(link)[:3] for link in relations.links()] == [("altered", "a", "c")]


def test_an_interrupted_comparison_goes_on_where_it_stopped(ledger: Ledger) -> None:
    for n in range(120):
        ledger.add(report(f"d{n}", "2024-05-03", [(f"Ilse {chr(65 + n % 20)}{3 * chr(97 + n % 20)}moen", MAP)]))
    relations = Relations(ledger, SILENT)

    def stop(done: int, _total: int) -> None:
        if done >= 50:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        relations.update(stop)
    assert relations.waiting() == 70
    found = relations.update()
    assert (found.compared, found.documents) == (70, 120)
    assert found.entities == 20


def test_a_removed_document_leaves_nothing(ledger: Ledger) -> None:
    copied = " ".join(f"The boats of quay {n} came in before the ice closed the strait to them." for n in "abcdefgh")
    relations = related(
        ledger,
        report("a", "2024-05-03", [("Ilse Kamara", MAP)], around=copied),
        report("b", "2024-05-04", [("Ilse Kamara", MAP.replace("forty", "fifty"))], around=copied),
    )
    (link,) = relations.links(serious=True)
    relations.judge(link.id, confirmed=True, by="ada", why="she said fifty to nobody")
    ledger.remove("a", by="desk", reason="court order")
    ledger.remove("b", by="desk", reason="court order")
    assert list(relations.links()) == [] and relations.waiting() == 0
    names = ("bearer", "entity", "doubt", "saying", "phrase", "link", "shingle", "copied", "related", "judgement")
    assert rows(ledger, *names) == [0] * len(names)


def test_a_name_that_only_a_removed_document_has_is_gone(ledger: Ledger) -> None:
    relations = related(
        ledger,
        report("a", "2024-05-03", [("Ilse Marit Kamara", MAP)]),
        report("b", "2024-05-04", [("Ilse Kamara", BOATS)]),
    )
    ledger.remove("a", by="desk", reason="court order")
    assert [(e.name, e.names) for e in relations.entities()] == [("Ilse Kamara", ("Ilse Kamara",))]


def test_what_a_person_rejects_does_not_come_back(ledger: Ledger) -> None:
    early = report("early", "2024-05-03", [("Ilse Kamara", MAP)])
    late = report("late", "2024-05-09", [("Ilse Kamara", MAP.replace("not ", ""))])
    relations = related(ledger, early, late)
    (link,) = relations.queue()
    made = relations.judge(link.id[:6], confirmed=False, by="ada", why="two speeches")
    assert made.id == link.id
    assert list(relations.queue()) == list(relations.links()) == []
    (kept,) = relations.links(rejected=True)
    assert kept.judgement is not None and (kept.judgement.by, kept.judgement.why) == ("ada", "two speeches")
    # read again with more around it, and compared again
    ledger.add(report("late", "2024-05-09", [("Ilse Kamara", MAP.replace("not ", ""))], around="Sella, Thursday"))
    assert relations.update().compared == 1
    assert list(relations.links()) == [] and len(list(relations.links(rejected=True))) == 1
    relations.judge(link.id, confirmed=True, by="bo", why="I heard it")
    (confirmed,) = relations.links()
    assert confirmed.judgement is not None and confirmed.judgement.confirmed
    assert rows(ledger, "judgement") == [2], "appended"
    with pytest.raises(UsageError, match="--why is empty"):
        relations.judge(link.id, confirmed=True, by="ada", why=" ")
    with pytest.raises(UsageError, match="no link whose id begins so"):
        relations.judge("ffffff", confirmed=True, by="ada", why="x")


def names(relations: Relations) -> dict[str, int]:
    """Each entity's fullest name, and in how many documents it speaks; two of one name are told by a number."""
    made: dict[str, int] = {}
    for entity in relations.entities(limit=None):
        made[entity.name if entity.name not in made else f"{entity.name} {entity.number}"] = entity.documents
    return made


KAMARAS = [
    report("a", "2024-05-03", [("Ilse Kamara", MAP)], title="harbour chief"),
    report("b", "2024-05-04", [("Kamara", BOATS)], title="harbour chief"),
    report("c", "2024-05-05", [("Jan Kamara", "I was at sea.")], title="pilot"),
    report("d", "2024-05-06", [("Kamara", "I was not asked.")]),
]


def test_a_name_that_fits_several_waits_for_a_person_who_decides_for_good(ledger: Ledger) -> None:
    relations = related(ledger, *KAMARAS)
    assert names(relations) == {"Ilse Kamara": 2, "Jan Kamara": 1, "Kamara": 1}
    asked = list(relations.queue())
    assert [(link.kind, link.second.speaker) for link in asked] == [
        (Kind.SPEAKER, "Ilse Kamara"), (Kind.SPEAKER, "Jan Kamara")
    ]  # fmt: skip
    assert all(link.first.entry is not None and link.first.entry.document.id == "d" for link in asked)
    relations.judge(asked[0].id, confirmed=False, by="ada", why="she was away")
    assert [link.id for link in relations.queue()] == [asked[1].id]
    relations.judge(asked[1].id, confirmed=True, by="ada", why="the pilot, on the phone")
    assert names(relations) == {"Ilse Kamara": 2, "Jan Kamara": 2}
    assert list(relations.queue()) == []
    ledger.add(report("d", "2024-05-06", [("Kamara", "I was not asked.")], around="Sella"))
    ledger.add(report("e", "2024-05-07", [("Ilse Kamara", "We are all here.")], title="harbour chief"))
    relations.update()
    assert names(relations) == {"Ilse Kamara": 3, "Jan Kamara": 2}


def number_of(relations: Relations, name: str) -> int:
    return next(entity.number for entity in relations.entities(name, limit=None) if entity.name == name)


def test_entities_put_together_and_told_apart_stay_so(ledger: Ledger) -> None:
    relations = related(
        ledger,
        report("a", "2024-05-03", [("Ilse Kamara", MAP)]),
        report("b", "2024-05-04", [("Ilse Okafor", BOATS)]),
        report("c", "2024-05-05", [("Ilse Kamara", "I was at sea.")]),
        report("d", "2024-05-06", [("Ilse Kamara", "I was not asked by anybody at all.")]),
    )
    first = number_of(relations, "Ilse Kamara")
    relations.merge(first, number_of(relations, "Ilse Okafor"), by="ada", why="her name before she married")
    assert names(relations) == {"Ilse Kamara": 4}
    assert [(v.document, v.name) for v in relations.voices(first)] == [
        ("a", "Ilse Kamara"), ("b", "Ilse Okafor"), ("c", "Ilse Kamara"), ("d", "Ilse Kamara")
    ]  # fmt: skip
    relations.split(first, ["a", "d"], by="bo", why="her aunt of the same name")
    assert sorted(names(relations).values()) == [2, 2]
    assert sorted(len(relations.voices(e.number)) for e in relations.entities()) == [2, 2]
    ledger.add(report("e", "2024-05-07", [("Anton Ruz", "There is no ice in this harbour.")]))
    ledger.add(report("a", "2024-05-03", [("Ilse Kamara", MAP)], around="Sella"))
    relations.update()
    apart = {v.document for e in relations.entities("Kamara") for v in relations.voices(e.number) if e.documents == 2}
    assert apart == {"a", "b", "c", "d"}
    with pytest.raises(UsageError, match="does not speak there"):
        relations.split(first, ["nowhere"], by="bo", why="x")
    with pytest.raises(UsageError, match="no entity 999"):
        relations.merge(first, 999, by="bo", why="x")
    with pytest.raises(UsageError, match="speaks nowhere else"):
        relations.split(number_of(relations, "Anton Ruz"), ["e"], by="bo", why="x")


def test_a_list_of_known_people_joins_their_names_and_keeps_two_of_them_apart(ledger: Ledger) -> None:
    relations = related(
        ledger,
        report("a", "2024-05-03", [("Ilse Kamara", MAP)]),
        report("b", "2024-05-04", [("Ilse Okafor", BOATS)]),
        report("c", "2024-05-05", [("Jan Ruz", "I was at sea.")]),
    )
    known = [Known("Q1", ("Ilse Kamara", "Ilse Okafor"), True), Known("Q2", ("Jan Ruz",), True)]
    assert relations.import_known([*known, Known("Q3", ("Jan Ruz",), True)]) == 3
    found = {e.reference: (e.name, e.documents) for e in relations.entities(limit=None)}
    assert found.pop("Q1") in [("Ilse Kamara", 2), ("Ilse Okafor", 2)]
    assert set(found) >= {"Q2", "Q3"}, "the list has them as two"
    assert relations.import_known(known) == 2, "again: the same names once"
    assert sum(e.documents for e in relations.entities(limit=None)) == 3


def test_lists_of_known_people_are_read_or_refused(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(
        "id,name,aliases,kind\nQ1,Ilse Kamara,Ilse Okafor; I. Kamara,person\nQ2,Harbour Board,,organization\n"
    )
    assert list(known_of(file)) == [
        Known("Q1", ("Ilse Kamara", "Ilse Okafor", "I. Kamara"), True), Known("Q2", ("Harbour Board",), False)
    ]  # fmt: skip
    money = tmp_path / "people.json"
    person = {"id": "p", "schema": "Person", "properties": {"name": ["Ilse Kamara"], "alias": ["The Chief"]}}
    vessel = {"id": "v", "schema": "Vessel", "properties": {"name": ["Hope"]}}
    expected = [Known("p", ("Ilse Kamara", "The Chief"), True)]
    for words in (json.dumps([person, vessel]), "\n".join(map(json.dumps, [person, vessel]))):
        money.write_text(words)
        assert list(known_of(money)) == expected
    for words, what in [
        ("name\nx\n", "no column id"), ("id,name\n,x\n", ":2: has no id"), ("id,name,kind\n1,x,dog\n", "kind is 'dog'"),
        ("{nope", "is no JSON"), ('[{"id": 1}]', "no properties"),
    ]:  # fmt: skip
        file.write_text(words)
        with pytest.raises(UsageError, match=what):
            list(known_of(file))
    with pytest.raises(UsageError, match="cannot be read"):
        list(known_of(tmp_path / "nowhere.csv"))


def test_copies_are_linked_and_count_once(ledger: Ledger) -> None:
    wire = " ".join(f"The boats of quay {n} came in before the ice closed the strait to them." for n in "abcdefgh")
    relations = related(
        ledger,
        report("a", "2024-05-03", [("Ilse Kamara", MAP)], outlet="Gazette", around=wire),
        report("b", "2024-05-03", [("Ilse Kamara", MAP)], outlet="Courier", around="By our own staff. " + wire),
        report("c", "2024-05-04", [("Ilse Kamara", BOATS)], outlet="Herald"),
    )
    (copy,) = relations.links([Kind.COPY])
    assert told(copy)[:3] == ("copy", "a", "b") and copy.share is not None and copy.share > 0.9
    (kamara,) = relations.entities()
    assert (kamara.documents, kamara.independent, kamara.outlets) == (3, 2, 3)
    relations.judge(copy.id, confirmed=False, by="ada", why="both from one press release")
    assert list(relations.links([Kind.COPY])) == []
    assert relations.entities()[0].independent == 3


# the commands


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Console:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    with Ledger.open("onrecord.db") as ledger:
        ledger.add(report("early", "2024-05-03", [("Ilse Kamara", MAP)], outlet="The Gazette"))
        ledger.add(report("late", "2024-05-09", [("Ilse Kamara", MAP.replace("not ", "=1+"))], outlet="Courier"))
    return Console(capfd)


def test_relate_and_links_on_the_command_line(run: Console) -> None:
    first = run("links")
    assert (first.code, first.out) == (0, "")
    assert "2 documents are new or changed since: run onrecord relate" in first.err
    made = run("relate")
    assert made.code == 0 and made.out == ""
    assert "2 documents compared, 2 in all: 1 persons and organizations, 2 quotations, 1 of the same words" in made.err
    shown = run("links", "--kind", "altered")
    assert "[-not-]" in shown.out and "{+=1+" not in shown.out.split("“")[0]
    assert "SERIOUS" in shown.out and "Ilse Kamara, as reported by The Gazette (verbatim)" in shown.out
    (link,) = run("links", "--kind", "altered", "--format", "jsonl").lines
    assert link["kind"] == "altered" and link["serious"] is True and "negation" in link["changes"]
    for side, name in (("first", "early"), ("second", "late")):
        assert link[side]["document"] == name and link[side]["attribution"].startswith("Ilse Kamara")
    text = report("early", "2024-05-03", [("Ilse Kamara", MAP)]).text
    assert [text[slice(*d["first_span"])] for d in link["differences"] if d["first_span"]] == ["not"]
    (row,) = csv.DictReader(io.StringIO(run("links", "--kind", "altered", "--format", "csv").out))
    assert row["first_outlet"] == "The Gazette" and row["second_words"].startswith("“We will =1+")
    assert run("links", "--kind", "rumour").code == 2


def quotations(run: Console, command: str) -> list[Any]:
    """The links between quotations; whether their claims clash too is the network's to say."""
    return [
        row for row in run(command, "--format", "jsonl").lines if row["kind"] not in ("disputes", "restates", "answers")
    ]


def test_queue_confirm_reject_and_compare_on_the_command_line(run: Console) -> None:
    run("relate")
    (link,) = quotations(run, "queue")
    assert run("links", "confirm", link["id"], "--by", "ada").code == 2, "not without a reason"
    made = run("links", "reject", link["id"][:8], "--by", "ada", "--why", "two speeches")
    assert (made.code, made.out) == (0, "") and f"{link['id']}: rejected" in made.err
    assert quotations(run, "queue") == quotations(run, "links") == []
    kept = run("links", "--rejected")
    assert "Rejected by ada" in kept.out and "two speeches" in kept.out
    one, other = link["first"]["statement"], link["second"]["statement"]
    side = run("compare", one[:10], other[:10])
    assert side.code == 0 and "negation: not →" in side.out
    whole = json.loads(run("compare", one, other, "--format", "json").out)
    assert whole["same_saying"] and whole["serious"] and whole["first"]["document"] == "early"
    same = json.loads(run("compare", one, one, "--format", "json").out)
    assert same["differences"] == [] and same["whole"]
    assert run("compare", "ffffffff", one).code == 2


def test_entities_on_the_command_line(run: Console, tmp_path: Path) -> None:
    run("relate")
    (row,) = run("entities", "list", "--format", "jsonl").lines
    assert (row["name"], row["documents"], row["names"]) == ("Ilse Kamara", 2, ["Ilse Kamara"])
    number = str(row["number"])
    assert "early" in run("entities", "show", number).out
    assert run("entities", "split", number, "late", "--by", "ada", "--why", "her aunt").code == 0
    numbers = [str(r["number"]) for r in run("entities", "list", "kamara", "--format", "jsonl").lines]
    assert len(numbers) == 2
    assert run("entities", "merge", *numbers, "--by", "bo", "--why", "no, herself").code == 0
    assert len(run("entities", "list", "--format", "jsonl").lines) == 1
    (tmp_path / "people.csv").write_text("id,name\nQ7,Ilse Kamara\n")
    assert run("entities", "import", "people.csv").code == 0
    assert run("entities", "list", "--format", "jsonl").lines[0]["reference"] == "Q7"
    assert run("entities", "list", "Nobody").code == 0
    assert run("entities", "show", "999").code == 2
    assert run("entities", "import", "nowhere.csv").code == 2
