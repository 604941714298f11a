from __future__ import annotations

import io
import re

import pytest

from onrecord.exports.text import write
from onrecord.model import Document
from sample_documents import all_samples, crossing, fishing_pact, hostile, plain


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(document: Document, monkeypatch: pytest.MonkeyPatch, columns: int = 80, terminal: bool = False) -> str:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    out = Terminal() if terminal else io.StringIO()
    write([document], out)
    return out.getvalue()


def test_head_and_statements(monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(fishing_pact(), monkeypatch)
    assert text.startswith("Oslo: Fishing pact is “weeks, not months” away\nThe Harbour Courier · 2024-05-03")
    assert "3   Adaeze Okafor (“she”) — said  [named person, partial, 0.91]\n    The islanders … had agreed to" in text
    assert "\n    3.1 The islanders — had agreed to  [unnamed group, partial, 0.77]\n        “open the ice edge" in text
    assert "\n        11.1.1 the island council — asked for" in text
    assert "19  The Harbour Courier — Correction  [editor’s note" in text
    assert "Mayor of Sandvær  [verbatim, post, 0.97]" in text
    assert "named organization, no response, paraphrase, 0.93]" in shown(fishing_pact(), monkeypatch, 120)


def test_an_unknown_source_and_outlet_are_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(fishing_pact(), monkeypatch, 120)
    assert "13  speaker not known  [verbatim, edited by the outlet, 0.64]" in text
    assert "11  speaker not known (“He”) (Leif Aune or Sandvær’s mayor?) — believes" in text
    assert "outlet not stated" in shown(crossing(), monkeypatch)


def test_no_statements(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(plain(), monkeypatch) == "plain\noutlet not stated\n\nno statements found\n"


@pytest.mark.parametrize("columns", [200, 80, 40, 20])
def test_narrow_terminals_wrap_and_cut_nothing(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    document = fishing_pact()
    text = shown(document, monkeypatch, columns)
    assert max(map(len, text.splitlines())) <= columns
    assert not re.search(r" $", text, re.MULTILINE)
    joined = "".join(text.split())
    for statement in document.statements:
        for span in (*statement.source, *statement.cue, *statement.content):
            assert "".join(span.of(document.text).split()) in joined


def test_colour_only_on_a_terminal_and_only_beside_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    plainly, coloured = shown(fishing_pact(), monkeypatch), shown(fishing_pact(), monkeypatch, terminal=True)
    assert "\x1b" not in plainly
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plainly
    monkeypatch.setenv("NO_COLOR", "1")
    out = Terminal()
    write([fishing_pact()], out)
    assert not re.search(r"\x1b\[[\d;]*3\dm", out.getvalue())


def test_an_article_cannot_steer_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(hostile(), monkeypatch, columns=300)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)
    assert "␛[31mred" in text and "⟨U+202E⟩" in text
    assert "[red]x[/red]" in text


def test_several_documents_are_set_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    out = io.StringIO()
    write(all_samples(), out)
    assert out.getvalue().count("─" * 60) == len(all_samples()) - 1
