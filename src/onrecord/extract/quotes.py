"""Find the quoted stretches of a text.

Works paragraph by paragraph, so that one stray mark never swallows a document. Knows double, single,
curly, straight, low and angle marks, marks that do not match, a mark that is missing at a paragraph's
end, quotations that go on over several paragraphs (each opened, the last one closed), and apostrophes,
which are no quotation marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from onrecord.model import Span

__all__ = ["Quotation", "quotations"]

_DOUBLE_OPEN = "“„«‟❝"
_DOUBLE_CLOSE = "”»❞"
_DOUBLE = '"＂' + _DOUBLE_OPEN + _DOUBLE_CLOSE
_SINGLE_OPEN = "‘‚‹`"
_SINGLE = "'’" + _SINGLE_OPEN + "›"
_MARK = re.compile(f"``|''|[{re.escape(_DOUBLE + _SINGLE)}]")
_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_OPENS_AFTER = frozenset("([{—–-/:;,|…") | frozenset(_DOUBLE) | frozenset(_SINGLE)
_CLOSES_BEFORE = frozenset(")]}—–-/:;,.!?|…*") | frozenset(_DOUBLE) | frozenset(_SINGLE)
# Letters left out at a word's start ('em, '90s, 'til): an apostrophe even where a quotation could open.
_ELISION = re.compile(r"['’‘](?:\d0?s\b|\d\ds?\b|em\b|til\b|tis\b|twas\b|n['’]|cause\b|round\b|bout\b)", re.I)


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quoted stretch, marks included: ``span`` in code points.

    ``depth`` is 0 for an outer quotation, 1 for one inside it. ``closed`` is False where no closing mark
    stands; ``continues`` is True where the next paragraph opens the same quotation again.
    """

    span: Span
    depth: int
    closed: bool
    continues: bool = False

    def inner(self, text: str) -> Span:
        """The words without their marks."""
        start, end = self.span
        start += 2 if text.startswith(("``", "''"), start) else 1
        if self.closed:
            end -= 2 if text[start:end].endswith("''") else 1
        return Span(start, max(start, end))


@dataclass(slots=True)
class _Open:
    start: int
    double: bool
    mark: str


def quotations(text: str) -> list[Quotation]:
    """All quoted stretches of ``text``, by start; inner ones after the outer one that holds them.

    >>> text = "Voters' trust, he said, is “all 'smoke'\\"."
    >>> [q.span.of(text) for q in quotations(text)]
    ['“all \\'smoke\\'"', "'smoke'"]
    """
    return list(_quotations(text))


@lru_cache(maxsize=2)
def _quotations(text: str) -> tuple[Quotation, ...]:
    """The same, kept for the stage that asks next."""
    lines = [m.span() for m in _LINE.finditer(text) if not m.group().isspace()]
    found: list[Quotation] = []
    for number, (start, end) in enumerate(lines):
        following = text[lines[number + 1][0] : lines[number + 1][1]].lstrip() if number + 1 < len(lines) else ""
        goes_on = following[:1] in _DOUBLE and following[:1] != "" and following[:1] not in _DOUBLE_CLOSE
        found.extend(_line(text, start, end, goes_on))
    found.sort(key=lambda q: (q.span.start, -q.span.end))
    return tuple(found)


def _line(text: str, start: int, end: int, goes_on: bool) -> Iterator[Quotation]:
    """Quotations of one paragraph; ``goes_on`` tells that the next paragraph begins with an opening mark."""
    stack: list[_Open] = []
    marks = list(_MARK.finditer(text, start, end))
    for order, mark in enumerate(marks):
        at, after = mark.span()
        sign = mark.group()
        double = len(sign) == 2 or sign in _DOUBLE
        before, behind = text[at - 1 : at] if at > start else "", text[after : after + 1] if after < end else ""
        if not double and _is_apostrophe(text, at, before, behind, stack):
            continue
        open_here = _may_open(sign, before, behind)
        close_here = _may_close(sign, before, behind)
        same = [k for k, o in enumerate(stack) if o.double == double]
        if same and (close_here and not (open_here and _strictly_opens(sign))):
            if not double and _later_close(text, marks, order, end) and _plural(before, behind):
                continue
            k = same[-1]
            yield Quotation(Span(stack[k].start, after), k, True)
            del stack[k:]
        elif open_here and not same:
            if not double and not _later_close(text, marks, order, end):
                continue
            stack.append(_Open(at, double, sign))
        elif open_here and double and same and _strictly_opens(sign):
            # opened again without a close: the first one lost its closing mark
            k = same[-1]
            stop = len(text[start:at].rstrip()) + start
            if stop > stack[k].start + 1 and not _nests(stack[k].mark, sign):
                yield Quotation(Span(stack[k].start, stop), k, False)
                del stack[k:]
            stack.append(_Open(at, double, sign))
    for k, opened in enumerate(stack):
        stop = len(text[start:end].rstrip()) + start
        if opened.double and stop > opened.start + 1:
            yield Quotation(Span(opened.start, stop), k, False, goes_on and k == 0)
            return


def _nests(outer: str, inner: str) -> bool:
    """Whether double marks of two sorts may stand in one another («… “…” …»)."""
    return (outer in "«„") != (inner in "«„")


def _is_apostrophe(text: str, at: int, before: str, behind: str, stack: list[_Open]) -> bool:
    """Whether a single mark stands inside a word, or for letters left out at its start."""
    if text[at] in "‹›`‚":
        return False
    if before.isalnum() and behind.isalnum():
        return True
    if not before.isalnum() and _ELISION.match(text, at) and not any(not o.double for o in stack):
        return True
    # a closing-shaped mark after a letter while no single quotation is open: a possessive
    return before.isalnum() and not any(not o.double for o in stack)


def _plural(before: str, behind: str) -> bool:
    """Whether a single mark may be a plural's possessive: after s, before a space."""
    return before in ("s", "S") and behind.isspace()


def _later_close(text: str, marks: list[re.Match[str]], order: int, end: int) -> bool:
    """Whether a single mark that can close follows in the paragraph."""
    for mark in marks[order + 1 :]:
        at, after = mark.span()
        if mark.group() in _SINGLE and mark.group() not in _SINGLE_OPEN:
            before, behind = text[at - 1 : at], text[after : after + 1] if after < end else ""
            if not (before.isalnum() and behind.isalnum()) and _may_close(mark.group(), before, behind):
                return True
    return False


def _strictly_opens(sign: str) -> bool:
    return sign in _DOUBLE_OPEN or sign in _SINGLE_OPEN or sign == "``"


def _may_open(sign: str, before: str, behind: str) -> bool:
    if sign in _DOUBLE_CLOSE or not behind or behind.isspace():
        return False
    if _strictly_opens(sign):
        return True
    return before == "" or before.isspace() or before in _OPENS_AFTER


def _may_close(sign: str, before: str, behind: str) -> bool:
    if sign in "“„«‟" or sign in _SINGLE_OPEN or sign == "``":
        return False
    if sign in _DOUBLE_CLOSE:
        return True
    if sign in ('"', "＂", "''"):
        return before != "" and (not before.isspace() or not behind or behind.isspace())
    return before != "" and not before.isspace() and (behind == "" or behind.isspace() or behind in _CLOSES_BEFORE)
