"""The sourcing table of an article: whole sentences with their attribution, as a standards desk reads them.

Conventions of the Markkula Center's sourcing study: neighbouring sentences of one source in one paragraph are one
row, never across paragraphs; "did not respond" is no row; a source's title and justification go with each of its
rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from onrecord.extract.sentences import sentence_numbers
from onrecord.extract.words import Words, cut
from onrecord.model import Document, Kind, SourceType, Span, Speaker, Statement

__all__ = ["LEAST", "Row", "Summary", "rows", "summary", "type_name"]

LEAST = 0.7
"""The least ``score`` of a statement in the table, chosen on the study's development articles."""

_TYPE_NAMES = {
    SourceType.NAMED_PERSON: "Named Person",
    SourceType.NAMED_ORGANIZATION: "Named Organization",
    SourceType.DOCUMENT: "Document",
    SourceType.ANONYMOUS_SOURCE: "Anonymous Source",
    SourceType.UNNAMED_PERSON: "Unnamed Person",
    SourceType.UNNAMED_GROUP: "Unnamed Group of People",
    SourceType.UNKNOWN: "Unknown",
}


_NAMELESS = (SourceType.ANONYMOUS_SOURCE, SourceType.UNNAMED_PERSON)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the sentences' ``span``, the ids of the ``statements`` in it, and its source.

    ``name`` is None for anonymous sources, unnamed persons and where the source is not known.
    """

    span: Span
    statements: tuple[str, ...]
    type: SourceType
    name: str | None = None
    title: str | None = None
    justification: str | None = None
    anonymity_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """What a desk asks first. ``anonymous`` and ``reasoned`` count rows; ``sources`` counts different ones that are
    known."""

    rows: int
    by_type: tuple[tuple[SourceType, int], ...]
    anonymous: int
    reasoned: int
    sources: int

    @property
    def single_source(self) -> bool:
        """Whether all that is sourced comes from one source."""
        return self.rows > 0 and self.sources == 1


def type_name(kind: SourceType) -> str:
    """The study's name of a source type.

    >>> type_name(SourceType.UNNAMED_GROUP)
    'Unnamed Group of People'
    """
    return _TYPE_NAMES[kind]


def rows(document: Document, least: float = LEAST) -> tuple[Row, ...]:
    """The sourcing table of a document whose statements have been read and identified.

    Statements within statements are their parent's; ``least`` is the least score of a statement that counts.
    """
    told = [s for s in document.statements if s.parent is None and s.kind is Kind.STATEMENT and s.score >= least]
    if not told:
        return ()
    words = cut(document.text)
    sentences = _sentences(words)
    owners = _owners(told, sentences, words)
    made: list[Row] = []
    for _, group in groupby(sorted(owners), key=lambda k: (sentences[k].paragraph, _run(owners, k, sentences))):
        numbers = list(group)
        mine = [s for k in numbers for s in owners[k]]
        span = Span(sentences[numbers[0]].span.start, sentences[numbers[-1]].span.end)
        before = [sentences[k].span for k in range(max(0, numbers[0] - _NEAR), numbers[0]) if k not in owners]
        made.append(_row(document, span, list(dict.fromkeys(s.id for s in mine)), mine, before))
    return tuple(_settled(made))


_NEAR = 3
"""So many sentences before a row are looked at for what they tell of its source (2 to 5 do alike on the study's
development articles)."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    span: Span
    paragraph: int


def _sentences(words: Words) -> list[_Sentence]:
    numbers = sentence_numbers(words, words.strings()).tolist()
    found = []
    for _, group in groupby(range(len(words)), key=lambda i: numbers[i]):
        inside = list(group)
        span = Span(int(words.starts[inside[0]]), int(words.ends[inside[-1]]))
        found.append(_Sentence(span, int(words.paragraphs[inside[0]])))
    return found


def _owners(told: Sequence[Statement], sentences: Sequence[_Sentence], words: Words) -> dict[int, list[Statement]]:
    """For each sentence that a statement stands in, the statements, those that fill most of it first."""
    filled: dict[int, list[tuple[int, Statement]]] = {}
    for statement in told:
        spans = [*statement.content, *statement.cue, *statement.source]
        for number, sentence in enumerate(sentences):
            if sentence.span.end <= spans[0].start and sentence.span.end <= min(s.start for s in spans):
                continue
            shared = sum(max(0, min(s.end, sentence.span.end) - max(s.start, sentence.span.start)) for s in spans)
            if shared > 1:
                filled.setdefault(number, []).append((shared, statement))
    return {k: [s for _, s in sorted(v, key=lambda pair: -pair[0])] for k, v in filled.items()}


def _who(statement: Statement) -> tuple[object, ...]:
    """What makes two statements one source's."""
    if not statement.speakers or (not statement.speaker and statement.source_type not in _NAMELESS):
        return (None,)
    return tuple((s.name, s.type if s.name else (s.type, statement.source)) for s in statement.speakers)


def _run(owners: dict[int, list[Statement]], number: int, sentences: Sequence[_Sentence]) -> int:
    """The first sentence of the run of one source's sentences that a sentence belongs to."""
    first = number
    while (
        first - 1 in owners
        and sentences[first - 1].paragraph == sentences[number].paragraph
        and _joined(owners[first - 1], owners[first])
    ):
        first -= 1
    return first


def _joined(before: Sequence[Statement], after: Sequence[Statement]) -> bool:
    """Whether two sentences are one source's: the same who, the same statement, or nobody known in the second."""
    if {s.id for s in before} & {s.id for s in after}:
        return True
    one, other = _who(before[0]), _who(after[0])
    return one == other or other == (None,)


def _row(
    document: Document, span: Span, statements: list[str], mine: Sequence[Statement], before: Sequence[Span]
) -> Row:
    """One row; its source is that of its largest statement with a known speaker.

    ``before`` are the sentences before it in which nothing is stated.
    """
    known = [s for s in mine if s.speaker] or [s for s in mine if s.speakers] or list(mine)
    main = max(known, key=lambda s: sum(end - start for start, end in s.content))
    speaker = main.speakers[0] if main.speakers else Speaker(None)

    def shown(place: Span | None) -> str | None:
        return " ".join(place.of(document.text).split()) if place else None

    return Row(
        span,
        tuple(statements),
        main.source_type,
        main.speaker,
        shown(speaker.title),
        shown(_why(document, span, speaker, before)),
        shown(speaker.anonymity_reason),
    )


def _why(document: Document, span: Span, speaker: Speaker, before: Sequence[Span]) -> Span | None:
    """Why a source is heard here: the sentence before that tells of it, else what is told elsewhere.

    That is one which names the source, or the one right before in the same paragraph, which leads to the row.
    """
    told = speaker.justification
    within = told is not None and span.start <= told.start and told.end <= span.end
    if speaker.type not in _TOLD_OF or not speaker.name or within:
        return told
    last = speaker.name.split()[-1]
    for place in reversed(before):
        text = place.of(document.text)
        leads = document.text[place.end : span.start].strip(" ") == ""
        if (last in text or leads) and len(text.split()) >= _SENTENCE:
            return place
    return told


_TOLD_OF = (SourceType.NAMED_PERSON, SourceType.NAMED_ORGANIZATION)
_SENTENCE = 6
"""Words that a sentence has to have to tell anything."""


def _settled(made: Iterable[Row]) -> Iterator[Row]:
    """The rows without those that hold the same words as the one before."""
    before: Row | None = None
    for row in made:
        if before is None or row.span != before.span:
            yield row
        before = row


def summary(table: Sequence[Row]) -> Summary:
    """Counts over a table."""
    counted = Counter(row.type for row in table)
    hidden = [row for row in table if row.type is SourceType.ANONYMOUS_SOURCE]
    named = {(row.type, row.name) for row in table if row.name}
    nameless = sum(1 for row in table if not row.name and row.type is not SourceType.UNKNOWN)
    return Summary(
        len(table),
        tuple((kind, counted[kind]) for kind in SourceType if counted[kind]),
        len(hidden),
        sum(row.anonymity_reason is not None for row in hidden),
        len(named) + nameless,
    )
