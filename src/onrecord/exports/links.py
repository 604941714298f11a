"""Links between quotations, claims, texts and speakers of documents: for a person, as JSON Lines and as CSV.

Never a verdict: who said which words where, what differs or clashes word by word, how probable that is, and what a
person said of it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TextIO

from rich.text import Text

from onrecord.exports.attribution import attribution
from onrecord.exports.csv import cell
from onrecord.exports.display import NO_OUTLET, counted, one_line, visible
from onrecord.exports.record import dumps, words, write_lines, write_list
from onrecord.exports.text import console_of
from onrecord.exports.wrapped import put
from onrecord.model import Span
from onrecord.relate.alike import Change, Difference
from onrecord.relate.claims import Compared as Claims
from onrecord.relate.linking import Compared
from onrecord.relate.sides import Judgement, Kind, Link, Side

__all__ = [
    "WRITERS",
    "Piece",
    "both",
    "estimated",
    "estimates",
    "headline",
    "judged",
    "judgement_object",
    "link_object",
    "pieces",
    "side_by_side",
    "where",
    "write_compared",
]

Piece = tuple[str, bool]
"""Words, safe to show, and whether the other side has others."""

COLUMNS = (
    "id", "kind", "serious", "changes", "first_statement", "first_document", "first_outlet", "first_date",
    "first_speaker", "first_words", "second_statement", "second_document", "second_outlet", "second_date",
    "second_speaker", "second_words", "share", "score", "judgement", "judged_by", "judged_why",
)  # fmt: skip
"""Columns of the table."""


def link_object(link: Link) -> dict[str, Any]:
    """A link, made of what JSON has.

    ``differences`` have the words of both sides as they stand in the texts, and their offsets.
    """
    return {
        "id": link.id,
        "kind": str(link.kind),
        "serious": link.serious,
        "whole": link.whole,
        "changes": [str(change) for change in link.changes],
        "first": _side_object(link.first),
        "second": _side_object(link.second),
        "differences": [_difference_object(link.first, link.second, d) for d in link.differences],
        "share": link.share,
        "score": link.score,
        "judgement": judgement_object(link.judgement),
    }


def judgement_object(said: Judgement | None) -> dict[str, Any] | None:
    """What a person said, made of what JSON has."""
    if said is None:
        return None
    return {"confirmed": said.confirmed, "by": said.by, "at": said.at, "why": said.why}


def write_jsonl(links: Iterable[Link], out: TextIO) -> int:
    """Write one link a line; how many there were."""
    return write_lines(map(link_object, links), out)


def write_json(links: Iterable[Link], out: TextIO) -> int:
    """Write one list; how many there were."""
    return write_list(map(link_object, links), out)


def write_csv(links: Iterable[Link], out: TextIO) -> int:
    """Write one link a row; how many there were."""
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    count = 0
    for link in links:
        said = link.judgement
        row = {
            "id": link.id, "kind": str(link.kind), "serious": link.serious,
            "changes": " ".join(str(change) for change in link.changes), "share": link.share, "score": link.score,
            "judgement": None if said is None else "confirmed" if said.confirmed else "rejected",
            "judged_by": said.by if said else None, "judged_why": said.why if said else None,
        }  # fmt: skip
        for name, side in (("first", link.first), ("second", link.second)):
            made = _side_object(side)
            row |= {
                f"{name}_{key}": made[key] for key in ("statement", "document", "outlet", "date", "speaker", "words")
            }
        writer.writerow([cell(row[name]) for name in COLUMNS])
        count += 1
    return count


def write_text(links: Iterable[Link], out: TextIO) -> int:
    """Write links for a person, words that differ or clash marked; how many there were."""
    console, count = console_of(out), 0
    for link in links:
        if count:
            console.print()
        count += 1
        put(console, _head(link), hang=4)
        if link.kind is Kind.SPEAKER:
            put(console, Text(f"{one_line(link.first.speaker)}, {where(link.first)}"), 2, hang=4)
            name = link.second.entity[1] if link.second.entity else link.second.speaker
            number = f" (entity {link.second.entity[0]})" if link.second.entity else ""
            put(console, Text(f"may be {one_line(name)}{number}, {where(link.second)}"), 2, hang=4)
        else:
            _put_sides(console, link.first, link.second, link.differences)
        if link.judgement is not None:
            put(console, Text(judged(link.judgement), style="dim"), 2, hang=4)
    return count


WRITERS: dict[str, Callable[[Iterable[Link], TextIO], int]] = {
    "text": write_text,
    "json": write_json,
    "jsonl": write_jsonl,
    "csv": write_csv,
}
"""How links are written, by the format's name."""


def write_compared(compared: Compared, format_: str, out: TextIO) -> None:
    """Write two statements side by side, as ``text`` or ``json``."""
    alike = compared.alike
    differences = alike.differences if alike is not None else ()
    if format_ == "json":
        made = {
            "first": _side_object(compared.first),
            "second": _side_object(compared.second),
            "same_saying": alike is not None,
            "shared_words": alike.shared if alike is not None else 0,
            "whole": alike.whole if alike is not None else False,
            "serious": alike.serious if alike is not None else False,
            "differences": [_difference_object(compared.first, compared.second, d) for d in differences],
            "claims": estimates(compared.claims),
        }
        out.write(dumps(made) + "\n")
        return
    console = console_of(out)
    put(console, Text(side_by_side(compared), style="bold"))
    _put_sides(console, compared.first, compared.second, differences)
    for difference in differences:
        gone, come = (_words_of(side, at) for side, at in _sides(compared.first, compared.second, difference))
        put(console, Text(f"{difference.kind}: {gone or '–'} → {come or '–'}"), 2, hang=4)
    put(console, Text(estimated(compared.claims), style="dim"), 2, hang=4)


ESTIMATES = ("strengthens", "weakens", "restates", "disputes", "answers", "answered")
"""What is estimated of two claims."""


def estimates(claims: Claims) -> dict[str, float]:
    """What a program takes the second of two claims to be to the first, from 0 to 1."""
    return {name: round(getattr(claims, name), 4) for name in ESTIMATES}


def estimated(claims: Claims) -> str:
    """The same in one line."""
    return "second to first, as a program estimates: " + ", ".join(f"{k} {v:.2f}" for k, v in estimates(claims).items())


def headline(link: Link) -> str:
    """What a link is, in a few words."""
    made = str(link.kind)
    if link.changes and link.score is None:
        made += ": " + ", ".join(str(change) for change in link.changes)
    if link.share is not None:
        made += f": {link.share:.0%} of the shorter text"
    if link.score is not None:
        made = f"{_SAYS[link.kind]}, as a program suggests: {link.score:.2f}"
    return made + (", cut" if link.kind is Kind.REPEATS and not link.whole else "")


_SAYS = {
    Kind.RESTATES: "the same claim",
    Kind.DISPUTES: "one disputes the other",
    Kind.ANSWERS: "the second answers the first",
}
"""What links between claims say."""


def side_by_side(compared: Compared) -> str:
    """What two quotations have in common, in a few words."""
    alike = compared.alike
    if not compared.quoted:
        return "no words of one of them are quoted: only what they claim can be compared"
    if alike is None:
        return "not of one saying: they share too few words in a row"
    what = ", ".join(dict.fromkeys(str(d.kind) for d in alike.differences)) or "nothing differs"
    return f"{counted(alike.shared, 'word')} shared; {what}"


def judged(said: Judgement) -> str:
    """What a person said of a link, in one line."""
    verdict = "Confirmed" if said.confirmed else "Rejected"
    return f"{verdict} by {one_line(said.by)}, {said.at[:10]}: {one_line(said.why)}"


def _head(link: Link) -> Text:
    made = Text(headline(link), style="bold")
    if link.serious:
        made.append("  SERIOUS", style="bold red")
    return made.append(f"  {link.id}", style="dim")


def _put_side(console: Any, side: Side, marked: Text) -> None:
    put(console, Text(where(side), style="dim"), 2, hang=4)
    if side.statement is not None and side.entry is not None:
        whom = attribution(side.entry.document, side.statement)
        put(console, Text(f"{whom}  [{side.statement.id[:8]}]"), 4, hang=4)
        put(console, marked, 4, hang=4)


def where(side: Side) -> str:
    """Where a side stands: day, outlet, title."""
    if side.entry is None:
        return "an imported list"
    document = side.entry.document
    outlet = one_line(document.outlet) if document.outlet else NO_OUTLET
    return f"{side.day or 'date not known'} · {outlet} · {one_line(document.title or str(document.id))}"


def both(first: Side, second: Side, differences: Sequence[Difference]) -> tuple[list[Piece], list[Piece]]:
    """The quoted words of both sides, as ``pieces``."""
    return (
        pieces(first, [(d.first, d.kind) for d in differences]),
        pieces(second, [(d.second, d.kind) for d in differences]),
    )


def _put_sides(console: Any, first: Side, second: Side, differences: Sequence[Difference]) -> None:
    """Both sides; what differs is marked: [-gone-] in the first, {+come+} in the second; what clashes: <<so>>."""
    clash = any(difference.kind is Change.CLASH for difference in differences)
    marks = (("<<", ">>"), ("<<", ">>")) if clash else (("[-", "-]"), ("{+", "+}"))
    for side, said, (opened, closed) in zip((first, second), both(first, second, differences), marks, strict=True):
        made = Text()
        for piece, differs in said:
            made.append(f"{opened}{piece}{closed}" if differs else piece, style="bold" if differs else "")
        _put_side(console, side, made)


def pieces(side: Side, differing: Sequence[tuple[tuple[int, int], Change]]) -> list[Piece]:
    """The quoted words of a side with what stands between them, safe to show, and whether the other side has others.

    ``differing`` are the numbers of words that differ, and how.
    """
    if side.entry is None:
        return []
    text, spans = side.entry.document.text, side.spans
    inside = {k for (start, end), kind in differing if kind is not Change.SPEAKER for k in range(start, end)}
    found: list[tuple[Span, bool]] = []
    for number, span in enumerate(spans):
        if found and found[-1][0] == span:  # one word of the text that is compared as two ("won't")
            found[-1] = (span, found[-1][1] or number in inside)
        else:
            found.append((span, number in inside))
    made: list[Piece] = []
    for number, (span, differs) in enumerate(found):
        if number:
            between = _between(text, found[number - 1][0].end, span.start)
            if differs and made[-1][1]:
                made[-1] = (f"{made[-1][0]}{between}{one_line(span.of(text))}", True)
                continue
            made.append((between, False))
        made.append((one_line(span.of(text)), differs))
    return made


def _between(text: str, start: int, end: int) -> str:
    """What stands between two quoted words: marks as they are, and for words that nobody quotes a sign."""
    between = text[start:end]
    return " … " if any(c.isalnum() for c in between) else re.sub(r"\s+", " ", visible(between))


def _sides(first: Side, second: Side, difference: Difference) -> tuple[tuple[Side, tuple[int, int]], ...]:
    return (first, difference.first), (second, difference.second)


def _words_of(side: Side, at: tuple[int, int]) -> str | None:
    """The words of the text from one number to another."""
    if side.entry is None or at[0] >= at[1]:
        return None
    return one_line(side.entry.document.text[side.spans[at[0]].start : side.spans[at[1] - 1].end])


def _span_of(side: Side, at: tuple[int, int]) -> list[int] | None:
    return None if at[0] >= at[1] else list(Span(side.spans[at[0]].start, side.spans[at[1] - 1].end))


def _difference_object(first: Side, second: Side, difference: Difference) -> dict[str, Any]:
    made: dict[str, Any] = {"kind": str(difference.kind)}
    for name, (side, at) in zip(("first", "second"), _sides(first, second, difference), strict=True):
        if difference.kind is Change.SPEAKER:
            made |= {name: side.speaker, f"{name}_span": None}
        else:
            made |= {name: _words_of(side, at), f"{name}_span": _span_of(side, at)}
    return made


def _side_object(side: Side) -> dict[str, Any]:
    document = side.entry.document if side.entry is not None else None
    return {
        "statement": side.statement.id if side.statement is not None else None,
        "document": document.id if document is not None else None,
        "outlet": document.outlet if document is not None else None,
        "date": document.date if document is not None else None,
        "speaker": side.speaker,
        "entity": None if side.entity is None else {"number": side.entity[0], "name": side.entity[1]},
        "attribution": attribution(document, side.statement) if document and side.statement else None,
        "words": words(document, side.statement.content) if document and side.statement else None,
    }
