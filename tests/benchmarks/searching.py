"""Builds the indexes of tickets and articles at growing sizes in one engine, and asks them.

`python -m tests.benchmarks.searching embedded|elastic FOLDER TICKETS ARTICLES` prints JSON.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
django.setup()

from city import taxonomy  # noqa: E402  # needs the applications loaded
from hotline.demo.growing import ASK, SEEN, SPOT, WHEN  # noqa: E402
from knowledge.indexes import ARTICLES, FOREVER, readable  # noqa: E402
from knowledge.workflow import Audience  # noqa: E402
from search.backends.elastic import Elastic  # noqa: E402
from search.engine import Doc, Engine, opened  # noqa: E402
from search.index import Index, Value  # noqa: E402
from search.query import Like, Match, Permission, Query, Range, Term  # noqa: E402
from tests.benchmarks.machine import percentile  # noqa: E402
from tests.search.bad_input import EVIL, TRIES  # noqa: E402
from tickets.indexes import TELLING, TICKETS  # noqa: E402

TIMES, WARM = 60, 5
PASSAGES = 4
PATIENCE_S = 60.0  # a figure of a crowded machine is better than none
UNITS, STREETS = 300, 120
STATES = ("closed", "closed", "closed", "processing", "pending_sign", "pending_callback")
NOW = datetime(2026, 11, 1, tzinfo=UTC)
UNIT = Permission.any_of([Term("lines", "/1/7/")])


@cache
def matters() -> list[tuple[str, str, list[str]]]:
    """Give code, name and keywords of the matters of the second level."""
    nodes = taxonomy.read(taxonomy.DEFAULT).nodes
    second = (node for node in nodes if node.columns["level"] == 2)
    return [
        (n.code, n.columns["name"], n.columns["keywords"] or [n.columns["name"]]) for n in second
    ]


def said(random: Random, phrases: int) -> str:
    """Make up what a citizen says, of so many phrases."""
    _, name, keywords = random.choice(matters())
    words = random.sample(keywords, min(3, len(keywords)))
    seen = random.choices(SEEN, k=phrases)
    where = f"{random.randint(1, 9999)}号{random.choice(SPOT)}"
    what = f"{'、'.join(words)}。{'，'.join(seen)}"
    return f"{random.choice(WHEN)}，{where}{name}：{what}。{random.choice(ASK)}"


def tickets(count: int) -> Iterator[Doc]:
    """Make ticket documents as the product writes them."""
    for n in range(count):
        random = Random(n)
        code, name, _ = random.choice(matters())
        unit, street = random.randrange(UNITS), random.randrange(STREETS)
        fields: dict[str, Value] = {
            "title": f"{street}街道{name}问题{n % 977}号",
            "text": said(random, random.randint(2, 8)),
            "number": f"{n:016}",
            "status": random.choice(STATES),
            "urgency": "normal",
            "source": random.choice(("phone", "web", "app")),
            "category": code,
            "lead": str(unit),
            "lines": ["/1/", f"/1/{unit % 30}/", f"/1/{unit % 30}/{unit}/"],
            "region": str(street),
            "accepted_at": NOW - timedelta(minutes=n),
        }
        yield Doc(str(n), 1, fields)


def articles(count: int) -> Iterator[Doc]:
    """Make the passages of so many articles."""
    for n in range(count):
        random = Random(-n - 1)
        code, name, keywords = random.choice(matters())
        shared: dict[str, Value] = {
            "title": f"{name}{n}怎么办",
            "keywords": " ".join(keywords),
            "article": str(n),
            "audience": "public",
            "category": code,
            "valid_from": NOW.date() - timedelta(days=900),
            "valid_until": FOREVER,
        }
        for place in range(PASSAGES):
            yield Doc(f"{n}-{place}", 1, shared | {"text": said(random, 6), "place": place})


def timed(act: Callable[[Random], object]) -> tuple[float, float]:
    """Do it again and again; give the median and the 95th percentile in milliseconds."""
    taken = []
    for n in range(WARM + TIMES):
        random = Random(f"ask {n}")
        began = time.perf_counter()
        act(random)
        taken.append((time.perf_counter() - began) * 1000)
    return percentile(taken[WARM:], 0.5), percentile(taken[WARM:], 0.95)


def built(engine: Engine, count: int, library: int) -> dict[str, float]:
    """Build both indexes; give documents a second."""
    began = time.perf_counter()
    docs = engine.rebuild(TICKETS, tickets(count)) + engine.rebuild(ARTICLES, articles(library))
    took = time.perf_counter() - began
    engine.refresh(TICKETS)
    engine.refresh(ARTICLES)
    return {"docs": docs, "docs a second": docs / took}


def assist(engine: Engine, random: Random) -> None:
    """Ask what the desk asks for a whole message: articles by passage, and similar tickets."""
    text = said(random, 16)
    engine.search(
        ARTICLES, Query(permission=readable(Audience.AGENTS, NOW.date()), text=text, limit=32)
    )
    engine.search(TICKETS, Query(permission=UNIT, like=Like(text, terms=TELLING), limit=6))


def staff(engine: Engine, random: Random) -> None:
    """Ask what staff ask: two words, filters, exact counts."""
    _, name, keywords = random.choice(matters())
    query = Query(
        permission=Permission.everything(),
        text=f"{name} {random.choice(keywords)}",
        match=Match.ALL,
        filters=[Term("status", "closed"), Range("accepted_at", gte=NOW - timedelta(days=365))],
        facets=["status", "lead", "category", "source"],
        limit=20,
    )
    engine.search(TICKETS, query)


def strange(text: str) -> Iterator[tuple[Index, Query]]:
    """Ask for a text in each of the ways in which the product asks, uncut."""
    for match in Match:
        facets = ["status", "lead", "category", "source"]
        everything = Permission.everything()
        yield TICKETS, Query(permission=everything, text=text, match=match, facets=facets)
    yield TICKETS, Query(permission=UNIT, like=Like(text, terms=TELLING), limit=6)
    reader = readable(Audience.AGENTS, NOW.date())
    yield ARTICLES, Query(permission=reader, text=text, limit=32)


def slowest(engine: Engine) -> tuple[str, float]:
    """Ask what nobody should; name the slowest, of several tries the fastest, in milliseconds."""
    took = {
        name: max(min(spent(engine, *asked) for _ in range(TRIES)) for asked in strange(text))
        for name, text in EVIL.items()
    }
    name = max(took, key=lambda each: took[each])
    return name, took[name]


def spent(engine: Engine, index: Index, query: Query) -> float:
    """Search once; give milliseconds: of processor where we search, else until the answer."""
    clock = time.perf_counter if isinstance(engine.backend, Elastic) else time.process_time
    began = clock()
    engine.search(index, query)
    return (clock() - began) * 1000


def findable(engine: Engine) -> float:
    """Write one ticket; tell how many seconds until a search finds it."""
    taken = []
    for n in range(5):
        doc = next(tickets(1))
        wanted = Query(permission=Permission.everything(), filters=[Term("number", f"new-{n}")])
        began = time.perf_counter()
        engine.put(TICKETS, [Doc(f"new-{n}", 1, dict(doc.fields) | {"number": f"new-{n}"})])
        while not engine.count(TICKETS, wanted):
            time.sleep(0.01)
        taken.append(time.perf_counter() - began)
    return max(taken)


def megabytes(engine: Engine, folder: Path) -> tuple[float, float]:
    """Measure the index on disk, and the memory of whoever holds it."""
    if isinstance(engine.backend, Elastic):
        client = engine.backend.client
        size = client.indices.stats(index=f"{engine.backend.prefix}*")["_all"]["total"]["store"]
        nodes = client.nodes.stats(metric="jvm")["nodes"].values()
        heap = sum(node["jvm"]["mem"]["heap_used_in_bytes"] for node in nodes)
        return size["size_in_bytes"] / 1e6, heap / 1e6
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return size / 1e6, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def main(kind: str, folder: Path, count: int, library: int) -> dict[str, float]:
    """Build, ask, and leave nothing behind."""
    address = os.environ.get("ELASTICSEARCH_URL", "")
    place = address if kind == "elastic" else str(folder)
    engine = opened(kind, place, "bench-", patience=PATIENCE_S)
    try:
        figures = built(engine, count, library)
        figures["assist p50"], figures["assist p95"] = timed(lambda r: assist(engine, r))
        figures["staff p50"], figures["staff p95"] = timed(lambda r: staff(engine, r))
        figures["findable s"] = findable(engine)
        name, took = slowest(engine)
        figures[f"bad input, slowest ({name}) ms"] = took
        figures["disk MB"], figures["memory MB"] = megabytes(engine, folder)
    finally:
        engine.drop(TICKETS)
        engine.drop(ARTICLES)
    return figures


if __name__ == "__main__":
    kind, folder, count, library = sys.argv[1:]
    sys.stdout.write(json.dumps(main(kind, Path(folder), int(count), int(library))))
