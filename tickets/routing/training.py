"""Trains the classifier on tickets whose routing proved right (训练分类模型)."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils import timezone

from accounts import vocabulary
from city.models import Category
from tickets import actions
from tickets.models import RoutingModel
from tickets.routing import feedback, keywords, store
from tickets.routing.feedback import Lesson
from tickets.workflow import Party

if TYPE_CHECKING:  # sklearn takes seconds to load
    from tickets.routing.classifier import Classifier, Samples

WISHED_PRECISION = 0.97
FEWEST = 60
GRAM = 10
RARE = 30


def train() -> RoutingModel | None:
    """Train a version and keep it as a candidate (训练候选模型); None with too few lessons."""
    found = feedback.lessons()
    if not enough(found):
        return None
    classifier = learn(found)
    version = f"{timezone.now():%Y%m%d%H%M%S%f}"
    store.write(version, classifier)
    return actions.keep_candidate(
        version,
        samples=len(found),
        metrics={
            "unseen_accuracy": round(classifier.accuracy, 4),
            "coverage": round(classifier.coverage, 4),
            "wished_precision": WISHED_PRECISION,
        },
        thresholds={"default": round(classifier.threshold, 4)},
    )


def begin() -> RoutingModel | None:
    """Train the first version and put it in force (冷启动): no person can compare it to another."""
    first = train()
    return actions.promote(first, by=Party.SYSTEM, note="首个可用版本") if first else None


def enough(found: Sequence[Lesson]) -> bool:
    """Tell whether there is something to learn from (样本是否足够)."""
    return len(found) >= FEWEST and len({lesson.matter for lesson in found}) > 1


def learn(found: Sequence[Lesson]) -> "Classifier":
    """Fit a classifier to lessons (训练)."""
    from tickets.routing import classifier as learning  # sklearn takes seconds to load

    vocabulary.refresh()
    texts, labels = [lesson.text for lesson in found], [lesson.matter for lesson in found]
    samples = learning.Samples(texts, labels, moulds(texts, labels))
    return learning.train(keywords.marks, samples, keyword_texts(), WISHED_PRECISION)


def keyword_texts() -> "Samples":
    """Make texts of a matter's names and keywords (事项用语), all as one and each by itself.

    Each word by itself teaches what it means where no ticket says so; the names of the third level
    are words of the second.
    """
    found = [
        (text, row.code)
        for row in Category.objects.filter(level=2, active=True).prefetch_related("children")
        for words in [[row.name, *row.keywords, *(child.name for child in row.children.all())]]
        for text in [" ".join(words), *words]
    ]
    from tickets.routing.classifier import Samples

    return Samples([text for text, _ in found], [code for _, code in found], [])


def moulds(texts: Sequence[str], labels: Sequence[str]) -> list[int]:
    """Group the texts of one matter that share a long phrase (同模板文本归组).

    Phrases that several matters share are figures of speech and join nothing.
    """
    holders: dict[str, list[int]] = defaultdict(list)
    for at, text in enumerate(texts):
        for gram in {text[i : i + GRAM] for i in range(max(0, len(text) - GRAM + 1))}:
            holders[gram].append(at)
    parent = list(range(len(texts)))
    for members in holders.values():
        if 2 <= len(members) <= RARE and len({labels[m] for m in members}) == 1:
            for member in members[1:]:
                parent[_root(parent, member)] = _root(parent, members[0])
    roots = [_root(parent, at) for at in range(len(texts))]
    order = {root: n for n, (root, _) in enumerate(Counter(roots).most_common())}
    return [order[root] for root in roots]


def _root(parent: list[int], at: int) -> int:
    while parent[at] != at:
        parent[at] = parent[parent[at]]
        at = parent[at]
    return at
