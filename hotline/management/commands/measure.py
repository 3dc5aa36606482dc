"""Measures the product on real material that others labelled (实测)."""

import gzip
import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from tickets.routing.measuring import measure

CLASSIFY = "tdc_classify.jsonl.gz"


class Command(BaseCommand):
    """Classify real messages with the model in force and print how often it is right."""

    help = "用真实消息实测当前分类模型（SHARED_DATA）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how many rows to look at."""
        parser.add_argument("--limit", type=int, default=None, help="只用前 N 条")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure; without the material say so and end well."""
        path = Path(settings.SHARED_DATA) / CLASSIFY
        if not path.exists():
            self.stdout.write(f"跳过：没有找到 {CLASSIFY}，请用 SHARED_DATA 指明所在目录")
            return
        for line in measure(list(read(path))[: options["limit"]]).lines:
            self.stdout.write(line)


def read(path: Path) -> Iterator[tuple[str, str]]:
    """Read pairs of text and class."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            yield f"{row.get('title') or ''}\n{row['text']}".strip(), row["label"]
