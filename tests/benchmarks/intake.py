"""HTTP intake: a burst over some connections, and how long until all is matched and routed."""

import json
import time

from tests.benchmarks.machine import load, percentile
from tests.stage import Stage, stage

BURST, CONNECTIONS, WARM = 500, 32, 40
HEAD = f"{'stack':<12} {'accepted/s':>10} {'p50 ms':>7} {'p95 ms':>7} {'routed/s':>9} {'all s':>6}"


def run(*, distributed: bool) -> str:
    """Measure one stack; give a line of the table."""
    with stage(distributed=distributed) as product:
        product.start()
        _send(product, WARM, 0)
        product.settle()
        bare = float(product.run("tests.benchmarks.bare", str(BURST)))
        busy = load()
        began = time.perf_counter()
        waits, answered = _send(product, BURST, WARM)
        product.settle()
        settled = time.perf_counter() - began
    rate = len(waits) / answered
    name = "distributed" if distributed else "embedded"
    return (
        f"{name:<12} {rate:>10.0f} {percentile(waits, 0.5):>7.0f} {percentile(waits, 0.95):>7.0f} "
        f"{len(waits) / settled:>9.0f} {settled:>6.1f}   bare database {bare:.0f} tx/s "
        f"(1 : {bare / rate:.1f}); accepted {len(waits)} of {BURST}; {busy}"
    )


def _send(product: Stage, requests: int, start: int) -> tuple[list[float], float]:
    """Send a burst; give how long each accepted one took, and the seconds of the whole."""
    process = product.load(requests, CONNECTIONS, start)
    said, _ = process.communicate()
    answers = [json.loads(line) for line in said.splitlines()]
    taken = [answer for answer in answers if answer["status"] == 201]
    began = min(answer["began"] for answer in taken)
    ended = max(answer["began"] + answer["ms"] / 1000 for answer in taken)
    return [answer["ms"] for answer in taken], ended - began
