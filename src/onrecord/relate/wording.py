"""Quoted words as they are compared: without case, marks and spelling of contractions, with where they stand.

A quotation's words are those between its quotation marks. Between two quoted stretches, at an ellipsis and around the
outlet's brackets words may be missing honestly: these places are its gaps.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from onrecord.extract.quotes import quotations as marked
from onrecord.languages.en import word_list
from onrecord.model import Document, Form, Span, Statement
from onrecord.qualify.timewords import pairs

__all__ = ["Quoted", "amount", "negates", "quotations", "quoted"]

_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|…|\.\s?\.\s?\.(?:\s?\.)?|\[[^\]]*\]|\([^()]*\)")
_SAYS = 4
"""So many words in quotation marks within a quotation are somebody's; fewer may be a title, or a word set apart."""
_OPENING = frozenset("“„«‟❝‘‚‹'\"`")
_NOT = re.compile(r"(\w+)n['’]t$")
_IRREGULAR = {"ca": "can", "wo": "will", "sha": "shall", "ai": "is"}
_SHORT = {"'m": "am", "'re": "are", "'ve": "have", "'ll": "will"}
_IS = frozenset(["it", "he", "she", "that", "there", "here", "what", "who", "where", "how", "this"])
_LARGE = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_SPOKEN = {"gonna": "going to", "gotta": "got to", "wanna": "want to", "cannot": "can not", "ok": "okay"}


@dataclass(frozen=True, slots=True)
class Quoted:
    """The quoted words of a statement, as they are compared. ``gaps`` are the places (before the word of that number)
    where words may be missing, honestly; the beginning and the end are none of them, though words are missing there as
    a rule. ``brackets`` are those where the outlet put words of its own in the place of the speaker's. ``spans`` are
    where the words stand in the document's text; empty where that is not asked."""

    forms: tuple[str, ...]
    gaps: frozenset[int] = frozenset()
    brackets: frozenset[int] = frozenset()
    spans: tuple[Span, ...] = ()


def quotations(document: Document) -> Iterator[tuple[Statement, Quoted]]:
    """The statements of a document that have quoted words of their own, with these.

    What somebody else says in quotation marks within a quotation is that one's words, not those of whoever is quoted,
    and so is what stands there in marks of its own and nobody is known to say. What he says there without marks is in
    the words of whoever is quoted.

    >>> text = "She said: “He told us, ‘We sign,’ and left.”"
    >>> outer = Statement("a", (Span(10, 44),), quoted=(Span(10, 44),), form=Form.VERBATIM)
    >>> inner = Statement("b", (Span(23, 33),), quoted=(Span(23, 33),), form=Form.VERBATIM, parent="a")
    >>> found = quotations(Document("d", text, statements=(outer, inner)))
    >>> [(statement.id, *made.forms) for statement, made in found]
    [('a', 'he', 'told', 'us', 'and', 'left'), ('b', 'we', 'sign')]
    """
    text = document.text
    within = tuple(q.span for q in marked(text) if q.depth and len(_WORD.findall(q.span.of(text))) >= _SAYS)
    by_id = {statement.id: statement for statement in document.statements}
    own = {statement.id: _own(text, statement, by_id) for statement in document.statements}
    inner: dict[str, list[Span]] = defaultdict(list)
    for statement in document.statements:
        for above in _above(statement, by_id):
            inner[above.id] += own[statement.id]
    for statement in document.statements:
        mine = own[statement.id]
        others = [span for span in within if not any(span.start <= o.start and o.end <= span.end for o in mine)]
        if mine and (made := _words(text, mine, (*inner[statement.id], *others))):
            yield statement, made


def quoted(document: Document, statement: Statement) -> Quoted | None:
    """The quoted words of one of the document's statements; None where it has none of its own.

    >>> said = Statement("s", (Span(0, 33),), quoted=(Span(0, 33),), form=Form.VERBATIM)
    >>> made = quoted(Document("d", "“We won’t … sign [it] twice,” …  ", statements=(said,)), said)
    >>> made.forms, sorted(made.gaps), sorted(made.brackets)
    (('we', 'will', 'not', 'sign', 'twice'), [3, 4], [4])
    """
    return next((made for other, made in quotations(document) if other.id == statement.id), None)


def _own(text: str, statement: Statement, by_id: Mapping[str, Statement]) -> tuple[Span, ...]:
    """The stretches that a statement quotes with marks of its own: those of a statement within another are the other's
    where it says them, cue and all, within the very marks."""
    if statement.form is Form.PARAPHRASE:
        return ()
    if statement.parent is None:
        return statement.quoted
    around = [stretch for above in _above(statement, by_id) for stretch in above.quoted]
    words = (*statement.cue, *statement.source)
    return tuple(
        stretch
        for stretch in statement.quoted
        if text[stretch.start] in _OPENING
        and not any(
            other.start == stretch.start and any(other.start <= w.start and w.end <= other.end for w in words)
            for other in around
        )
    )


def _above(statement: Statement, by_id: Mapping[str, Statement]) -> Iterator[Statement]:
    """The statements that one stands in, the nearest first."""
    while statement.parent is not None and statement.parent in by_id:
        statement = by_id[statement.parent]
        yield statement


def _words(text: str, stretches: Sequence[Span], others: Sequence[Span]) -> Quoted | None:
    """The words of quoted stretches without those of ``others``; None where there are none."""
    forms: list[str] = []
    spans: list[Span] = []
    gaps: set[int] = set()
    brackets: set[int] = set()
    for stretch in stretches:
        gaps.add(len(forms))
        for match in _WORD.finditer(text, stretch.start, stretch.end):
            said = match[0]
            if any(other.start <= match.start() < other.end for other in others):
                gaps.add(len(forms))
                continue
            if said[0] == "(":
                continue  # nobody speaks in parentheses: the outlet explains
            if said[0] in "[….":
                gaps.add(len(forms))
                if said[0] == "[":
                    brackets.add(len(forms))
                continue
            made = _forms(said)
            forms += made
            spans += [Span(match.start(), match.end())] * len(made)
    inside = frozenset(g for g in gaps if 0 < g < len(forms))
    return Quoted(tuple(forms), inside, frozenset(brackets) & inside, tuple(spans)) if forms else None


def _forms(said: str) -> list[str]:
    word = unicodedata.normalize("NFKD", said).replace("’", "'").casefold()
    word = "".join(c for c in word if not unicodedata.combining(c))
    if match := _NOT.match(word):
        return [_IRREGULAR.get(match[1], match[1]), "not"]
    for ending, whole in _SHORT.items():
        if word.endswith(ending) and len(word) > len(ending):
            return [word.removesuffix(ending), whole]
    if word.endswith("'s") and len(word) > 2:
        return [word[:-2], "is"] if word[:-2] in _IS else [word[:-2]]  # a possessive ending is how a word is written
    if word in _SPOKEN:
        return _SPOKEN[word].split()
    return [word.replace(",", "") if word[0].isdigit() else word.replace("'", "")]


@cache
def _negations() -> frozenset[str]:
    return frozenset(word_list("negations.txt"))


def negates(form: str) -> bool:
    """Whether a word negates.

    >>> negates("never"), negates("ever")
    (True, False)
    """
    return form in _negations()


def amount(forms: Sequence[str]) -> float | None:
    """The number that words say; None where they say none, or something else besides.

    >>> amount(["twenty", "four"]), amount(["1200"]), amount(["five", "million"]), amount(["five", "ships"])
    (24.0, 1200.0, 5000000.0, None)
    """
    total = part = 0.0
    for form in forms:
        if form[0].isdigit():
            try:
                part += float(form)
            except ValueError:  # a time of day
                return None
        elif form in _LARGE:
            total, part = total + (part or 1) * _LARGE[form], 0.0
        elif form in pairs("numbers"):
            size = int(pairs("numbers")[form])
            part = (part or 1) * size if size == 100 else part + size
        else:
            return None
    return total + part if forms else None
