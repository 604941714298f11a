"""What stands on a page but is no text of the article, and what is the outlet's note on it."""

from __future__ import annotations

import re
from itertools import islice

from lxml.html import HtmlElement

from onrecord.readers.page.blocks import Block, classes

__all__ = ["in_aside", "is_furniture", "is_note", "is_note_heading", "is_pull_quote"]

_ASIDE_TAGS = frozenset("aside nav footer form header menu fieldset".split())  # noqa: SIM905
_ASIDE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:related|recirc\w*|newsletter|sign-?up|promo|most-(?:read|popular)|trending|recommend\w*|"
    r"share|sharing|social|sidebar|breadcrumbs?|comments?|advert\w*|ad|ads|ad-slot|outbrain|taboola|cookie|"
    r"paywall|subscribe|subscription|read-?more|more-on|see-also|tags?|topics|byline|author-bio|menu)(?:$|[\s_-])"
)
_CAPTION_CLASS = re.compile(
    r"(?:^|[\s_-])(?:caption|captions|caption-text|credit|photo-credit|media-credit)(?:$|[\s_-])"
)
_PULL_QUOTE_CLASS = re.compile(r"pull-?_?quote|pq-|quote-box")

# "Read more: …", "Related: …" stand before a headline; the rest of the paragraph is that headline.
_POINTER = re.compile(
    r"[\s>»▶►•*]*(?:\[|\()?(?:read\s+(?:more|also|next|the\s+full\s+\w+)|also\s+(?:read|on\b[\w\s]*)|see\s+also|related"
    r"(?:\s+(?:stor(?:y|ies)|articles?|links?|coverage))?|more\s+(?:on|from|about)\b[\w\s’']*|must\s+read|"
    r"don[’']t\s+miss|further\s+reading|recommended(?:\s+reading)?|you\s+(?:may|might)\s+(?:also\s+)?like|"
    r"what\s+to\s+read\s+next|watch|listen|video|in\s+pictures|photos|gallery|live|explainer|analysis|opinion"
    r"|go\s+deeper|background)\s*(?P<mark>[:|»›→–—-]|$)",
    re.IGNORECASE,
)
# These point to another page whatever follows them; the others may begin a sentence of the article.
_SURE_POINTER = re.compile(
    r"[\s>»▶►•*\[(]*(?:read\s+(?:more|also|next)|also\s+read|see\s+also|related|you\s+(?:may|might)\s+also\s+like)\b\s*[:|»›→–—-]",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"(?:advertisements?|sponsored(?:\s+content)?|story\s+continues(?:\s+below.*)?|article\s+continues\s+(?:after|below).*|"
    r"continue\s+reading.*|skip\s+(?:past|to|advert).*|(?:sign\s+up|subscribe)\s+(?:to|for|here|now)\b.*|"
    r"(?:get|receive)\s+(?:the|our)\b.*\b(?:newsletter|inbox|e-?mail)\b.*|.*\bnewsletters?\b.*\b(?:inbox|sign\s+up|subscribe)\b.*|"
    r"follow\s+(?:us|\S+\s+on)\b.*|share\s+(?:this|on)\b.*|click\s+here\b.*|tap\s+here\b.*|print(?:\s+this.*)?|e-?mail|share|"
    r"(?:image|photo|picture|media)\s+(?:caption|source|credit)\b.*|(?:photo|image|picture|photograph|credit)s?\s*(?:by|:)\s.*|"
    r"file\s+photo\b.*|(?:\(|\[)?(?:additional\s+)?reporting\s+by\b.*(?:;|\)|\]|editing).*|our\s+standards:.*|©.*|copyright\s*(?:©|\(c\)|\d).*|"
    r"all\s+rights\s+reserved.*|(?:the\s+)?views?\s+expressed\s+(?:here|in\s+this)\b.*|\d+\s+comments?|leave\s+a\s+(?:comment|reply)|"
    r"(?:published|posted|updated|last\s+(?:updated|modified)|first\s+published)\b[\s:]*(?:on\s+)?"
    r"(?:\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|at\b).{0,60}|"
    r"\d+\s+(?:min(?:ute)?s?|hours?|days?)\s+(?:read|ago)|\d{1,2}[:.]\d{2}\s*(?:[ap]\.?m\.?)?\s*(?:[A-Z]{2,4})?|"
    r"(?:summary|key\s+(?:points|takeaways|events|facts)|at\s+a\s+glance|highlights|what\s+you\s+need\s+to\s+know)\s*:?|"
    r"a\s+version\s+of\s+this\s+(?:article|story)\s+appear.*|(?-i:[A-ZÀ-Þ]).{0,150}\bcontributed\s+(?:reporting|research|"
    r"to\s+this\s+(?:report|article|story)).{0,40}|(?-i:(?:[A-ZÀ-Þ][\w.’'-]*,?\s+(?:and\s+)?){2,8}reported\s+from\s).{2,120}|"
    r"by:?\s+(?-i:(?:[A-ZÀ-Þ][\w.’'-]*,?\s+(?:(?:and|for|of)\s+)?){1,10}[A-ZÀ-Þ][\w.’'-]*))",
    re.IGNORECASE | re.DOTALL,
)
_NOTE = re.compile(
    r"[\s*•(\[]*(?:(?:corrections?(?:\s+(?:and|&)\s+clarifications?)?|clarifications?|editor[’']?s?[’']?\s+notes?|"
    r"note\s+(?:to|from)\s+(?:our\s+)?(?:readers|the\s+editors?)|amendment|erratum)"
    r"(?:\s*[,(]?\s*\(?[\w\s.,]{0,30}\d{4}\)?)?\s*[:.—–-]|"
    r"(?:an?\s+)?(?:earlier|previous|prior)\s+versions?\s+of\s+this\s+(?:article|story|report|post|piece|page|headline)\b|"
    r"this\s+(?:article|story|report|post|piece|page|headline|blog)(?:[’']s\s+headline)?\s+"
    r"(?:(?:was|has\s+been|is\s+being)\s+(?:\w+\s+)?(?:amended|updated|corrected|changed|edited|clarified|revised)|"
    r"(?:originally|previously|initially|incorrectly)\b)|"
    r"we\s+have\s+(?:corrected|amended|clarified|updated)\s+this\b)",
    re.IGNORECASE,
)
_NOTE_HEADING = re.compile(
    r"(?:corrections?(?:\s+(?:and|&)\s+clarifications?)?|clarifications?|editor[’']?s?[’']?\s+notes?|amendment|"
    r"an?\s+(?:correction|clarification)\s+was\s+made\s+on\b.{0,30})\s*:?",
    re.IGNORECASE,
)
# Somebody speaks: a sentence of the article, however it begins.
_SPOKEN = re.compile(
    r"[“”\"]|\b(?:he|she|they|the\s+[\w\s]{1,40}|[A-Z]\w+)\s+(?:said|says|told|urged|added|asked|warned|insisted)\b"
)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s*$")
_LONGEST_POINTER = 220
_LONGEST_LINE = 400
_SHORT_LINK = 100


def is_furniture(block: Block) -> bool:
    """Whether the block is a pointer to another page, a caption, a credit, a call to subscribe or the like."""
    text = block.text
    if is_note(text):
        return False
    if len(text) <= _LONGEST_LINE and _WHOLE.fullmatch(text) and not _SPOKEN.search(text):
        return not _is_prose(text)
    pointer = _POINTER.match(text)
    if pointer and len(text) <= _LONGEST_POINTER:
        rest = text[pointer.end() :]
        if not rest.strip() or _SURE_POINTER.match(text) or block.linked_share > 0.5:
            return True
    if block.linked_share > 0.9 and (len(text) < _SHORT_LINK or not _SENTENCE_END.search(text)):
        return True
    return _has_class(block.element, _CAPTION_CLASS) or is_pull_quote(block) or _is_bare_cell(block)


def is_pull_quote(block: Block) -> bool:
    """Whether it is a quotation that the page shows a second time, large."""
    return _has_class(block.element, _PULL_QUOTE_CLASS)


def is_note(text: str) -> bool:
    """Whether a paragraph is a correction or an editor's note.

    >>> is_note("Correction: An earlier version of this article misstated the minister's age.")
    True
    >>> is_note("Correction of the budget is overdue, the minister said.")
    False
    """
    return _NOTE.match(text) is not None


def is_note_heading(text: str) -> bool:
    """Whether it announces that the next paragraph is such a note."""
    return _NOTE_HEADING.fullmatch(text) is not None


def in_aside(element: HtmlElement, within: HtmlElement | None = None) -> bool:
    """Whether the element stands in a sidebar, a footer, a form or the like, looking no higher than ``within``."""
    for ancestor in (element, *element.iterancestors()):
        if ancestor is within or ancestor.tag in ("body", "article", "main"):
            return False
        if ancestor.tag in _ASIDE_TAGS or _ASIDE_CLASS.search(classes(ancestor)):
            return True
    return False


def _has_class(element: HtmlElement, pattern: re.Pattern[str]) -> bool:
    """Looks at the element and the three above it, but no further than a container of paragraphs."""
    for depth, ancestor in enumerate((element, *element.iterancestors())):
        if depth > 3 or ancestor.tag in ("body", "article", "main", "section"):
            return False
        if depth and len(list(islice(ancestor.iterchildren("p"), 3))) > 2:
            return False
        if pattern.search(classes(ancestor)):
            return True
    return False


def _is_bare_cell(block: Block) -> bool:
    """A number or a label in a table, not a sentence."""
    return block.element.tag in ("td", "th") and len(block.text) < 60 and not _SENTENCE_END.search(block.text)


def _is_prose(text: str) -> bool:
    """A long line that reads like two sentences of an article rather than like a label."""
    return len(text) > 200 and len(re.findall(r"[.!?][\"”’]?\s+[A-Z“\"]", text)) > 1
