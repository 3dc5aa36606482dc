"""kill -9 of one of three Elasticsearch nodes under load: nothing fails, nothing is lost."""

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from threading import Event

import pytest

from scripts import services
from search.backends.elastic import Elastic
from search.engine import Engine
from search.query import Query
from tests.search.contract import EVERYTHING, MATTERS, matter
from tests.stage import on_services

BATCH = 20
BEFORE_S, AFTER_S = 2, 8


class Unkept(services.Running):
    """Services of one test, which `down` need not know."""

    def keep(self) -> None:
        """Remember nothing."""


@pytest.fixture
def cluster() -> Iterator[Unkept]:
    with tempfile.TemporaryDirectory(prefix="hotline-nodes-") as folder:
        Path(folder).chmod(0o755)  # the nodes' user walks through it
        running = Unkept(folder)
        try:
            services.elasticsearch(running, 3)
            yield running
        finally:
            services.end(running.groups)


def master(engine: Elastic) -> str:
    """Name the service that holds the node whose loss hurts most."""
    name = engine.client.cat.master(h="node").body.strip()
    return name.replace("node", "elasticsearch")


def write_until(stop: Event, engine: Engine) -> int:
    """Write batch after batch; give how many documents were accepted."""
    for batch in count():
        if stop.is_set():
            return batch * BATCH
        engine.put(MATTERS, [matter(batch * BATCH + n) for n in range(BATCH)])
    raise AssertionError


def search_until(stop: Event, engine: Engine) -> int:
    """Search again and again; give how many searches were answered."""
    for done in count():
        if stop.is_set():
            return done
        engine.search(MATTERS, Query(permission=EVERYTHING, text="居民反映"))
    raise AssertionError


@pytest.mark.stack
@pytest.mark.skipif(not on_services(), reason="没有真实服务：不能启动三节点集群")
def test_a_node_that_dies_under_load_costs_nothing(cluster: Unkept) -> None:
    addresses = cluster.env["ELASTICSEARCH_URL"]
    writer, reader, afterwards = (Engine(Elastic(addresses)) for _ in range(3))
    writer.ensure(MATTERS)
    stop = Event()

    with ThreadPoolExecutor(2) as threads:
        written = threads.submit(write_until, stop, writer)
        answered = threads.submit(search_until, stop, reader)
        time.sleep(BEFORE_S)
        assert isinstance(afterwards.backend, Elastic)
        os.killpg(cluster.groups[master(afterwards.backend)], signal.SIGKILL)
        time.sleep(AFTER_S)
        stop.set()

    assert answered.result() > 0
    assert written.result() > 0
    afterwards.refresh(MATTERS)
    assert afterwards.count(MATTERS, Query(permission=EVERYTHING)) == written.result()
