"""Posts of other platforms that a page embeds: whose they are, where they stand, their words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from onrecord.readers.page.blocks import Block, Walk, clean

__all__ = ["Embed", "is_embed", "read_embed"]


@dataclass(frozen=True, slots=True)
class _Platform:
    """How a platform's posts are recognised: class names, attributes with the address, its addresses."""

    name: str
    marks: tuple[str, ...]
    post: re.Pattern[str]
    attributes: tuple[str, ...] = ("cite",)


@dataclass(frozen=True, slots=True)
class Embed:
    """An embedded post: its paragraphs of words, the line that names its author as the page shows it.

    ``author_start`` is where ``author`` begins in ``line``, None where the line does not show it.
    """

    platform: str
    words: tuple[Block, ...]
    line: str | None
    author: str | None
    author_start: int | None
    url: str | None


def _post(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"https?://{pattern}", re.IGNORECASE)


_PLATFORMS = (
    _Platform(
        "twitter",
        ("twitter-tweet", "twitter-video", "element-tweet", "js-tweet"),
        _post(r"(?:\w+\.)?(?:twitter|x)\.com/(?P<handle>\w+)/status(?:es)?/\d+"),
        ("cite", "data-canonical-url"),
    ),
    _Platform(
        "instagram",
        ("instagram-media",),
        _post(r"(?:www\.)?instagram\.com/(?:p|reel|tv)/[\w-]+"),
        ("data-instgrm-permalink", "cite"),
    ),
    _Platform(
        "telegram",
        ("tgme_widget_message", "telegram-post", "telegram-embed"),
        _post(r"t\.me/(?:s/)?(?P<handle>\w+)/\d+"),
        ("data-post", "data-telegram-post", "cite"),
    ),
    _Platform("bluesky", ("bluesky-embed",), _post(r"bsky\.app/profile/(?P<handle>[\w.:-]+)/post/\w+")),
    _Platform("truthsocial", ("truthsocial-embed",), _post(r"truthsocial\.com/@(?P<handle>\w+)/(?:posts/)?\d+")),
    _Platform(
        "threads", ("text-post-media",), _post(r"(?:www\.)?threads\.(?:net|com)/@(?P<handle>[\w.]+)/post/[\w-]+")
    ),
    _Platform("tiktok", ("tiktok-embed",), _post(r"(?:www\.)?tiktok\.com/@(?P<handle>[\w.]+)/video/\d+")),
    _Platform(
        "facebook",
        ("fb-post", "fb-video", "fb-xfbml-parse-ignore"),
        _post(r"(?:\w+\.)?facebook\.com/\S*(?:posts|videos|permalink)\S*"),
        ("data-href", "cite"),
    ),
    _Platform(
        "mastodon",
        ("mastodon-embed",),
        _post(r"[\w.-]+/@(?P<handle>\w+(?:@[\w.-]+)?)/\d{6,}"),
        ("data-embed-url", "cite"),
    ),
)

_LONGEST_LINE = 300
_DASHED = re.compile(r"^\s*[—–―-]{1,2}\s*(?=\S)")
_INTRODUCED = re.compile(
    r"^\s*(?:a\s+(?:post|video|reel)\s+shared\s+by|post(?:ed)?\s+by|shared\s+by)\s+", re.IGNORECASE
)
_AFTER_AUTHOR = re.compile(
    r"\s+(?:on|in)\s+(?:\w+\s+){0,2}(?=\w*\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)",
    re.IGNORECASE,
)
_BUTTON = re.compile(
    r"(?:view|see|watch)\b.{0,20}\bon\s+\w+|view\s+(?:in|more|profile|post)\b.*|(?:play|original\s+sound|♬).*|\d+[\d.,]*[KMkm]?\s+(?:views|likes|replies|comments).*",
    re.IGNORECASE,
)
_MEDIA_LINK = re.compile(r"(?:\s*(?:https?://t\.co/\w+|pic\.(?:twitter|x)\.com/\w+))+\s*$")
_DATE_START = re.compile(
    r"[\s,·|(-]*(?:(?:\d{1,2}\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d|\d{1,2}[:.]\d\d|\d{4}-\d\d).*$",
    re.IGNORECASE,
)


def is_embed(element: HtmlElement) -> bool:
    """Whether the element is the whole of an embedded post."""
    return _platform(element) is not None


def _platform(element: HtmlElement) -> _Platform | None:
    names = (element.get("class") or "").split()
    for platform in _PLATFORMS:
        if any(mark in names for mark in platform.marks):
            return platform
    if element.tag == "blockquote":
        # a quoted post without the platform's class: its source is in cite, or in the last line's link
        links = [link.get("href") or "" for link in element.iter("a")]
        addresses = [element.get("cite") or "", *links[-1:]]
        for platform in _PLATFORMS:
            if any(platform.post.match(address) for address in addresses):
                return platform
    return None


def read_embed(element: HtmlElement) -> Embed | None:
    """The post in ``element``, or None where the page holds none of its words."""
    platform = _platform(element)
    if platform is None:
        return None
    url, handle = _address(element, platform)
    if platform.name == "telegram" and (owner := _by_class(element, "tgme_widget_message_owner_name")) is not None:
        text = _by_class(element, "tgme_widget_message_text")
        words = tuple(Walk(text).blocks) if text is not None else ()
        author = clean("".join(owner.itertext())) or handle
        return Embed(platform.name, words, f"— {author}", author, 2, url) if words and author else None
    words, line = _words_and_line(Walk(element).blocks, handle)
    author, start = _author(line, url)
    if author is None and handle:
        author = handle if handle.startswith("did:") else f"@{handle}"
    return Embed(platform.name, words, line, author, start, url) if words else None


def _address(element: HtmlElement, platform: _Platform) -> tuple[str | None, str | None]:
    """The post's own address without tracking, and the handle in it."""
    found = [element.get(name) or "" for name in platform.attributes]
    found += [link.get("href") or "" for link in reversed(list(element.iter("a")))]
    for address in found:
        if platform.name == "telegram" and re.fullmatch(r"\w+/\d+", address):
            address = f"https://t.me/{address}"
        if match := platform.post.match(address):
            parts = urlsplit(address)
            path = parts.path.removesuffix("/embed")
            return f"{parts.scheme}://{parts.netloc}{path}", match.groupdict().get("handle")
    return None, None


def _words_and_line(blocks: list[Block], handle: str | None) -> tuple[tuple[Block, ...], str | None]:
    """The post's words, and the line with its author: the last that begins with a dash or "Post by"."""
    line: str | None = None
    words: list[Block] = []
    for block in blocks:
        is_line = len(block.text) <= _LONGEST_LINE
        if is_line and ((_DASHED.match(block.text) and block.links) or _INTRODUCED.match(block.text)):
            line = block.text
        elif not _BUTTON.fullmatch(block.text) and block.text.lstrip("@") != handle:
            text = _MEDIA_LINK.sub("", block.text)
            if text.strip():
                links = tuple(link for link in block.links if link.end <= len(text))
                words.append(Block(block.element, text, links))
    return tuple(words), line


def _author(line: str | None, url: str | None) -> tuple[str | None, int | None]:
    """The author's name and handle in the line, and where they begin in it."""
    if line is None:
        return None, None
    lead = _DASHED.match(line) or _INTRODUCED.match(line)
    start = lead.end() if lead else 0
    rest = line[start:]
    if lead and _INTRODUCED.match(line) and (after := _AFTER_AUTHOR.search(rest)):
        rest = rest[: after.start()]
    rest = _DATE_START.sub("", rest).rstrip(" ,·|-")
    return (rest, start) if rest else (None, None)


def _by_class(element: HtmlElement, name: str) -> HtmlElement | None:
    return next((found for found in element.iter() if name in (found.get("class") or "").split()), None)
