"""Retrieval on foreign collections: the product's declarations, queries and weights (检索实测)."""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from knowledge.indexes import ARTICLES
from search.engine import Engine
from search.index import Doc, Index, Kind
from search.query import Like, Permission, Query
from tickets.assessment.foreign import Foreign, Row, Task, words
from tickets.indexes import TICKETS

BEST = 10


@dataclass(frozen=True)
class Collection:
    """One collection: its file, the field of its ids, and how the product would index it."""

    file: str
    key: str
    index: Index
    asked: tuple[str, ...] = ("query",)
    like: bool = False
    """Whether the query is a whole message, looked for by its telling terms."""

    def docs(self, rows: Iterable[Row]) -> Iterator[Doc]:
        """Make the documents; rows without an id or text do not count."""
        for row in rows:
            if row.get(self.key) and row.get("text"):
                yield Doc(str(row[self.key]), 1, {"text": str(row["text"])})

    def query(self, row: Row) -> Query:
        """Put the question as the product would."""
        said = words(row, *self.asked)
        if self.like:
            return Query(permission=Permission.everything(), like=Like(said), limit=BEST)
        return Query(permission=Permission.everything(), text=said, limit=BEST)


def _texts(name: str, kind: Kind, of: Index) -> Index:
    """Take the product's field for texts; short answers are compared by meaning too."""
    meant = ("text",) if kind in (Kind.PASSAGE, Kind.FAQ) else ()
    return Index(name, 1, {"text": of.fields["text"]}, kind, meant)


COLLECTIONS = {
    "ncp_doc": Collection("ncp_docs", "docid", _texts("policies", Kind.POLICY, ARTICLES)),
    "ncp_passage": Collection("ncp_passages", "pid", _texts("passages", Kind.PASSAGE, ARTICLES)),
    "tpe_faq": Collection("tpe_answers", "docid", _texts("answers", Kind.FAQ, ARTICLES)),
    "reply": Collection(
        "tdc_replies",
        "docid",
        _texts("replies", Kind.REPLY, TICKETS),
        ("title", "title", "query"),
        True,
    ),
}


def _retrieve(collection: Collection) -> Task:
    def predict(given: Foreign) -> Iterator[Row]:
        asked = given.asked()
        docs = collection.docs(given.collection(collection.file)[: given.limit])
        with (
            given.engine() as engine,
            filled(engine, collection.index, docs),
            ThreadPoolExecutor(os.cpu_count()) as threads,  # embedding a question takes a core
        ):
            found = threads.map(partial(_found, engine, collection), asked)
            for row, best in zip(asked, found, strict=True):
                yield {"id": row["id"], "docs": best}

    return predict


@contextmanager
def filled(engine: Engine, index: Index, docs: Iterable[Doc]) -> Iterator[None]:
    """Fill an index for the time of a task (临时索引)."""
    try:
        engine.rebuild(index, docs)
        yield
    finally:
        engine.drop(index)


def _found(engine: Engine, collection: Collection, row: Row) -> list[str]:
    return [hit.id for hit in engine.search(collection.index, collection.query(row)).hits]


TASKS: dict[str, Task] = {name: _retrieve(each) for name, each in COLLECTIONS.items()}
