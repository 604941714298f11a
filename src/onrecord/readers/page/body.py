"""Which blocks of a page are its article: trafilatura's judgement, then what it cannot know about news."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from lxml.html import HtmlElement

from onrecord.readers.page.about import About
from onrecord.readers.page.blocks import SKIPPED, Block, PageLink, Walk, clean
from onrecord.readers.page.embeds import Embed, is_embed, read_embed
from onrecord.readers.page.furniture import in_aside, is_furniture, is_note, is_note_heading

__all__ = ["Part", "body_parts"]

_SENTENCE = re.compile(r"[.!?…:][\"'”’)\]]*$|^[\"“‘']")
_REPEATED = 40
# JSON-LD that has this many times the text that the page shows has the article, the page a teaser of it.
_MUCH_MORE = 3
_SAME = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph of the article, or an embedded post (then ``text`` is empty).

    ``note`` says that it is the outlet's note; ``joined`` that it belongs to the note before it.
    """

    text: str
    links: tuple[PageLink, ...] = ()
    note: bool = False
    joined: bool = False
    embed: Embed | None = None


def body_parts(tree: HtmlElement, facts: About) -> list[Part]:
    """The article's paragraphs, notes and posts in document order, without the headline.

    The tree is changed: its text nodes are marked.
    """
    body = tree.find("body")
    walk = Walk(body if body is not None else tree, is_embed)
    walk.mark_nodes()
    blocks = walk.blocks
    kept = _judged(tree, blocks)
    for at in kept:
        _without_title(blocks[at], facts.title)
    kept -= {at for at in kept if not blocks[at].text or is_furniture(blocks[at])}
    kept -= _repeated(blocks, kept)
    if len(facts.body or "") > _MUCH_MORE * sum(len(blocks[at].text) for at in kept):
        return [Part(clean(line)) for line in (facts.body or "").splitlines() if line.strip()]
    if not kept:
        return []
    kept |= _gaps(blocks, kept)
    place = _Place(blocks, kept)
    notes = _notes(blocks, place)
    embeds = _embeds(blocks, place)
    parts: list[Part] = []
    for at, block in enumerate(blocks):
        if at in embeds:
            parts.append(Part("", embed=embeds[at]))
        elif at in notes or at in kept:
            parts.append(Part(block.text, block.links, at in notes, notes.get(at, False)))
    return parts


def _judged(tree: HtmlElement, blocks: list[Block]) -> set[int]:
    """The positions of the blocks that trafilatura takes for the article's."""
    from trafilatura import bare_extraction

    try:
        found = bare_extraction(tree, include_comments=False, include_tables=True, output_format="xml")
    except Exception:  # whatever a strange page breaks in it, the page's own <article> is left to go by
        found = None
    if found is not None and not isinstance(found, dict) and found.body is not None:
        marks = {mark for text in found.body.itertext() for mark in str(text)}
        if kept := {at for at, block in enumerate(blocks) if block.kept(marks)}:
            return kept
    inside = [
        at
        for at, block in enumerate(blocks)
        if any(a.tag in ("article", "main") for a in block.element.iterancestors())
    ]
    return {at for at in inside if blocks[at].embed is None and not in_aside(blocks[at].element)}


def _without_title(block: Block, title: str | None) -> None:
    """Take the headline off a block that is it, or whose first line it is."""
    first, _, rest = block.text.partition("\n")
    if title is not None and _bare(first) == _bare(title):
        shift = len(first) + 1
        links = (
            PageLink(link.start - shift, link.end - shift, link.url) for link in block.links if link.start >= shift
        )
        block.text, block.links = rest, tuple(links)


def _bare(text: str) -> str:
    return _SAME.sub("", text).lower()


def _repeated(blocks: list[Block], kept: set[int]) -> set[int]:
    """Kept blocks whose words, more than a few, stood in a kept block before."""
    seen: set[str] = set()
    found: set[int] = set()
    for at in sorted(kept):
        if len(blocks[at].text) > _REPEATED:
            if blocks[at].text in seen:
                found.add(at)
            seen.add(blocks[at].text)
    return found


def _gaps(blocks: list[Block], kept: set[int]) -> set[int]:
    """Paragraphs left out between two that were kept, though they are their like, and headings of kept ones."""
    order = sorted(kept)
    between = range(order[0] + 1, order[-1])
    found = {at for at in between if at not in kept and at + 1 in kept and _is_heading(blocks[at])}
    for before, after in pairwise(order):
        parent = blocks[before].element.getparent()
        if parent is None or blocks[after].element.getparent() is not parent:
            continue
        for at in range(before + 1, after):
            block = blocks[at]
            alike = block.element.tag == blocks[before].element.tag and block.element.getparent() is parent
            if alike and block.linked_share < 0.5 and _SENTENCE.search(block.text) and not is_furniture(block):
                found.add(at)
    return found


def _is_heading(block: Block) -> bool:
    return block.element.tag in ("h2", "h3", "h4") and block.linked_share < 0.5 and not is_furniture(block)


class _Place:
    """Where the article stands on the page: between which blocks, in which element."""

    def __init__(self, blocks: list[Block], kept: set[int]) -> None:
        self.kept = kept
        self._blocks = blocks
        self._first, self._last = min(kept), max(kept)
        self._container = _container(blocks[self._first].element, blocks[self._last].element)

    def holds(self, at: int) -> bool:
        """Whether a block that was not kept stands among those that were, or in the same article."""
        block = self._blocks[at]
        element = block.element if block.embed is None else _outermost(block.embed)
        if in_aside(element, self._container):
            return False
        return self._first < at < self._last or self._container in element.iterancestors()


def _container(first: HtmlElement, last: HtmlElement) -> HtmlElement | None:
    """The article that both stand in, or else the innermost element that holds both."""
    above = {first, *first.iterancestors()}
    shared = [element for element in (last, *last.iterancestors()) if element in above]
    return next((element for element in shared if element.tag == "article"), shared[0] if shared else None)


def _outermost(embed: HtmlElement) -> HtmlElement:
    """What surrounds a post: its wrappers ("social-embed", an aside) say nothing about where it stands."""
    while (parent := embed.getparent()) is not None and _is_alone(embed, parent):
        embed = parent
    return parent if parent is not None else embed


def _is_alone(child: HtmlElement, parent: HtmlElement) -> bool:
    """Whether no other words than the child's stand in the parent."""
    if _bare(parent.text or ""):
        return False
    for element in parent:
        if _bare(element.tail or ""):
            return False
        if element is not child and element.tag not in SKIPPED and any(_bare(str(text)) for text in element.itertext()):
            return False
    return True


def _notes(blocks: list[Block], place: _Place) -> dict[int, bool]:
    """Corrections and editor's notes, also those that trafilatura takes for furniture; whether they go on."""
    found: dict[int, bool] = {}
    for at, block in enumerate(blocks):
        heading = is_note_heading(block.text) and at + 1 < len(blocks) and blocks[at + 1].embed is None
        if not (heading or is_note(block.text)) or not (at in place.kept or place.holds(at)):
            continue
        if heading:
            found |= {at: False, at + 1: True}
        else:
            found.setdefault(at, False)
    return found


def _embeds(blocks: list[Block], place: _Place) -> dict[int, Embed]:
    """The embedded posts that stand in the article."""
    found: dict[int, Embed] = {}
    for at, block in enumerate(blocks):
        if block.embed is not None and place.holds(at) and (embed := read_embed(block.embed)):
            found[at] = embed
    return found
