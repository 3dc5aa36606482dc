"""What is asked of Elasticsearch, and what its answers say."""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

import elasticsearch_dsl as dsl

from search.analysis import Reading, Wanted
from search.backends.base import LOWEST, Candidate, Found, Place, Plan, Statistics
from search.backends.clauses import clause_of
from search.backends.documents import (
    SIGNATURE,
    SOURCE,
    VECTOR,
    VERSION,
    WHOLE,
    counted_in,
    cuts,
)
from search.backends.elastic.terms import Translator, corner
from search.index import Index
from search.query import ID, ByDistance, Match, Sort

_FACET_VALUES = 1000
_NEWEST_FIRST = Sort(VERSION)


def search_for(index: Index, plan: Plan) -> Any:
    """Build the Search of a plan."""
    translator = Translator(index)
    filters = [translator.wish(f) for f in plan.filters]
    if plan.reading is None:
        search = dsl.Search().query("bool", filter=filters)
    else:
        clause = clause_of(index, plan.fields, plan.reading, plan.match)
        search = _restricted(translator.wish(clause), filters, plan)
    search = search.source([SIGNATURE, VECTOR, SOURCE])
    search = search.extra(size=plan.limit, track_total_hits=True, version=True)
    for name in plan.facets:
        search.aggs.bucket(name, "terms", field=name, size=_FACET_VALUES)
    if plan.reading is None or plan.sort is not None:
        search = _in_order(search, plan.sort or _NEWEST_FIRST, plan.after)
    return search


def _restricted(wish: Any, filters: Sequence[Any], plan: Plan) -> Any:
    """Join words and filters; a choice of many words goes in blocks where filters come after.

    The total obeys them there too, but facets do not.
    """
    if plan.facets or plan.match is Match.ALL or not filters:
        return dsl.Search().query("bool", must=[wish], filter=filters)
    return dsl.Search().query(wish).post_filter("bool", filter=filters)


def found_in(answer: Mapping[str, Any]) -> Found:
    """Read candidates, total and facets out of an answer."""
    return Found(
        total=int(answer["hits"]["total"]["value"]),
        candidates=[_candidate(hit) for hit in answer["hits"]["hits"]],
        facets={
            name: {bucket["key"]: bucket["doc_count"] for bucket in facet["buckets"]}
            for name, facet in answer.get("aggregations", {}).items()
        },
    )


def sample_for(most: int) -> Any:
    """Build the Search that draws so many documents at random."""
    drawn = dsl.Q("function_score", random_score={"seed": 1, "field": "_seq_no"})
    return dsl.Search().query(drawn).source([SIGNATURE]).extra(size=most, track_total_hits=False)


def signatures_in(answer: Mapping[str, Any]) -> list[bytes]:
    """Read the signatures of documents out of an answer."""
    return [base64.b64decode(hit["_source"][SIGNATURE]) for hit in answer["hits"]["hits"]]


def term_document(index: Index, reading: Reading, fields: Sequence[str]) -> dict[str, str]:
    """Write the terms of a reading as a document whose term vectors are asked for."""
    return {
        stream: " ".join(term.text for term in terms)
        for streams, terms in zip(counted_in(index, fields), reading.cuts, strict=False)
        for stream in streams
    }


def statistics_in(
    vectors: Mapping[str, Any], index: Index, reading: Reading, fields: Sequence[str]
) -> Statistics:
    """Read out of term vectors who holds which term, and how long documents are."""
    docs = max((v["field_statistics"]["doc_count"] for v in vectors.values()), default=0)
    return Statistics(
        docs=docs,
        mean_lengths=[_mean_length(vectors, WHOLE + kind, docs) for kind in cuts(index)],
        holders=[
            _holders(vectors, streams, terms)
            for streams, terms in zip(counted_in(index, fields), reading.cuts, strict=False)
        ],
    )


def _in_order(search: Any, sort: Sort | ByDistance, after: Place | None) -> Any:
    if isinstance(sort, ByDistance):
        from_spot = {sort.near.field: corner(sort.near.spot), "unit": "m"}
        search = search.sort({"_geo_distance": from_spot}, {ID: "asc"})
    else:
        order = "desc" if sort.descending else "asc"
        search = search.sort({sort.field: {"order": order, "missing": LOWEST}}, {ID: order})
    return search.extra(search_after=[after.number, after.id]) if after else search


def _candidate(hit: Mapping[str, Any]) -> Candidate:
    source: str = hit["_source"][SOURCE]
    return Candidate(
        id=str(hit["_id"]),
        version=int(hit["_version"]),
        score=float(hit["_score"] or 0.0),
        signature=base64.b64decode(hit["_source"][SIGNATURE]),
        vector=base64.b64decode(hit["_source"][VECTOR]),
        load=lambda: json.loads(source),
        place=Place(*hit["sort"]) if "sort" in hit else None,
    )


def _mean_length(vectors: Mapping[str, Any], stream: str, docs: int) -> float:
    """Average the lengths of whole documents; 0 where fields were asked apart."""
    known = stream in vectors and docs
    return float(vectors[stream]["field_statistics"]["sum_ttf"] / docs) if known else 0.0


def _holders(
    vectors: Mapping[str, Any], streams: Sequence[str], terms: Sequence[Wanted]
) -> dict[str, int]:
    known = [vectors[stream]["terms"] for stream in streams if stream in vectors]
    return {
        term.text: max(
            (int(held.get(term.text, {}).get("doc_freq", 0)) for held in known), default=0
        )
        for term in terms
    }
