"""FollowTheMoney, read with the model itself."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from followthemoney import model
from followthemoney.proxy import EntityProxy

from consoles import without
from onrecord.exports import ftm
from onrecord.ledger import Entry
from onrecord.model import Document, SourceType, Span, Speaker, Statement
from sample_documents import fishing_pact
from sample_ledgers import entries, fill
from test_exports_ledger import entry_of


def written(*found: Entry) -> list[dict[str, Any]]:
    out = io.BytesIO()
    ftm.write(found, out)
    return [json.loads(line) for line in out.getvalue().decode().rstrip("\n").split("\n") if line]


def read(rows: list[dict[str, Any]]) -> dict[str, EntityProxy]:
    return {row["id"]: model.get_proxy(row, cleaned=False) for row in rows}


def of(rows: list[dict[str, Any]], schema: str) -> list[dict[str, Any]]:
    return [row["properties"] for row in rows if row["schema"] == schema]


def test_the_model_takes_every_entity_as_it_stands(full_ledger: str) -> None:
    rows = written(*entries(full_ledger))
    assert {row["schema"] for row in rows} == {"Article", "Person", "Organization", "LegalEntity", "Mention", "Note"}
    for row in rows:
        proxy = model.get_proxy(row, cleaned=False)
        proxy.schema.validate(row)
        for name in row["properties"]:
            assert name in proxy.schema.properties, name
        kept = {name: set(values) for name, values in proxy.to_dict()["properties"].items()}
        assert kept == {name: set(values) for name, values in row["properties"].items()}, "nothing changed or dropped"
        for name in proxy.schema.required:
            assert proxy.has(name)
        for name, values in row["properties"].items():
            assert all(len(value) <= proxy.schema.properties[name].max_length for value in values)


def test_references_lead_to_what_they_may(full_ledger: str) -> None:
    rows = written(*entries(full_ledger))
    found = read(rows)
    assert len(found) == len(rows), "each id once"
    for proxy in found.values():
        for prop, value in proxy.itervalues():
            if prop.type.name == "entity":
                assert found[value].schema.is_a(prop.range), (prop, value)


def test_notes_say_who_said_it_and_who_relays_it() -> None:
    rows = written(entry_of(fishing_pact()))
    notes, found = of(rows, "Note"), read(rows)
    assert len(notes) == 23
    pledge = next(
        note
        for note in notes
        if "open the ice edge" in note["description"][0] and "(partial)" in note["description"][0]
    )
    assert pledge["description"] == [
        "Adaeze Okafor (“she”), as reported by The Harbour Courier (partial) — said: The islanders … had agreed to “open the"
        " ice edge to eight vessels” if Lagos paid for a patrol ship"
    ]
    assert [found[one].caption for one in pledge["entity"]] == ["Adaeze Okafor"]
    assert found[pledge["proof"][0]].schema.name == "Article" and pledge["publisher"] == ["The Harbour Courier"]
    assert fishing_pact().sha256 in pledge["summary"][0] and pledge["summary"][0].endswith("onrecord 03f3c9")
    nested = next(note for note in notes if note["description"][0].endswith(": the ship"))
    assert nested["description"][0].startswith(
        "the island council, according to Norway’s foreign ministry (“the ministry”), according to speaker not known"
    )
    nameless = next(note for note in notes if "two officials" in note["description"][0])
    assert [found[one].schema.name for one in nameless["entity"]] == ["Article"], "nobody is invented"
    assert all("The Harbour Courier" in note["description"][0] for note in notes)


def test_whoever_has_a_name_is_an_entity_of_the_document() -> None:
    rows = written(entry_of(fishing_pact()))
    people = {one["name"][0]: one for one in of(rows, "Person")}
    assert people.keys() == {"Adaeze Okafor", "Leif Aune"}
    assert people["Adaeze Okafor"]["position"] == ["Nigerian trade minister"]
    organizations = {one["name"][0] for one in of(rows, "Organization")}
    assert organizations == {"Norway’s foreign ministry", "Coastal Fishers’ League", "island council", "Oslo"}
    mentions = {one["name"][0]: one for one in of(rows, "Mention")}
    assert mentions.keys() == people.keys() | organizations
    assert mentions["Leif Aune"]["detectedSchema"] == ["Person"]
    assert not {"islanders", "poll by Nordlys Research", "scientists at the Marine Institute"} & mentions.keys()


def test_one_name_in_two_documents_is_two_entities_with_stable_ids() -> None:
    first, second = entry_of(fishing_pact()), entry_of(replace(fishing_pact(), id="other"))
    rows = written(first, second)
    ids = [row["id"] for row in rows if row["properties"].get("name") == ["Leif Aune"] and row["schema"] == "Person"]
    assert len(set(ids)) == 2
    assert [row["id"] for row in written(first)] == [row["id"] for row in rows[: len(rows) // 2]]
    later = replace(fishing_pact(), text=fishing_pact().text + "\nMore.")
    assert written(entry_of(later))[0]["id"] == rows[0]["id"], "a revision is the same article"


def test_the_type_of_an_entity_is_the_one_it_has_most_often() -> None:
    person, organization = SourceType.NAMED_PERSON, SourceType.NAMED_ORGANIZATION
    made = tuple(
        Statement(f"s{n}", (Span(0, 2),), speakers=(Speaker("Sella", kind),))
        for n, kind in enumerate((person, organization, organization))
    )
    rows = written(entry_of(Document("d", "No.", statements=made)))
    assert [row["schema"] for row in rows] == ["Article", "Organization", "Mention", "Note", "Note", "Note"]


def test_an_article_has_what_is_known_and_no_text(full_ledger: str) -> None:
    articles = {entry.document.id: next(iter(ftm.entities(entry)))["properties"] for entry in entries(full_ledger)}
    pact = articles["pact"]
    assert pact["title"] == [fishing_pact().title] and pact["sourceUrl"] == [fishing_pact().url]
    assert (pact["publishedAt"], pact["language"]) == (["2024-05-03T07:42:00"], ["eng"])
    assert pact["author"] == ["Ingrid Falk", "Tunde Bello"] and pact["processingAgent"][0].startswith("onrecord")
    assert articles["=lines.txt"]["publishedAt"] == ["2024-05-02T22:30:00"]
    assert "sourceUrl" not in articles["=lines.txt"] and articles["plain"]["fileName"] == ["plain"]
    assert not any("bodyText" in article for article in articles.values())


def test_relayers_are_named(full_ledger: str) -> None:
    (entry,) = (entry for entry in entries(full_ledger) if entry.document.id == "=lines.txt")
    rows = list(ftm.entities(entry))
    told = next(note for note in of(rows, "Note") if "Radio Sella" in note["description"][0])
    assert "relayed by Radio Sella, as reported by +Sella Post" in told["description"][0]
    assert "Radio Sella" in {one["name"][0] for one in of(rows, "Organization")}


def test_what_a_person_corrected_is_dated(full_ledger: str) -> None:
    (entry,) = (entry for entry in entries(full_ledger) if entry.document.id == "pact")
    notes = of(list(ftm.entities(entry)), "Note")
    dated = [note for note in notes if "modifiedAt" in note]
    assert len(dated) == 3 and "Adaeze N. Okafor" in dated[0]["description"][0]
    assert ", said May 2024 — according to: " in dated[0]["description"][0] and "commit" in dated[0]["keywords"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, None), ("2024", "2024"), ("2024-05-03", "2024-05-03"), ("2024-13", None), ("soon", None),
        ("2024-05-03T09:42:11Z", "2024-05-03T09:42:11"), ("2024-05-03T09:42+02:00", "2024-05-03T07:42"),
        ("2026-01-01T00:00:00.123456Z", "2026-01-01T00:00:00"),
    ],
)  # fmt: skip
def test_dates_are_as_the_model_has_them(given: str | None, expected: str | None) -> None:
    assert ftm._date(given) == expected
    if given:
        row = {"id": "a", "schema": "Article", "properties": {"publishedAt": [expected] if expected else []}}
        assert model.get_proxy(row, cleaned=False).get("publishedAt") == row["properties"]["publishedAt"]  # type: ignore[index]


def test_the_export_needs_no_followthemoney(tmp_path: Path) -> None:
    fill(tmp_path / "l.db", [fishing_pact()])
    done = without("followthemoney", tmp_path, "export", "-f", "ftm", "-q", "--ledger", "l.db")
    assert done.code == 0, done.err
    assert done.out.count("\n") == 1 + 2 * 6 + 23
