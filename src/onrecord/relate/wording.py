"""Quoted words as they are compared: without case, marks and spelling of contractions, with where they stand.

A quotation's words are those between its quotation marks. Between two quoted stretches, at an ellipsis and around the
outlet's brackets words may be missing honestly: these places are its gaps.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from onrecord.languages.en import word_list
from onrecord.model import Document, Form, Span, Statement
from onrecord.qualify.timewords import pairs

__all__ = ["Quoted", "amount", "negates", "quoted"]

_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|…|\.\s?\.\s?\.(?:\s?\.)?|\[[^\]]*\]")
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


def quoted(document: Document, statement: Statement) -> Quoted | None:
    """The quoted words of a statement; None where it has none, or stands within another's quotation with all of them.

    >>> from onrecord.model import Span
    >>> said = Statement("s", (Span(0, 33),), quoted=(Span(0, 33),), form=Form.VERBATIM)
    >>> made = quoted(Document("d", "“We won’t … sign [it] twice,” …  ", statements=(said,)), said)
    >>> made.forms, sorted(made.gaps), sorted(made.brackets)
    (('we', 'will', 'not', 'sign', 'twice'), [3, 4], [4])
    """
    if statement.form is Form.PARAPHRASE or not statement.quoted:
        return None
    forms: list[str] = []
    spans: list[Span] = []
    gaps: set[int] = set()
    brackets: set[int] = set()
    for stretch in statement.quoted:
        if forms:
            gaps.add(len(forms))
        for match in _WORD.finditer(document.text, stretch.start, stretch.end):
            said = match[0]
            if said[0] == "[" or said[0] in "….":
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
