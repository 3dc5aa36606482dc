"""What is asked of Elasticsearch, and what its answers say."""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

import elasticsearch_dsl as dsl

from search.analysis import Reading, Wanted
from search.backends.base import LOWEST, Candidate, Found, Place, Plan, Statistics
from search.backends.clauses import clause_of
from search.backends.documents import SIGNATURE, SOURCE, VECTOR, VERSION, cuts
from search.backends.elastic.terms import Translator, corner
from search.index import Index
from search.query import ID, ByDistance, Sort

_FACET_VALUES = 1000
_NEWEST_FIRST = Sort(VERSION)


def search_for(index: Index, plan: Plan) -> Any:
    """Build the Search of a plan."""
    translator = Translator(index)
    wanted: dict[str, Any] = {"filter": [translator.wish(f) for f in plan.filters]}
    if plan.reading is not None:
        texts = {name: text for name, text in index.texts.items() if name in plan.fields}
        clause = clause_of(texts, plan.reading, plan.match)
        wanted["must"] = [translator.wish(clause)]
    search = dsl.Search().query("bool", **wanted).source([SIGNATURE, VECTOR, SOURCE])
    search = search.extra(size=plan.limit, track_total_hits=True, version=True)
    for name in plan.facets:
        search.aggs.bucket(name, "terms", field=name, size=_FACET_VALUES)
    if plan.reading is None or plan.sort is not None:
        search = _in_order(search, plan.sort or _NEWEST_FIRST, plan.after)
    return search


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


def term_document(index: Index, reading: Reading, fields: Sequence[str]) -> dict[str, str]:
    """Write the terms of a reading as a document whose term vectors are asked for."""
    said = {
        kind: " ".join(term.text for term in terms)
        for kind, terms in zip(cuts(index), reading.cuts, strict=False)
    }
    return {field + kind: terms for field in fields for kind, terms in said.items()}


def statistics_in(
    vectors: Mapping[str, Any], index: Index, reading: Reading, fields: Sequence[str]
) -> Statistics:
    """Read out of term vectors who holds which term, and how long documents are."""
    docs = max((v["field_statistics"]["doc_count"] for v in vectors.values()), default=0)
    return Statistics(
        docs=docs,
        mean_lengths=[_mean_length(vectors, index, fields, kind, docs) for kind in cuts(index)],
        holders=[
            _holders(vectors, [f + kind for f in fields], terms)
            for kind, terms in zip(cuts(index), reading.cuts, strict=False)
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


def _mean_length(
    vectors: Mapping[str, Any], index: Index, fields: Sequence[str], kind: str, docs: int
) -> float:
    total = sum(
        index.texts[name].boost * vectors[name + kind]["field_statistics"]["sum_ttf"]
        for name in fields
        if name + kind in vectors
    )
    return float(total / docs) if docs else 0.0


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
