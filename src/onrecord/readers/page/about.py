"""What a page says of itself: headline, outlet, date, authors, address."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import unescape
from itertools import islice

from lxml.html import HtmlElement

from onrecord.readers.bylines import names_of
from onrecord.readers.dates import iso_date
from onrecord.readers.page.blocks import clean, is_hidden

__all__ = ["About", "about"]

_ARTICLE = re.compile(r"(?:\w*article|blogposting|liveblogposting|report|\w*newsarticle|webpage)", re.IGNORECASE)
_PUBLISHED = (  # noqa: SIM905
    "article:published_time og:article:published_time published_time datepublished publication_date pubdate "
    "publishdate publish-date article.published parsely-pub-date sailthru.date dc.date dc.date.issued dcterms.created "
    "dcterms.date citation_publication_date date dateissued ptime"
).split()
_SAME_HEADLINE = 0.6
_HEADINGS_TRIED = 50
_TITLE_PARTS = re.compile(r"\s*(?:[|»]|:{1,2}\s|\s[–—-]\s)\s*")
_SITE_SUFFIX = re.compile(r"\s+[|–—·•-]\s+[^|–—·•]{2,40}$")


@dataclass(frozen=True, slots=True)
class About:
    """The facts, None where the page is silent; ``body`` is the article's text where JSON-LD carries it."""

    title: str | None
    outlet: str | None
    date: str | None
    url: str | None
    authors: tuple[str, ...]
    body: str | None


@dataclass(frozen=True, slots=True)
class _Article:
    """The fields of a schema.org article that are used."""

    headline: str | None = None
    publisher: str | None = None
    date: str | None = None
    authors: tuple[str, ...] = ()
    url: str | None = None
    body: str | None = None


def about(tree: HtmlElement, url: str | None) -> About:
    """The facts from JSON-LD, meta elements and the headings; trafilatura where these are silent.

    The tree is not changed.
    """
    from trafilatura import extract_metadata

    article = _json_ld(tree)
    # extensive=False: a date that stands somewhere in the page is a guess
    found = extract_metadata(tree, default_url=url, extensive=False)
    shown, site = _title_element(tree)
    outlet = _meta(tree, "og:site_name") or article.publisher or site or _known(found.sitename)
    title = _headline(tree, article.headline or _meta(tree, "og:title") or shown or _known(found.title), outlet)
    authors = article.authors or tuple(name for name in names_of((found.author or "").replace(";", " ; ")))
    return About(
        title=title,
        outlet=outlet,
        date=_date(tree, article, found.date),
        url=_web(article.url) or _web(found.url) or url,
        authors=tuple(name for name in authors if name != outlet),
        body=article.body,
    )


def _headline(tree: HtmlElement, known: str | None, outlet: str | None) -> str | None:
    """What a reader sees as the headline: the h1 that the metadata confirm, or the only one there is."""
    known = clean(known) if known else None
    if known and outlet:
        bare = _SITE_SUFFIX.sub("", known)
        known = bare if bare != known and outlet.lower() in known[len(bare) :].lower() else known
    headings: list[str] = []
    for heading in islice(tree.iter("h1"), _HEADINGS_TRIED):
        text = clean(" ".join(heading.itertext()))
        if text and text.lower() != (outlet or "").lower() and not is_hidden(heading):
            headings.append(text)
    if known:
        best = max(headings, key=lambda text: _alike(text, known), default=None)
        if best and (_alike(best, known) >= _SAME_HEADLINE or best.lower() in known.lower()):
            return best
    long = [text for text in headings if len(text.split()) > 2]
    return long[0] if len(long) == 1 else known or (long[0] if long else None)


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one[:300].lower(), other[:300].lower(), autojunk=False).ratio()


def _title_element(tree: HtmlElement) -> tuple[str | None, str | None]:
    """Headline and outlet from ``<title>``, where one of its two parts stands in the page by itself."""
    title = tree.find(".//title")
    parts = _TITLE_PARTS.split(clean("".join(title.itertext()))) if title is not None else []
    if len(parts) != 2:
        return None, None
    shown = {
        clean(" ".join(element.itertext())) for element in tree.iter("h1", "h2", "h3", "b", "strong", "font", "big")
    }
    for headline, site in (parts, parts[::-1]):
        if headline in shown and site not in shown and len(headline.split()) > 2 and len(site.split()) < 6:
            return headline, site
    return None, None


def _known(name: str | None) -> str | None:
    return clean(name) or None if name else None


def _web(address: str | None) -> str | None:
    return address if address and address.startswith(("http://", "https://")) else None


def _meta(tree: HtmlElement, *names: str) -> str | None:
    """The content of the first meta element with one of the names, in the order of the names."""
    contents: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        if name in names and (content := clean(element.get("content") or "")):
            contents.setdefault(name, content)
    return next((contents[name] for name in names if name in contents), None)


def _date(tree: HtmlElement, article: _Article, guess: str | None) -> str | None:
    """The date of publication, with its time of day where the page gives one."""
    candidates = [article.date, _meta(tree, *_PUBLISHED)]
    for element in tree.iter("time"):
        marked = element.get("pubdate") is not None or element.get("itemprop") == "datePublished"
        if marked or "publish" in (element.get("class") or "").lower():
            candidates.append(element.get("datetime"))
    # htmldate knows many more places, but gives no more than the day: prefer the full date of the same day
    times = [element.get("datetime") for element in tree.iter("time")]
    candidates += [time for time in times if guess and (iso_date(time) or "").startswith(guess)] + [guess]
    return next((date for candidate in candidates if (date := iso_date(candidate))), None)


def _json_ld(tree: HtmlElement) -> _Article:
    """The article that the page's JSON-LD describes, empty where there is none."""
    best = _Article()
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower() or not script.text:
            continue
        text = (
            script.text.strip()
            .removeprefix("<!--")
            .removesuffix("-->")
            .removeprefix("//<![CDATA[")
            .removesuffix("//]]>")
        )
        try:
            data = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _objects(data, 4):
            if any(_ARTICLE.fullmatch(kind) for kind in _kinds(item)):
                article = _article(item)
                if (article.headline is not None, article.date is not None) > (
                    best.headline is not None,
                    best.date is not None,
                ):
                    best = article
    return best


def _objects(data: object, depth: int) -> Iterator[dict[str, object]]:
    """The objects at the top, in lists and in ``@graph``, and what a page says it is about."""
    if isinstance(data, list):
        for item in data:
            yield from _objects(item, depth)
    elif isinstance(data, dict) and depth:
        yield data
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _objects(data.get(key), depth - 1)


def _kinds(item: dict[str, object]) -> list[str]:
    kind = item.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return [name for name in kinds if isinstance(name, str)]


def _article(item: dict[str, object]) -> _Article:
    page = item.get("mainEntityOfPage")
    address = item.get("url") or (page.get("@id") if isinstance(page, dict) else page)
    body = item.get("articleBody")
    return _Article(
        headline=_words(item.get("headline")),
        publisher=next(iter(_names(item.get("publisher"))), None),
        date=_words(item.get("datePublished")) or _words(item.get("dateCreated")),
        authors=tuple(name for name in names_of(item.get("author")) if name),
        url=address if isinstance(address, str) else None,
        body=_paragraphs(body) if isinstance(body, str) else None,
    )


def _paragraphs(body: str) -> str | None:
    """The article's text as lines: a few outlets write markup into it."""
    return unescape(re.sub(r"<[^<>]*>", "", re.sub(r"</p\s*>|<br\s*/?>", "\n", body))).strip() or None


def _names(value: object) -> Iterator[str]:
    """The names of a person or organisation, or of several, as given."""
    if isinstance(value, list):
        for item in value:
            yield from _names(item)
    elif name := _words(value.get("name") if isinstance(value, dict) else value):
        yield name


def _words(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    return clean(unescape(re.sub(r"<[^>]+>", "", value))) or None
