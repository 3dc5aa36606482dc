"""Similar messages and one-event clusters on a foreign collection (相似与聚类实测)."""

from collections.abc import Iterator, Sequence

from tickets.assessment.foreign import Foreign, Row, Task
from tickets.topics.leader import clusters
from tickets.topics.likeness import Message, ranked

COLLECTION = "tdc_hot"
BEST = 50
"""Which of them are neutral is told afterwards; ten that count are wanted."""


def _rows(given: Foreign) -> list[Row]:
    return [row for row in given.collection(COLLECTION)[: given.limit] if row.get("id")]


def _messages(rows: Sequence[Row]) -> list[Message]:
    return [Message(str(row.get("title") or ""), str(row.get("text") or "")) for row in rows]


def _similar(given: Foreign) -> Iterator[Row]:
    rows = _rows(given)
    for row, near in zip(rows, ranked(_messages(rows), BEST), strict=True):
        yield {"id": row["id"], "docs": [rows[at]["id"] for at in near]}


def _clusters(given: Foreign) -> Iterator[Row]:
    rows = sorted(_rows(given), key=lambda row: (str(row.get("time") or ""), str(row["id"])))
    for number, members in enumerate(clusters(_messages(rows))):
        yield {"cluster": number, "members": [rows[at]["id"] for at in members]}


TASKS: dict[str, Task] = {"similar": _similar, "clusters": _clusters}
