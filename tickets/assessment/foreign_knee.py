"""How few telling terms of a long message still find what resembles it (取词拐点)."""

import time
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

from search.engine import Engine
from search.index import Doc, Index
from search.query import Like, Permission, Query
from tickets.assessment.foreign import Foreign, Row, words
from tickets.assessment.foreign_scores import MEASURED, TOPICS
from tickets.assessment.foreign_search import COLLECTIONS, filled
from tickets.indexes import TICKETS, resembling

TERMS = (10, 20, 30, 40, 50, 100, 200, 10_000)
BEST = 50
REPLIES = COLLECTIONS["reply"]
TOLD = Index("told", 1, dict(TICKETS.texts), TICKETS.kind)
WORDS_ONLY = replace(REPLIES.index, meant=())


def knee(engine: str, given: Foreign) -> Iterator[str]:
    """Cut long messages to so many terms (取词条数); give time and figures, one line each.

    Raises FileNotFoundError where the material is not there.
    """
    replies, hot = given.collection(REPLIES.file), given.collection("tdc_hot")
    asked, issues = given.collection(MEASURED["reply"].labels), given.collection(TOPICS)
    members = {member for issue in issues for member in issue["members"]}
    told = [row for row in hot if row["id"] in members]
    with (
        given.engine() as opened,
        filled(opened, WORDS_ONLY, REPLIES.docs(replies)),
        filled(opened, TOLD, (_doc(row) for row in hot)),
    ):
        for terms in TERMS:
            yield _line(engine, "reply", terms, _found(opened, WORDS_ONLY, asked, terms), asked)
            yield _line(engine, "similar", terms, _found(opened, TOLD, told, terms), issues)


def _doc(row: Row) -> Doc:
    return Doc(str(row["id"]), 1, {"title": words(row, "title"), "text": words(row, "text")})


def _found(engine: Engine, index: Index, rows: list[Row], terms: int) -> list[tuple[float, Row]]:
    found = []
    for row in rows:
        query = _query(index, row, terms)
        begun = time.perf_counter()
        hits = engine.search(index, query).hits
        took = time.perf_counter() - begun
        docs = [hit.id for hit in hits if hit.id != row["id"]]
        found.append((took, {"id": row["id"], "docs": docs}))
    return found


def _query(index: Index, row: Row, terms: int) -> Query:
    """Ask for like messages as the assist panel does, and for replies as `predict` does."""
    said, title = words(row, "query", "text"), words(row, "title")
    everything = Permission.everything()
    if index is not TOLD:
        like = Like(said, title, terms=terms)
        return Query(permission=everything, like=like, limit=BEST)
    asked = resembling(said, title, everything, BEST, but=str(row["id"]))
    return replace(asked, like=replace(asked.like, terms=terms)) if asked.like else asked


def _line(
    engine: str, task: str, terms: int, found: list[tuple[float, Row]], labels: list[Row]
) -> str:
    measured = MEASURED[task]
    figures = measured.score([row for _, row in found], labels)
    said = "  ".join(f"{n} {f:.3f}" for n, f in zip(measured.names, figures, strict=True))
    return f"{engine:9}{task:8}{terms:6} 词  {median(t for t, _ in found) * 1000:6.1f} ms  {said}"
