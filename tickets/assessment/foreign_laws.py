"""Which law a message is about: clauses, whole laws, names, and what past replies cited (法条实测).

A clause that fits and a law that fits as a whole say the same thing at two scales; the title of a
message is asked once by itself. Officials cite few laws often, and to like messages the same ones.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from math import log1p

from knowledge.passages import passages
from search.engine import Engine
from search.index import Doc, Index, Keyword, Kind, Text
from search.query import Hit, Like, Permission, Query
from tickets.assessment.foreign import Foreign, Row, Task, words
from tickets.assessment.foreign_search import BEST, COLLECTIONS, filled

CLAUSES = Index(
    "clauses", 1, {"title": Text(title=True), "text": Text(), "law": Keyword()}, Kind.LAW
)
WHOLE = Index("laws", 1, {"title": Text(boost=2.0, title=True), "text": Text()}, Kind.LAW)
REPLIES = COLLECTIONS["reply"]
ANSWERED = replace(REPLIES.index, kind=Kind.MESSAGE, meant=())
"""Past replies as neighbours of a message."""
CLAUSE_WEIGHT, CLAUSE_BY_TITLE, WHOLE_WEIGHT, WHOLE_BY_TITLE = 0.5, 0.3, 1.0, 0.5
CITED_WEIGHT, NAMED_WEIGHT, NEIGHBOUR_WEIGHT, NEIGHBOURS_MOST = 0.3, 1.0, 1.0, 1.5
CANDIDATES, NEIGHBOURS = 200, 60
SHORTEST_NAME = 3
_BOOK = re.compile(r"《([^《》]{2,40})》")
_CLAUSE = re.compile(r"(?m)^(?=第[一二三四五六七八九十百零〇]+条)")
_FRAME = re.compile(r"^中华人民共和国|[（(][^（）()]*[)）]$")
Scores = dict[str, float]


@dataclass(frozen=True)
class Library:
    """The laws by name, and which of them the past replies cited."""

    names: Mapping[str, str]
    """The short name of each law by id."""
    cited_in: Mapping[str, set[str]]
    """The laws that each reply cites, by the reply's id."""
    cited: Mapping[str, int]
    """In how many replies each law is cited."""


def _predict(given: Foreign) -> Iterator[Row]:
    asked, laws = given.asked(), given.collection("laws")[: given.limit]
    replies = given.collection(REPLIES.file)
    library = _library(laws, replies)
    with given.engine() as engine, ExitStack() as stack:
        stack.enter_context(filled(engine, CLAUSES, _clauses(laws)))
        stack.enter_context(filled(engine, WHOLE, _wholes(laws)))
        stack.enter_context(filled(engine, ANSWERED, REPLIES.docs(replies)))
        for row in asked:
            yield {"id": row["id"], "docs": _best(engine, library, row)}


def _clauses(laws: Iterable[Row]) -> Iterator[Doc]:
    for law in laws:
        for place, clause in enumerate(_clauses_of(law["text"])):
            fields = {"title": law["title"], "text": clause, "law": law["docid"]}
            yield Doc(f"{law['docid']}-{place}", 1, fields)


def _clauses_of(text: str) -> list[str]:
    """Cut a law at its articles (第几条); one without any at its paragraphs."""
    found = [clause.strip() for clause in _CLAUSE.split(text)[1:]]
    return [clause for clause in found if clause] or passages(text)


def _wholes(laws: Iterable[Row]) -> Iterator[Doc]:
    for law in laws:
        yield Doc(law["docid"], 1, {"title": law["title"], "text": law["text"]})


def _library(laws: Iterable[Row], replies: Iterable[Row]) -> Library:
    names = {law["docid"]: short_name(law["title"]) for law in laws}
    ids = defaultdict(set)
    for law, name in names.items():
        ids[name].add(law)
    cited_in: dict[str, set[str]] = {}
    cited: defaultdict[str, int] = defaultdict(int)
    for reply in replies:
        said = {short_name(name) for name in _BOOK.findall(reply.get("text") or "")}
        found = {law for name in said for law in ids.get(name, ())}
        cited_in[reply["docid"]] = found
        for law in found:
            cited[law] += 1
    return Library(names, cited_in, cited)


def short_name(title: str) -> str:
    """Leave out the country before and the version behind a law's name (法律简称)."""
    return _FRAME.sub("", title.strip())


def _best(engine: Engine, library: Library, row: Row) -> list[str]:
    whole, title = words(row, "title", "query"), words(row, "title")
    scores: defaultdict[str, float] = defaultdict(float)
    for weight, part in (
        (CLAUSE_WEIGHT, _by_clause(engine, _like(whole, CANDIDATES))),
        (CLAUSE_BY_TITLE, _by_clause(engine, _asking(title))),
        (WHOLE_WEIGHT, _by_whole(engine, _like(whole, CANDIDATES))),
        (WHOLE_BY_TITLE, _by_whole(engine, _asking(title))),
        (1.0, _by_citation(engine, library, whole)),
    ):
        for law, score in part.items():
            scores[law] += weight * score
    for law, name in library.names.items():
        if len(name) >= SHORTEST_NAME and name in whole:
            scores[law] += NAMED_WEIGHT
    return sorted(scores, key=lambda law: (-scores[law], law))[:BEST]


def _like(said: str, limit: int) -> Query:
    return Query(permission=Permission.everything(), like=Like(said), limit=limit)


def _asking(said: str) -> Query:
    return Query(permission=Permission.everything(), text=said, limit=CANDIDATES)


def _by_clause(engine: Engine, query: Query) -> Scores:
    """Score each law by its best clause."""
    found: Scores = {}
    for hit in engine.search(CLAUSES, query).hits:
        found.setdefault(str(hit.fields["law"]), hit.score)
    return _of_best(found)


def _by_whole(engine: Engine, query: Query) -> Scores:
    return _of_best({hit.id: hit.score for hit in engine.search(WHOLE, query).hits})


def _of_best(scores: Scores) -> Scores:
    best = max(scores.values(), default=1.0) or 1.0
    return {law: score / best for law, score in scores.items()}


def _by_citation(engine: Engine, library: Library, whole: str) -> Scores:
    """Score laws by how often they are cited, and by the replies to like messages.

    The nearest reply says nothing: it may be the very answer to this message.
    """
    near = engine.search(ANSWERED, _like(whole, NEIGHBOURS)).hits
    own = library.cited_in.get(near[0].id, set()) if near else set()
    scores = {
        law: CITED_WEIGHT * log1p(times - (law in own)) for law, times in library.cited.items()
    }
    for law, vote in _votes(near[1:], library).items():
        scores[law] += NEIGHBOUR_WEIGHT * min(vote, NEIGHBOURS_MOST)
    return scores


def _votes(near: Iterable[Hit], library: Library) -> Scores:
    votes: defaultdict[str, float] = defaultdict(float)
    best = 0.0
    for hit in near:
        best = best or hit.score or 1.0
        for law in library.cited_in.get(hit.id, ()):
            votes[law] += (hit.score / best) ** 2
    return votes


TASKS: dict[str, Task] = {"law": _predict}
