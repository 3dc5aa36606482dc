"""Measures the product on real material that others labelled (实测)."""

import gzip
import json
import os
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from hotline.management.commands.predict import TASKS, elastic, embedded
from tickets.assessment.foreign import Foreign
from tickets.assessment.foreign_agreement import agreements
from tickets.assessment.foreign_classes import BASELINES, held_out
from tickets.assessment.foreign_knee import knee
from tickets.assessment.foreign_scores import MEASURED, lines
from tickets.assessment.foreign_weights import weights
from tickets.assessment.learning import Point, curve, drawn, growth
from tickets.routing.measuring import footprint, measure

CLASSIFY = "tdc_classify.jsonl.gz"
CLASSES, AGREEMENT = "classes", "agree"
MEMORY = "memory"
CURVE, GROWTH = "curve", "growth"
PICTURED = {CURVE: "学习曲线：已确认消息的条数", GROWTH: "逐周学习：示范城市"}
WEIGHTS, KNEE = "weights", "knee"
CHOICES = [CLASSES, *BASELINES, *MEASURED, *PICTURED, AGREEMENT, WEIGHTS, KNEE, MEMORY]


class Command(BaseCommand):
    """Classify and retrieve on real material and print how often it is right."""

    help = "用真实材料实测分类、检索、相似与聚类（SHARED_DATA），并与基线对照"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to measure, and how many rows to look at."""
        parser.add_argument("--task", choices=CHOICES, help="只测一项")
        parser.add_argument("--picture", type=Path, help="把曲线画成 SVG 存到这个文件")
        parser.add_argument("--limit", type=int, default=None, help="分类只用前 N 条")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure; without the material say so and end well."""
        folder, chosen = Path(settings.SHARED_DATA), options["task"]
        if chosen in (None, CLASSES):
            self._classes(folder / CLASSIFY, options["limit"])
        for task in BASELINES:
            if chosen in (None, task):
                self._say(held_out(task, Foreign(folder, None, embedded)))
        for task in MEASURED:
            if chosen in (None, task):
                self._task(task, folder)
        if chosen in (None, *PICTURED):
            self._learning(chosen or CURVE, folder, options["picture"])
        if chosen in self._when_asked:
            self._when_asked[chosen](folder)

    @property
    def _when_asked(self) -> dict[str, Callable[[Path], None]]:
        """What takes long or tells about the measure itself, by name."""
        return {
            AGREEMENT: self._agree,
            WEIGHTS: self._weights,
            KNEE: self._knee,
            MEMORY: self._memory,
        }

    def _memory(self, _: Path) -> None:
        self._say(footprint())

    def _weights(self, folder: Path) -> None:
        self._say(weights(Foreign(folder, None, embedded)))

    def _learning(self, task: str, folder: Path, picture: Path | None) -> None:
        """Say the points of a curve, and draw them where a picture is wanted."""
        points = growth() if task == GROWTH else curve(Foreign(folder, None, embedded))
        found: list[Point] = []

        def told() -> Iterator[str]:
            for point in points:
                found.append(point)
                yield f"{task:12}{point}"

        self._say(told())
        if picture and found:
            picture.write_bytes(drawn(found, PICTURED[task]))
            self.stdout.write(f"已画到 {picture}")

    def _agree(self, folder: Path) -> None:
        """Compare both engines; it takes twice the time of all retrieval, so only when asked."""
        if not os.environ.get("ELASTICSEARCH_URL"):
            self.stdout.write("跳过：没有设置 ELASTICSEARCH_URL，无从比较两个引擎")
            return
        self._say(agreements(Foreign(folder, None, embedded), Foreign(folder, None, elastic)))

    def _knee(self, folder: Path) -> None:
        """Cut long messages shorter and shorter, on either engine that is there."""
        self._say(knee("embedded", Foreign(folder, None, embedded)))
        if os.environ.get("ELASTICSEARCH_URL"):
            self._say(knee("elastic", Foreign(folder, None, elastic)))

    def _classes(self, path: Path, limit: int | None) -> None:
        if not path.exists():
            self._skip(path.name)
            return
        for line in measure(list(read(path))[:limit]).lines:
            self.stdout.write(line)

    def _task(self, task: str, folder: Path) -> None:
        measured = MEASURED[task]
        asked = folder / f"{measured.labels}.jsonl.gz"
        given = Foreign(folder, asked if measured.asks else None, embedded)
        self._say(lines(task, given, TASKS[task]))

    def _say(self, figures: Iterator[str]) -> None:
        try:
            for line in figures:
                self.stdout.write(line)
        except ValueError as useless:
            self.stdout.write(f"跳过：{useless}")
        except FileNotFoundError as missing:
            self._skip(Path(missing.filename).name)

    def _skip(self, name: str) -> None:
        self.stdout.write(f"跳过：没有找到 {name}，请用 SHARED_DATA 指明所在目录")


def read(path: Path) -> Iterator[tuple[str, str]]:
    """Read pairs of text and class."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            yield f"{row.get('title') or ''}\n{row['text']}".strip(), row["label"]
