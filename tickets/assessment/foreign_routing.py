"""The routing classifier on foreign messages: same features, calibration, threshold (分类实测)."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tickets.assessment.foreign import Foreign, Row, Task, words
from tickets.routing.classifier import NONE, Classifier, Guess, Samples, train
from tickets.routing.training import WISHED_PRECISION, moulds

LABELS = 3
ANSWER_WEIGHT = 0.5
SHADES = 5
"""A hint is said up to so many times, by how sure it is."""


@dataclass(frozen=True)
class Kind:
    """One kind of material: the file to learn from, its label, its words, and how to learn."""

    file: str
    label: str
    words: tuple[str, ...]
    learn: Callable[[Foreign, Samples, list[Row]], Classifier]


def _predict(kind: Kind) -> Task:
    def predict(given: Foreign) -> Iterator[Row]:
        asked = given.asked()
        known = [row for row in given.collection(kind.file) if row.get(kind.label)][: given.limit]
        classifier = kind.learn(given, samples_of(kind, known), known)
        guesses = classifier.guesses([words(row, *kind.words) for row in asked], LABELS)
        for row, best in zip(asked, guesses, strict=True):
            yield {"id": row["id"], **decided(classifier, best)}

    return predict


def decided(classifier: Classifier, best: Sequence[Guess]) -> Row:
    """Say the labels, the confidence, and whether the product would decide by itself (判定)."""
    sure = best[0].confidence
    return {
        "labels": [guess.label for guess in best],
        "confidence": round(sure, 6),
        "auto": sure >= classifier.threshold,
    }


def samples_of(kind: Kind, rows: Sequence[Row]) -> Samples:
    """Make training samples; rows that share a group, or a long phrase, stay together (样本)."""
    texts = [words(row, *kind.words) for row in rows]
    labels = [str(row[kind.label]) for row in rows]
    return Samples(texts, labels, groups_of(rows, texts, labels))


def groups_of(rows: Sequence[Row], texts: Sequence[str], labels: Sequence[str]) -> list[int]:
    """Number the groups that rows name themselves, or else find moulds."""
    named = [str(row.get("group") or "") for row in rows]
    if not all(named):
        return moulds(texts, labels)
    order = {name: n for n, name in enumerate(dict.fromkeys(named))}
    return [order[name] for name in named]


def _no_hints(_: str) -> list[str]:
    return []


def _classify(given: Foreign, samples: Samples, _: list[Row]) -> Classifier:
    more = [words(row, "title", "text") for row in _optional(given, "tdc_unlabelled")]
    return train(
        _no_hints,
        samples,
        _taxonomy(given, set(samples.labels)),
        WISHED_PRECISION,
        more=more if given.limit else (),
        witnessed=False,
    )


def _optional(given: Foreign, name: str) -> list[Row]:
    try:
        return given.collection(name)
    except FileNotFoundError:
        return []


def _taxonomy(given: Foreign, labels: set[str]) -> Samples:
    """Take the names of matters under each label as texts that speak for it."""
    path = given.folder / "tdc_taxonomy.csv"
    if not given.limit or not path.exists():
        return NONE
    with path.open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.reader(file) if row and row[0] in labels]
    return Samples(["\n".join(row[1:]) for row in rows], [row[0] for row in rows], [])


def _department(given: Foreign, samples: Samples, rows: list[Row]) -> Classifier:
    """Learn units from few messages and, by half, from the replies that these messages had.

    A hint is the broad class that many messages taught.
    """
    replies = _replies(given)
    answered = [
        (at, reply) for at, row in enumerate(rows) for reply in replies.get(_asked(row, "text"), [])
    ]
    return train(
        _broad_class(given),
        samples,
        _beside(samples, answered),
        WISHED_PRECISION,
        seed_weight=ANSWER_WEIGHT,
        witnessed=False,
        meaning=True,
    )


def _replies(given: Foreign) -> dict[tuple[str, str], list[str]]:
    """Give the replies that messages had (往例答复), by what the message said."""
    texts = {row["docid"]: str(row["text"]) for row in _optional(given, "tdc_replies")}
    return {
        _asked(row, "query"): [texts[key] for key in row.get("relevant", []) if key in texts]
        for row in _optional(given, "tdc_reply_queries")
    }


def _asked(row: Row, text: str) -> tuple[str, str]:
    return str(row.get("title") or ""), str(row[text])


def _beside(samples: Samples, said: Sequence[tuple[int, str]]) -> Samples:
    """Make texts that stand beside samples: of the same label, in the same group."""
    return Samples(
        [text for _, text in said],
        [samples.labels[at] for at, _ in said],
        [samples.groups[at] for at, _ in said],
    )


def _broad_class(given: Foreign) -> Callable[[str], list[str]]:
    kind = KINDS["classify"]
    rows = [row for row in _optional(given, kind.file) if row.get(kind.label)]
    if not rows:
        return _no_hints
    texts = [words(row, *kind.words) for row in rows]
    broad = Classifier(_no_hints).fit(texts, [str(row[kind.label]) for row in rows])

    def hints(text: str) -> list[str]:
        best = broad.guesses([text], LABELS)[0]
        return [guess.label for guess in best for _ in range(round(guess.confidence * SHADES))]

    return hints


def _agency(_: Foreign, samples: Samples, rows: list[Row]) -> Classifier:
    """Learn from the questions, and by half from their answers."""
    answered = [(at, str(row["answer"])) for at, row in enumerate(rows) if row.get("answer")]
    return train(
        _no_hints,
        samples,
        _beside(samples, answered),
        WISHED_PRECISION,
        seed_weight=ANSWER_WEIGHT,
        witnessed=False,
        meaning=True,
    )


KINDS = {
    "classify": Kind("tdc_classify", "label", ("title", "text"), _classify),
    "dept": Kind("tdc_dept", "department", ("title", "text"), _department),
    "tpe": Kind("tpe_routing", "agency", ("question",), _agency),
}
TASKS: dict[str, Task] = {name: _predict(kind) for name, kind in KINDS.items()}
