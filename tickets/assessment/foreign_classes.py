"""Measures the classifier where it has not learned: a fifth is held back (分类留出实测)."""

from collections.abc import Iterator, Sequence

from tickets.assessment.foreign import Foreign, Row, words
from tickets.assessment.foreign_routing import KINDS, LABELS, decided, samples_of

HELD_BACK = 5
BASELINES = {"classify": (0.915, 0.995), "dept": (0.575, 0.829), "tpe": (0.874, 0.952)}
NAMES = ("首选正确", "前三正确")


def held_out(task: str, given: Foreign) -> Iterator[str]:
    """Learn from four fifths of the groups, predict the rest (留出法); one line a figure."""
    kind = KINDS[task]
    rows = [row for row in given.collection(kind.file) if row.get(kind.label)][: given.limit]
    known, asked = parted(rows, HELD_BACK)
    if not known or not asked:
        raise ValueError(f"{kind.file} 的行数太少")
    classifier = kind.learn(given, samples_of(kind, known), known)
    guesses = classifier.guesses([words(row, *kind.words) for row in asked], LABELS)
    said = [decided(classifier, best) for best in guesses]
    wanted = [str(row[kind.label]) for row in asked]
    figures = (_share(said, wanted, 1), _share(said, wanted, LABELS))
    for name, figure, baseline in zip(NAMES, figures, BASELINES[task], strict=True):
        yield f"{task:12}{name}  {figure:.3f}  基线 {baseline:.3f}  {figure - baseline:+.3f}"
    yield f"{task:12}自动判定  {_decided(said, wanted)}"


def parted(rows: Sequence[Row], every: int) -> tuple[list[Row], list[Row]]:
    """Hold back one group in so many (留出); a row without one is a group by itself."""
    groups = [str(row.get("group") or at) for at, row in enumerate(rows)]
    held = set(sorted(set(groups))[::every])
    pairs = list(zip(rows, groups, strict=True))
    return [r for r, g in pairs if g not in held], [r for r, g in pairs if g in held]


def _share(said: Sequence[Row], wanted: Sequence[str], best: int) -> float:
    hits = [want in row["labels"][:best] for row, want in zip(said, wanted, strict=True)]
    return sum(hits) / len(hits)


def _decided(said: Sequence[Row], wanted: Sequence[str]) -> str:
    right = [
        row["labels"][0] == want for row, want in zip(said, wanted, strict=True) if row["auto"]
    ]
    if not right:
        return "覆盖 0%，没有达到期望准确率的门槛"
    return f"覆盖 {len(right) / len(said):.1%}，其中正确 {sum(right) / len(right):.1%}"
