"""A page as blocks of text, in document order, with the links in them.

The tree is walked once and left as it is, but for marks: each text node gets a private-use character of
its own. After an extractor has thrown away what it takes for furniture, the marks in what is left say
which blocks it kept, so that its judgement is used and our own text, links and offsets are exact.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby

from lxml import etree
from lxml.html import HtmlElement

__all__ = ["INLINE", "MARKS", "SKIPPED", "Block", "PageLink", "Walk", "classes", "clean", "is_hidden"]

INLINE = frozenset(
    "a abbr acronym b basefont bdi bdo big cite code data dfn em font i ins kbd label mark nobr q ruby rb samp "  # noqa: SIM905
    "small span strong sub sup time tt u var wbr".split()
)
SKIPPED = frozenset(
    "script style noscript template head title svg math button input select textarea option iframe object embed "  # noqa: SIM905
    "video audio canvas map picture img figcaption dialog rp rt del s strike".split()
)
_HIDDEN_CLASS = re.compile(r"(?:^|\s)(?:sr-only|visually-?hidden|screen-reader-text|is-hidden|hidden|d-none)(?:\s|$)")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_FOOTNOTE = re.compile(r"[\s\[\](),*†‡\d]*")
_SPACE = re.compile("[\\s\u00a0\u2000-\u200a\u202f\u3000]+")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\ue000-\uf8ff\U000f0000-\U0010ffff\x00-\x08\x0e-\x1f\ufffe\uffff]")
# Character references bring into a tree what lxml then refuses to write.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FIRST_MARK, _LAST_MARK = 0xF0000, 0xFFFFD
MARKS = re.compile("[\U000f0000-\U0010ffff]")
"""The characters that marks are made of: taken out of a page before it is parsed."""


def clean(text: str) -> str:
    """``text`` with white space as single spaces, without soft hyphens, icons and other invisible signs."""
    return _SPACE.sub(" ", _INVISIBLE.sub("", text)).strip()


def classes(element: HtmlElement) -> str:
    """The element's class names and id, in lower case, with a space between."""
    return f"{element.get('class') or ''} {element.get('id') or ''}".lower().strip()


def is_hidden(element: HtmlElement) -> bool:
    """Whether the page hides it from the reader."""
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    return bool(_HIDDEN_CLASS.search(element.get("class") or "") or _HIDDEN_STYLE.search(element.get("style") or ""))


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link within a block: code points ``[start, end)`` of the block's text."""

    start: int
    end: int
    url: str


@dataclass(slots=True)
class Block:
    """A paragraph, heading, list item or cell: the text that stands in ``element`` without a break.

    ``marks`` tells for each mark how many characters its text node has. A block with an ``embed`` has no
    text: it holds the place of an embedded post.
    """

    element: HtmlElement
    text: str
    links: tuple[PageLink, ...] = ()
    marks: dict[str, int] = field(default_factory=dict)
    embed: HtmlElement | None = None

    def kept(self, marks: set[str]) -> bool:
        """Whether at least half of the text stands in nodes with these marks."""
        total = sum(self.marks.values())
        return total > 0 and 2 * sum(size for mark, size in self.marks.items() if mark in marks) >= total

    @property
    def linked_share(self) -> float:
        """How much of the text is links, 0 to 1."""
        return sum(link.end - link.start for link in self.links) / len(self.text) if self.text else 0.0


class Walk:
    """One walk over a tree; ``blocks`` is what it found.

    ``is_embed`` says which elements are embedded posts: they become one block each, whatever is inside.
    ``mark_nodes`` inserts the marks into the tree.
    """

    def __init__(self, root: HtmlElement, is_embed: Callable[[HtmlElement], bool] = lambda element: False) -> None:
        self.blocks: list[Block] = []
        self._is_embed = is_embed
        self._pieces: list[str] = []
        self._length = 0
        self._breaks = 0
        self._links: list[PageLink] = []  # may begin and end in white space until the block is done
        self._open: list[tuple[str, int]] = []
        self._marks: dict[str, int] = {}
        self._next_mark = _FIRST_MARK
        self._insertions: list[tuple[HtmlElement, bool, int, str]] = []
        self._holders: list[HtmlElement] = [root]
        self._walk(root)

    def mark_nodes(self) -> None:
        """Insert the marks, each before the first letter of its text node."""
        for (element, is_tail), places in groupby(self._insertions, key=lambda insertion: insertion[:2]):
            text = _UNWRITABLE.sub(" ", (element.tail if is_tail else element.text) or "")
            pieces, done = [], 0
            for _, _, position, mark in places:
                pieces += [text[done:position], mark]
                done = position
            text = "".join(pieces) + text[done:]
            if is_tail:
                element.tail = text
            else:
                element.text = text

    def _walk(self, root: HtmlElement) -> None:
        preformatted = 0
        events = etree.iterwalk(root, events=("start", "end"))
        for event, element in events:
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "start":
                if element is not root and self._skips(element, tag):
                    if tag and self._is_embed(element):
                        self._flush()
                        self.blocks.append(Block(element, "", embed=element))
                    events.skip_subtree()
                    continue
                preformatted += tag == "pre"
                self._enter(element, tag)
                self._add(element, False, element.text, preformatted > 0)
            else:
                # a skipped element ends here too, but was never entered
                if element is root or not self._skips(element, tag):
                    self._leave(element, tag)
                    preformatted -= tag == "pre"
                if element is not root:
                    self._add(element, True, element.tail, preformatted > 0)
        self._flush()

    def _skips(self, element: HtmlElement, tag: str) -> bool:
        if not tag or tag in SKIPPED or is_hidden(element):
            return True
        if tag == "sup" and _FOOTNOTE.fullmatch("".join(element.itertext())):
            return True
        return self._is_embed(element)

    def _enter(self, element: HtmlElement, tag: str) -> None:
        if tag == "br":
            self._breaks += 1
        elif tag == "hr":
            self._flush()
        elif tag == "q":
            self._write("“")
        elif tag == "a":
            self._open.append((element.get("href") or "", self._length))
        elif tag not in INLINE:
            self._flush()
            self._holders.append(element)

    def _leave(self, element: HtmlElement, tag: str) -> None:
        if tag == "q":
            self._trim()
            self._write("”")
        elif tag == "a" and self._open:
            self._close_link(*self._open.pop())
        elif tag not in INLINE and tag not in ("br", "hr"):
            self._flush()
            self._holders.pop()

    def _add(self, element: HtmlElement, is_tail: bool, text: str | None, preformatted: bool) -> None:
        if not text:
            return
        if not preformatted:
            self._add_run(element, is_tail, text, 0)
            return
        position = 0
        for paragraph in re.split(r"(\n[ \t\r]*\n\s*)", text):
            if position and not paragraph.strip():
                self._flush()
            self._add_run(element, is_tail, paragraph, position)
            position += len(paragraph)

    def _add_run(self, element: HtmlElement, is_tail: bool, text: str, position: int) -> None:
        words = _SPACE.sub(" ", _INVISIBLE.sub("", text))
        if not words.strip():
            if words and self._pieces and not self._pieces[-1][-1].isspace():
                self._write(" ")
            return
        if self._breaks > 1:
            self._flush()
        elif self._breaks and self._pieces:
            self._trim()
            self._write("\n")
        self._breaks = 0
        if not self._pieces or self._pieces[-1][-1].isspace():
            words = words.lstrip()
        self._write(words)
        if self._next_mark <= _LAST_MARK:
            mark = chr(self._next_mark)
            self._next_mark += 1
            self._marks[mark] = len(words)
            self._insertions.append((element, is_tail, position + len(text) - len(text.lstrip()), mark))

    def _write(self, words: str) -> None:
        self._pieces.append(words)
        self._length += len(words)

    def _trim(self) -> None:
        """Take back the one space that may stand at the end."""
        if self._pieces and self._pieces[-1].endswith(" "):
            self._length -= 1
            self._pieces[-1] = self._pieces[-1][:-1]
            if not self._pieces[-1]:
                self._pieces.pop()

    def _close_link(self, url: str, start: int) -> None:
        if url and self._length > start:
            self._links.append(PageLink(start, self._length, url))

    def _flush(self) -> None:
        """End the block; links that are still open go on in the next one."""
        for url, start in self._open:
            self._close_link(url, start)
        self._open = [(url, 0) for url, _ in self._open]
        text = "".join(self._pieces).rstrip()
        if text:
            links = (_tight(link, text) for link in self._links)
            self.blocks.append(Block(self._holders[-1], text, tuple(link for link in links if link), self._marks))
        self._pieces, self._length, self._links, self._marks, self._breaks = [], 0, [], {}, 0


def _tight(link: PageLink, text: str) -> PageLink | None:
    """The link without the white space at its ends, None where nothing is left."""
    words = text[link.start : link.end]
    start = link.start + len(words) - len(words.lstrip())
    end = start + len(words.strip())
    return PageLink(start, end, link.url) if end > start else None
