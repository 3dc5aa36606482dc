"""Lists and the assist panel over many tickets, and the import of real messages."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.machine import load
from tests.stage import ROOT, Stage, embedded_env, stage

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
    """Build the indexes at each size in each engine that runs, and ask them."""
    lines = []
    for kind in ("embedded", "elastic") if os.environ.get("ELASTICSEARCH_URL") else ("embedded",):
        for tickets, articles in SEARCHED[scale]:
            with tempfile.TemporaryDirectory(prefix="bench-") as folder:
                words = (kind, folder, str(tickets), str(articles))
                figures = Stage(dict(os.environ), {}, 0).run("tests.benchmarks.searching", *words)
            said = "  ".join(f"{name} {figure:,.1f}" for name, figure in figures.items())
            lines.append(f"{kind:<9} {tickets:>9,} tickets {articles:>7,} articles  {said}")
    return [*lines, load()]


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
