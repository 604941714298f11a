"""Sentences that go on reporting without a word for it: "Talks would resume, she said. The fleet *would* stay in port."

Most sentences after a reported one are the outlet's own. Of 340 read in three corpora a quarter go on; what tells them
is a mood that only reported speech has, or figures after figures of the same poll or report (``docs/decisions.md``).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache

from onrecord.extract.drafts import Draft
from onrecord.extract.quotes import Quotation
from onrecord.extract.sentences import sentence_numbers
from onrecord.extract.spans import overlap, trim
from onrecord.extract.words import Words
from onrecord.languages.en import word_list
from onrecord.model import Kind, Span

__all__ = ["following"]

_SHORTEST = 5
"""Words of the shortest sentence that is looked at."""
_LONGEST_RUN = 3
"""So many sentences go on from one statement at most."""
_MOOD, _FIGURES, _ADDED = 0.8, 0.75, 0.6
"""Scores: how often such a sentence goes on reporting, rounded down (9 of 10 for the mood, 10 of 12 for figures). One
that says that it adds something has the mood only now and then: of seven that were looked at three went on."""
_WOULD = frozenset(("would", "wouldn't", "wouldn’t", "'d", "’d"))


def following(words: Words, drafts: Sequence[Draft], outer: Sequence[Quotation]) -> list[Draft]:
    """Statements without source and cue, one for each sentence that goes on from the statement before it.

    Such a sentence stands in the same paragraph, right after one with a statement that has a cue, and holds neither
    a statement nor a quotation.
    """
    strings = words.strings()
    numbers = sentence_numbers(words, strings).tolist()
    count = numbers[-1] + 1 if numbers else 0
    starts = [bisect_left(numbers, number) for number in range(count + 1)]
    begins = words.starts.tolist()
    owned: dict[int, list[Draft]] = {}
    for draft in drafts:
        for span in (*draft.source, *draft.cue, *draft.content):
            first, last = (numbers[bisect_right(begins, at) - 1] for at in (span.start, span.end - 1))
            for number in range(first, last + 1):
                owned.setdefault(number, []).append(draft)
    lower: list[str] = []
    paragraphs = words.paragraphs
    made: list[Draft] = []
    for number, holders in sorted(owned.items()):
        told = [d for d in holders if d.cue and d.kind is Kind.STATEMENT]
        if not told or number + 1 == count or number + 1 in owned:
            continue
        lower = lower or [word.lower() for word in strings]
        draft = max(told, key=lambda d: max(s.end for s in (*d.source, *d.cue, *d.content)))
        before = range(starts[numbers[bisect_right(begins, draft.start) - 1]], starts[number + 1])
        for after in range(number + 1, min(number + 1 + _LONGEST_RUN, count)):
            now = range(starts[after], starts[after + 1])
            apart = after in owned or paragraphs[now[0]] != paragraphs[before[0]] or len(now) < _SHORTEST
            score = None if apart else _goes_on(lower, draft, before, now, words)
            if score is None:
                break
            end = now[-1] if lower[now[-1]] in (".", "!") else now.stop
            span = Span(*trim(words.text, begins[now[0]], int(words.ends[end - 1])))
            if any(overlap(span, quotation.span) for quotation in outer):
                break
            made.append(Draft((), (), (span,), score, follows=True))
            before = range(before.start, now.stop)
    return made


def _goes_on(lower: Sequence[str], draft: Draft, before: range, now: range, words: Words) -> float | None:
    """How probable it is that the sentence ``now`` goes on with what ``before`` reports; None: nothing tells so."""
    if lower[now[-1]] in ("?", ":"):
        return None
    text = [lower[i] for i in now]
    if not _WOULD.isdisjoint(text):
        if not _WOULD.isdisjoint(lower[i] for i in before):
            return _MOOD
        if any(text[: len(opener)] == opener for opener in _openers()):
            return _ADDED
    if _of_data(draft, words) and _has_figure(text) and _has_figure([lower[i] for i in before]):
        return _FIGURES
    return None


def _has_figure(text: Sequence[str]) -> bool:
    return any(word[0].isdigit() or word in _figures() for word in text)


def _of_data(draft: Draft, words: Words) -> bool:
    """Whether a source is a poll, a report, figures: a noun for these before a preposition, a comma or the end."""
    for span in draft.source:
        first = int(words.starts.searchsorted(span.start))
        last = int(words.starts.searchsorted(span.end))
        inside = [words.text[words.starts[i] : words.ends[i]] for i in range(first, last)]
        for word, after in zip(inside, [*inside[1:], ","], strict=True):
            if word in _data():
                return after in _after() or after.endswith("ed") or not after[0].isalnum()
            if word.lower() in _prepositions():
                break
    return False


@cache
def _data() -> frozenset[str]:
    return frozenset(word_list("data_nouns.txt"))


@cache
def _figures() -> frozenset[str]:
    return frozenset(word_list("number_words.txt"))


@cache
def _prepositions() -> frozenset[str]:
    return frozenset(word_list("prepositions.txt"))


@cache
def _after() -> frozenset[str]:
    return _prepositions() | {"that", "which", "and", "released", "by", "last", "this", "on"}


@cache
def _openers() -> tuple[list[str], ...]:
    return tuple(line.split() for line in word_list("additive_openers.txt"))
