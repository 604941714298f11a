"""Put statements together: what the tagger found, quotations without a cue, posts and notes of the page."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from onrecord.extract.decode import Found
from onrecord.extract.form import edits, form_of, is_translated, quoted_in
from onrecord.extract.quotes import Quotation, quotations
from onrecord.extract.spans import covered, to_spans, with_marks
from onrecord.extract.tagger import Tagger, shipped
from onrecord.extract.words import Words
from onrecord.languages.en import is_furniture
from onrecord.model import Document, Form, Kind, Post, Span, Statement

__all__ = ["ExtractOptions", "statements"]

_LONE_QUOTATION_WORDS = 5
_LONE_QUOTATION_SCORE = 0.5


@dataclass(frozen=True, slots=True)
class ExtractOptions:
    """How to extract: ``nested`` statements or top-level ones only, and the least ``score`` (0 to 1) to keep."""

    nested: bool = True
    min_score: float = 0.0


@dataclass(frozen=True, slots=True)
class _Draft:
    """A statement before it has an id."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    score: float
    nested: bool = False
    kind: Kind = Kind.STATEMENT
    post: Post | None = None


def statements(
    document: Document, options: ExtractOptions | None = None, tagger: Tagger | None = None
) -> tuple[Statement, ...]:
    """The statements of ``document``, in document order, a parent before its children.

    Raises:
        ModelError: the weights that come with the package are missing or broken.
    """
    options = options or ExtractOptions()
    tagger = tagger or shipped()
    text = document.text
    words, found = tagger.tag(text)
    marks = quotations(text)
    outer = [q for q in marks if q.depth == 0]
    top = one_owner([f for f in found if not f.nested and f.score >= tagger.settings.min_score])
    drafts = [_draft(f, words, marks) for f in top]
    drafts = [d for d in drafts if d.content]
    drafts = _continued(drafts, outer)
    drafts.extend(_lone_quotations(text, outer, drafts, document))
    if options.nested:
        inner = [f for f in found if f.nested and f.score >= tagger.settings.nested_min_score]
        drafts.extend(d for d in (_draft(f, words, marks) for f in inner) if d.content)
    drafts.extend(_Draft((), (), (note,), 1.0, kind=Kind.EDITOR_NOTE) for note in document.notes)
    drafts.extend(_Draft((p.author_span,) if p.author_span else (), (), (p.span,), 1.0, post=p) for p in document.posts)
    drafts = [d for d in drafts if d.post or d.kind is Kind.EDITOR_NOTE or not _in_furniture(d, document)]
    return _finish(document, drafts, outer, options)


def one_owner(found: Sequence[Found]) -> list[Found]:
    """Give every word of content to the best-scored attribution that claims it.

    What loses more than half of its content is dropped: it was the same statement found twice.
    """
    taken: set[int] = set()
    kept: list[Found] = []
    for item in sorted(found, key=lambda f: (-f.score, f.cue)):
        left = [i for i in item.content if i not in taken]
        if 2 * len(left) <= len(item.content):
            continue
        taken.update(left)
        kept.append(replace(item, content=tuple(left)))
    return sorted(kept, key=lambda f: f.cue)


def _draft(found: Found, words: Words, marks: Sequence[Quotation]) -> _Draft:
    cue = to_spans(range(*found.cue), words) or _bare(found.cue, words)
    source = _one_span(to_spans(found.source, words))
    content = with_marks(words.text, to_spans(found.content, words), marks)
    return _Draft(source, cue, content, found.score, found.nested)


_SOURCE_GAP = 15


def _one_span(source: tuple[Span, ...]) -> tuple[Span, ...]:
    """A source is one phrase: parts a few letters apart are joined, of parts further apart the longest stays.

    Of PolNeAR's sources one in two thousand has two parts.
    """
    if len(source) < 2:
        return source
    joined = [source[0]]
    for span in source[1:]:
        if span.start - joined[-1].end <= _SOURCE_GAP:
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return (max(joined, key=lambda s: s.end - s.start),)


def _bare(cue: tuple[int, int], words: Words) -> tuple[Span, ...]:
    """A cue that is a mark alone (the colon of a headline)."""
    return (Span(int(words.starts[cue[0]]), int(words.ends[cue[1] - 1])),)


def _continued(drafts: list[_Draft], outer: Sequence[Quotation]) -> list[_Draft]:
    """Give a statement the rest of its quotation where that goes on, opened again, in the next paragraphs."""
    after = {q.span: later for q, later in pairwise(outer) if q.continues}
    claimed = [span for d in drafts for span in d.content]
    done = []
    for draft in drafts:
        content = list(draft.content)
        tail = next((q for q in outer if q.continues and _overlap(q.span, content[-1])), None)
        while tail is not None and (later := after.get(tail.span)) is not None:
            if any(_overlap(later.span, span) for span in claimed):
                break
            content.append(later.span)
            tail = later if later.continues else None
        done.append(replace(draft, content=tuple(content)))
    return done


def _lone_quotations(
    text: str, outer: Sequence[Quotation], drafts: Sequence[_Draft], document: Document
) -> list[_Draft]:
    """Quotations of some length that no statement holds: somebody's words, the speaker not stated here."""
    claimed = sorted(span for d in drafts for span in (*d.content, *d.source, *d.cue))
    claimed += [p.span for p in document.posts] + list(document.notes)
    lone = []
    for quotation in outer:
        near = [s for s in claimed if _overlap(s, quotation.span)]
        inside, total = covered([quotation.span], near, text)
        if len(quotation.span.of(text).split()) >= _LONE_QUOTATION_WORDS and inside <= 0.2 * total:
            lone.append(_Draft((), (), (quotation.span,), _LONE_QUOTATION_SCORE))
    return lone


def _overlap(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end


def _in_furniture(draft: _Draft, document: Document) -> bool:
    """Whether a statement's content stands in a line that is no part of the story ("Read more: …")."""
    at = draft.content[0].start
    line = document.text[document.text.rfind("\n", 0, at) + 1 : at + 40]
    return is_furniture(line)


def _finish(
    document: Document, drafts: list[_Draft], outer: Sequence[Quotation], options: ExtractOptions
) -> tuple[Statement, ...]:
    """Order, parents, ids and forms."""
    text = document.text
    drafts.sort(key=lambda d: (d.nested, min(s.start for s in (*d.source, *d.cue, *d.content)), -_size(d)))
    placed: list[tuple[_Draft, int | None]] = [(d, None) for d in drafts if not d.nested]
    for draft in sorted((d for d in drafts if d.nested), key=lambda d: -_size(d)):
        holder = _holder(draft, placed, text)
        if holder is None:
            continue
        inside = _intersect(draft.content, placed[holder][0].content)
        if inside and not _same(inside, placed[holder][0].content, text):
            placed.append((replace(draft, content=inside), holder))
    ids: dict[int, str] = {}
    used: set[str] = set()
    made: list[Statement] = []
    children: dict[int | None, list[int]] = {}
    for number, (_, parent) in enumerate(placed):
        children.setdefault(parent, []).append(number)

    def visit(number: int) -> None:
        draft, parent = placed[number]
        if draft.score < options.min_score:
            return
        ids[number] = identity = _identity(document.sha256, draft, used)
        quoted = quoted_in(draft.content, outer)
        everything = (*draft.source, *draft.cue, *draft.content)
        made.append(
            Statement(
                id=identity,
                content=draft.content,
                source=draft.source,
                cue=draft.cue,
                quoted=quoted,
                form=Form.VERBATIM if draft.post else form_of(draft.content, quoted, text),
                kind=draft.kind,
                parent=ids.get(parent) if parent is not None else None,
                score=draft.score,
                translated=is_translated(draft.cue, draft.content, text),
                edits=edits(quoted, text),
                post=draft.post,
                links=tuple(k for k in document.links if any(_overlap(k.span, s) for s in everything)),
            )
        )
        for child in sorted(children.get(number, ()), key=lambda n: placed[n][0].content[0]):
            visit(child)

    for number in children.get(None, ()):
        visit(number)
    return tuple(made)


def _size(draft: _Draft) -> int:
    return sum(s.end - s.start for s in draft.content)


def _holder(draft: _Draft, placed: Sequence[tuple[_Draft, int | None]], text: str) -> int | None:
    """The smallest placed statement whose content holds the draft's cue and most of its content."""
    best: tuple[int, int] | None = None
    for number, (other, _) in enumerate(placed):
        if other.kind is not Kind.STATEMENT or other.post:
            continue
        if not any(s.start <= draft.cue[0].start and draft.cue[-1].end <= s.end for s in other.content):
            continue
        near = [s for s in other.content if any(_overlap(s, c) for c in draft.content)]
        inside, total = covered(draft.content, near, text)
        if 2 * inside > total and (best is None or _size(other) < best[0]):
            best = (_size(other), number)
    return best[1] if best else None


def _intersect(a: Sequence[Span], b: Sequence[Span]) -> tuple[Span, ...]:
    cut = (Span(max(x.start, y.start), min(x.end, y.end)) for x in a for y in b)
    return tuple(sorted(s for s in cut if s.start < s.end))


def _same(a: Sequence[Span], b: Sequence[Span], text: str) -> bool:
    """Whether both have the same letters and digits."""
    inside, total = covered(b, a, text)
    return inside == total


def _identity(sha256: str, draft: _Draft, used: set[str]) -> str:
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
