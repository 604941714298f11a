"""Train what says what one claim is to another: ``python -m train.claims fit|heads|export``, in this order.

``fit --shared DIR --encoder DIR --out MODEL.pt`` fits the network (``train.pairs``) in three passes: over invented
groups of claims (``claim_groups.jsonl``) and statements of the news that a rule denied, negated, renumbered or cut,
then over pairs of statements that were read and labelled (``claim_labels.jsonl``) with some of the former, then over
all.
``--without K`` leaves a fold of the labelled ones out, and tells how well the network does there.
``heads --shared DIR --model MODEL.pt`` fits what b does to a (strengthens, weakens) to ClaimDiff's training pairs, on
what the network makes of them, and prints how well that does on topics left out.
``export --shared DIR --model MODEL.pt --out DIR`` writes ``pairs.onnx`` in eight bits and ``settings.json``, with a
temperature and the weights of what else is known of two claims, both found on the fold that was left out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import random
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from onrecord.meaning.encoder import shipped
from onrecord.meaning.pairs import OUTPUTS, RELATIONS, Compared
from onrecord.model import Span
from onrecord.relate.evidence import row_of
from train.acts import FILES
from train.data import read_jsonl
from train.encoder import eight_bits, from_bert, level
from train.export import quantise
from train.network import word_embeddings
from train.pairs import Pair, PairNetwork, build, fit, heads, outputs, predict, tokenizer_of

log = logging.getLogger("train")

HERE = Path(__file__).parent
GROUPS, LABELS = HERE / "claim_groups.jsonl", HERE / "claim_labels.jsonl"
SHIPPED = HERE.parent / "src/onrecord/models/pairs"
TOKENIZER = HERE.parent / "src/onrecord/models/extract/tokenizer.json"
FOLDS = 5
LABELLED = {"same": "restates", "dispute": "disputes", "related": "related", "none": "none"}
_NONE = ((), ())

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
    rows = list(read_jsonl(labels))
    wanted = {(row[side]["corpus"], row[side]["id"]) for row in rows for side in "ab"}
    texts: dict[tuple[str, str], str] = {}
    for corpus in sorted({corpus for corpus, _ in wanted}):
        for name in FILES[corpus]:
            for article in read_jsonl(shared / "data" / name):
                if (corpus, str(article["id"])) in wanted:
                    texts[corpus, str(article["id"])] = article["text"]
    if lacking := wanted - texts.keys():
        raise ValueError(f"{len(lacking)} labelled articles are not in the data, e.g. {min(lacking)}")
    for row in rows:
        made = [text_of(texts[row[side]["corpus"], row[side]["id"]], row[side]) for side in "ab"]
        clash: Clash | None = _NONE
        relation = LABELLED.get(row["label"], "")
        if row["label"] == "dispute":
            marked = [_marked(places, row["clash"][side]) for (_, places), side in zip(made, "ab", strict=True)]
            clash = (marked[0], marked[1]) if all(marked) else None
        elif row["label"] == "answer":
            clash = None
        relation = (
            ("answers" if row["by"] == "b" else "answered") if row["label"] == "answer" else LABELLED[row["label"]]
        )
        yield Pair(made[0][0], made[1][0], row["a"]["id"], relation=relation, clash=clash)


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


def reported(shared: Path, labels: Path = LABELS) -> list[tuple[str, str, str]]:
    """The labelled statements as material for ``altered``: group, speaker, content."""
    found = {}
    for pair in labelled(shared, labels):
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

    These are ``(1, OUTPUTS)``, and those of its pieces ``(1, pieces)``.
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

    def forward(self, pieces: Tensor, segments: Tensor, parts: Tensor) -> tuple[Tensor, Tensor]:
        """Scores of one pair; see the class."""
        kind = self.encoder.segment.weight
        embedded = self.table[pieces].float() * self.scale[pieces] + (kind[segments] - kind[0])
        every = torch.arange(pieces.shape[1], device=pieces.device)[None, :, None]
        states = self.encoder(embedded, every.expand(pieces.shape[0], -1, embedded.shape[-1]))[-1]
        return heads(self, states, parts, nn.Identity())


def export(model: PairNetwork, sample: Sequence[Pair], out: Path) -> None:
    """Write the graph in eight bits."""
    tokenizer = tokenizer_of(TOKENIZER)
    graph = PairGraph(model.eval()).eval()
    feeds = [_feed(pair, tokenizer) for pair in sample]
    level(graph.encoder, lambda: [graph(*feed) for feed in feeds])
    axes = {"pieces": {1: "pieces"}, "segments": {1: "pieces"}, "parts": {2: "pieces"}, "words": {1: "pieces"}}
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        torch.onnx.export(
            graph, feeds[0], str(plain), input_names=["pieces", "segments", "parts"], output_names=["scores", "words"],
            dynamic_axes=axes, opset_version=17, dynamo=False, custom_opsets={"com.microsoft": 1},
        )  # fmt: skip
        quantise(plain, out)


def _feed(pair: Pair, tokenizer: Any) -> tuple[Tensor, Tensor, Tensor]:
    found = tokenizer.encode(pair.a, pair.b)
    segments = torch.tensor([found.type_ids])
    parts = torch.stack([segments[0] == 0, segments[0] == 1]).float()
    return torch.tensor([found.ids]), segments, (parts / parts.sum(1, keepdim=True))[None]


def fitted(options: argparse.Namespace) -> PairNetwork:
    """The network, fitted in two passes."""
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    tokenizer = tokenizer_of(TOKENIZER)
    groups = list(invented())
    real = [pair for pair in labelled(options.shared) if fold_of(pair.group) != options.without]
    statements = [one for one in reported(options.shared) if fold_of(one[0]) != options.without]
    claims = [(pair.group, "", pair.a) for pair in groups if pair.relation == "answers"]
    first = [*groups, *altered([*statements, *claims], options.altered)]
    model = build(options.encoder, options.start)
    keep = options.out.with_suffix(".first")
    if options.first:
        log.info("first pass: %d pairs", len(first))
        fit(
            model,
            first,
            tokenizer,
            epochs=options.first,
            rate=1e-4,
            seed=options.seed,
            device=options.device,
            keep=keep,
        )
    rng = random.Random(options.seed)
    second = [*real, *rng.sample(first, min(len(first), len(real)))]
    passes = (("second", options.second, 5e-5, second), ("third", options.third, 6e-5, [*real, *first]))
    for name, epochs, rate, pairs in passes:
        if epochs:
            log.info("%s pass: %d pairs", name, len(pairs))
            values = {"epochs": epochs, "rate": rate, "seed": options.seed + epochs, "device": options.device}
            fit(model, pairs, tokenizer, keep=options.out.with_suffix(f".{name}"), **values)
    return model


def report(model: PairNetwork, pairs: Sequence[Pair]) -> None:
    """Print how well the network tells what pairs are."""
    from sklearn.metrics import average_precision_score, roc_auc_score

    found = outputs(predict(model, pairs, tokenizer_of(TOKENIZER)).scores)
    for name in ("restates", "disputes", "answers"):
        right = np.array([pair.relation == name for pair in pairs])
        if right.any():
            precision = average_precision_score(right, found[name])
            print(f"{name}: {right.sum()} of {len(right)}, average precision {precision:.3f}, "
                  f"AUROC {roc_auc_score(right, found[name]):.3f}")  # fmt: skip


def mixed(model: PairNetwork, pairs: Sequence[Pair]) -> NDArray[np.float64]:
    """What the last layer reads of pairs, ``(pairs, hidden)``."""
    kept: list[Tensor] = []
    hook = model.out.register_forward_pre_hook(lambda _, given: kept.append(given[0].float().cpu()))
    order = sorted(range(len(pairs)), key=lambda n: len(pairs[n].a) + len(pairs[n].b))
    predict(model, pairs, tokenizer_of(TOKENIZER))
    hook.remove()
    made = np.zeros((len(pairs), kept[0].shape[1]))
    made[order] = torch.cat(kept).numpy()
    return made


def with_heads(model: PairNetwork, pairs: Sequence[Pair], strength: float = 1e-2) -> None:
    """Fit what b does to a on what the last layer reads: a logistic regression each, which becomes a row of it.

    Prints AUROC on topics left out, beside that of the cosine of the same encoder's mean states.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    rows = mixed(model, pairs)
    middle, spread = rows.mean(0), rows.std(0) + 1e-6
    rows = (rows - middle) / spread
    alike = (shipped().vectors([p.a for p in pairs]) * shipped().vectors([p.b for p in pairs])).sum(1)
    topics = sorted({pair.group for pair in pairs})
    for name in ("strengthens", "weakens"):
        right = np.array([getattr(pair, name) for pair in pairs])
        scores = []
        for seed in range(5):
            random.Random(seed).shuffle(topics)
            fold = np.array([{t: k % FOLDS for k, t in enumerate(topics)}[pair.group] for pair in pairs])
            said = np.zeros(len(pairs))
            for k in range(FOLDS):
                one = LogisticRegression(C=strength, max_iter=5000).fit(rows[fold != k], right[fold != k])
                said[fold == k] = one.decision_function(rows[fold == k])
            scores.append(roc_auc_score(right, said))
        cosine = roc_auc_score(right, alike)
        print(f"{name}: AUROC {np.mean(scores):.3f} on topics left out (cosine {max(cosine, 1 - cosine):.3f})")
        one = LogisticRegression(C=strength, max_iter=5000).fit(rows, right)
        weights = one.coef_[0] / spread
        at = OUTPUTS.index(name)
        with torch.no_grad():
            model.out.weight[at] = torch.from_numpy(weights).float()
            model.out.bias[at] = float(one.intercept_[0] - middle @ weights)


def temperature(model: PairNetwork, pairs: Sequence[Pair]) -> float:
    """What the scores of relations are divided by, so that they are probabilities (Guo et al. 2017)."""
    scores = torch.from_numpy(predict(model, pairs, tokenizer_of(TOKENIZER)).scores[:, : len(RELATIONS)])
    right = torch.tensor([RELATIONS.index(str(pair.relation)) for pair in pairs])
    tried = [0.5 + 0.1 * n for n in range(36)]
    return min(tried, key=lambda value: float(nn.functional.cross_entropy(scores / value, right)))


def weights(
    scores: NDArray[np.float32], pairs: Sequence[Pair], same: Sequence[bool], strength: float = 0.3
) -> dict[str, dict[str, Any]]:
    """What is known of pairs beside the network's scores (``relate.evidence``), weighed for each tie.

    A logistic regression; prints how good it is, in folds of the pairs by document.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import average_precision_score

    found = outputs(scores)
    contents = [[text.partition(": ")[2] or text for text in (pair.a, pair.b)] for pair in pairs]
    vectors = [shipped().vectors(list(side)) for side in zip(*contents, strict=True)]
    alike = (vectors[0] * vectors[1]).sum(1)
    made_rows = []
    for number, pair in enumerate(pairs):
        values: dict[str, Any] = {name: float(found[name][number]) for name in OUTPUTS}
        made_rows.append(row_of(Compared(**values), pair.a, pair.b, float(alike[number]), same_document=same[number]))
    rows = np.array(made_rows)
    middle, spread = rows.mean(0), rows.std(0) + 1e-6
    scaled = (rows - middle) / spread
    fold = np.array([int(hashlib.sha256(f"fold {pair.group}".encode()).hexdigest(), 16) % FOLDS for pair in pairs])
    made = {}
    for tie, names in (("restates", ("restates",)), ("disputes", ("disputes",)), ("answers", ("answers", "answered"))):
        right = np.array([pair.relation in names for pair in pairs])
        said = np.zeros(len(pairs))
        for k in set(fold.tolist()):
            if right[fold != k].any():
                one = LogisticRegression(C=strength, max_iter=5000).fit(scaled[fold != k], right[fold != k])
                said[fold == k] = one.predict_proba(scaled[fold == k])[:, 1]
        alone = sum(found[name] for name in names)
        before, after = (average_precision_score(right, one) for one in (alone, said))
        print(
            f"{tie}: {right.sum()} of {len(right)}, average precision of the network {before:.3f}, of all {after:.3f}"
        )
        for least in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
            if (chosen := said >= least).any():
                print(f"   from {least}: {chosen.sum()}, precision {right[chosen].mean():.2f}, "
                      f"recall {right[chosen].sum() / right.sum():.2f}")  # fmt: skip
        one = LogisticRegression(C=strength, max_iter=5000).fit(scaled, right)
        each = one.coef_[0] / spread
        made[tie] = {
            "weights": [round(float(w), 4) for w in each],
            "bias": round(float(one.intercept_[0] - middle @ each), 4),
        }
    return made


def main() -> None:
    """Entry point."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("what", choices=["fit", "heads", "export"])
    p.add_argument("--shared", type=Path, required=True)
    p.add_argument("--encoder", type=Path, required=True)
    p.add_argument("--model", type=Path, help="for heads and export: what fit or heads wrote")
    p.add_argument("--held", type=Path, help="for export: a model fitted without fold 0, to find the temperature with")
    p.add_argument("--start", type=Path, help="for fit: weights to begin with")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--without", type=int, choices=range(FOLDS), metavar="K")
    p.add_argument("--first", type=int, default=2, metavar="EPOCHS")
    p.add_argument("--second", type=int, default=2, metavar="EPOCHS")
    p.add_argument("--third", type=int, default=1, metavar="EPOCHS")
    p.add_argument("--altered", type=int, default=8000)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--device", default="cpu")
    options = p.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if options.what == "fit":
        model = fitted(options)
        torch.save(model.state_dict(), options.out)
        if options.without is not None:
            report(model, [pair for pair in labelled(options.shared) if fold_of(pair.group) == options.without])
        return
    model = build(options.encoder, options.model)
    if options.what == "heads":
        with_heads(model, claimdiff(options.shared))
        torch.save(model.state_dict(), options.out)
        return
    real = list(labelled(options.shared))
    of_one = [row["a"]["id"] == row["b"]["id"] for row in read_jsonl(LABELS)]
    chosen = [n for n, pair in enumerate(real) if fold_of(pair.group) == 0] or list(range(len(real)))
    mine = [real[n] for n in chosen]
    held = build(options.encoder, options.held or options.model)
    value = temperature(held, mine)
    scores = predict(held, mine, tokenizer_of(TOKENIZER)).scores
    scores[:, : len(RELATIONS)] /= value
    ties = weights(scores, mine, [of_one[n] for n in chosen])
    options.out.mkdir(parents=True, exist_ok=True)
    export(model, random.Random(1).sample(real, 64), options.out / "pairs.onnx")
    (options.out / "settings.json").write_text(
        json.dumps({"temperature": round(value, 2), "ties": ties}) + "\n", encoding="utf-8"
    )
    print(f"{options.out / 'pairs.onnx'}: {(options.out / 'pairs.onnx').stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
