"""Scores predictions on foreign material beside what simple means reach there (实测评分)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from tickets.assessment.foreign import Foreign, Row

BEST = 10
TOPICS = "tdc_hot_ref"
Ids = frozenset[str]


@dataclass(frozen=True)
class Measured:
    """One task: where its labels are, what is counted, and what simple means reach."""

    labels: str
    names: tuple[str, ...]
    baseline: tuple[float, ...]
    score: Callable[[Sequence[Row], Sequence[Row]], tuple[float, ...]]
    """From predictions and labels."""
    asks: bool = True
    """Whether the labelled rows are also the questions."""


@dataclass(frozen=True)
class Wanted:
    """What counts as found for one query, and what neither counts nor harms."""

    group: str
    right: Ids
    neutral: Ids = frozenset()


def _answers(predicted: Iterable[Row], labels: Iterable[Row]) -> tuple[float, ...]:
    wanted = {str(row["id"]): _wanted(row) for row in labels}
    scores = list(_scored(predicted, wanted).values())
    return tuple(_means([first, tenth] for first, tenth, _ in scores))


def _laws(predicted: Iterable[Row], labels: Iterable[Row]) -> tuple[float, ...]:
    return _answers(predicted, labels)[1:]


def _wanted(row: Row) -> Wanted:
    return Wanted(str(row["id"]), frozenset(row["relevant"]))


def _similar(predicted: Iterable[Row], labels: Iterable[Row]) -> tuple[float, ...]:
    """Average over issues, so that a large one does not drown the others."""
    wanted = {member: _told(issue, member) for issue in labels for member in issue["members"]}
    issues: defaultdict[str, list[tuple[float, ...]]] = defaultdict(list)
    for member, scores in _scored(predicted, wanted).items():
        issues[wanted[member].group].append((scores[0], scores[2]))
    return tuple(_means(_means(rows) for rows in issues.values()))


def _told(issue: Row, member: str) -> Wanted:
    others = frozenset(issue["members"]) - {member}
    return Wanted(str(issue["issue"]), others, frozenset(issue["maybe"]) | {member})


def _scored(
    predicted: Iterable[Row], wanted: Mapping[str, Wanted]
) -> dict[str, tuple[float, float, float]]:
    """Tell for each query whether the first is right, any of ten, and the share of all found."""
    answers = {str(row["id"]): row["docs"] for row in predicted}
    return {query: _score(answers.get(query, []), want) for query, want in wanted.items()}


def _score(docs: Iterable[str], want: Wanted) -> tuple[float, float, float]:
    counted = [doc for doc in docs if doc not in want.neutral][:BEST]
    right = [doc in want.right for doc in counted]
    most = min(BEST, len(want.right)) or 1
    return float(any(right[:1])), float(any(right)), sum(right) / most


def _clusters(predicted: Iterable[Row], labels: Iterable[Row]) -> tuple[float, ...]:
    found = [frozenset(map(str, row["members"])) for row in predicted]
    return tuple(_means([_best_f1(issue, found)] for issue in labels))


def _best_f1(issue: Row, found: Iterable[Ids]) -> float:
    """Compare an issue with the cluster that fits it best."""
    members, neutral = frozenset(issue["members"]), frozenset(issue["maybe"])
    sums = ((len(members & c), len(members) + len(c - neutral)) for c in found)
    return max((2 * shared / both for shared, both in sums if shared), default=0.0)


def _means(rows: Iterable[Sequence[float]]) -> list[float]:
    return [fmean(column) for column in zip(*rows, strict=True)]


FOUND = ("首条命中", "前十命中")
MEASURED = {
    "ncp_doc": Measured("ncp_doc_queries", FOUND, (0.878, 0.978), _answers),
    "ncp_passage": Measured("ncp_passage_queries", FOUND, (0.285, 0.521), _answers),
    "tpe_faq": Measured("tpe_queries", FOUND, (0.496, 0.802), _answers),
    "reply": Measured("tdc_reply_queries", FOUND, (0.728, 0.915), _answers),
    "law": Measured("law_queries", ("前十命中",), (0.473,), _laws),
    "similar": Measured(TOPICS, ("首条命中", "前十召回"), (0.795, 0.823), _similar, asks=False),
    "clusters": Measured(TOPICS, ("最佳F1",), (0.713,), _clusters, asks=False),
}


def lines(task: str, given: Foreign, predict: Callable[[Foreign], Iterator[Row]]) -> Iterator[str]:
    """Predict, score, and give one line a figure (任务、指标、实测、基线)."""
    measured = MEASURED[task]
    labels = given.collection(measured.labels)
    figures = measured.score(list(predict(given)), labels)
    for name, figure, baseline in zip(measured.names, figures, measured.baseline, strict=True):
        yield f"{task:12}{name}  {figure:.3f}  基线 {baseline:.3f}  {figure - baseline:+.3f}"
