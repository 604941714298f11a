"""The words of the project as frozen dataclasses: Document, Span, Statement and what they are made of.

Offsets are code points into ``Document.text``, half-open: ``document.text[span.start:span.end]`` is
always the words that are shown. Scores run from 0 to 1. A fact that is not known is ``None`` or an
empty tuple, never a guess.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

__all__ = [
    "OUTLET",
    "SPEAKER",
    "UNKNOWN",
    "Act",
    "Certainty",
    "Commitment",
    "Deed",
    "Document",
    "Flag",
    "Form",
    "Kind",
    "Link",
    "Occasion",
    "Polarity",
    "Post",
    "Provenance",
    "Review",
    "SourceType",
    "Span",
    "Speaker",
    "Stance",
    "Statement",
    "Strength",
    "Timex",
    "TimexType",
]


class Span(NamedTuple):
    """A stretch of a document's text: code-point offsets ``[start, end)``.

    >>> Span(0, 4).of("Oslo denies it")
    'Oslo'
    """

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words that the span covers in ``text``."""
        return text[self.start : self.end]


class Form(StrEnum):
    """In whose words a statement's content stands."""

    VERBATIM = "verbatim"
    PARTIAL = "partial"
    PARAPHRASE = "paraphrase"


class Kind(StrEnum):
    """What sort of record a statement is."""

    STATEMENT = "statement"
    EDITOR_NOTE = "editor_note"
    NON_RESPONSE = "non_response"


class SourceType(StrEnum):
    """What kind of source makes a statement: the six of the Markkula Center's sourcing study, and unknown."""

    NAMED_PERSON = "named_person"
    NAMED_ORGANIZATION = "named_organization"
    DOCUMENT = "document"
    ANONYMOUS_SOURCE = "anonymous_source"
    UNNAMED_PERSON = "unnamed_person"
    UNNAMED_GROUP = "unnamed_group"
    UNKNOWN = "unknown"


class Act(StrEnum):
    """What a speaker does by saying something (``docs/annotation.md`` defines each)."""

    ASSERT = "assert"
    DENY = "deny"
    ADMIT = "admit"
    ACCUSE = "accuse"
    CRITICISE = "criticise"
    SUPPORT = "support"
    EXPRESS = "express"
    REQUEST = "request"
    PROPOSE = "propose"
    COMMIT = "commit"
    REFUSE = "refuse"
    THREATEN = "threaten"
    WARN = "warn"
    DECLARE = "declare"
    THINK = "think"


class Strength(StrEnum):
    """How strong a request is."""

    ASK = "ask"
    URGE = "urge"
    DEMAND = "demand"


class Certainty(StrEnum):
    """How sure somebody presents a thing as; uncommitted: does not vouch for it at all."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    POSSIBLE = "possible"
    UNCOMMITTED = "uncommitted"


class Polarity(StrEnum):
    """Whether the speaker holds that the main proposition is so, or that it is not."""

    POSITIVE = "positive"
    NEGATIVE = "negative"


class Flag(StrEnum):
    """What else holds of the main proposition."""

    CONDITIONAL = "conditional"
    HYPOTHETICAL = "hypothetical"
    FUTURE = "future"
    QUESTION = "question"


class Stance(StrEnum):
    """What a relayer's word for the saying does: vouch for the content, keep it at arm's length, or neither."""

    ENDORSE = "endorse"
    NEUTRAL = "neutral"
    DISTANCE = "distance"


class TimexType(StrEnum):
    """The types of time expressions in TIMEX3 (ISO 24617-1)."""

    DATE = "DATE"
    TIME = "TIME"
    DURATION = "DURATION"
    SET = "SET"


@dataclass(frozen=True, slots=True)
class Timex:
    """A time expression: where it stands and what it means.

    ``value`` is as TIMEX3 has it (``2016-09-13``, ``2016-W37``, ``P2W``, ``XXXX-WXX-1``, ``PRESENT_REF``), None where
    it cannot be told, for want of a date to count from. ``modifier`` is TIMEX3's ``mod``: "early March" is
    ``2016-03`` with ``START``.
    """

    span: Span
    type: TimexType
    value: str | None
    modifier: str | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """What a speaker does by making a statement.

    ``score`` (0 to 1) estimates the probability that ``act`` is right; ``words`` decided it; ``second`` is another act
    that the content does beside. ``strength`` is a request's. ``target`` is who is accused, praised or asked, with the
    name in ``target_name`` where that is a speaker of the document. What is offered, promised or refused has its
    ``conditions``, ``exceptions`` and whom it ``binds``.
    """

    act: Act
    score: float
    words: tuple[Span, ...] = ()
    second: Act | None = None
    strength: Strength | None = None
    target: Span | None = None
    target_name: str | None = None
    conditions: tuple[Span, ...] = ()
    exceptions: tuple[Span, ...] = ()
    binds: Span | None = None

    def __post_init__(self) -> None:
        if not 0.0 <= self.score <= 1.0:
            raise ValueError(f"act score {self.score} is outside 0 to 1")


SPEAKER, OUTLET, UNKNOWN = "speaker", "outlet", "unknown"
"""The holders of a commitment that have no name of their own; unknown: a relayer with neither name nor source words."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """How far one holder vouches for a statement's content.

    ``holder`` is ``SPEAKER``, ``OUTLET``, or a relayer: its name, else the words of its source, else ``UNKNOWN``.
    ``polarity`` and ``flags`` are the speaker's. ``words`` are those that commit the outlet or a relayer, or keep them
    at arm's length, as ``stance`` says.
    """

    holder: str
    certainty: Certainty
    polarity: Polarity | None = None
    flags: tuple[Flag, ...] = ()
    stance: Stance = Stance.NEUTRAL
    words: Span | None = None


@dataclass(frozen=True, slots=True)
class Occasion:
    """When, where and how a statement was made.

    ``on`` is the day, month, year or interval (``2016-09-05/2016-09-11``) of the saying in ISO 8601, read from the
    words ``on_words``; None where these cannot be resolved. ``at`` is the place or occasion, ``channel`` the way by
    which it was said.
    """

    on: str | None = None
    on_words: Span | None = None
    at: Span | None = None
    channel: Span | None = None


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whom, within one document, a statement's source words stand for.

    ``name`` is the fullest form of the name that the document has, a group's own noun for groups, None for anonymous
    and unnamed persons; ``mention`` is where it stands first. ``title`` (role and affiliation), ``justification``
    (why this source is in the story) and ``anonymity_reason`` are stretches of the document.
    """

    name: str | None
    type: SourceType = SourceType.UNKNOWN
    mention: Span | None = None
    title: Span | None = None
    justification: Span | None = None
    anonymity_reason: Span | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A hyperlink that the page put on a stretch of text.

    ``span`` points into ``Document.text``; ``url`` is absolute where the page's own address is known.
    """

    span: Span
    url: str


@dataclass(frozen=True, slots=True)
class Post:
    """A post embedded in a page (a tweet, a Telegram message) whose words stand in ``Document.text``.

    ``span`` covers the post's own words; ``author_span`` the author's name where the text shows it.
    """

    span: Span
    author: str | None = None
    url: str | None = None
    author_span: Span | None = None
    platform: str | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a document came from: a path or final URL, the reader that read it, SHA-256 of the raw bytes.

    ``captured`` is when this version of it was taken or issued, in ISO 8601, where the format says so (a web archive's
    capture, a feed's "updated", an agency's version); ``record`` is what the format calls it (a web archive's record).
    """

    origin: str
    reader: str
    raw_sha256: str | None = None
    captured: str | None = None
    record: str | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """A person's correction of one field of a statement: who, when (UTC, ISO 8601), what, why.

    ``value`` is what the person says, ``was`` what stood there before, both as words; None where nothing is known.
    """

    field: str
    value: str | None
    was: str | None
    by: str
    at: str
    why: str

    @property
    def confirms(self) -> bool:
        """Whether the person checked the field and says what stood there already."""
        return self.value == self.was


@dataclass(frozen=True, slots=True)
class Statement:
    """A stretch of a document that the document attributes to somebody.

    Spans are code-point offsets into ``Document.text``. ``source``, ``cue`` and ``content`` are in text
    order and may be discontinuous; ``source`` and ``cue`` may be empty. ``quoted`` are the quoted
    stretches within the content, quotation marks included. ``parent`` is the id of the statement that
    this one stands in, None at the top. ``score`` (0 to 1) estimates the probability that the record is
    right.

    ``speakers`` are those who make the statement together; none where that is not known, and then ``candidates``
    names the two who could be meant, if any. ``speaker_score`` (0 to 1) estimates the probability that they are the
    right ones; ``inferred`` says that the statement has no source words and its speaker is carried on from the text
    around it (until speakers are known: will be, from the statement before). ``addressee`` is to whom it was said;
    ``relayed_by`` through whom the document has it.

    ``deed`` is what the speaker does by saying it, None for what is no statement; ``commitments`` who vouches for it
    and how far: the speaker, each relayer, the outlet. ``occasion`` is when, where and how it was said; ``times`` are
    the time expressions in the content. ``reviews`` are the corrections that persons made, which the other fields
    already follow.

    Raises:
        ValueError: ``content`` is empty, a span is empty or spans are out of order, or a score is
            outside 0 to 1.
    """

    id: str
    content: tuple[Span, ...]
    source: tuple[Span, ...] = ()
    cue: tuple[Span, ...] = ()
    quoted: tuple[Span, ...] = ()
    form: Form = Form.PARAPHRASE
    kind: Kind = Kind.STATEMENT
    parent: str | None = None
    score: float = 1.0
    translated: bool = False
    edits: tuple[Span, ...] = ()
    post: Post | None = None
    links: tuple[Link, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    speaker_score: float = 0.0
    inferred: bool = False
    candidates: tuple[str, ...] = ()
    addressee: tuple[Span, ...] = ()
    relayed_by: tuple[Speaker, ...] = ()
    deed: Deed | None = None
    commitments: tuple[Commitment, ...] = ()
    occasion: Occasion = Occasion()
    times: tuple[Timex, ...] = ()
    reviews: tuple[Review, ...] = ()

    def __post_init__(self) -> None:
        if not self.content:
            raise ValueError(f"statement {self.id}: a statement needs content")
        for role in ("source", "cue", "content", "quoted", "edits", "addressee"):
            end = 0
            for span in getattr(self, role):
                if not end <= span.start < span.end:
                    raise ValueError(f"statement {self.id}: {role} spans are empty, overlap or are out of order")
                end = span.end
        for name in ("score", "speaker_score"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"statement {self.id}: {name} {getattr(self, name)} is outside 0 to 1")

    @property
    def speaker(self) -> str | None:
        """The speakers' names, joined by "; "; None where nobody is named.

        >>> Statement("s", (Span(0, 2),), speakers=(Speaker("Ann Lee"), Speaker("Bo Ek"))).speaker
        'Ann Lee; Bo Ek'
        """
        return "; ".join(s.name for s in self.speakers if s.name) or None

    @property
    def act(self) -> Act | None:
        """What the speaker does by saying it."""
        return self.deed.act if self.deed else None

    @property
    def cue_stance(self) -> Stance:
        """What the words for the saying do for whoever relays it, the outlet or the speaker of the statement around."""
        return next((c.stance for c in self.commitments if c.stance is not Stance.NEUTRAL), Stance.NEUTRAL)

    @property
    def source_type(self) -> SourceType:
        """The first speaker's type."""
        return self.speakers[0].type if self.speakers else SourceType.UNKNOWN


@dataclass(frozen=True, slots=True)
class Document:
    """An article: its text, what is known about it, and the statements found in it.

    ``text`` is the input unchanged for plain text and JSON Lines, and the cleaned text, which begins
    with the headline as a paragraph of its own, for input that is cleaned (HTML). ``date`` is ISO 8601
    with the precision that is known (``2024-05``, ``2024-05-03``, ``2024-05-03T09:42:00+02:00``).
    ``statements`` are in document order, a parent before its children.

    Raises:
        ValueError: a statement's span or a link lies outside the text, or a parent is unknown.
    """

    id: str | int
    text: str
    title: str | None = None
    outlet: str | None = None
    date: str | None = None
    url: str | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    links: tuple[Link, ...] = ()
    posts: tuple[Post, ...] = ()
    notes: tuple[Span, ...] = ()
    provenance: Provenance | None = None
    statements: tuple[Statement, ...] = field(default=())

    def __post_init__(self) -> None:
        length = len(self.text)
        for span in (*(k.span for k in self.links), *(p.span for p in self.posts), *self.notes):
            if not 0 <= span.start < span.end <= length:
                raise ValueError(f"document {self.id}: a link, post or note lies outside the text")
        known: set[str] = set()
        for statement in self.statements:
            spans = (*statement.source, *statement.cue, *statement.content, *statement.quoted)
            if any(span.end > length for span in spans):
                raise ValueError(f"document {self.id}: statement {statement.id} lies outside the text")
            if statement.parent is not None and statement.parent not in known:
                raise ValueError(f"document {self.id}: statement {statement.id} comes before its parent or has none")
            known.add(statement.id)

    @property
    def sha256(self) -> str:
        """SHA-256 of the text in UTF-8, as hexadecimal: what the offsets are valid for."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()
