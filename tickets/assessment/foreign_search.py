"""Retrieval on foreign collections: the product's declarations, queries and weights (检索实测)."""

import os
import re
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
GIST, LONGEST_GIST = "gist", 160
_COURTESY = re.compile(r"^.{0,12}(?:您好|你好|收悉|如下)[^。：:]{0,6}[。：:！!]")


@dataclass(frozen=True)
class Collection:
    """One collection: its file, the field of its ids, and how the product would index it."""

    file: str
    key: str
    index: Index
    like: bool = False
    """Whether the query is a whole message, looked for by its telling terms."""

    def docs(self, rows: Iterable[Row]) -> Iterator[Doc]:
        """Make the documents; rows without an id or text do not count."""
        for row in rows:
            if row.get(self.key) and row.get("text"):
                text = str(row["text"])
                yield Doc(str(row[self.key]), 1, {"text": text, GIST: gist(text)})

    def query(self, row: Row) -> Query:
        """Put the question as the product would."""
        said = words(row, "query")
        if self.like:
            like = Like(said, words(row, "title"))
            return Query(permission=Permission.everything(), like=like, limit=BEST)
        return Query(permission=Permission.everything(), text=said, limit=BEST)


def gist(reply: str) -> str:
    """Leave out the courtesy that a reply begins with, and what follows the beginning (要义)."""
    return _COURTESY.sub("", reply)[:LONGEST_GIST]


def _texts(name: str, kind: Kind, of: Index, *meant: str) -> Index:
    """Take the product's field for texts; short answers are compared by meaning too."""
    return Index(name, 1, {"text": of.fields["text"]}, kind, meant)


COLLECTIONS = {
    "ncp_doc": Collection("ncp_docs", "docid", _texts("policies", Kind.POLICY, ARTICLES)),
    "ncp_passage": Collection(
        "ncp_passages", "pid", _texts("passages", Kind.PASSAGE, ARTICLES, "text")
    ),
    "tpe_faq": Collection("tpe_answers", "docid", _texts("answers", Kind.FAQ, ARTICLES, "text")),
    "reply": Collection(
        "tdc_replies", "docid", _texts("replies", Kind.REPLY, TICKETS, GIST), like=True
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
