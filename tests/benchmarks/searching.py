"""Fills indexes of tickets and of articles in one engine where they are missing, and asks them.

`python -m tests.benchmarks.searching embedded|elastic FOLDER TICKETS ARTICLES` prints JSON.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
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
from knowledge.selectors.matching import answering  # noqa: E402
from knowledge.workflow import Audience  # noqa: E402
from search.backends.elastic import Elastic  # noqa: E402
from search.engine import Doc, Engine, opened  # noqa: E402
from search.index import Index, Value  # noqa: E402
from search.query import Match, Permission, Query, Range, Term  # noqa: E402
from tests.benchmarks.machine import percentile  # noqa: E402
from tests.search.bad_input import EVIL, TRIES  # noqa: E402
from tickets.indexes import TICKETS, neighbouring, resembling  # noqa: E402
from tickets.routing.suggestion import ASKED, WEIGHED  # noqa: E402

TIMES, WARM = 60, 5
PASSAGES, PHRASES = 4, 16
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


def processor(engine: Engine) -> float:
    """Tell how many seconds of processor this process, and the engine's own, took so far."""
    if not isinstance(engine.backend, Elastic):
        return time.process_time()
    nodes = engine.backend.client.nodes.stats(metric="process")["nodes"].values()
    served: int = sum(node["process"]["cpu"]["total_in_millis"] for node in nodes)
    return time.process_time() + served / 1e3


def timed(name: str, engine: Engine, act: Callable[[Random], object]) -> dict[str, float]:
    """Do it again and again; give median, 95th percentile and processor in milliseconds."""
    taken, began = [], processor(engine)
    for n in range(WARM + TIMES):
        if n == WARM:
            began = processor(engine)
        random = Random(f"ask {n}")
        started = time.perf_counter()
        act(random)
        taken.append((time.perf_counter() - started) * 1000)
    used = (processor(engine) - began) * 1000 / TIMES
    return {
        f"{name} p50": percentile(taken[WARM:], 0.5),
        f"{name} p95": percentile(taken[WARM:], 0.95),
        f"{name} cpu": used,
    }


@dataclass(frozen=True)
class Filled:
    """One index of so many rows, and how fast it was filled."""

    engine: Engine
    rate: float
    folder: Path


def filled(kind: str, folder: Path, index: Index, rows: int) -> Filled:
    """Fill an index that is not there yet; what was filled once is kept for the next time."""
    name = f"bench-{index.name}-{rows}"
    address = os.environ.get("ELASTICSEARCH_URL", "")
    home = folder / f"{kind}-{name}"
    place = address if kind == "elastic" else str(home)
    engine = opened(kind, place, f"{name}-", patience=PATIENCE_S)
    wanted, make = (rows, tickets) if index is TICKETS else (rows * PASSAGES, articles)
    engine.ensure(index)
    told = home / "rate.json"
    if engine.count(index, Query(permission=Permission.everything())) != wanted:
        home.mkdir(parents=True, exist_ok=True)
        began = time.perf_counter()
        engine.rebuild(index, make(rows))
        told.write_text(json.dumps(wanted / (time.perf_counter() - began)))
        engine.refresh(index)
    return Filled(engine, json.loads(told.read_text()) if told.exists() else 0.0, home)


def answers(engine: Engine, random: Random) -> None:
    """Ask for the articles that answer a whole message."""
    allowed = readable(Audience.AGENTS, NOW.date())
    engine.search(ARTICLES, answering(said(random, PHRASES), allowed, 4))


def likes(engine: Engine, random: Random, allowed: Permission) -> None:
    """Ask for the tickets like a whole message, for the agent and for the suggestion."""
    text = said(random, PHRASES)
    engine.search(TICKETS, resembling(text, "", allowed, 5))
    engine.search(TICKETS, neighbouring(text, "", Permission.everything(), ASKED, WEIGHED))


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
    yield TICKETS, resembling(text, "", UNIT, 5)
    yield ARTICLES, answering(text, readable(Audience.AGENTS, NOW.date()), 4)


def slowest(engines: Mapping[Index, Engine]) -> tuple[str, float]:
    """Ask what nobody should; name the slowest, of several tries the fastest, in milliseconds."""
    took = {
        name: max(
            min(spent(engines[index], index, asked) for _ in range(TRIES))
            for index, asked in strange(text)
        )
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
    taken, doc = [], next(tickets(1))
    for n in range(5):
        wanted = Query(permission=Permission.everything(), filters=[Term("number", f"new-{n}")])
        began = time.perf_counter()
        engine.put(TICKETS, [Doc(f"new-{n}", 1, dict(doc.fields) | {"number": f"new-{n}"})])
        while not engine.count(TICKETS, wanted):
            time.sleep(0.01)
        taken.append(time.perf_counter() - began)
    engine.delete(TICKETS, [f"new-{n}" for n in range(5)])
    engine.refresh(TICKETS)
    return max(taken)


def megabytes(held: Filled) -> tuple[float, float]:
    """Measure the index on disk, and the memory of whoever holds it."""
    backend = held.engine.backend
    if isinstance(backend, Elastic):
        size = backend.client.indices.stats(index=f"{backend.prefix}*")["_all"]["total"]["store"]
        nodes = backend.client.nodes.stats(metric="jvm")["nodes"].values()
        heap = sum(node["jvm"]["mem"]["heap_used_in_bytes"] for node in nodes)
        return size["size_in_bytes"] / 1e6, heap / 1e6
    size = sum(file.stat().st_size for file in held.folder.rglob("*") if file.is_file())
    return size / 1e6, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def main(kind: str, folder: Path, count: int, library: int) -> dict[str, float]:
    """Fill what is missing, and ask."""
    told, known = filled(kind, folder, TICKETS, count), filled(kind, folder, ARTICLES, library)
    everything = Permission.everything()

    def assist(random: Random, allowed: Permission = everything) -> None:
        state = random.getstate()
        answers(known.engine, random)
        random.setstate(state)
        likes(told.engine, random, allowed)

    figures = {"tickets a second": told.rate, "passages a second": known.rate}
    figures |= timed("assist", told.engine, assist)
    figures |= timed("assist of a unit", told.engine, lambda random: assist(random, UNIT))
    figures |= timed("articles alone", known.engine, lambda random: answers(known.engine, random))
    figures |= timed("staff", told.engine, lambda random: staff(told.engine, random))
    figures["findable s"] = findable(told.engine)
    name, took = slowest({TICKETS: told.engine, ARTICLES: known.engine})
    figures[f"bad input, slowest ({name}) ms"] = took
    for name, held in (("tickets", told), ("passages", known)):
        figures[f"{name} MB"], figures["memory MB"] = megabytes(held)
    return figures


if __name__ == "__main__":
    kind, folder, count, library = sys.argv[1:]
    sys.stdout.write(json.dumps(main(kind, Path(folder), int(count), int(library))))
