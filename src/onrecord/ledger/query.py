"""What somebody looks for: words, phrases, beginnings of words, and what must not be there; and by whom, where, when.

``ceasefire "within reach" sign* -draft``: all of it in one content, but nothing of what has a minus. Words are
compared without case and accents, and whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Double, Integer, Select, column, func, literal_column, or_, select
from sqlalchemy import table as table_clause

from onrecord.errors import UsageError
from onrecord.ledger import tables
from onrecord.ledger.dates import first_day, last_day
from onrecord.model import Act, Form, Kind, SourceType

__all__ = ["Query", "Term", "matches", "spans_of_terms", "terms_of", "tokens"]

_PIECE = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand one after the other; ``prefix``: the last one only begins so; ``absent``: they must not."""

    words: tuple[str, ...]
    prefix: bool = False
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. Nothing asks for everything.

    ``words`` as in the module's docstring; ``speaker`` and ``outlet`` words of the name; the days are ISO 8601 with
    any precision, ``since`` and ``until`` of publication, ``said_since`` and ``said_until`` of the saying. An act
    counts when it is the first or the second of a statement.
    """

    words: str = ""
    speaker: str = ""
    outlet: str = ""
    since: str | None = None
    until: str | None = None
    said_since: str | None = None
    said_until: str | None = None
    acts: tuple[Act, ...] = ()
    forms: tuple[Form, ...] = ()
    source_types: tuple[SourceType, ...] = ()
    kinds: tuple[Kind, ...] = ()
    min_score: float = 0.0
    collection: str | None = None
    speaker_name: str | None = None
    """The whole name of a speaker, as it is."""

    def __post_init__(self) -> None:
        for name in ("since", "until", "said_since", "said_until"):
            value = getattr(self, name)
            if value is not None and first_day(value) is None:
                raise UsageError(f"--{name.replace('_', '-')} {value}: write a day as 2024-05-03, a month as 2024-05")
        for name in ("words", "speaker", "outlet"):
            value = getattr(self, name)
            if value.strip() and not any(not term.absent for term in terms_of(value)):
                raise UsageError(f"{value!r}: there is no word to look for")


def terms_of(words: str) -> list[Term]:
    """The terms of what somebody typed.

    >>> terms_of('ceasefire "within reach" sign* -draft')[1:]
    [Term(words=('within', 'reach'), prefix=False, absent=False), Term(words=('sign',), prefix=True, absent=False), \
Term(words=('draft',), prefix=False, absent=True)]
    """
    found = []
    for match in _PIECE.finditer(words):
        piece = match[2] if match[2] is not None else match[3]
        parts = tuple(_WORD.findall(plain(piece)))
        if parts:
            found.append(Term(parts, match[2] is None and piece.endswith("*"), bool(match[1])))
    return found


def tokens(words: str | None) -> str:
    """The words of a text as they are compared, with blanks between them.

    >>> tokens("Right-wing “Señors”")
    'right wing senors'
    """
    return " ".join(_WORD.findall(plain(words or "")))


def plain(words: str) -> str:
    """Words without case and accents.

    >>> plain("Señor LINDQVÍST")
    'senor lindqvist'
    """
    parts = unicodedata.normalize("NFKD", words)
    return "".join(c for c in parts if not unicodedata.combining(c)).lower()


def spans_of_terms(content: str, words: str) -> list[tuple[int, int]]:
    """Where in a content stand the words that were looked for, as offsets into it, in order.

    >>> spans_of_terms("They will sign it.", "signs sign*")
    [(10, 14)]
    """
    tokens = [(plain(m[0]), m.start(), m.end()) for m in _WORD.finditer(content)]
    found = set()
    for term in terms_of(words):
        if term.absent:
            continue
        for at in range(len(tokens) - len(term.words) + 1):
            there = tokens[at : at + len(term.words)]
            same = [token == word for (token, _, _), word in zip(there, term.words, strict=True)]
            if term.prefix:
                same[-1] = there[-1][0].startswith(term.words[-1])
            if all(same):
                found.add((there[0][1], there[-1][2]))
    return sorted(found)


def matches(query: Query, dialect: str, *columns: Any) -> tuple[Select[Any], ColumnElement[Any] | None]:
    """Columns of the present statements that a query asks for, as SQL, and what orders them, the best first.

    There is nothing to order by where no words are looked for in contents.
    """
    table = tables.present
    wanted = select(*columns).select_from(table)
    rank: ColumnElement[Any] | None = None
    looked = {name: terms for name in ("words", "speaker", "outlet") if (terms := terms_of(getattr(query, name)))}
    by_column = {"content" if name == "words" else name: terms for name, terms in looked.items()}
    if by_column and dialect == "sqlite":
        index = table_clause("present_words", column("rowid", Integer), column("rank", Double))
        asked = " AND ".join(f"({_fts5(name, terms)})" for name, terms in by_column.items())
        wanted = select(*columns).select_from(index.join(table, index.c.rowid == table.c.number))
        wanted = wanted.where(literal_column("present_words").op("MATCH")(asked))
        rank = index.c.rank if "words" in looked else None
    elif by_column:
        for name, terms in by_column.items():
            asked_for = func.to_tsquery(literal_column("'simple'"), _tsquery(terms))
            wanted = wanted.where(table.c[f"words_of_{name}"].op("@@")(asked_for))
            if name == "content":
                rank = func.ts_rank(table.c.words_of_content, asked_for).desc()
    for condition in _filters(query):
        wanted = wanted.where(condition)
    return wanted, rank


def _filters(query: Query) -> list[ColumnElement[bool]]:
    table = tables.present
    found: list[ColumnElement[bool]] = []
    # a day that is known to the month lies since a day in it as far as its last day does
    if query.since is not None:
        found.append(table.c.published_until >= first_day(query.since))
    if query.until is not None:
        found.append(table.c.published_from <= last_day(query.until))
    if query.said_since is not None:
        found.append(table.c.said_until >= first_day(query.said_since))
    if query.said_until is not None:
        found.append(table.c.said_from <= last_day(query.said_until))
    if query.acts:
        acts = [str(act) for act in query.acts]
        found.append(or_(table.c.act.in_(acts), table.c.second_act.in_(acts)))
    for name, values in (("form", query.forms), ("source_type", query.source_types), ("kind", query.kinds)):
        if values:
            found.append(table.c[name].in_([str(value) for value in values]))
    if query.speaker_name is not None:
        found.append(table.c.speaker == query.speaker_name)
    if query.min_score > 0:
        found.append(table.c.score >= query.min_score)
    if query.collection is not None:
        mine = select(tables.document.c.number).where(tables.document.c.collection == query.collection)
        found.append(table.c.document.in_(mine))
    return found


def _fts5(name: str, terms: Sequence[Term]) -> str:
    """Terms as FTS5 wants them, all in one column."""

    def one(term: Term) -> str:
        return f'{name} : "{" ".join(term.words)}"' + (" *" if term.prefix else "")

    made = " AND ".join(one(term) for term in terms if not term.absent)
    for term in terms:
        if term.absent:
            made = f"({made}) NOT {one(term)}"
    return made


def _tsquery(terms: Sequence[Term]) -> str:
    """Terms as PostgreSQL wants them."""

    def one(term: Term) -> str:
        quoted = ["'" + word + "'" for word in term.words]
        if term.prefix:
            quoted[-1] += ":*"
        return ("!" if term.absent else "") + "(" + " <-> ".join(quoted) + ")"

    return " & ".join(one(term) for term in terms)
