"""Which blocks of a page are its article: trafilatura's judgement, then what it cannot know about news."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from lxml.html import HtmlElement

from onrecord.readers.page.about import About
from onrecord.readers.page.blocks import Block, PageLink, Walk, clean, repeated
from onrecord.readers.page.embeds import Embed, is_embed, read_embed
from onrecord.readers.page.furniture import in_aside, is_furniture, is_note, is_note_heading

__all__ = ["Part", "body_parts"]

_SENTENCE = re.compile(r"[.!?…:][\"'”’)\]]*$|^[\"“‘']")
_REPEATED = 40
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
    kept -= {at for at in repeated(blocks, _REPEATED) if at in kept}
    if not kept:
        return [Part(clean(line)) for line in (facts.body or "").splitlines() if line.strip()]
    kept |= _gaps(blocks, kept)
    notes = _notes(blocks, kept)
    embeds = _embeds(blocks, kept)
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


def _notes(blocks: list[Block], kept: set[int]) -> dict[int, bool]:
    """Corrections and editor's notes, also those that trafilatura takes for furniture; whether they go on."""
    found: dict[int, bool] = {}
    for at, block in enumerate(blocks):
        if not (at in kept or _belongs(blocks, kept, at)):
            continue
        if is_note_heading(block.text) and at + 1 < len(blocks) and blocks[at + 1].embed is None:
            found |= {at: False, at + 1: True}
        elif is_note(block.text):
            found.setdefault(at, False)
    return found


def _embeds(blocks: list[Block], kept: set[int]) -> dict[int, Embed]:
    """The embedded posts that stand in the article."""
    found: dict[int, Embed] = {}
    for at, block in enumerate(blocks):
        if block.embed is not None and _belongs(blocks, kept, at) and (embed := read_embed(block.embed)):
            found[at] = embed
    return found


def _belongs(blocks: list[Block], kept: set[int], at: int) -> bool:
    """Whether a block that was not kept stands among those that were, or right beside them."""
    container = _container(blocks, kept)
    element = blocks[at].element
    if blocks[at].embed is not None:
        # wrappers of a post alone ("social-embed", <aside>) say nothing about where it stands
        while (parent := element.getparent()) is not None and _holds_only(parent, element):
            element = parent
        element = parent if parent is not None else element
    if in_aside(element, container):
        return False
    if min(kept) < at < max(kept):
        return True
    return container is None or container in element.iterancestors()


def _holds_only(parent: HtmlElement, child: HtmlElement) -> bool:
    return len(_bare("".join(parent.itertext()))) == len(_bare("".join(child.itertext())))


def _container(blocks: list[Block], kept: set[int]) -> HtmlElement | None:
    """The innermost element that holds the first and the last kept block."""
    first, last = blocks[min(kept)].element, blocks[max(kept)].element
    above = set(first.iterancestors()) | {first}
    for ancestor in (last, *last.iterancestors()):
        if ancestor in above:
            article = next((a for a in (ancestor, *ancestor.iterancestors()) if a.tag == "article"), None)
            return article if article is not None else ancestor
    return None
