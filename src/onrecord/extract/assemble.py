"""Put statements together: what the tagger found, quotations without a cue, posts and notes of the page."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from onrecord.extract.decode import Found
from onrecord.extract.drafts import Draft, draft_of, one_owner
from onrecord.extract.follow import following
from onrecord.extract.form import edits, form_of, is_translated, quoted_in
from onrecord.extract.nesting import Placed, place
from onrecord.extract.quotes import Quotation, quotations
from onrecord.extract.reading import Reading
from onrecord.extract.silence import silences
from onrecord.extract.spans import overlap
from onrecord.extract.speech import carried_on, in_speech, speeches, unclaimed, uncut
from onrecord.extract.tagger import Settings, Tagger, shipped
from onrecord.extract.words import Words
from onrecord.languages.en import is_furniture
from onrecord.model import Document, Form, Kind, Span, Statement

__all__ = ["ExtractOptions", "read_statements", "statement_at", "statements"]


@dataclass(frozen=True, slots=True)
class ExtractOptions:
    """How to extract: ``nested`` statements or top-level ones only, and the least ``score`` (0 to 1) to keep."""

    nested: bool = True
    min_score: float = 0.0


def statements(
    document: Document, options: ExtractOptions | None = None, tagger: Tagger | None = None
) -> tuple[Statement, ...]:
    """The statements of ``document``, in document order, a parent before its children.

    Raises:
        ModelError: the weights that come with the package are missing or broken.
    """
    tagger = tagger or shipped()
    text, marks, spoken = _prepared(document)
    words, found = tagger.tag(text, spoken)
    return _assembled(document, options or ExtractOptions(), tagger.settings, words, found, marks)


def read_statements(
    document: Document, options: ExtractOptions | None = None, tagger: Tagger | None = None
) -> tuple[tuple[Statement, ...], Reading]:
    """The same, with the reading that the next stage goes on from.

    Raises:
        ModelError: the weights that come with the package are missing or broken.
    """
    tagger = tagger or shipped()
    text, marks, spoken = _prepared(document)
    reading, found = tagger.read(text, spoken)
    made = _assembled(document, options or ExtractOptions(), tagger.settings, reading.words, found, marks)
    return made, reading


def _prepared(document: Document) -> tuple[str, list[Quotation], list[Span]]:
    """The text that the tagger reads, its quotations, and the stretches in which somebody is quoted."""
    text = _story(document)
    marks = quotations(text)
    spoken = speeches([q for q in marks if q.depth == 0])
    return text, marks, [span for speech in spoken for span in speech]


def _assembled(
    document: Document,
    options: ExtractOptions,
    settings: Settings,
    words: Words,
    found: Sequence[Found],
    marks: Sequence[Quotation],
) -> tuple[Statement, ...]:
    text = words.text
    outer = [q for q in marks if q.depth == 0]
    spoken = speeches(outer)
    # 1. What the tagger found with the outlet as teller; a cue inside a quotation is the quoted person's.
    kept = one_owner([f for f in found if not f.nested and f.score >= settings.min_score])
    drafts = [d for f in kept if (d := draft_of(f, words, marks)) is not None and not _in_furniture(d, text)]
    inner = [d for d in drafts if in_speech(d, spoken, text)]
    top = uncut(carried_on([d for d in drafts if d not in inner], spoken), outer, text)
    # 2. Quotations that nobody claimed, answers that nobody gave, sentences that go on reporting.
    top += unclaimed(text, spoken, sorted(s for d in top for s in (*d.source, *d.cue, *d.content)))
    top = silences(top, text, outer)
    top += following(words, top, outer)
    # 3. Statements inside statements.
    if options.nested:
        deeper = [f for f in found if f.nested and f.score >= settings.nested_min_score]
        inner += [d for f in deeper if (d := draft_of(f, words, marks)) is not None]
    placed = place(top + _furnished(document), inner if options.nested else (), text)
    return tuple(_finish(document, placed, outer, options.min_score))


def _story(document: Document) -> str:
    """The text with the posts and notes blanked, line ends kept: they are records of their own."""
    text, parts, at = document.text, [], 0
    for start, end in sorted([*document.notes, *(s for p in document.posts for s in (p.span, p.author_span) if s)]):
        parts += [text[at:start], *(c if c.isspace() else " " for c in text[max(at, start) : end])]
        at = max(at, end)
    return "".join([*parts, text[at:]])


def _furnished(document: Document) -> list[Draft]:
    """The page's own records: its corrections and notes, and the posts embedded in it."""
    notes = [Draft((), (), (note,), 1.0, kind=Kind.EDITOR_NOTE) for note in document.notes]
    posts = [Draft((p.author_span,) if p.author_span else (), (), (p.span,), 1.0, post=p) for p in document.posts]
    return notes + posts


def _in_furniture(draft: Draft, text: str) -> bool:
    """Whether a statement's content stands in a line that is no part of the story ("Read more: …")."""
    at = draft.content[0].start
    return is_furniture(text[text.rfind("\n", 0, at) + 1 : at + 40])


def _finish(
    document: Document, placed: Sequence[Placed], outer: Sequence[Quotation], min_score: float
) -> Iterable[Statement]:
    """Statements in document order, a parent before its children; with a parent that is left out its children go."""
    sha256 = document.sha256
    children: dict[int | None, list[int]] = {}
    for number, (_, parent) in enumerate(placed):
        children.setdefault(parent, []).append(number)
    used: set[str] = set()

    def visit(number: int, parent: str | None) -> Iterable[Statement]:
        draft = placed[number][0]
        if draft.score < min_score:
            return
        made = _statement(document, draft, outer, _identity(sha256, draft, used), parent)
        yield made
        for child in sorted(children.get(number, ()), key=lambda n: placed[n][0].content[0]):
            yield from visit(child, made.id)

    for number in children.get(None, ()):
        yield from visit(number, None)


def _statement(
    document: Document, draft: Draft, outer: Sequence[Quotation], identity: str, parent: str | None
) -> Statement:
    text = document.text
    quoted = quoted_in(draft.content, outer)
    everything = (*draft.source, *draft.cue, *draft.content)
    return Statement(
        id=identity,
        content=draft.content,
        source=draft.source,
        cue=draft.cue,
        quoted=quoted,
        form=Form.VERBATIM if draft.post else form_of(draft.content, quoted, text),
        kind=draft.kind,
        parent=parent,
        score=draft.score,
        translated=is_translated(draft.cue, draft.content, text),
        edits=edits(quoted, text),
        post=draft.post,
        inferred=draft.follows,
        links=tuple(k for k in document.links if any(overlap(k.span, s) for s in everything)),
    )


def statement_at(
    document: Document,
    content: Sequence[Span],
    source: Sequence[Span] = (),
    cue: Sequence[Span] = (),
    used: Collection[str] = (),
) -> Statement:
    """A top-level statement where a person says that there is one, with the form that its quotation marks give it.

    Its id is that of its content; where one ``used`` has that, the id of content, source and cue.

    >>> at = statement_at(Document("d", "“No,” she said."), [Span(0, 5)], [Span(6, 9)], [Span(10, 14)])
    >>> str(at.form), at.score
    ('verbatim', 1.0)

    Raises:
        ValueError: there is no content, or spans overlap or are out of order.
    """
    draft = Draft(tuple(source), tuple(cue), tuple(content), 1.0)
    outer = [q for q in quotations(document.text) if q.depth == 0]
    return _statement(document, draft, outer, _identity(document.sha256, draft, set(used)), None)


def _identity(sha256: str, draft: Draft, used: set[str]) -> str:
    """Sixteen hexadecimal digits from the text's hash and the content's offsets, so that a second run gives the same.

    Two statements with one content (two cues share it) are told apart by their cues.
    """
    key = f"{sha256}:{[tuple(s) for s in draft.content]}"
    identity = hashlib.sha256(key.encode()).hexdigest()[:16]
    if identity in used:
        key += f":{[tuple(s) for s in (*draft.cue, *draft.source)]}"
        identity = hashlib.sha256(key.encode()).hexdigest()[:16]
    used.add(identity)
    return identity
