"""Reads the hand-written gold sentences of `cases.txt`.

Blocks are separated by a line `---`. A block is a line `# case: <slug> | <note>`, the passage, and
directives; other lines beginning with `#` above the case line are comments. A single newline inside
the passage is a newline of the text, an empty line a paragraph break.

    {s1:The envoy} {k1:said} {c1:{s2:the islanders} {k2:had agreed} {c2:to leave}}.
    @parent 2=1

`s`, `k`, `c` are source, cue and content; the number is the statement. Spans may nest; a role that
occurs twice for one statement is discontinuous; `{s1,2:…}` serves two statements. `@parent 2=1`
(several pairs may share a line) says that statement 2 stands inside the content of statement 1;
`@none` says that the passage holds no statement. `@speaker 2 Ann Lee; aides | named_person` gives a
statement's speakers and the first one's source type, `-` where nobody can be named.

Spans follow PolNeAR as its training articles are annotated: the source is the whole noun phrase with
title, apposition and possessive 's; the cue is the verb group with its auxiliaries and a channel such
as "said in a statement", without addressee ("told", not "told reporters") and day; the content takes
the complementizer ("that", "to"), its quotation marks, and the person in "accused him of …" and
"urged her to …"; each paragraph of a quotation is a content span of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

Spans = tuple[tuple[int, int], ...]

_ROLES = {"s": "source", "k": "cue", "c": "content"}
_HEADER = re.compile(r"# case:\s*(?P<slug>[a-z0-9-]+)\s*\|\s*(?P<note>\S.*)")
_OPEN = re.compile(r"\{(?P<role>[skc])(?P<ids>[1-9]\d*(?:,[1-9]\d*)*):")
_SPEAKER = re.compile(r"@speaker\s+(\d+)\s+(.+?)\s*\|\s*([a-z_]+)\s*")
_PARENT = re.compile(r"@parent((?:\s+\d+=\d+)+)\s*")


@dataclass(frozen=True)
class GoldStatement:
    """One attributed statement; spans are half-open code point offsets into `Case.text`.

    `parent` is the index of the enclosing statement in `Case.statements`, None at the top level.
    """

    source: Spans
    cue: Spans
    content: Spans
    parent: int | None


@dataclass(frozen=True)
class Case:
    """A passage, what it is there to test, and its statements in the order of their numbers."""

    case: str
    note: str
    text: str
    statements: tuple[GoldStatement, ...]
    speakers: dict[int, GoldSpeakers]
    """By index of the statement."""


@dataclass(frozen=True)
class GoldSpeakers:
    """Who makes a statement, by name, none where nobody can be named; ``type`` is the first one's."""

    names: tuple[str, ...]
    type: str


def load(path: str | Path) -> list[Case]:
    """The cases of a file. Raises ValueError with file and line on malformed markup."""
    return parse(Path(path).read_text(encoding="utf-8"), str(path))


def parse(markup: str, name: str = "<markup>") -> list[Case]:
    """The cases in `markup`; `name` stands in error messages.

    >>> case = parse("# case: demo | short\\n{s1:Okoro} {k1:said} {c1:no}.")[0]
    >>> case.text, case.statements[0].content
    ('Okoro said no.', ((11, 13),))
    """
    blocks: list[list[tuple[int, str]]] = [[]]
    for number, line in enumerate(markup.split("\n"), 1):
        if line == "---":
            blocks.append([])
        else:
            blocks[-1].append((number, line))
    return [_block(block, name) for block in blocks]


def _block(lines: list[tuple[int, str]], name: str) -> Case:
    start = lines[0][0] if lines else 1
    while lines and (not lines[0][1].strip() or re.match(r"#(?! case:)", lines[0][1])):
        lines = lines[1:]
    if not lines:
        raise _error(name, start, "empty block")
    number, line = lines[0]
    header = _HEADER.fullmatch(line)
    if not header:
        raise _error(name, number, "a block begins with '# case: <slug> | <note>'")
    lines, parents, speakers, none = _directives(lines[1:], name)
    while lines and not lines[0][1].strip():
        lines = lines[1:]
    if not lines:
        raise _error(name, number, "no passage")
    text, spans = _markup(lines, name)
    statements = _statements(spans, parents, name, number)
    if none == bool(statements):
        raise _error(name, number, "@none goes with a passage without statements, and only there")
    if speakers and sorted(speakers) != list(range(len(statements))):
        raise _error(name, number, "some statements have speakers and some have not")
    return Case(header["slug"], header["note"].strip(), text, statements, speakers)


def _directives(
    lines: list[tuple[int, str]], name: str
) -> tuple[list[tuple[int, str]], dict[int, int], dict[int, GoldSpeakers], bool]:
    """The passage without the trailing directives; child to parent number; speakers; whether @none stood there."""
    parents: dict[int, int] = {}
    speakers: dict[int, GoldSpeakers] = {}
    none = False
    while lines:
        number, line = lines[-1]
        if line.rstrip() == "@none":
            none = True
        elif match := _PARENT.fullmatch(line):
            for child, parent in re.findall(r"(\d+)=(\d+)", match[1]):
                if int(child) in parents:
                    raise _error(name, number, f"statement {child} has two parents")
                parents[int(child)] = int(parent)
        elif match := _SPEAKER.fullmatch(line):
            names = tuple(n.strip() for n in match[2].split(";")) if match[2] != "-" else ()
            speakers[int(match[1]) - 1] = GoldSpeakers(names, match[3])
        elif re.match(r"@(parent|none|speaker)\b", line):
            raise _error(name, number, f"malformed directive {line!r}")
        elif line.strip():
            break
        lines = lines[:-1]
    return lines, parents, speakers, none


def _markup(lines: list[tuple[int, str]], name: str) -> tuple[str, dict[int, dict[str, list[tuple[int, int]]]]]:
    """The text without markup, and the spans of each statement number by role."""
    text = ""
    spans: dict[int, dict[str, list[tuple[int, int]]]] = {}
    opened: list[tuple[str, list[int], int, int]] = []
    for number, line in lines:
        if re.match(r"@(parent|none|speaker)\b|# case:", line):
            raise _error(name, number, f"{line.split()[0]!r} inside a passage")
        text += "\n" if text else ""
        position = 0
        while position < len(line):
            if line[position] == "{":
                match = _OPEN.match(line, position)
                if not match:
                    raise _error(name, number, f"malformed span at {line[position : position + 12]!r}")
                ids = [int(part) for part in match["ids"].split(",")]
                opened.append((_ROLES[match["role"]], ids, len(text), number))
                position = match.end()
                continue
            if line[position] == "}":
                if not opened:
                    raise _error(name, number, "'}' closes nothing")
                role, ids, start, _ = opened.pop()
                if start == len(text):
                    raise _error(name, number, f"empty {role} span")
                for identity in ids:
                    roles = spans.setdefault(identity, {r: [] for r in _ROLES.values()})
                    roles[role].append((start, len(text)))
            else:
                text += line[position]
            position += 1
        if opened:
            raise _error(name, opened[-1][3], "span is not closed on its line")
    return text, spans


def _statements(
    spans: dict[int, dict[str, list[tuple[int, int]]]],
    parents: dict[int, int],
    name: str,
    number: int,
) -> tuple[GoldStatement, ...]:
    if sorted(spans) != list(range(1, len(spans) + 1)):
        raise _error(name, number, f"statement numbers {sorted(spans)} are not 1, 2, 3 …")
    for identity, roles in spans.items():
        if not roles["content"]:
            raise _error(name, number, f"statement {identity} has no content")
        for role, found in roles.items():
            found.sort()
            if any(a[1] > b[0] for a, b in pairwise(found)):
                raise _error(name, number, f"{role} spans of statement {identity} overlap")
    for child, parent in parents.items():
        if child not in spans or parent not in spans:
            raise _error(name, number, f"@parent {child}={parent}: no such statement")
        if not all(_inside(span, spans[parent]["content"]) for span in spans[child]["content"]):
            raise _error(name, number, f"statement {child} is not inside the content of {parent}")
    for child in parents:
        seen = {child}
        while child in parents:
            child = parents[child]
            if child in seen:
                raise _error(name, number, "@parent runs in a circle")
            seen.add(child)
    return tuple(
        GoldStatement(
            source=tuple(spans[identity]["source"]),
            cue=tuple(spans[identity]["cue"]),
            content=tuple(spans[identity]["content"]),
            parent=parents[identity] - 1 if identity in parents else None,
        )
        for identity in sorted(spans)
    )


def _inside(span: tuple[int, int], outer: list[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in outer)


def _error(name: str, line: int, problem: str) -> ValueError:
    return ValueError(f"{name}:{line}: {problem}")
