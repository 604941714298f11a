"""Words made safe to show to a person: nothing in an article may steer a terminal or turn a line round."""

from __future__ import annotations

import re

from onrecord.model import Act, Certainty, Document, Kind, Polarity, Review, Stance, Statement

__all__ = [
    "NO_OUTLET",
    "NO_SOURCE",
    "UNKNOWN",
    "corrected",
    "counted",
    "likeness",
    "long_date",
    "long_interval",
    "manner",
    "marks",
    "one_line",
    "particulars",
    "shown_title",
    "visible",
]

NO_SOURCE = "source not stated"
NO_OUTLET = "outlet not stated"
UNKNOWN = "speaker not known"

# C0 and C1 controls but tab and line feed; embeddings, overrides and isolates of the bidirectional
# algorithm (UAX 9), which can show words in another order than they stand; lone surrogates.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]")


def _stand_in(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code == 0x0D:
        return ""
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return f"⟨U+{code:04X}⟩" if code < 0xD800 else "�"


def visible(words: str) -> str:
    """``words`` with every control character replaced by a sign for it; a carriage return is dropped.

    >>> visible("a\\x1b[31m red \\u202elie")
    'a␛[31m red ⟨U+202E⟩lie'
    """
    return _UNSAFE.sub(_stand_in, words)


def one_line(words: str | None) -> str:
    """Words on one line, safe to show, without blanks at their ends; nothing for None.

    >>> one_line(" They\\n will \\tsee\\x07 "), one_line(None)
    ('They will see␇', '')
    """
    return " ".join(visible(words or "").split())


def shown_title(document: Document) -> str:
    """The title, or the id where no title is known."""
    return visible(document.title or str(document.id)).strip()


def particulars(document: Document) -> list[str]:
    """Outlet (or that it is not stated), date and authors, those that are known."""
    parts = [visible(document.outlet) if document.outlet else NO_OUTLET]
    if document.date:
        parts.append(visible(document.date))
    if document.authors:
        parts.append("by " + ", ".join(visible(author) for author in document.authors))
    return parts


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def long_date(date: str) -> str:
    """An ISO 8601 date as a reader writes it, with the precision it has; anything else as it stands.

    >>> long_date("2024-05-03T09:42:00+02:00"), long_date("2024-05"), long_date("2024")
    ('3 May 2024, 09:42', 'May 2024', '2024')
    """
    match = re.match(r"(\d{4})-(0[1-9]|1[0-2])(?:-(\d\d)(?:T(\d\d:\d\d))?)?", date)
    if not match:
        return visible(date)
    year, month, day, time = match.groups()
    long = f"{int(day)} " if day else ""
    return f"{long}{_MONTHS[int(month) - 1]} {year}" + (f", {time}" if time else "")


def long_interval(value: str) -> str:
    """A day, month, year or ``first/last`` day as a reader writes it.

    >>> long_interval("2024-05-06/2024-05-12"), long_interval("2024-05")
    ('6 May 2024 to 12 May 2024', 'May 2024')
    """
    return " to ".join(long_date(part) for part in value.split("/"))


_DOUBTFUL = 0.5
"""An act whose probability is lower is shown with a question mark."""


def likeness(value: float | None) -> list[str]:
    """How like a statement is to what was looked for by its meaning; nothing where it was not.

    >>> likeness(0.7123), likeness(None)
    (['likeness 0.71'], [])
    """
    return [] if value is None else [f"likeness {value:.2f}"]


def manner(document: Document, statement: Statement) -> list[str]:
    """How and when it was said, in a few words: the act, what limits the speaker's commitment, what commits whoever
    relays it, the day."""
    parts: list[str] = []
    if statement.deed is not None:
        parts.append(f"{statement.deed.act}{'?' if statement.deed.score < _DOUBTFUL else ''}")
    if statement.commitments:
        own = statement.commitments[0]
        if own.certainty in (Certainty.PROBABLE, Certainty.POSSIBLE):
            parts.append(str(own.certainty))
        if own.polarity is Polarity.NEGATIVE and statement.act not in (Act.DENY, Act.REFUSE):
            parts.append("not so")
        for other in statement.commitments[1:]:
            if other.words is not None:
                does = "vouches" if other.stance is Stance.ENDORSE else "keeps its distance"
                word = one_line(other.words.of(document.text))
                parts.append(f"{visible(other.holder)} {does}: “{word}”")
    if statement.occasion.on:
        parts.append(f"said {long_interval(statement.occasion.on)}")
    return parts


def marks(statement: Statement) -> list[str]:
    """Form and whatever else sets the record apart: "editor's note", "no response", "translated", "post"."""
    parts = [str(statement.form)]
    if statement.kind is Kind.EDITOR_NOTE:
        parts.insert(0, "editor’s note")
    if statement.kind is Kind.NON_RESPONSE:
        parts.insert(0, "no response")
    if statement.translated:
        parts.append("translated")
    if statement.edits:
        parts.append("edited by the outlet")
    if statement.post:
        parts.append("post")
    return parts


def corrected(statement: Statement) -> list[str]:
    """What persons corrected or confirmed, a line each, safe to show.

    >>> from onrecord.model import Review, Span
    >>> review = Review("speaker", "Bo Ek", "Ann Lee", "desk", "2024-05-03T09:00:00.000000Z", "read the tape")
    >>> corrected(Statement("s", (Span(0, 1),), reviews=(review,)))
    ['speaker: “Bo Ek”, was “Ann Lee” (desk, 2024-05-03: read the tape)']
    """
    return [_corrected(review) for review in statement.reviews]


def _corrected(review: Review) -> str:
    by = f"({one_line(review.by)}, {review.at[:10]}: {one_line(review.why)})"
    if review.field == "rejected":
        return f"{'no statement' if review.value == 'yes' else 'a statement after all'} {by}"
    if review.field == "statement":
        return f"added {by}"
    now = f"“{one_line(review.value)}”" if review.value is not None else "not known"
    if review.confirms:
        return f"{review.field}: {now}, confirmed {by}"
    was = f", was “{one_line(review.was)}”" if review.was is not None else ""
    return f"{review.field}: {now}{was} {by}"


def counted(number: int, noun: str, most: int | None = None) -> str:
    """A number with its noun; one above ``most`` was not counted to its end.

    >>> counted(1, "document"), counted(2500, "document"), counted(1001, "document", most=1000)
    ('1 document', '2,500 documents', 'more than 1,000 documents')
    """
    if most is not None and number > most:
        return f"more than {most:,} {noun}s"
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
