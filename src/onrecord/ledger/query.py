"""What somebody looks for: words, phrases, beginnings of words, and what must not be there; and by whom, where, when.

``ceasefire "within reach" sign* -draft``: all of it in one content, but nothing of what has a minus. Words are
compared without case and accents, and whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Double, Select, and_, column, func, literal_column, or_, select
from sqlalchemy import table as table_clause

from onrecord.errors import UsageError
from onrecord.ledger import tables
from onrecord.ledger.dates import first_day, last_day
from onrecord.ledger.places import NUMBERS, YEAR, place_of
from onrecord.model import Act, Form, Kind, SourceType

__all__ = ["Query", "Term", "among", "matches", "places", "ranked", "spans_of_terms", "terms_of", "tokens", "trait"]

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


def matches(query: Query, dialect: str, *columns: Any) -> Select[Any]:
    """Columns of the present statements that a query asks for, as SQL, in no order."""
    table, looked = tables.present, _looked(query)
    if not looked:
        return select(*columns).select_from(table).where(*_days(query, table.c.place), *_fields(query), *_others(query))
    if dialect != "sqlite":
        conditions = (*_words(query), *_days(query, table.c.place), *_others(query))
        return select(*columns).select_from(table).where(*conditions)
    wanted = select(*columns).select_from(_INDEX.join(table, table.c.number == _NUMBER))
    return wanted.where(_asked(query), *_days(query, _INDEX.c.rowid), *_others(query))


def among(query: Query, dialect: str, *columns: Any) -> Select[Any]:
    """As ``matches``, for whoever asks only for few statements: each of them is looked up in the index of words."""
    looked, table = _looked(query), tables.present
    if not looked or dialect != "sqlite":
        return matches(query, dialect, *columns)
    asked = " AND ".join(f"({_fts5(name, terms)})" for name, terms in looked.items())
    match = literal_column("present_words").op("MATCH", is_comparison=True)(asked)
    there = select(_INDEX.c.rowid).where(match, _INDEX.c.rowid == table.c.place).correlate(table).exists()
    rest = (*_days(query, table.c.place), *_fields(query), *_others(query))
    return select(*columns).select_from(table).where(*rest, there)


def places(query: Query, dialect: str) -> tuple[Select[Any], ColumnElement[Any], ColumnElement[Any]]:
    """The places of the present statements that a query asks for, as SQL, in no order; then what to order them by.

    These are the place (the latest published has the highest) and the number (the latest recorded has the highest).
    Whatever there is an index of is looked for in it, so that few of the statements themselves are read.
    """
    table = tables.present
    if not _looked(query) and not _traits(query):
        return matches(query, dialect, table.c.place), table.c.place, table.c.number
    if dialect != "sqlite":
        wanted = select(table.c.place).where(*_words(query), *_days(query, table.c.place), *_others(query))
        return wanted, table.c.place, table.c.number
    place = _INDEX.c.rowid
    wanted = select(place.label("place")).where(_asked(query), *_days(query, place, _in_row))
    if others := _others(query):
        wanted = wanted.where(_in_row(and_(*others)))
    return wanted, place, _NUMBER


def ranked(query: Query, dialect: str, most: int) -> Select[Any]:
    """The places of the latest ``most`` statements with the words of a query, and their ``rank``, the best lowest."""
    wanted, place, _ = places(query, dialect)
    if dialect == "sqlite":
        return wanted.add_columns(_BM25.label("rank")).order_by(place.desc()).limit(most)
    found = wanted.add_columns(tables.present.c.words_of_content).order_by(place.desc()).limit(most).subquery()
    rank = -func.ts_rank(found.c.words_of_content, _to_tsquery(_tsquery(terms_of(query.words))))
    return select(found.c.place, rank.label("rank"))


def trait(field: str, value: str | None) -> str:
    """What stands in the index for the value of a field that is filtered by: one word.

    >>> trait("type", "named_person"), trait("act", None)
    ('typenamedperson', 'actnone')
    """
    return field + (value or "none").replace("_", "")


_INDEX = table_clause("present_words", column("rowid", BigInteger))
"""SQLite's index of words (FTS5); the id of a row is the place of a statement."""
_NUMBER = _INDEX.c.rowid % NUMBERS
"""The number of the statement, by which its row is found the quickest."""
_BM25: ColumnElement[float] = literal_column("bm25(present_words, 1, 1, 1, 0)", Double)
"""How often and how rarely the words stand in a content, a speaker's and an outlet's name; traits do not count."""


def _looked(query: Query) -> dict[str, list[Term]]:
    """The terms that are looked for, by the column."""
    columns = {"words": "content", "speaker": "speaker", "outlet": "outlet"}
    return {column: terms for name, column in columns.items() if (terms := terms_of(getattr(query, name)))}


def _traits(query: Query) -> list[list[str]]:
    """The traits of which a statement has to have one each. Most are of the kind "statement": that tells nothing."""
    kinds = () if Kind.STATEMENT in query.kinds else query.kinds
    said = ("known",) if query.said_since or query.said_until else ()
    filters = {"act": query.acts, "form": query.forms, "type": query.source_types, "kind": kinds, "said": said}
    return [[trait(field, value) for value in values] for field, values in filters.items() if values]


def _fields(query: Query) -> list[ColumnElement[bool]]:
    """What the traits tell, of the columns."""
    table, found = tables.present, []
    if query.acts:
        found.append(or_(table.c.act.in_(_texts(query.acts)), table.c.second_act.in_(_texts(query.acts))))
    for name, values in (("form", query.forms), ("source_type", query.source_types), ("kind", query.kinds)):
        if values:
            found.append(table.c[name].in_(_texts(values)))
    return found


def _texts(values: Iterable[object]) -> list[str]:
    return [str(value) for value in values]


def _days(
    query: Query,
    place: ColumnElement[Any],
    in_row: Callable[[ColumnElement[bool]], ColumnElement[bool]] = lambda condition: condition,
) -> list[ColumnElement[bool]]:
    """Between which places lies what was published since and until a day.

    A day that is known to the month lies since a day in it as far as its last day does: only the row tells that.
    """
    found: list[ColumnElement[bool]] = []
    if query.since is not None or query.until is not None:
        found.append(place >= NUMBERS)  # what has a day at all
    if query.until is not None:
        found.append(place < place_of(last_day(query.until)) + NUMBERS)
    if query.since is not None:
        day = first_day(query.since)
        found.append(place >= place_of(day) - YEAR * NUMBERS)
        found.append(or_(place >= place_of(day), in_row(tables.present.c.published_until >= day)))
    return found


def _others(query: Query) -> list[ColumnElement[bool]]:
    """What only the row tells."""
    table = tables.present
    found: list[ColumnElement[bool]] = []
    if query.said_since is not None:
        found.append(table.c.said_until >= first_day(query.said_since))
    if query.said_until is not None:
        found.append(table.c.said_from <= last_day(query.said_until))
    if Kind.STATEMENT in query.kinds:
        found.append(table.c.kind.in_(_texts(query.kinds)))
    if query.speaker_name is not None:
        found.append(table.c.speaker == query.speaker_name)
    if query.min_score > 0:
        found.append(table.c.score >= query.min_score)
    if query.collection is not None:
        mine = select(tables.document.c.number).where(tables.document.c.collection == query.collection)
        found.append(table.c.document.in_(mine))
    return found


def _in_row(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """That the row of a statement in SQLite's index fulfils a condition."""
    table = tables.present
    return select(table.c.number).where(table.c.number == _NUMBER, condition).correlate(_INDEX).exists()


def _asked(query: Query) -> ColumnElement[bool]:
    """Words and traits as FTS5 looks for them."""
    asked = [f"({_fts5(name, terms)})" for name, terms in _looked(query).items()]
    asked += [f"traits : ({' OR '.join(traits)})" for traits in _traits(query)]
    return literal_column("present_words").op("MATCH", is_comparison=True)(" AND ".join(asked))


def _words(query: Query) -> list[ColumnElement[bool]]:
    """Words and traits as PostgreSQL looks for them."""
    asked = [(name, _tsquery(terms)) for name, terms in _looked(query).items()]
    asked += [("traits", " | ".join(traits)) for traits in _traits(query)]
    return [
        tables.present.c[f"words_of_{name}"].op("@@", is_comparison=True)(_to_tsquery(words)) for name, words in asked
    ]


def _to_tsquery(words: str) -> ColumnElement[Any]:
    return func.to_tsquery(literal_column("'simple'"), words)


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
