"""How the matching gets better with what people confirm: by number of rows, and week by week."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

import pygal
from pygal.style import CleanStyle

from tickets.assessment.foreign import Foreign, words
from tickets.assessment.foreign_classes import parted
from tickets.assessment.foreign_routing import KINDS, decided, samples_of
from tickets.routing import backtest, feedback, training

SIZES = (200, 500, 1_000, 2_000, 5_000)
HELD_BACK = 14
"""One group in so many is held back, so that 5,000 of 5,424 rows are left to learn from."""
TASK = "classify"
WEEKS = 12


@dataclass(frozen=True)
class Point:
    """What a classifier that learned from so many rows knew of rows it had not seen, in percent."""

    label: str
    rows: int
    accuracy: float
    coverage: float

    def __str__(self) -> str:
        return f"{self.label:>8}  准确率 {self.accuracy:5.1f}%  可自动 {self.coverage:5.1f}%"


def curve(given: Foreign) -> Iterator[Point]:
    """Learn from more and more labelled messages (学习曲线); the rows held back are the same.

    `coverage` is what the threshold found on the learned rows alone lets through. Raises
    FileNotFoundError without the material.
    """
    kind = KINDS[TASK]
    rows = [row for row in given.collection(kind.file) if row.get(kind.label)]
    known, asked = parted(rows, HELD_BACK)
    Random(1).shuffle(known)  # noqa: S311  # the same order each time
    for size in (size for size in SIZES if size <= len(known)):
        some = known[:size]
        classifier = kind.learn(given, samples_of(kind, some), some)
        guesses = classifier.guesses([words(row, *kind.words) for row in asked], 1)
        said = [decided(classifier, best) for best in guesses]
        right = [row["labels"][0] == ask[kind.label] for row, ask in zip(said, asked, strict=True)]
        auto = [bool(row["auto"]) for row in said]
        yield Point(f"{size} 条", size, backtest.share(right), backtest.share(auto))


def growth() -> Iterator[Point]:
    """Learn week by week from what was confirmed by then (逐周模拟), and try the week after.

    Works on the tickets of the database, such as the demo city's. `coverage` is the largest share
    that holds the wished precision. Nothing is yielded of weeks with too little to learn or try.
    """
    order = sorted(feedback.lessons(), key=lambda lesson: lesson.at)
    if not order:
        return
    first, last = order[0].at, order[-1].at
    for week in range(1, WEEKS):
        now = first + (last - first) * week / WEEKS
        until = first + (last - first) * (week + 1) / WEEKS
        past = [row for row in order if row.at < now]
        ahead = [row for row in order if now <= row.at < until]
        if not training.enough(past) or len(ahead) < backtest.FEWEST:
            continue
        side = backtest.judge(training.twin(past), ahead)
        held = backtest.coverage(side.sure, side.right, backtest.wished())
        yield Point(f"{now:%m-%d}", len(past), backtest.share(side.right), held)


def drawn(points: Iterable[Point], title: str) -> bytes:
    """Draw points as a picture (SVG) with two lines."""
    shown = list(points)
    chart = pygal.Line(
        width=720,
        height=360,
        style=CleanStyle(background="#ffffff"),
        title=title,
        range=(0, 100),
        js=(),
        legend_at_bottom=True,
        no_prefix=True,
    )
    chart.x_labels = [f"{point.label}" for point in shown]
    chart.add("准确率 %", [point.accuracy for point in shown])
    chart.add("可自动派单 %", [point.coverage for point in shown])
    return bytes(chart.render())
