"""What every export in the registry has to keep, whoever wrote it."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from onrecord.errors import UsageError
from onrecord.exports import FORMATS, Export, export_for
from onrecord.model import Document
from sample_documents import all_samples, crossing, fishing_pact, hostile, plain


@pytest.fixture(params=sorted(FORMATS))
def export(request: pytest.FixtureRequest) -> Export:
    return export_for(request.param)


def written(export: Export, *documents: Document) -> str:
    out = io.StringIO()
    export.write(documents, out)
    return out.getvalue()


def test_name_and_suffix(export: Export) -> None:
    assert FORMATS[export.name] == export.write.__module__
    assert export.suffix.startswith(".")


def test_every_sample_is_written_in_utf_8(export: Export) -> None:
    for document in all_samples():
        assert written(export, document).encode("utf-8").decode("utf-8") or not document.statements


def test_nothing_at_all_can_be_written(export: Export) -> None:
    written(export)
    written(export, plain())


def test_the_same_twice(export: Export) -> None:
    assert written(export, *all_samples()) == written(export, *all_samples())


def test_sources_and_contents_are_all_there(export: Export) -> None:
    document = fishing_pact()
    words = "".join(written(export, document).split())
    for statement in document.statements:
        for span in (*statement.source, *statement.content):
            if export.name != "html":  # there the words are cut by marks; test_page.py looks
                assert "".join(span.of(document.text).split()) in words
    assert "TheHarbourCourier" in words


def test_documents_are_taken_one_at_a_time(export: Export) -> None:
    """A run may be endless: an export asks for the next document only when it is done with the last."""
    alive: list[int] = []

    def documents() -> Iterator[Document]:
        for place in range(3):
            alive.append(place)
            yield crossing()

    out = io.StringIO()
    export.write(documents(), out)
    assert alive == [0, 1, 2]
    assert out.getvalue()


@pytest.mark.parametrize("name", ["jsonl", "json", "csv", "text"])
def test_what_is_done_is_written_before_the_next_is_asked_for(name: str) -> None:
    out = io.StringIO()
    sizes = []

    def documents() -> Iterator[Document]:
        for document in (fishing_pact(), hostile(), crossing()):
            sizes.append(out.tell())
            yield document

    export_for(name).write(documents(), out)
    assert sizes == sorted(set(sizes)) and len(sizes) == 3


def test_an_unknown_format_names_those_there_are() -> None:
    with pytest.raises(UsageError, match="csv, html, json, jsonl, text"):
        export_for("pdf")
