"""Train what says what one claim is to another: ``python -m train.claims fit|teach|tune|ship``.

``fit --shared DIR --encoder DIR --out MODEL.pt`` fits the network (``train.pairs``): over pairs of invented claims
(groups, pairs, plain claims, two sides, reports: ``claim_*.jsonl``) and statements of the news that a rule denied,
negated, renumbered or cut, then over pairs of statements that were read and labelled (``claim_labels.jsonl``) with some
of the former. ``--without K`` leaves a fold
of the labelled ones out, and tells how well the network does there.
``teach --model MODEL.pt --pool POOL --out TAUGHT`` writes what such a network says of many pairs that nobody labelled
(``train.pool``). ``fit --taught TAUGHT --start MODEL.pt --layers 0 2 …`` fits one of fewer layers to that and to the
labels (distillation: Hinton et al. 2015; Sanh et al. 2019).
``tune --start MODEL.pt --layers 0 2 …`` goes on from a fitted one, quickly enough for a processor: its word pieces and
lower layers are held, and it sees the invented pairs, the labelled disputes and answers and some of the rest. What it
had learnt before is kept by ``--mean`` of its weights and earlier ones.
``ship --model MODEL.pt --out DIR`` fits what b does to a (strengthens, weakens) to ClaimDiff's training pairs, prints
how well that does on topics left out, and writes ``pairs.onnx`` in eight bits and ``settings.json``. ``--second-model
MODEL.pt`` are the weights of a network of all layers, with the same word pieces, that is shipped as ``second.onnx``: it
reads what may be a dispute.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import logging
import random
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from onrecord.meaning.pairs import OUTPUTS, RELATIONS, Compared, PairReader, pieces_of_pairs
from onrecord.model import Span
from onrecord.relate.claims import Tie, alike_of, tied
from onrecord.relate.evidence import LEANINGS, NAMES, WORDS, Weights, row_of, words_of
from train.acts import FILES
from train.data import read_jsonl
from train.encoder import eight_bits, from_bert, level
from train.export import quantise
from train.network import word_embeddings
from train.pairs import TOKENIZER, Pair, PairNetwork, build, fit, heads, hold, keep_layers, outputs, predict

log = logging.getLogger("train")

HERE = Path(__file__).parent
GROUPS, LABELS = HERE / "claim_groups.jsonl", HERE / "claim_labels.jsonl"
PAIRS, PLAIN, SIDES, SCENES = (HERE / f"claim_{name}.jsonl" for name in ("pairs", "plain", "sides", "scenes"))
SHIPPED = HERE.parent / "src/onrecord/models/pairs"
FOLDS = 5
LABELLED = {"same": "restates", "dispute": "disputes", "related": "related", "none": "none"}
_NONE = ((), ())

_TIMES = 5
"""What else is known of a pair counts as so many copies of it beside the many numbers of the last layer."""
_COLUMNS = {"restates": NAMES[:5], "disputes": ("disputes",), "answers": (*NAMES[:5], *WORDS)}
"""What is weighed for each tie (``relate.evidence.NAMES``). More columns made disputes worse, fewer made answers so;
``train.disputes`` weighs disputes anew, with what is around two claims."""

_TELLING = 0.08
"""A pair that a teacher takes for more than related with this probability is shown each time, of others some."""

_RARE = ("disputes", "answers", "answered")

SECOND = 0.15
"""What the first network takes for a dispute with this probability the second one reads too."""

Rows = NDArray[np.float64]
Clash = tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]


def fold_of(group: str) -> int:
    """The fold of a group: a document, a group of invented claims, a topic."""
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % FOLDS


def text_of(text: str, side: dict[str, Any]) -> tuple[str, list[tuple[Span, Span]]]:
    """A labelled statement ``{"speaker", "cue", "content"}`` as it is compared (``relate.claims``), and where its words
    stand in both texts."""
    places: list[tuple[Span, Span]] = []
    made = " ".join(" ".join(text[start:end] for start, end in side["speaker"]).split())

    def put(spans: Sequence[Sequence[int]]) -> None:
        nonlocal made
        for start, end in spans:
            for match in re.finditer(r"\S+", text[start:end]):
                at = len(made) + bool(made)
                made = f"{made} {match[0]}" if made else match[0]
                places.append((Span(at, len(made)), Span(start + match.start(), start + match.end())))

    put(side["cue"])
    if made:
        made += ":"
    put(side["content"])
    return made, places


def labelled(shared: Path, labels: Path = LABELS) -> Iterator[Pair]:
    """The pairs of statements that were read and labelled.

    Raises:
        ValueError: an article is not in the data.
    """
    for row, made in _read(shared, list(read_jsonl(labels))):
        clash: Clash | None = _NONE
        if row["label"] == "dispute":
            marked = [_marked(places, row["clash"][side]) for (_, places), side in zip(made, "ab", strict=True)]
            clash = (marked[0], marked[1]) if all(marked) else None
        elif row["label"] == "answer":
            clash = None
        yield Pair(made[0][0], made[1][0], row["a"]["id"], relation=_relation(row), clash=clash)


def _read(
    shared: Path, rows: Sequence[dict[str, Any]]
) -> Iterator[tuple[dict[str, Any], list[tuple[str, list[tuple[Span, Span]]]]]]:
    """Each row of two statements with both as they are compared; see ``text_of``."""
    texts = {place: article["text"] for place, article in articles(shared, rows)}
    for row in rows:
        yield row, [text_of(texts[row[side]["corpus"], row[side]["id"]], row[side]) for side in "ab"]


def articles(shared: Path, rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    """The articles that either statement of some rows stands in, each with its corpus and id.

    Raises:
        ValueError: one is not in the data.
    """
    wanted = {(row[side]["corpus"], row[side]["id"]) for row in rows for side in "ab"}
    for corpus in sorted({corpus for corpus, _ in wanted}):
        for name in FILES[corpus]:
            for article in read_jsonl(shared / "data" / name):
                if (place := (corpus, str(article["id"]))) in wanted:
                    wanted.remove(place)
                    yield place, article
    if wanted:
        raise ValueError(f"{len(wanted)} labelled articles are not in the data, e.g. {min(wanted)}")


def outside(pairs: Sequence[Pair], fold: int | None) -> list[Pair]:
    """Of the labelled pairs those with no document in a fold; all where it is None."""
    return [pair for pair, ids in zip(pairs, _documents(), strict=True) if all(fold_of(id) != fold for id in ids)]


def inside(pairs: Sequence[Pair], fold: int | None) -> tuple[list[Pair], list[bool]]:
    """Of the labelled pairs those with both documents in a fold, and of each whether they are one; all where it is
    None.

    Pairs with one document in it are in neither part: one of their statements was seen, and what it disputes.
    """
    found = [
        (pair, ids[0] == ids[1])
        for pair, ids in zip(pairs, _documents(), strict=True)
        if fold is None or all(fold_of(id) == fold for id in ids)
    ]
    return [pair for pair, _ in found], [same for _, same in found]


def _documents() -> list[tuple[str, str]]:
    """The ids of the documents of both statements of each labelled pair."""
    return [(row["a"]["id"], row["b"]["id"]) for row in read_jsonl(LABELS)]


def _relation(row: dict[str, Any]) -> str:
    if row["label"] == "answer":
        return "answers" if row["by"] == "b" else "answered"
    return LABELLED[row["label"]]


def _marked(places: Sequence[tuple[Span, Span]], spans: Sequence[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    return tuple(
        (here.start, here.end) for here, there in places if any(s < there.end and there.start < e for s, e in spans)
    )


def invented(groups: Path = GROUPS, seed: int = 4) -> Iterator[Pair]:
    """The pairs that invented groups of claims give.

    A claim stands with others that say the same, clash with it, answer it, or concern the same matter, and with one of
    a neighbouring group, which says nothing of it.
    """
    rng = random.Random(seed)
    rows = list(read_jsonl(groups))
    for number, row in enumerate(rows):
        group, claim, same = f"group {number}", row["claim"], row["same"]
        for other in same:
            yield Pair(claim, other, group, relation="restates", clash=_NONE)
        yield Pair(same[0], same[1], group, relation="restates", clash=_NONE, weight=0.7)
        for text, mine, theirs in row["clash"]:
            clash = (_found(claim, mine), _found(text, theirs))
            yield Pair(claim, text, group, relation="disputes", clash=clash if all(clash) else None)
            for other in same:
                yield Pair(other, text, group, relation="disputes", weight=0.5)
        yield Pair(claim, row["answer"], group, relation="answers", clash=_NONE, weight=0.7)
        for other in row["related"]:
            yield Pair(claim, other, group, relation="related", clash=_NONE)
        yield Pair(same[0], row["related"][0], group, relation="related", clash=_NONE, weight=0.7)
        yield Pair(row["clash"][0][0], row["related"][1], group, relation="related", weight=0.5)
        near = rows[(number + 1 + rng.randrange(3)) % len(rows)]
        stranger = rng.choice([near["claim"], near["same"][0], near["clash"][0][0]])
        yield Pair(claim, stranger, group, relation="none", clash=_NONE, weight=0.5)


def invented_pairs(pairs: Path = PAIRS) -> Iterator[Pair]:
    """Invented pairs of statements of the kinds that are taken for each other, each with what it is."""
    for number, row in enumerate(read_jsonl(pairs)):
        clash: Clash | None = _NONE
        if row["label"] == "dispute":
            found = _found(row["a"], row["clash"][0]), _found(row["b"], row["clash"][1])
            clash = found if all(found) else None
        yield Pair(row["a"], row["b"], f"pair {number}", relation=_relation(row), clash=clash)


def plain(groups: Path = PLAIN, heads: Path = PAIRS, seed: int = 5) -> Iterator[Pair]:
    """The pairs that groups of plain claims give.

    A group has a claim in three wordings (``p``), what cannot be true beside it in three (``n``), and three more on the
    same matter that go with either (``o``). Those who say or deny it are the speakers of ``heads``, invented too; in a
    quarter of the pairs both stand bare.
    """
    rng = random.Random(seed)
    rows = list(read_jsonl(groups))
    said = sorted({head for row in read_jsonl(heads) for head in map(_neutral, (row["a"], row["b"])) if head})
    for number, row in enumerate(rows):
        group, ones, others, near = row["p"][0], row["p"], row["n"], row["o"]
        made = [("disputes", one, other) for one in ones for other in others]
        made += [("restates", one, other) for one, other in itertools.combinations(ones, 2)]
        made += [("related", one, rng.choice(near)) for one in (*ones, *others)]
        made += [("none", rng.choice(ones), rng.choice(rows[(number + 7) % len(rows)]["p"]))]
        for relation, one, other in made:
            first, second = rng.sample(said, 2) if rng.random() < _DRESSED else ("", "")
            yield Pair(_told(first, one, rng), _told(second, other, rng), group, relation, clash=_clash(relation))
        for relation, mine in (("disputes", ones), ("disputes", ones), ("restates", others)):
            first, second = rng.sample(said, 2)
            denied = f"{' '.join(second.split()[:-1])} {rng.choice(_DENIED)}: that {_small(rng.choice(ones))}"
            yield Pair(_told(first, rng.choice(mine), rng), denied, group, relation, clash=_clash(relation))


def sides(groups: Path = SIDES, seed: int = 6) -> Iterator[Pair]:
    """The pairs that invented statements of two sides give.

    A group has three statements of one side (``p``), three of those who dispute them (``n``), and four on the same
    matter that do neither (``o``), which look as if they did.
    """
    rng = random.Random(seed)
    rows = list(read_jsonl(groups))
    for number, row in enumerate(rows):
        group, ones, others = row["p"][0], row["p"], row["n"]
        made = [("disputes", one, other) for one in ones for other in others]
        made += [("restates", *both) for side in (ones, others) for both in itertools.combinations(side, 2)]
        made += [("related", one, other) for one in (*ones, *others) for other in rng.sample(row["o"], 2)]
        made += [("none", rng.choice(ones), rng.choice(rows[(number + 7) % len(rows)]["n"]))]
        for relation, one, other in made:
            yield Pair(one, other, group, relation, clash=_clash(relation))


def scenes(groups: Path = SCENES) -> Iterator[Pair]:
    """All pairs of the statements of invented news reports.

    A report has its statements in their order (``s``) and, by their numbers, those that dispute each other (``d``), say
    the same (``r``), or of which the first answers the second (``a``). All others are related: nobody marked them.
    """
    for row in read_jsonl(groups):
        told = [("disputes", pair) for pair in row["d"]] + [("restates", pair) for pair in row["r"]]
        told += [("answers" if one > other else "answered", (one, other)) for one, other in row["a"]]
        marked = {(min(pair), max(pair)): relation for relation, pair in told}
        for one, other in itertools.combinations(range(len(row["s"])), 2):
            relation = marked.get((one, other), "related")
            weight = _UNMARKED if relation == "related" else 1.0
            yield Pair(row["s"][one], row["s"][other], row["s"][0], relation, clash=_clash(relation), weight=weight)


_UNMARKED = 0.6
"""What nobody marked in a report counts for less: something may have been overlooked."""
_DRESSED = 0.75
"""So many pairs of plain claims have speakers."""
_LONG_HEAD = 9
"""From so many words on, who says it tells too much of what is said to go with any claim."""
_NEUTRAL = ("said", "says", "insisted", "claimed", "argued", "stated", "wrote", "maintained", "declared")


def _clash(relation: str) -> Clash | None:
    """Nothing clashes where nothing is disputed; where it is, nobody marked what does."""
    return None if relation == "disputes" else _NONE


def _neutral(claim: str) -> str:
    """Who says a claim, and with which cue, where that cue says no more than that."""
    head, colon, _ = claim.partition(": ")
    words = head.split()
    return head if colon and words and words[-1] in _NEUTRAL and len(words) < _LONG_HEAD else ""


def _told(head: str, claim: str, rng: random.Random) -> str:
    """A claim as it is compared when somebody says it: reported, in quotation marks, or as it is."""
    if not head:
        return claim
    how = rng.random()
    return f"{head}: that {_small(claim)}" if how < 0.4 else f"{head}: “{claim},”" if how < 0.6 else f"{head}: {claim}"


def _small(claim: str) -> str:
    """A claim with a small first letter, unless that may be a name's."""
    first = claim.split()[0].lower()
    return claim[0].lower() + claim[1:] if first in _ARTICLES else claim


_ARTICLES = frozenset(
    ["the", "a", "an", "no", "nobody", "there", "it", "they", "he", "she", "we", "not", "all", "every", "most", "some"]
)


def _found(text: str, words: Sequence[str]) -> tuple[tuple[int, int], ...]:
    places = sorted((text.find(word), len(word)) for word in words)
    return tuple((at, at + length) for at, length in places if at >= 0)


_AUXILIARY = r"is|are|was|were|has|have|had|will|would|can|could|should|must|did|does|do"
_PLAIN = re.compile(rf"\b({_AUXILIARY})\b(?! n[o']t)", re.IGNORECASE)
_NEGATED = re.compile(rf"\b({_AUXILIARY}) not\b|\b(wo|ca|{_AUXILIARY})n['’]t\b", re.IGNORECASE)
_NUMBER = re.compile(r"\b(\d{1,3})(?=\b(?![\d,.:/-]))")
_SHORTENED = {"wo": "will", "ca": "can"}
_SAID = ("said", "argued", "insisted", "told reporters", "claimed", "maintained", "stressed", "confirmed", "believes")
_BARE = 0.3
"""So many statements stand without anybody who says them."""
_DENIED = ("denied", "has denied", "dismissed as false", "rejected as untrue", "disputed")


def altered(claims: Sequence[tuple[str, str, str]], count: int, seed: int = 3) -> Iterator[Pair]:
    """Pairs of a statement ``(group, speaker, content)`` and what a rule makes of it.

    Denied, negated or the negation taken out, renumbered: these dispute it; whole or cut: restates it; another
    statement: none. Without a speaker both stand bare.
    """
    rng = random.Random(seed)
    made = 0
    while made < count:
        group, who, content = rng.choice(claims)
        bare = not who or rng.random() < _BARE
        one = content if bare else f"{who} {rng.choice(_SAID)}: {content}"
        relation, two = _altered(content, "" if bare else rng.choice((who, rng.choice(claims)[1])), rng, claims)
        if two is not None and two != one:
            made += 1
            yield Pair(one, two, group, relation=relation, clash=_NONE if relation != "disputes" else None, weight=0.5)


def _altered(
    content: str, who: str, rng: random.Random, claims: Sequence[tuple[str, str, str]]
) -> tuple[str, str | None]:
    said, kind = f"{who} {rng.choice(_SAID)}: " if who else "", rng.random()
    if kind < 0.22 and who:
        return "disputes", f"{who} {rng.choice(_DENIED)}: {content}"
    if kind < 0.44:
        if match := _NEGATED.search(content):
            verb = match[1] or _SHORTENED.get(match[2].lower(), match[2])
            return "disputes", f"{said}{content[: match.start()]}{verb}{content[match.end() :]}"
        match = _PLAIN.search(content)
        return "disputes", f"{said}{content[: match.end()]} not{content[match.end() :]}" if match else None
    if kind < 0.56:
        if (match := _NUMBER.search(content)) is None:
            return "disputes", None
        value = int(match[1])
        new = max(2, int(value * rng.choice((0.3, 0.5, 1.4, 2, 3))) + rng.choice((0, 1, 2)))
        return "disputes", f"{said}{content[: match.start()]}{new}{content[match.end() :]}" if new != value else None
    if kind < 0.8:
        words = content.split()
        return "restates", f"{said}{' '.join(words[: max(6, int(len(words) * rng.uniform(0.6, 1.3)))])}"
    _, stranger, words_ = rng.choice(claims)
    return "none", (f"{stranger} {rng.choice(_SAID)}: {words_}" if who else words_) if words_ != content else None


def reported(pairs: Sequence[Pair]) -> list[tuple[str, str, str]]:
    """The statements of labelled pairs as material for ``altered``: group, speaker, content."""
    found = {}
    for pair in pairs:
        for text in (pair.a, pair.b):
            head, _, content = text.partition(": ")
            if 6 <= len(content.split()) <= 40 and head:
                found[text] = (pair.group, " ".join(head.split()[:2]), content)
    return sorted(found.values())


def claimdiff(shared: Path) -> list[Pair]:
    """The training pairs of ClaimDiff (Ko et al. 2022): what b does to a."""
    folder = shared / "data" / "claimdiff"
    made = []
    for one, other in zip(*(read_jsonl(folder / f"{n}-train.jsonl.gz") for n in ("strengthen", "weaken")), strict=True):
        strengthens, weakens = float(one["relation"]), float(other["relation"])
        made.append(Pair(one["claim_a"], one["claim_b"], one["topic"], strengthens=strengthens, weakens=weakens))
    return made


class PairGraph(nn.Module):
    """A pair's word pieces, segments ``(1, pieces)`` and parts ``(1, 2, pieces)`` to scores.

    These are ``(1, OUTPUTS)``, and those of its pieces ``(1, pieces)``. With them comes what the pieces are embedded
    as, ``(1, pieces, hidden)``: a second network with the same embeddings (``SecondGraph``) need not have them.
    """

    def __init__(self, model: PairNetwork) -> None:
        super().__init__()
        self.scale: Tensor
        self.table: Tensor
        table, scale = eight_bits(word_embeddings(model.encoder).weight.detach())
        self.register_buffer("scale", scale)
        self.register_buffer("table", table)
        self.encoder = from_bert(model.encoder)
        self.mix, self.out, self.words = model.mix, model.out, model.words

    def embedded(self, pieces: Tensor, segments: Tensor) -> Tensor:
        """What the word pieces of a pair are embedded as."""
        kind = self.encoder.segment.weight
        return self.table[pieces].float() * self.scale[pieces] + (kind[segments] - kind[0])

    def forward(self, pieces: Tensor, segments: Tensor, parts: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Scores of one pair, and what its pieces are embedded as; see the class."""
        embedded = self.embedded(pieces, segments)
        return *_scores(self, embedded, parts), embedded


class SecondGraph(nn.Module):
    """What ``PairGraph`` embedded a pair's word pieces as, and its parts, to scores as there."""

    def __init__(self, model: PairNetwork) -> None:
        super().__init__()
        self.encoder = from_bert(model.encoder)
        self.mix, self.out, self.words = model.mix, model.out, model.words

    def forward(self, embedded: Tensor, parts: Tensor) -> tuple[Tensor, Tensor]:
        """Scores of one pair; see the class."""
        return _scores(self, embedded, parts)


def _scores(graph: Any, embedded: Tensor, parts: Tensor) -> tuple[Tensor, Tensor]:
    every = torch.arange(embedded.shape[1], device=embedded.device)[None, :, None]
    states = graph.encoder(embedded, every.expand(embedded.shape[0], -1, embedded.shape[-1]))[-1]
    return heads(graph, states, parts, nn.Identity())


def export(model: PairNetwork, sample: Sequence[Pair], out: Path) -> None:
    """Write the graph in eight bits."""
    feeds = _feeds(sample)
    axes = {"pieces": {1: "pieces"}, "segments": {1: "pieces"}, "parts": {2: "pieces"}, "words": {1: "pieces"}}
    _write(PairGraph(model.eval()).eval(), feeds, axes | {"embedded": {1: "pieces"}}, out)


def export_second(model: PairNetwork, sample: Sequence[Pair], out: Path) -> None:
    """Write the graph of a network whose word pieces are embedded as those of the shipped one, in eight bits."""
    first = PairGraph(model.eval())
    given = [(first.embedded(pieces, segments).detach(), parts) for pieces, segments, parts in _feeds(sample)]
    axes = {"embedded": {1: "pieces"}, "parts": {2: "pieces"}, "words": {1: "pieces"}}
    _write(SecondGraph(model).eval(), given, axes, out)


def _write(graph: nn.Module, feeds: Sequence[tuple[Tensor, ...]], axes: dict[str, dict[int, str]], out: Path) -> None:
    """Write a graph whose inputs and outputs are the names of ``axes``, and ``scores``."""
    encoder: Any = graph.encoder
    level(encoder, lambda: [graph(*feed) for feed in feeds])
    given = list(axes)[: len(feeds[0])]
    made = ["scores", *list(axes)[len(given) :]]
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        torch.onnx.export(
            graph, feeds[0], str(plain), input_names=given, output_names=made, dynamic_axes=axes, opset_version=17,
            dynamo=False, custom_opsets={"com.microsoft": 1},
        )  # fmt: skip
        quantise(plain, out)


def _feeds(sample: Sequence[Pair]) -> list[tuple[Tensor, Tensor, Tensor]]:
    """What ``PairGraph`` takes of each pair."""
    tokenizer, feeds = pieces_of_pairs(TOKENIZER), []
    for pair in sample:
        found = tokenizer.encode(pair.a, pair.b)
        segments = torch.tensor([found.type_ids])
        parts = torch.stack([segments[0] == 0, segments[0] == 1]).float()
        feeds.append((torch.tensor([found.ids]), segments, (parts / parts.sum(1, keepdim=True))[None]))
    return feeds


def pooled(taught: Path, without: int | None, shared: Path) -> list[Pair]:
    """Pairs of statements with what a teacher said of them, but for a fold's.

    They are as ``teach`` wrote them, or, without their words, as in ``claim_taught.jsonl.gz``: where they stand.
    """
    rows = list(read_jsonl(taught))
    if rows and isinstance(rows[0]["a"], dict):
        unsaid = (-1.0,) * len(LEANINGS)
        pairs = [
            Pair(a, b, row["a"]["id"], taught=(*row["taught"], *unsaid))
            for row, ((a, _), (b, _)) in _read(shared, rows)
        ]
        of = [[row[side]["id"] for side in "ab"] for row in rows]
    else:
        pairs = [Pair(row["a"], row["b"], row["of"][0], taught=tuple(row["taught"])) for row in rows]
        of = [row["of"] for row in rows]
    return [
        pair
        for pair, groups in zip(pairs, of, strict=True)
        if without is None or all(fold_of(group) != without for group in groups)
    ]


def fitted(options: argparse.Namespace) -> PairNetwork:
    """The network: fitted in two passes, or, with what a teacher said, in one."""
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    tokenizer, rng = pieces_of_pairs(TOKENIZER), random.Random(options.seed)
    real = outside(list(labelled(options.shared)), options.without)
    rare = [pair for pair in real if pair.relation in _RARE]
    groups, hard = list(invented()), list(invented_pairs())
    bare = [(pair.group, "", pair.a) for pair in groups if pair.relation == "answers"]
    changed = list(altered([*reported(real), *bare], options.altered))
    plain_ones, of_sides, of_scenes = (apart_from(made, options.without) for made in (plain(), sides(), scenes()))
    model = started(options)
    if options.words:
        take_words(model, options.words)
    some = partial(_some, rng)

    def go(name: str, pairs: Sequence[Pair], epochs: int, rate: float, batch: int) -> None:
        log.info("%s pass: %d pairs, %d epochs", name, len(pairs), epochs)
        file = options.out.with_suffix(f".{name}")
        fit(
            model, pairs, tokenizer, epochs=epochs, rate=rate, batch=batch, seed=options.seed, device=options.device,
            keep=file,
        )  # fmt: skip

    if options.taught:
        telling, dull = parted(pooled(options.taught, options.without, options.shared))
        words = word_embeddings(model.encoder)
        words.weight.requires_grad_(False)
        again = [*some(of_sides, 20_000), *some(plain_ones, 25_000), *some(of_scenes, 20_000), *some(groups, 4000)]
        shown_ = [*telling, *some(dull, 40_000), *real, *rare, *hard, *again, *some(changed, 4000)]
        go("taught", shown_, options.second, 8e-5, 112)
        words.weight.requires_grad_(True)
    else:
        first = [*groups, *hard, *changed, *some(plain_ones, 60_000), *some(of_sides, 80_000), *some(of_scenes, 80_000)]
        go("first", first, options.first, 5e-5, 112)
        again = [*some(of_scenes, 25_000), *some(of_sides, 12_000), *some(plain_ones, 8000), *some(groups, 3000)]
        go("second", [*real, *real, *rare, *hard, *again, *some(changed, 3000)], options.second, 4e-5, 80)
    return model


def take_words(model: PairNetwork, other: Path) -> None:
    """Give a network the word pieces and the heads of another one, and hold the word pieces: both can share them."""
    state = model.state_dict()
    words = "encoder.embeddings.word_embeddings.weight"
    saved = torch.load(other, map_location="cpu", weights_only=True)
    taken = {name: value for name, value in saved.items() if name == words or not name.startswith("encoder.")}
    model.load_state_dict(state | taken)
    word_embeddings(model.encoder).weight.requires_grad_(False)


def started(options: argparse.Namespace) -> PairNetwork:
    """The network that ``fit`` begins with: of all layers of the encoder, or what is saved of all, without those that
    are not kept, or what is saved of those that are."""
    if options.start is not None and options.layers:
        saved = torch.load(options.start, map_location="cpu", weights_only=True)
        kept = {name.split(".")[3] for name in saved if name.startswith("encoder.encoder.layer.")}
        if len(kept) == len(options.layers):
            return build(options.encoder, options.start, options.layers)
    model = build(options.encoder, options.start)
    keep_layers(model, options.layers)
    return model


def parted(pool: Sequence[Pair]) -> tuple[list[Pair], list[Pair]]:
    """Those pairs that a teacher takes for more than related with some probability, and the others."""
    told = [(pair, max(pair.taught[2 : len(RELATIONS)]) >= _TELLING) for pair in pool if pair.taught]
    return [pair for pair, tells in told if tells], [pair for pair, tells in told if not tells]


def apart_from(pairs: Iterable[Pair], fold: int | None) -> list[Pair]:
    """The invented pairs that are not of a fold; all where it is None."""
    return [pair for pair in pairs if fold is None or fold_of(pair.group) != fold]


def tuned(options: argparse.Namespace) -> PairNetwork:
    """A fitted network that saw again what it is most often wrong on; its lower layers and word pieces as before.

    These are ``--hard`` of the invented pairs, the labelled disputes and answers, ``--others`` of the other labelled
    ones, the last labelled first (what earlier networks were wrong on), ``--groups`` of the pairs of the invented
    groups, ``--plain`` of those of the plain claims, ``--sides`` of those of the statements of two sides, ``--scenes``
    of those of invented reports. With what a teacher said (``--taught``) it learns from some of that too.
    """
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    rng = random.Random(options.seed)
    real = outside(list(labelled(options.shared)), options.without)
    rare, others = ([pair for pair in real if (pair.relation in _RARE) is which] for which in (True, False))
    groups, hard = list(invented()), list(invented_pairs())
    some = partial(_some, rng)
    pairs = [
        *some(hard, options.hard),
        *(rare * options.rare),
        *others[max(0, len(others) - options.others) :],
        *some(groups, options.groups),
    ]
    for made, most in ((plain(), options.plain), (sides(), options.sides), (scenes(), options.scenes)):
        pairs += some(apart_from(made, options.without), most)
    if options.taught:
        parts = parted(pooled(options.taught, options.without, options.shared))
        pairs += [pair for part, most in zip(parts, options.of_taught, strict=True) for pair in some(part, most)]
    model = build(options.encoder, options.start, options.layers)
    hold(model, options.hold)
    log.info("%d pairs", len(pairs))
    fit(
        model, pairs, pieces_of_pairs(TOKENIZER), epochs=options.second, rate=options.rate, batch=16, seed=options.seed,
        device=options.device, keep=options.out.with_suffix(".tune"),
    )  # fmt: skip
    if options.mean is not None:
        mean(model, options.mean, options.share)
    return model


def _some(rng: random.Random, pairs: Sequence[Pair], most: int) -> list[Pair]:
    return rng.sample(pairs, min(len(pairs), most))


def mean(model: PairNetwork, other: Path, share: float) -> None:
    """Make the weights of a network the mean of its own and those in a file, of which ``share`` counts: what both have
    learnt is kept better than by either (Wortsman et al. 2022)."""
    weights = torch.load(other, map_location="cpu", weights_only=True)
    with torch.no_grad():
        for name, value in model.state_dict().items():
            if value.is_floating_point():
                value.lerp_(weights[name].to(value.device), share)


def teach(model: PairNetwork, pool: Path, out: Path, device: str = "cpu", most: int = 60_000) -> None:
    """Write the pairs of ``train.pool``, and so many invented ones, with the probabilities of what they are, as the
    network says."""
    made = [*scenes(), *sides(), *invented_pairs()]
    more = random.Random(1).sample(made, min(len(made), most))
    rows = [*read_jsonl(pool), *({"a": pair.a, "b": pair.b, "of": [pair.group]} for pair in more)]
    found = outputs(
        predict(model, [Pair(row["a"], row["b"]) for row in rows], pieces_of_pairs(TOKENIZER), device=device).scores
    )
    with out.open("w", encoding="utf-8") as file:
        for n, row in enumerate(rows):
            said = [round(float(found[name][n]), 4) for name in RELATIONS] + [-1.0] * len(LEANINGS)
            file.write(json.dumps({**row, "taught": said}, ensure_ascii=False) + "\n")


def report(model: PairNetwork, pairs: Sequence[Pair], device: str = "cpu") -> None:
    """Print how well the network tells what pairs are."""
    from sklearn.metrics import average_precision_score, roc_auc_score

    found = outputs(predict(model, pairs, pieces_of_pairs(TOKENIZER), device=device).scores)
    for name in ("restates", "disputes", "answers"):
        right = np.array([pair.relation == name for pair in pairs])
        if right.any():
            precision = average_precision_score(right, found[name])
            print(f"{name}: {right.sum()} of {len(right)}, average precision {precision:.3f}, "
                  f"AUROC {roc_auc_score(right, found[name]):.3f}")  # fmt: skip


def mixed(model: PairNetwork, pairs: Sequence[Pair], device: str = "cpu") -> tuple[Rows, NDArray[np.float32]]:
    """What the last layer reads of pairs, ``(pairs, hidden)``, and the scores that it makes of it."""
    kept: list[Tensor] = []
    hook = model.out.register_forward_pre_hook(lambda _, given: kept.append(given[0].float().cpu()))
    order = sorted(range(len(pairs)), key=lambda n: len(pairs[n].a) + len(pairs[n].b))
    scores = predict(model, pairs, pieces_of_pairs(TOKENIZER), device=device).scores
    hook.remove()
    made = np.zeros((len(pairs), kept[0].shape[1]))
    made[order] = torch.cat(kept).numpy()
    return made, scores


def known(said: Sequence[Compared], pairs: Sequence[Pair], same: Sequence[bool]) -> Rows:
    """What is known of pairs, ``(pairs, NAMES)``: what the network says and what the words tell (``relate.evidence``).

    ``same``: whether both claims of a pair are of one document.
    """
    alike = alike_of([(pair.a, pair.b) for pair in pairs])
    rows = zip(said, pairs, alike, same, strict=True)
    return np.array([row_of(one, words_of(p.a, p.b, cosine, same_document=of_one)) for one, p, cosine, of_one in rows])


def with_heads(
    model: PairNetwork, pairs: Sequence[Pair], heat: float, strength: float = 3e-3, device: str = "cpu"
) -> dict[str, dict[str, Any]]:
    """Fit what b does to a: a logistic regression on what the last layer reads and on what else is known of the pair.

    The former becomes a row of that layer, the latter are weights, which it returns. Prints AUROC on topics left out,
    beside that of the cosine of the encoder of meanings.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    read, scores = mixed(model, pairs, device)
    scores[:, : len(RELATIONS)] /= heat
    found = outputs(scores)
    said = [_compared(found, n) for n in range(len(pairs))]
    beside = known(said, pairs, [False] * len(pairs))
    middles, spreads = [x.mean(0) for x in (read, beside)], [x.std(0) + 1e-6 for x in (read, beside)]
    scaled = [(one - middle) / spread for one, middle, spread in zip((read, beside), middles, spreads, strict=True)]
    rows = np.hstack([scaled[0], *[scaled[1]] * _TIMES])
    alike = beside[:, NAMES.index("alike")]
    topics = sorted({pair.group for pair in pairs})
    made = {}
    for name in LEANINGS:
        right = np.array([getattr(pair, name) for pair in pairs])
        reached = []
        for seed in range(5):
            order = list(topics)
            random.Random(seed).shuffle(order)
            fold = np.array([{t: k % FOLDS for k, t in enumerate(order)}[pair.group] for pair in pairs])
            guessed = np.zeros(len(pairs))
            for k in range(FOLDS):
                one = LogisticRegression(C=strength, max_iter=5000).fit(rows[fold != k], right[fold != k])
                guessed[fold == k] = one.decision_function(rows[fold == k])
            reached.append(roc_auc_score(right, guessed))
        cosine = roc_auc_score(right, alike)
        print(f"{name}: AUROC {np.mean(reached):.3f} on topics left out (cosine {max(cosine, 1 - cosine):.3f})")
        one = LogisticRegression(C=strength, max_iter=5000).fit(rows, right)
        of_read, rest = one.coef_[0][: read.shape[1]], one.coef_[0][read.shape[1] :]
        of_read, of_beside = of_read / spreads[0], rest.reshape(_TIMES, -1).sum(0) / spreads[1]
        at = OUTPUTS.index(name)
        with torch.no_grad():
            model.out.weight[at] = torch.from_numpy(of_read).float()
            model.out.bias[at] = float(one.intercept_[0] - middles[0] @ of_read)
        made[name] = _written(of_beside, -float(middles[1] @ of_beside))
    return made


def _compared(found: dict[str, Rows], number: int) -> Compared:
    values: dict[str, Any] = {name: float(found[name][number]) for name in OUTPUTS}
    return Compared(**values)


def _written(weights: Rows, bias: float) -> dict[str, Any]:
    return {"weights": [round(float(w), 4) for w in weights], "bias": round(bias, 4)}


def temperature(model: PairNetwork, pairs: Sequence[Pair], device: str = "cpu") -> float:
    """What the scores of relations are divided by, so that they are probabilities (Guo et al. 2017)."""
    found = predict(model, pairs, pieces_of_pairs(TOKENIZER), device=device)
    scores = torch.from_numpy(found.scores[:, : len(RELATIONS)])
    right = torch.tensor([RELATIONS.index(str(pair.relation)) for pair in pairs])
    tried = [0.5 + 0.1 * n for n in range(36)]
    return min(tried, key=lambda value: float(nn.functional.cross_entropy(scores / value, right)))


def weights(rows: Rows, pairs: Sequence[Pair]) -> dict[str, dict[str, Any]]:
    """What is known of pairs, weighed for each tie: a logistic regression on the columns that ``_COLUMNS`` names.

    Prints how good it is, in folds of the pairs by document.
    """
    from sklearn.metrics import average_precision_score

    made = {}
    for tie, names in (("restates", ("restates",)), ("disputes", ("disputes",)), ("answers", ("answers", "answered"))):
        right = np.array([pair.relation in names for pair in pairs])
        made[tie], said = weighed(rows, right, [pair.group for pair in pairs], _COLUMNS[tie])
        before, after = (average_precision_score(right, one) for one in (rows[:, NAMES.index(tie)], said))
        print(
            f"{tie}: {right.sum()} of {len(right)}, average precision of the network {before:.3f}, of all {after:.3f}"
        )
        for least in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
            if (chosen := said >= least).any():
                print(f"   from {least}: {chosen.sum()}, precision {right[chosen].mean():.2f}, "
                      f"recall {right[chosen].sum() / right.sum():.2f}")  # fmt: skip
    return made


def weighed(
    rows: Rows, right: NDArray[np.bool_], groups: Sequence[str], names: Sequence[str], strength: float = 0.3
) -> tuple[dict[str, Any], NDArray[np.float64]]:
    """The weights of some columns of ``rows`` ``(pairs, NAMES)``, as they are written, by a logistic regression; and
    how probable each pair is right by those of the others, ``(pairs,)``, in folds of the ``groups``."""
    from sklearn.linear_model import LogisticRegression

    columns = [NAMES.index(name) for name in names]
    middle, spread = rows[:, columns].mean(0), rows[:, columns].std(0) + 1e-6
    scaled = (rows[:, columns] - middle) / spread
    fold = np.array([int(hashlib.sha256(f"fold {group}".encode()).hexdigest(), 16) % FOLDS for group in groups])
    said = np.zeros(len(right))
    for k in set(fold.tolist()):
        if right[fold != k].any():
            one = LogisticRegression(C=strength, max_iter=5000).fit(scaled[fold != k], right[fold != k])
            said[fold == k] = one.predict_proba(scaled[fold == k])[:, 1]
    one = LogisticRegression(C=strength, max_iter=5000).fit(scaled, right)
    each = np.zeros(len(NAMES))
    each[columns] = one.coef_[0] / spread
    return _written(each, float(one.intercept_[0] - middle @ each[columns])), said


def ship(model: PairNetwork, shared: Path, out: Path, device: str = "cpu", second: PairNetwork | None = None) -> None:
    """Write what is shipped: the network in eight bits, the ``second`` one if there is any, and ``settings.json``.

    That has a temperature and the weights of what else is known of two claims, both found on the fold that was left out
    when the network was fitted: the weights on what the network says of it as it is shipped.
    """
    real = list(labelled(shared))
    mine, same = inside(real, 0)
    if not mine:
        mine, same = inside(real, None)
    heat = round(temperature(model, mine, device), 2)
    leanings = with_heads(model, claimdiff(shared), heat, device=device)
    out.mkdir(parents=True, exist_ok=True)
    sample = random.Random(1).sample(real, 64)
    export(model.cpu(), sample, out / "pairs.onnx")
    values = {"temperature": heat}
    if second is not None:
        export_second(second, sample, out / "second.onnx")
        values["second"] = SECOND
    settings = out / "settings.json"
    settings.write_text(json.dumps(values) + "\n", encoding="utf-8")
    reader = PairReader(out, TOKENIZER)
    said = reader.compare([(pair.a, pair.b) for pair in mine])
    ties = weights(known(said, mine, same), mine)
    settings.write_text(json.dumps(values | {"ties": ties | leanings}) + "\n", encoding="utf-8")
    for name, pairs in (("plain claims", plain()), ("two sides", sides()), ("reports", scenes())):
        shown(name, reader, left_out(pairs, 0), ties)
    print(f"{out / 'pairs.onnx'}: {(out / 'pairs.onnx').stat().st_size / 1e6:.1f} MB")


def left_out(pairs: Iterable[Pair], fold: int, most: int = 1000) -> list[Pair]:
    """Some of the invented pairs of a fold."""
    some = [pair for pair in pairs if fold_of(pair.group) == fold]
    return random.Random(1).sample(some, min(len(some), most))


def shown(name: str, reader: PairReader, pairs: Sequence[Pair], ties: Mapping[str, Any]) -> None:
    """Print how well restatements and disputes among invented pairs are told, as they would be shown."""
    from sklearn.metrics import average_precision_score

    if not pairs:
        return
    said = reader.compare([(pair.a, pair.b) for pair in pairs])
    rows = known(said, pairs, [True] * len(pairs)).tolist()
    weighed = {tie: Weights(tuple(ties[tie]["weights"]), ties[tie]["bias"]) for tie in Tie}
    chances: list[dict[str, float]] = [{tie: weighed[tie].probability(row) for tie in Tie} for row in rows]
    found = [tied(one, mine) for one, mine in zip(said, chances, strict=True)]
    for tie in (Tie.RESTATES, Tie.DISPUTES):
        right = np.array([pair.relation == tie for pair in pairs])
        if not right.any():
            continue
        there = np.array([one is not None and one.tie is tie for one in found])
        average = average_precision_score(right, [mine[tie] for mine in chances])
        print(f"{name}: {tie} {right.sum()} of {len(right)}, average precision {average:.3f}; "
              f"shown {there.sum()}, of which {(there & right).sum()} are")  # fmt: skip
        if tie is Tie.RESTATES:
            wrong = there & np.array([pair.relation == Tie.DISPUTES for pair in pairs])
            print(f"   {wrong.sum()} of those shown as restated are disputed")


def main() -> None:
    """Entry point."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("what", choices=["fit", "teach", "tune", "ship"])
    p.add_argument("--shared", type=Path, required=True)
    p.add_argument("--encoder", type=Path, required=True)
    p.add_argument("--layers", type=int, nargs="*", default=(), help="the layers of the encoder that are kept, of all")
    p.add_argument("--model", type=Path, help="for teach and ship: what fit or tune wrote")
    p.add_argument("--pool", type=Path, help="for teach: what train.pool wrote")
    p.add_argument("--taught", type=Path, help="for fit and tune: what teach wrote, or claim_taught.jsonl.gz")
    p.add_argument(
        "--of-taught", type=int, nargs=2, default=(14_000, 3000), metavar="PAIRS",
        help="for tune: so many that the teacher takes for more than related, and others",
    )  # fmt: skip
    p.add_argument("--start", type=Path, help="weights to begin with; for fit those of all layers, or of --layers")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--without", type=int, choices=range(FOLDS), metavar="K")
    p.add_argument("--first", type=int, default=1, metavar="EPOCHS")
    p.add_argument("--second", type=int, default=2, metavar="EPOCHS")
    p.add_argument(
        "--second-model", type=Path, metavar="MODEL.pt", help="for ship: the network that reads disputes too"
    )
    p.add_argument(
        "--words", type=Path, metavar="MODEL.pt", help="for fit: a network whose word pieces and heads it begins with"
    )
    p.add_argument("--altered", type=int, default=12_000)
    p.add_argument(
        "--hold", type=int, default=3, metavar="LAYERS", help="for tune: so many lower ones stay as they are"
    )
    p.add_argument("--rate", type=float, default=6e-5, help="for tune")
    p.add_argument("--others", type=int, default=5000, metavar="PAIRS", help="for tune: labelled, of no rare kind")
    p.add_argument("--hard", type=int, default=10_000, metavar="PAIRS", help="for tune: invented pairs")
    p.add_argument("--groups", type=int, default=300, metavar="PAIRS", help="for tune: pairs of invented groups")
    p.add_argument("--plain", type=int, default=7000, metavar="PAIRS", help="for tune: pairs of plain claims")
    p.add_argument(
        "--sides", type=int, default=12_000, metavar="PAIRS", help="for tune: pairs of statements of two sides"
    )
    p.add_argument("--scenes", type=int, default=12_000, metavar="PAIRS", help="for tune: pairs of invented reports")
    p.add_argument("--mean", type=Path, metavar="MODEL.pt", help="for tune: weights to take the mean with, at the end")
    p.add_argument("--share", type=float, default=0.35, help="for --mean: how much the others count, 0 to 1")
    p.add_argument("--rare", type=int, default=1, metavar="TIMES", help="for tune: labelled disputes and answers")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--device", default="cpu")
    options = p.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if options.what in ("fit", "tune"):
        model = fitted(options) if options.what == "fit" else tuned(options)
        torch.save(model.state_dict(), options.out)
        if options.without is not None:
            report(model, inside(list(labelled(options.shared)), options.without)[0], options.device)
            for made in (plain(), sides(), scenes()):
                report(model, left_out(made, options.without), options.device)
        return
    model = build(options.encoder, options.model, options.layers)
    if options.what == "teach":
        teach(model, options.pool, options.out, options.device)
    else:
        second = None if options.second_model is None else build(options.encoder, options.second_model)
        ship(model, options.shared, options.out, options.device, second)


if __name__ == "__main__":
    main()
