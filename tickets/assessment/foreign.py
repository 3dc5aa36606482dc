"""Foreign material on disk: collections that others wrote, on which the product is measured."""

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search.engine import Engine

Row = dict[str, Any]


@dataclass(frozen=True)
class Foreign:
    """What a task is given: the folder to learn from, the file to predict, and an engine."""

    folder: Path
    queries: Path | None
    engine: Callable[[], AbstractContextManager[Engine]]
    """Opens an engine whose indexes are thrown away afterwards."""
    limit: int | None = None
    """Learn from the first so many rows only."""

    def collection(self, name: str) -> list[Row]:
        """Read one collection of the folder (读取材料); raises FileNotFoundError, ValueError."""
        packed = self.folder / f"{name}.jsonl.gz"
        return list(rows_of(packed if packed.exists() else self.folder / f"{name}.jsonl"))

    def asked(self) -> list[Row]:
        """Read what is to be predicted (待预测)."""
        if self.queries is None:
            raise ValueError("这项任务需要 --queries 文件")
        return list(rows_of(self.queries))


Task = Callable[[Foreign], Iterator[Row]]


def rows_of(path: Path) -> Iterator[Row]:
    """Read JSON lines, packed or not (逐行读取); empty lines do not count."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield _row(path, number, line)


def _row(path: Path, number: int, line: str) -> Row:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise ValueError(f"{path.name} 第 {number} 行不是 JSON：{error}") from error
    if not isinstance(row, dict):
        raise ValueError(f"{path.name} 第 {number} 行不是 JSON 对象")
    return row


def words(row: Row, *names: str) -> str:
    """Join what some fields of a row say (取文字); missing and empty ones say nothing."""
    return "\n".join(str(row[name]) for name in names if row.get(name))
