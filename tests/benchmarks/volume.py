"""Lists and the assist panel over many tickets, and the import of real messages."""

import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.benchmarks.machine import load
from tests.stage import ROOT, Stage, embedded_env, on_services, stage
from tests.stage.stores import own_stores

TICKETS = {"small": (10_000,), "full": (100_000, 1_000_000)}
ARTICLES = {"small": 1_000, "full": 10_000}
MESSAGES = "tdc_unlabelled.jsonl.gz"


def part(scale: str) -> list[str]:
    """Measure pages and assist at each size; what was grown is kept and grown further."""
    lines = ["page or call                 tickets   p50 ms   p95 ms"]
    for tickets in TICKETS[scale]:
        env = _grown(scale, tickets, ARTICLES[scale])
        said = Stage(env, {}, 0).run("tests.benchmarks.pages")
        lines += [
            f"{name:<26} {tickets:>9} {p50:>8.0f} {p95:>8.0f}" for name, p50, p95 in said["rows"]
        ]
    return [*lines, load()]


SEARCHED = {
    "small": ((10_000, 1_000),),
    "full": ((10_000, 10_000), (100_000, 10_000), (1_000_000, 10_000), (10_000, 100_000)),
}


def search_part(scale: str) -> list[str]:
    """Fill the indexes at each size in each engine that runs, and ask them.

    They are kept under DATA_DIR, and in an Elasticsearch that goes on, for the next time.
    """
    lines, folder = [], Path(os.environ.get("DATA_DIR", "var")).resolve() / "bench" / "search"
    for kind in ("embedded", "elastic") if os.environ.get("ELASTICSEARCH_URL") else ("embedded",):
        for tickets, articles in SEARCHED[scale]:
            words = (kind, str(folder), str(tickets), str(articles))
            figures = Stage(dict(os.environ), {}, 0).run("tests.benchmarks.searching", *words)
            said = "  ".join(f"{name} {figure:,.1f}" for name, figure in figures.items())
            lines.append(f"{kind:<9} {tickets:>9,} tickets {articles:>7,} articles  {said}")
    return [*lines, load()]


CROWD = 3_000


def desks_part(scale: str) -> list[str]:
    """Open every list and ticket page of a grown city on PostgreSQL, and act on tickets."""
    if not on_services():
        return ["left out: DATABASE_URL, REDIS_URL, ELASTICSEARCH_URL not set"]
    lines = ["page                      tickets   p50 ms   p95 ms   cpu ms   queries"]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        env = embedded_env(Path(folder))
        with own_stores(env, f"bench_{secrets.token_hex(4)}", distributed=True):
            city = Stage(env, {}, 0)
            _manage(env, "migrate", "--verbosity", "0")
            _manage(env, "load_demo")
            city.run("tests.benchmarks.crowd", str(CROWD))
            for tickets in TICKETS[scale]:
                lines.append(_manage(env, "grow", "--tickets", str(tickets), "--no-index").strip())
                lines += _told(city.run("tests.benchmarks.desks"))
    return [*lines, load()]


def _told(said: dict[str, Any]) -> list[str]:
    """Write down what the desks say."""
    pages = [
        f"{name:<22} {said['tickets']:>10,} {p['p50']:>8.0f} {p['p95']:>8.0f} {p['cpu']:>8.0f}"
        f" {p['queries']:>9.0f}"
        for name, p in said["pages"].items()
    ]
    steps = "  ".join(f"{verb} {rate:.0f}/s" for verb, rate in said["steps"].items())
    ticks = [
        f"clock tick {when}: {t['open']:,} open, {t['cards']:,} cards, {t['s']:.2f} s"
        for when, t in said["ticks"].items()
    ]
    return [*pages, f"steps, one after the other: {steps}", *ticks]


def _grown(scale: str, tickets: int, articles: int) -> dict[str, str]:
    """Grow a city under DATA_DIR as far as it is not there yet."""
    folder = Path(os.environ.get("DATA_DIR", "var")).resolve() / "bench" / scale
    folder.mkdir(parents=True, exist_ok=True)
    env = embedded_env(folder)
    grown = folder / "grown.json"
    if not (folder / "founded").exists():
        for left in folder.glob("db.sqlite3*"):
            left.unlink()
        Stage(env, {}, 0).run("tests.stage.found")
        (folder / "founded").touch()
    if not grown.exists() or json.loads(grown.read_text()) != [tickets, articles]:
        began = time.perf_counter()
        _manage(env, "grow", "--tickets", str(tickets))
        Stage(env, {}, 0).run("tests.benchmarks.library", str(articles))
        sys.stderr.write(f"grown to {tickets} in {time.perf_counter() - began:.0f} s\n")
        grown.write_text(json.dumps([tickets, articles]))
    return env


def _manage(env: dict[str, str], *words: str) -> str:
    command = [sys.executable, "manage.py", *words]
    done = subprocess.run(command, env=env, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def import_part(scale: str) -> list[str]:
    """Import the real messages into an empty town until all are matched and routed."""
    default = ROOT.parent / "shared" / "data"
    file = Path(os.environ.get("SHARED_DATA", default)) / MESSAGES
    if not file.exists():
        return [f"left out: {MESSAGES} is not under SHARED_DATA"]
    with stage() as town:
        began = time.perf_counter()
        closing = _manage(town.env, "import_messages", str(file)).strip().splitlines()[-1]
        took = time.perf_counter() - began
        count = len(town.run("tests.stage.witness", "tickets"))
    return [f"{count} messages in {took:.0f} s: {count / took:.0f}/s; {closing}; {load()}"]
