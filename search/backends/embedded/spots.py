"""What lies near a spot: tantivy knows ranges only, so the distinct spots of a box are measured."""

from itertools import groupby
from operator import itemgetter

from tantivy import DocAddress, Order, Query, Schema, Searcher

from search.backends.base import Place, Plan
from search.backends.embedded.terms import every, total
from search.geo import metres, spot_of
from search.query import ID, Near

_MOST = 60_000
"""So many different spots in one box are told apart; tickets share those of their places."""


def spots_near(searcher: Searcher, near: Near, box: Query) -> list[tuple[float, str]]:
    """Measure the spots of a box (逐点测距): those near enough, with metres, nearest first."""
    asked = {"spots": {"terms": {"field": near.field, "size": _MOST}}}
    held = [str(spot["key"]) for spot in searcher.aggregate(box, asked)["spots"]["buckets"]]
    measured = ((metres(near.spot, spot_of(spot)), spot) for spot in held)
    return sorted(each for each in measured if each[0] <= near.metres)


def by_distance(
    searcher: Searcher, schema: Schema, wish: Query, plan: Plan, near: Near
) -> list[tuple[Place, DocAddress]]:
    """List one page of a wish by distance (由近及远), equally far ones by id."""
    page: list[tuple[Place, DocAddress]] = []
    for away, spots in groupby(spots_near(searcher, near, wish), key=itemgetter(0)):
        if len(page) < plan.limit and not (plan.after and away < plan.after.number):
            there = Query.term_set_query(schema, near.field, [spot for _, spot in spots])
            begun = plan.after.id if plan.after and away == plan.after.number else ""
            ids = _ids(searcher, every([wish, there]), plan.limit - len(page), begun)
            page += [(Place(away, doc_id), at) for doc_id, at in ids]
    return page


def _ids(searcher: Searcher, wish: Query, limit: int, begun: str) -> list[tuple[str, DocAddress]]:
    """List ids in their order, those behind one that was on the page before."""
    held = total(searcher.search(wish, limit=1)) if begun else 0
    found = searcher.search(
        wish, limit=limit + held, count=False, order_by_field=ID, order=Order.Asc
    )
    ids = [(str(doc_id), at) for doc_id, at in found.hits]
    return [(doc_id, at) for doc_id, at in ids if doc_id > begun][:limit]
