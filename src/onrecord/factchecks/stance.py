"""Whether a text says what a claim says, or says that it is not so.

A rule on words, on the side of caution: a text that denies is never taken for one that asserts where a word tells so,
and a text with two turns of phrase that undo each other may be called a denial though it is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cache

from onrecord.factchecks.words import Token, Tokens, tokens_of
from onrecord.languages.en import word_list

__all__ = ["ClaimStance", "stance"]


class ClaimStance(StrEnum):
    """What a text does with a claim: says it, or says that it is not so (or the claim says so of the text's)."""

    ASSERTS = "asserts"
    DENIES = "denies"


_REACH = 7
"""So many content words behind a negation may be what it negates."""
_MARKS = frozenset([",", ";", ":", ".", "!", "?", "(", ")", "\n", "-", "–", "—"])
_TURNS = frozenset(["but", "because", "while", "although", "though"])
"""Words that end a clause without a mark."""
_ALONE = frozenset(["nobody", "nothing", "none"])
_NO = frozenset(["no", "nope", "wrong", "false"])
"""What answers a question by itself."""
_LETTERS = 5
"""Words that begin with so many equal letters are taken for forms of one."""
_STEM = 4
"""Letters of a word to which one of these gives the opposite sense."""
_PREFIXES = ("un", "in", "il", "im", "ir", "dis", "non")
_NEAR = 0.5
"""A sentence that has half of what the best one shares with the claim speaks of it too."""
_VERBS = re.compile(r"(?:den(?:y|ies|ied|ying)|debunk|refut|disprov|reject|hoax|fak|unfounded|baseless|untrue|myth)")


def stance(text: Tokens, claim: Tokens) -> ClaimStance:
    """What a text does with a claim that is about the same.

    >>> from onrecord.factchecks.words import tokens_of
    >>> claim = tokens_of("The council of Velmar sold the harbour.")
    >>> str(stance(tokens_of("Velmar's harbour was sold by its council."), claim))
    'asserts'
    >>> str(stance(tokens_of("The council never sold Velmar's harbour."), claim))
    'denies'
    """
    sentences = text.sentences
    about = _about(sentences, claim)
    mine = [sentences[k] for k in about]
    denied = _is_answered(sentences) or any(
        _denials(sentences[k]) for k in range(len(sentences)) if any(abs(k - n) <= 1 for n in about)
    )
    claimed = any(_VERBS.match(token.form) for token in claim.every) and any(map(_denials, claim.sentences))
    negative = _is_negative(mine, claim.distinct)
    other = _is_negative(claim.sentences, frozenset(token.stem for s in mine for token in s if token.content))
    opposite = _is_opposite(_affirmed(mine), _affirmed(claim.sentences))
    differing = opposite or negative != other or denied != (claimed or _says_so_too(text, claim))
    return ClaimStance.DENIES if differing else ClaimStance.ASSERTS


def _is_opposite(said: frozenset[str], claimed: frozenset[str]) -> bool:
    """Whether one has a word that excludes one of the other's, and neither has both."""
    mine, theirs = said - claimed, claimed - said
    for one, other in ((mine, theirs), (theirs, mine)):
        for stem in one:
            if other & _opposites().get(stem, frozenset()):
                return True
            if any(stem == prefix + bare for bare in other if len(bare) >= _STEM for prefix in _PREFIXES):
                return True
    return False


def _about(sentences: Sequence[tuple[Token, ...]], claim: Tokens) -> list[int]:
    """The sentences that speak of what the claim speaks of."""
    shared = [sum(claim.rarities.get(stem, 0.0) for stem in {t.stem for t in s if t.content}) for s in sentences]
    best = max(shared, default=0.0)
    return [k for k, value in enumerate(shared) if value >= _NEAR * best]


def _denials(sentence: Sequence[Token]) -> bool:
    """Whether a sentence has words that say of something that it is not so, and no negation that undoes them."""
    forms = [token.form for token in sentence]
    joined = f" {' '.join(forms)} ".replace("n't ", " not ")
    for match in _pattern("denials.txt").finditer(joined):
        before = joined[: match.start()].split()[-3:]
        own = match[0].split()
        if not any(_negates(word) for word in before) or _negates(own[0]):
            return True
    return False


def _says_so_too(text: Tokens, claim: Tokens) -> bool:
    """Whether the claim has the very word of denial that the text has."""
    theirs = {m[0] for m in _pattern("denials.txt").finditer(" ".join(["", *(t.form for t in claim.every), ""]))}
    mine = {m[0] for m in _pattern("denials.txt").finditer(" ".join(["", *(t.form for t in text.every), ""]))}
    return bool(mine) and mine <= theirs


def _is_answered(sentences: Sequence[tuple[Token, ...]]) -> bool:
    """Whether a text begins with "No," or has "No." after a question."""
    for k, sentence in enumerate(sentences):
        after_question = k > 0 and sentences[k - 1][-1].form == "?"
        if sentence[0].form in _NO and (k == 0 or after_question) and (len(sentence) < 2 or sentence[1].form in _MARKS):
            return True
    return False


def _is_negative(sentences: Sequence[Sequence[Token]], other: frozenset[str]) -> bool:
    """Whether a clause negates something that the other text speaks of; two negations in one clause undo each other."""
    for clause in _clauses(sentences):
        found = [k for k, token in enumerate(clause) if _negates(token.form) or _prevents(token.form)]
        forms = [token.form for token in clause]
        hits = 0
        for k in found:
            if (forms[k] == "nor" and "neither" in forms) or forms[k : k + 2] == ["not", "only"]:
                continue
            behind = [token for token in clause[k + 1 :] if token.content][:_REACH]
            if not behind and forms[k] in _ALONE:
                behind = [token for token in clause[max(0, k - 3) : k] if token.content]
            hits += any(_is_among(token.stem, other) for token in behind)
        if hits % 2:
            return True
    return False


def _affirmed(sentences: Sequence[Sequence[Token]]) -> frozenset[str]:
    """The content words that have no negation shortly before them: "not solvent" is not the opposite of "insolvent"."""
    return frozenset(
        token.stem
        for sentence in sentences
        for k, token in enumerate(sentence)
        if token.content and not any(_negates(before.form) for before in sentence[max(0, k - 3) : k])
    )


def _clauses(sentences: Sequence[Sequence[Token]]) -> Iterator[list[Token]]:
    """The words between two marks or turns."""
    for sentence in sentences:
        clause: list[Token] = []
        for token in sentence:
            if token.form in _MARKS or token.form in _TURNS:
                yield clause
                clause = []
            else:
                clause.append(token)
        yield clause


def _is_among(stem: str, other: frozenset[str]) -> bool:
    return stem in other or (len(stem) >= _LETTERS and any(stem[:_LETTERS] == word[:_LETTERS] for word in other))


def _negates(form: str) -> bool:
    return form.endswith("n't") or form in _negations()


def _prevents(form: str) -> bool:
    return _pattern("preventions.txt").search(f" {form} ") is not None


@cache
def _opposites() -> dict[str, frozenset[str]]:
    """For each word's stem the stems of those that exclude it."""
    made: dict[str, frozenset[str]] = {}
    for line in word_list("opposites.txt"):
        one, other = tokens_of(line).stems
        made[one] = made.get(one, frozenset()) | {other}
        made[other] = made.get(other, frozenset()) | {one}
    return made


@cache
def _negations() -> frozenset[str]:
    return frozenset(word_list("negations.txt")) - {"few", "unlikely"}


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """What finds the entries of a list in words with blanks around them."""
    entries = "|".join(re.escape(entry).replace(r"\*", r"\S*") for entry in word_list(name))
    return re.compile(rf"(?<= )(?:{entries})(?= )")
