"""Feeds: where the documents of an index come from, so that index and rows can be compared.

An application registers one feed an index (in its AppConfig.ready). `follow` mends single rows
after a change; the `search` command checks, repairs and rebuilds whole indexes by the same means.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TypeVar

from search import engine
from search.index import Doc, Index
from search.query import Match, Permission, Query, Sort, Terms

BATCH = 500
WALK = 5000
TOLD = 20_000
Item = TypeVar("Item")


@dataclass(frozen=True)
class Feed:
    """One index and the rows that it is made of; a row may make several documents, or none."""

    index: Index
    label: str
    ids: Callable[[], Iterable[str]]
    """The ids of all rows that belong in the index."""
    docs: Callable[[Sequence[str]], Iterable[Doc]]
    """The documents of these rows; a row that no longer belongs in the index makes none."""
    row: str = ""
    """The keyword field that holds the id of a document's row; "" where it is the document's id."""


@dataclass(frozen=True)
class Difference:
    """Where an index and its rows differ (比对结果): ids of documents."""

    compared: int = 0
    missing: list[str] = field(default_factory=list)
    outdated: list[str] = field(default_factory=list)
    surplus: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.missing or self.outdated or self.surplus)


_feeds: dict[str, Feed] = {}


def register(feed: Feed) -> Feed:
    """Make a feed known (登记索引来源)."""
    _feeds[feed.index.name] = feed
    return feed


def registered() -> list[Feed]:
    """List all feeds (索引来源)."""
    return list(_feeds.values())


def prepare() -> list[Feed]:
    """Make the indexes that are missing and fill them (补建索引); returns those that were new."""
    fresh = [feed for feed in registered() if engine.current().ensure(feed.index)]
    for feed in fresh:
        rebuild(feed)
    return fresh


def follow(feed: Feed, ids: Sequence[str]) -> None:
    """Bring the documents of these rows up to date (跟进索引): the new, then drop the old.

    An index that was missing is filled whole, for more than these rows is not in it.
    """
    current = engine.current()
    if current.ensure(feed.index):
        rebuild(feed)
        return
    docs = list(feed.docs(ids))
    current.put(feed.index, docs)
    stale = _documents_of(feed, ids) - {doc.id for doc in docs}
    current.delete(feed.index, sorted(stale))


def _documents_of(feed: Feed, ids: Sequence[str]) -> set[str]:
    """Tell which documents of these rows may be in the index."""
    if not feed.row:
        return set(ids)
    engine.current().refresh(feed.index)  # what was put a moment ago may be stale by now
    return {doc_id for doc_id, _ in _indexed(feed, Terms(feed.row, tuple(ids)))}


def _indexed(feed: Feed, *filters: Terms) -> Iterator[tuple[str, int]]:
    """Walk through the documents that are in the index, with their versions."""
    query = Query(permission=Permission.everything(), filters=filters, limit=WALK)
    while True:
        page = engine.current().search(feed.index, query)
        yield from ((hit.id, hit.version) for hit in page.hits)
        if not page.cursor:
            return
        query = replace(query, after=page.cursor)


def recut(feed: Feed, word: str, order: str) -> int:
    """Write the documents that hold a word anew (重新切分), as its cut has changed.

    They are found by pairs of characters, page by page in the order of a date or number. Returns
    how many were written.
    """
    everything = Permission.everything()
    held = Query(permission=everything, text=word, match=Match.ALL, sort=Sort(order), limit=BATCH)
    return rewrite(feed, held)


def rewrite(feed: Feed, query: Query) -> int:
    """Write the documents that a query finds anew (重写索引), page by page; returns how many."""
    engine.current().refresh(feed.index)
    written = 0
    while True:
        page = engine.current().search(feed.index, query)
        rows = (str(hit.fields[feed.row]) if feed.row else hit.id for hit in page.hits)
        docs = list(feed.docs(list(dict.fromkeys(rows))))
        written += engine.current().put(feed.index, docs)
        if not page.cursor:
            return written
        query = replace(query, after=page.cursor)


def size(feed: Feed) -> int:
    """Count the documents of an index (索引大小)."""
    return engine.current().count(feed.index, Query(permission=Permission.everything()))


def check(feed: Feed) -> Difference:
    """Compare index and rows document by document (核对索引), by version."""
    indexed = dict(_indexed(feed))
    compared, missing, outdated = 0, [], []
    for doc in _documents(feed):
        compared += 1
        version = indexed.pop(doc.id, None)
        if version is None:
            missing.append(doc.id)
        elif version != doc.version:
            outdated.append(doc.id)
    return Difference(compared, missing, outdated, sorted(indexed))


def repair(feed: Feed) -> Difference:
    """Mend what `check` finds (修复索引); returns what was found."""
    found = check(feed)
    current = engine.current()
    current.delete(feed.index, [*found.surplus, *found.outdated])
    wanted = {*found.missing, *found.outdated}
    for docs in _batches(doc for doc in _documents(feed) if doc.id in wanted):
        current.put(feed.index, docs)
    current.refresh(feed.index)
    return found


def rebuild(feed: Feed, tell: Callable[[int], None] = lambda done: None) -> int:
    """Fill a fresh index from the rows and swap it in (重建索引); returns its size.

    `tell` hears every TOLD documents how many are done.
    """
    return engine.current().rebuild(feed.index, _told(_documents(feed), tell))


def _told(docs: Iterable[Doc], tell: Callable[[int], None]) -> Iterator[Doc]:
    for done, doc in enumerate(docs, 1):
        yield doc
        if done % TOLD == 0:
            tell(done)


def back(feed: Feed) -> Difference:
    """Put the index of before the last rebuild in force again (退回), and mend it."""
    engine.current().back(feed.index)
    return repair(feed)


def _documents(feed: Feed) -> Iterator[Doc]:
    for ids in _batches(feed.ids()):
        yield from feed.docs(ids)


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch
