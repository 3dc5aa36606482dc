"""Trains the classifier on tickets whose routing proved right (训练分类模型)."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.utils import timezone

from accounts import vocabulary
from city.models import Category
from tickets import actions
from tickets.models import RoutingModel
from tickets.routing import backtest, feedback, keywords, store, voices
from tickets.routing.backtest import Figures
from tickets.routing.feedback import Lesson
from tickets.routing.went import went
from tickets.workflow import Party

if TYPE_CHECKING:  # sklearn takes seconds to load
    from tickets.routing.cases import Cases
    from tickets.routing.classifier import Classifier, Samples

WISHED_PRECISION = 0.97
FEWEST, FEWEST_PAST = 60, 30
GRAM = 10
RARE = 30
CONFUSED = 12
LEARNING, LEARNING_S = "learning", 1800
ASKED, ASKED_S = "learning-asked", 300
"""A training that no worker began by then is not waited for: the queue is down."""


def begin() -> RoutingModel | None:
    """Train the first version and put it in force (冷启动): no person can compare it to another."""
    found, of_units = feedback.collect()
    if not enough(found):
        return None
    _stage(30, "训练第一个分类模型，系统照常可用", first=True)
    first = _keep(found, learn(found, of_units), {})
    actions.promote(first, by=Party.SYSTEM, note="首个可用版本")
    past, _ = backtest.split(found, first.trained_at)
    if enough(past, FEWEST_PAST):
        store.write(first.version, twin(past), store.PAST)
    store.tidy()
    return first


def renew() -> RoutingModel | None:
    """Train a candidate and try it beside the version in force (重新训练); None with too few.

    Where the rule holds it goes live by itself, otherwise a person decides.
    """
    found, of_units = feedback.collect()
    if not enough(found):
        return None
    _stage(10, "回测：用早先的工单训练")
    past, unseen = backtest.split(found, timezone.now())
    young = twin(past) if enough(past, FEWEST_PAST) else None
    _stage(35, "回测：与现用版本比较")
    live = store.live_version()
    figures = backtest.compare(young, store.read(live, store.PAST) if live else None, unseen)
    _stage(50, "用全部已确认的工单训练")
    model = _keep(found, learn(found, of_units), figures)
    if young:
        store.write(model.version, young, store.PAST)
    if why := backtest.worth_it(figures):
        actions.promote(model, by=Party.SYSTEM, note=why)
    store.tidy()
    return model


def _keep(found: Sequence[Lesson], classifier: "Classifier", figures: Figures) -> RoutingModel:
    version = f"{timezone.now():%Y%m%d%H%M%S%f}"
    store.write(version, classifier)
    return actions.keep_candidate(
        version,
        samples=len(found),
        metrics={
            "unseen_accuracy": round(classifier.accuracy, 4),
            "coverage": round(classifier.coverage, 4),
            "wished_precision": backtest.wished(),
            **_unseen(classifier),
        },
        thresholds=_thresholds(classifier),
        backtest=figures,
    )


def _thresholds(classifier: "Classifier") -> dict[str, float]:
    found = classifier.judged.thresholds(backtest.wished()) if classifier.judged else {}
    return {matter: round(threshold, 4) for matter, threshold in found.items()}


def _unseen(classifier: "Classifier") -> dict[str, Any]:
    """Keep how sure it was of phrasings it had not seen, and what it took for what."""
    judged = classifier.judged
    if judged is None:
        return {}
    errors = judged.said != judged.truth
    pairs = Counter(zip(judged.said[errors].tolist(), judged.truth[errors].tolist(), strict=True))
    sure, right = judged.crossed().tolist(), judged.right.astype(bool).tolist()
    return {
        "calibration": backtest.bins(sure, right),
        "confusions": [[*pair, count] for pair, count in pairs.most_common(CONFUSED)],
    }


@contextmanager
def alone() -> Iterator[bool]:
    """Let one training run at a time (训练互斥), in all processes; False where another is at it."""
    mine = cache.add(LEARNING, {"percent": 5, "stage": "收集已确认的工单"}, timeout=LEARNING_S)
    not_asked()
    try:
        yield mine
    finally:
        if mine:
            cache.delete(LEARNING)


def asked() -> None:
    """Remember that a training was asked for (排队中), until a worker begins it."""
    cache.set(ASKED, {"percent": 0, "stage": "排队中"}, timeout=ASKED_S)


def not_asked() -> None:
    """Forget that a training was asked for: nobody could be told."""
    cache.delete(ASKED)


def progress() -> dict[str, Any] | None:
    """Tell how far the training is (训练进度), None where nobody trains and none is asked for."""
    found: dict[str, Any] | None = cache.get(LEARNING) or cache.get(ASKED)
    return found


def _stage(percent: int, stage: str, *, first: bool = False) -> None:
    told = {"percent": percent, "stage": stage, "first": first}
    if cache.get(LEARNING):  # only who trains alone is to be waited for
        cache.set(LEARNING, told, timeout=LEARNING_S)


def enough(found: Sequence[Lesson], fewest: int = FEWEST) -> bool:
    """Tell whether there is something to learn from (样本是否足够)."""
    return len(found) >= fewest and len({lesson.matter for lesson in found}) > 1


def learn(found: Sequence[Lesson], of_units: Sequence[Lesson] = ()) -> "Classifier":
    """Fit a classifier to lessons (训练), and what words say of units to those of units too."""
    from tickets.routing import classifier as learning  # sklearn takes seconds to load

    vocabulary.refresh()
    texts, labels = [lesson.text for lesson in found], [lesson.matter for lesson in found]
    samples = learning.Samples(texts, labels, moulds(texts, labels))
    fields = dict(Category.objects.filter(level=2).values_list("code", "parent__code"))
    trained = learning.train(
        keywords.marks, samples, keyword_texts(), backtest.wished(), above=fields
    )
    trained.past = went(found)
    spoken, kinds = voices.taught([*found, *of_units])
    if spoken:
        named = learning.Samples(spoken, kinds, moulds(spoken, kinds))
        trained.units = learning.opinion(trained, named)
    trained.cases = _cases(trained, found)
    trained.slim()
    return trained


def _cases(trained: "Classifier", found: Sequence[Lesson]) -> "Cases | None":
    """Learn the third level from the lessons whose case a person chose (三级事项训练)."""
    from tickets.routing.cases import learn_cases
    from tickets.routing.classifier import Samples  # sklearn takes seconds to load

    rows = Category.objects.filter(level=3, active=True).select_related("parent")
    named = {row.code: (row.parent.code, row.name) for row in rows if row.parent}
    chosen = [lesson for lesson in found if lesson.case in named]
    texts, labels = [lesson.text for lesson in chosen], [lesson.case for lesson in chosen]
    return learn_cases(trained, named, Samples(texts, labels, moulds(texts, labels)))


def twin(found: Sequence[Lesson]) -> "Classifier":
    """Fit a classifier the same way for a comparison (对照模型), quickly: without calibration."""
    from tickets.routing.classifier import Classifier  # sklearn takes seconds to load

    vocabulary.refresh()
    seeds = keyword_texts()
    texts = [*(lesson.text for lesson in found), *seeds.texts]
    labels = [*(lesson.matter for lesson in found), *seeds.labels]
    fitted = Classifier(keywords.marks).fit(texts, labels)
    fitted.past = went(found)
    fitted.slim()
    return fitted


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
