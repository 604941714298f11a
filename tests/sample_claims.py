"""Reports in which people say things, and readers of pairs that say of two claims what a test wants."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from onrecord.meaning.encoder import shipped
from onrecord.meaning.pairs import Compared, PairReader
from onrecord.model import Document, SourceType, Span, Speaker, Statement
from onrecord.relate.evidence import NAMES, Weights
from onrecord.relate.tying import Tying
from onrecord.relate.worth import Worth


def compared(**values: float) -> Compared:
    names = ("none", "related", "answers", "answered", "restates", "disputes", "strengthens", "weakens")
    return Compared(**{name: values.get(name, 0.0) for name in names}, clash=((), ()))


class Reader(PairReader):
    """Says of two claims what a test says, and keeps what it was asked."""

    def __init__(self, says: Callable[[str, str], Compared]) -> None:
        self.says, self.asked = says, list[tuple[str, str]]()

    def compare(self, pairs: Sequence[tuple[str, str]]) -> list[Compared]:
        self.asked += pairs
        return [self.says(*pair) for pair in pairs]


def clashing(a: str, b: str) -> Compared:
    """A dispute wherever one says "still" and the other does not; the words are the last of both."""
    if ("still" in a) == ("still" in b):
        return compared(restates=0.9) if "valley" in a and "valley" in b else compared(related=0.9)
    ends = tuple((Span(len(text) - 4, len(text)),) for text in (a, b))
    return replace(compared(disputes=0.9), clash=(ends[0], ends[1]))


def article(
    id: str, said: Sequence[tuple[str, str, str]], day: str = "2024-05-03", outlet: str = "Gazette"
) -> Document:
    """A report in which each of these says something, in the outlet's words: name, cue, content."""
    text, statements = "", list[Statement]()
    for name, cue, content in said:
        start = len(text)
        text += f"{name} {cue} that {content}. "
        at = start + len(name) + 1
        speaker = Speaker(name, SourceType.NAMED_PERSON, Span(start, start + len(name)))
        whole = Span(text.index(content, at), text.index(content, at) + len(content))
        statements.append(
            Statement(
                f"{id}-{len(statements)}",
                (whole,),
                (Span(start, at - 1),),
                (Span(at, at + len(cue)),),
                speakers=(speaker,),
            )
        )
    return Document(id, text, outlet=outlet, date=day, statements=tuple(statements))


_SHARP = 100.0
WEIGHTS = {
    name: Weights(tuple(_SHARP * (column == name) for column in NAMES), (1 - _SHARP) * math.log(9))
    for name in ("restates", "disputes", "answers")
}
"""What the reader says with 0.9 is as probable, and what it says with less hardly is."""


class All(Worth):
    """Everything is worth reading."""

    def __init__(self) -> None: ...

    def keeps(self, words: Sequence[Sequence[float]], ones: object, others: object, fewest: int = 0) -> list[bool]:
        return [True] * len(words)


def says(reader: Reader) -> Tying:
    """Claims tied as a reader says."""
    return Tying(shipped(), reader, WEIGHTS, All())


SILENT = says(Reader(lambda a, b: compared(none=1.0)))
"""Nothing is anything to anything."""
