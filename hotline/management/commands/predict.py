"""Predicts on foreign material with the product's own parts (实测预测); needs no database."""

import json
import os
import secrets
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search import embedding
from search.engine import Engine, opened
from tickets.assessment import foreign_laws, foreign_routing, foreign_search, foreign_topics
from tickets.assessment.foreign import Foreign, Task

TASKS: dict[str, Task] = {
    **foreign_routing.TASKS,
    **foreign_search.TASKS,
    **foreign_laws.TASKS,
    **foreign_topics.TASKS,
}
NO_ENGINE = 2
PATIENCE_S = 60.0
"""A busy cluster may take its time; nobody waits at a desk."""


class Command(BaseCommand):
    """Learn or index one folder, predict one file, write one line a row."""

    help = "用产品自己的分词、索引、权重和模型，对外来材料作预测（不需要数据库）"
    requires_system_checks = []  # nothing of a deployment is touched

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the task, where to learn, what to predict and where to write."""
        parser.add_argument("task", choices=sorted(TASKS))
        parser.add_argument("--train", type=Path, required=True, metavar="DIR")
        parser.add_argument("--out", type=Path, required=True, metavar="PREDS")
        parser.add_argument("--queries", type=Path, metavar="FILE")
        parser.add_argument("--engine", choices=["embedded", "elastic"], default="embedded")
        parser.add_argument("--limit", type=int, help="只用前 N 行学习")

    def handle(self, *args: Any, **options: Any) -> None:
        """Predict; what cannot be read is named."""
        if options["engine"] == "elastic" and not os.environ.get("ELASTICSEARCH_URL"):
            raise CommandError("--engine elastic 需要 ELASTICSEARCH_URL", returncode=NO_ENGINE)
        engine = elastic if options["engine"] == "elastic" else embedded
        given = Foreign(options["train"], options["queries"], engine, options["limit"])
        try:
            written = write(options["out"], TASKS[options["task"]](given))
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"无法预测：{error}") from error
        self.stdout.write(f"{options['task']}：{written} 行")


def write(path: Path, rows: Iterator[dict[str, Any]]) -> int:
    """Write one JSON line a row; give how many."""
    written = 0
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            written += 1
    return written


@contextmanager
def embedded() -> Iterator[Engine]:
    """Open an engine in a folder that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="predict-") as folder:
        engine = opened("embedded", folder, embeds=embedding.installed())
        yield engine
        engine.close()


@contextmanager
def elastic() -> Iterator[Engine]:
    """Open an engine in the cluster, with index names of its own; the tasks drop what they made."""
    address, prefix = os.environ["ELASTICSEARCH_URL"], f"predict-{secrets.token_hex(4)}-"
    engine = opened("elastic", address, prefix, embeds=embedding.installed(), patience=PATIENCE_S)
    yield engine
    engine.close()
