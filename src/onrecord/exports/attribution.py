"""Who says a statement, and through whom the document has it, in one line of words."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.exports.display import marks, one_line
from onrecord.exports.tree import voice
from onrecord.model import Document, Kind, Statement
from onrecord.terms import chain

__all__ = ["attribution", "speaks"]

_NO_OUTLET = "an outlet that is not stated"


def attribution(document: Document, statement: Statement, around: Sequence[Statement] | None = None) -> str:
    """Who says it, everybody who relays it down to the outlet, and in whose words it stands; never nothing.

    ``around`` are the statements that it stands in, the outermost first, where they are not the document's.

    >>> from onrecord.model import Form, Span, Speaker
    >>> ada = Statement("a", (Span(0, 2),), source=(Span(4, 7),), speakers=(Speaker("Ada Moen"),), form=Form.VERBATIM)
    >>> attribution(Document("d", "No, she said", outlet="The Harbour Courier", statements=(ada,)), ada)
    'Ada Moen (“she”), as reported by The Harbour Courier (verbatim)'
    """
    outlet = one_line(document.outlet) if document.outlet else _NO_OUTLET
    manner = ", ".join(marks(statement))
    if statement.kind is Kind.EDITOR_NOTE:
        return f"{outlet} ({manner})"
    if around is None:
        around = chain(document, statement)
    above = tuple(reversed(around))
    voices = [speaks(document, s) for s in (statement, *above)]
    named = {speaker.name for s in above for speaker in s.speakers}
    relayers = [r.name for s in (statement, *above) for r in s.relayed_by if r.name and r.name not in named]
    parts = [", according to ".join(voices)]
    parts += [f"relayed by {one_line(name)}" for name in dict.fromkeys(relayers)]
    parts.append(f"as reported by {outlet}")
    return f"{', '.join(parts)} ({manner})"


def speaks(document: Document, statement: Statement) -> str:
    """Who speaks, with the source's words where they are another name for it, or for nobody."""
    who = voice(document, statement)
    return f"{who.name} (“{who.words}”)" if who.words and not who.spelt_out else who.name
