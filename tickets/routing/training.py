"""Trains the classifier on tickets whose routing proved right (训练分类模型)."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils import timezone

from accounts import vocabulary
from accounts.fields import mask_text
from city.models import Category
from tickets import actions
from tickets.models import RoutingModel, Ticket
from tickets.routing import keywords, store
from tickets.workflow import Status

if TYPE_CHECKING:  # sklearn takes seconds to load
    from tickets.routing.classifier import Samples

WISHED_PRECISION = 0.97
FEWEST = 60
MOST = 60_000
GRAM = 10
RARE = 30
SETTLED = (Status.CLOSED, Status.ARCHIVED, Status.DIRECT_CLOSED, Status.PENDING_CALLBACK)


def train() -> RoutingModel | None:
    """Train a version and put it in force (训练并启用); None with too few settled tickets."""
    from tickets.routing import classifier as learning

    vocabulary.refresh()
    samples = gather()
    if len(samples.texts) < FEWEST or len(set(samples.labels)) < 2:
        return None
    classifier = learning.train(keywords.marks, samples, keyword_texts(), WISHED_PRECISION)
    version = f"{timezone.now():%Y%m%d%H%M%S%f}"
    store.write(version, classifier)
    return actions.enable_model(
        version,
        samples=len(samples.texts),
        metrics={
            "unseen_accuracy": round(classifier.accuracy, 4),
            "coverage": round(classifier.coverage, 4),
            "wished_precision": WISHED_PRECISION,
            "moulds": len(set(samples.groups)),
        },
        thresholds={"default": round(classifier.threshold, 4)},
    )


def gather() -> "Samples":
    """Collect settled tickets (训练样本): never confidential ones, personal data masked."""
    rows = Ticket.objects.filter(status__in=SETTLED, confidential=False)
    rows = rows.exclude(category=None).select_related("category__parent").order_by("-id")[:MOST]
    found = [(mask_text(f"{row.title}\n{row.text[:2000]}"), second_level(row)) for row in rows]
    known = [(text, code) for text, code in found if code]
    texts, labels = [text for text, _ in known], [code for _, code in known]
    from tickets.routing.classifier import Samples

    return Samples(texts, labels, moulds(texts, labels))


def second_level(ticket: Ticket) -> str:
    """Give the code of the ticket's second-level matter, "" where it has only a first."""
    category = ticket.category
    while category is not None and category.level > 2:
        category = category.parent
    return category.code if category is not None and category.level == 2 else ""


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
