"""Elasticsearch passes the contract, and its absence is noticed soon."""

import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.conf import LazySettings
from elasticsearch import BadRequestError

from search import engine as engines
from search.backends.elastic import Elastic
from search.engine import Doc, Engine, Unavailable
from search.query import Query
from tests.search.bad_input import BadInputContract
from tests.search.contract import EVERYTHING, MATTERS, matter

ADDRESSES = os.environ.get("ELASTICSEARCH_URL", "")


@pytest.mark.skipif(not ADDRESSES, reason="ELASTICSEARCH_URL 未设置：没有可用的 Elasticsearch")
def test_the_cluster_answers() -> None:
    assert Elastic(ADDRESSES).health().reachable


class TestElastic(BadInputContract):
    __test__ = bool(ADDRESSES)

    @pytest.fixture(scope="class")
    @classmethod
    def opened(cls) -> Iterator[Engine]:
        engine = Engine(Elastic(ADDRESSES, prefix=f"test-{secrets.token_hex(4)}-"))
        yield engine
        engine.close()

    def test_an_index_removed_by_others_is_unavailable_and_can_be_made_again(
        self, filled: Engine
    ) -> None:
        assert isinstance(filled.backend, Elastic)
        Engine(Elastic(ADDRESSES, prefix=filled.backend.prefix)).drop(MATTERS)

        with pytest.raises(Unavailable):
            filled.put(MATTERS, [matter(1)])

        assert filled.put(MATTERS, [matter(1)]) == 1

    def test_a_dead_node_beside_a_live_one_is_not_noticed(
        self, filled: Engine, closed: str
    ) -> None:
        assert isinstance(filled.backend, Elastic)
        engine = Engine(Elastic(f"{closed},{ADDRESSES}", filled.backend.prefix))

        totals = {engine.count(MATTERS, Query(permission=EVERYTHING)) for _ in range(6)}

        engine.close()
        assert totals == {60}

    def test_two_processes_make_an_index_at_once(self, opened: Engine) -> None:
        assert isinstance(opened.backend, Elastic)
        others = [Engine(Elastic(ADDRESSES, opened.backend.prefix)) for _ in range(4)]
        threads = [threading.Thread(target=other.ensure, args=(MATTERS,)) for other in others]

        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert opened.put(MATTERS, [matter(1)]) == 1
        opened.drop(MATTERS)

    def test_a_refused_document_is_no_silent_loss(self, engine: Engine) -> None:
        assert isinstance(engine.backend, Elastic)
        alias = f"{engine.backend.prefix}{MATTERS.alias}"
        engine.backend.client.indices.put_settings(
            index=alias, settings={"index.blocks.write": True}
        )

        with pytest.raises(Unavailable, match="写入索引失败"):
            engine.put(MATTERS, [matter(1)])

    def test_more_than_a_small_node_takes_in_at_once_is_written_in_portions(
        self, engine: Engine
    ) -> None:
        whole_laws = [
            Doc(f"law-{n}", 1, {"title": "", "text": "", "unit": "法" * 2_000_000})
            for n in range(12)
        ]

        assert engine.put(MATTERS, whole_laws) == len(whole_laws)


@pytest.fixture
def silent() -> Iterator[str]:
    """Give an address that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def closed() -> str:
    """Give an address at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return f"http://127.0.0.1:{port}"


class _Answering(BaseHTTPRequestHandler):
    """Answers all requests with one status."""

    status = 200

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        self.do_GET()

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("content-type", "application/json")
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}" if self.command != "HEAD" else b"")

    def log_message(self, *args: object) -> None:
        """Keep quiet."""


@contextmanager
def answering(status: int) -> Iterator[Engine]:
    """Give an engine at an address that answers everything with this status."""
    handler = type("Answering", (_Answering,), {"status": status})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever).start()
        yield Engine(Elastic(f"http://127.0.0.1:{server.server_port}"))
        server.shutdown()


@pytest.mark.parametrize("status", [404, 429, 503])
def test_a_cluster_that_is_busy_or_empty_is_unavailable(status: int) -> None:
    with answering(status) as engine, pytest.raises(Unavailable):
        engine.search(MATTERS, Query(permission=EVERYTHING))


def test_a_request_that_the_cluster_does_not_understand_is_an_error_of_ours() -> None:
    with answering(400) as engine, pytest.raises(BadRequestError):
        engine.search(MATTERS, Query(permission=EVERYTHING))


def test_a_cluster_that_is_down_is_known_to_be_down_at_once(closed: str) -> None:
    engine = Engine(Elastic(closed))
    began = time.monotonic()

    for _ in range(3):
        with pytest.raises(Unavailable):
            engine.search(MATTERS, Query(permission=EVERYTHING, text="路灯"))

    assert time.monotonic() - began < 1


def test_a_cluster_that_is_silent_costs_two_seconds_once(silent: str) -> None:
    engine = Engine(Elastic(silent))
    began = time.monotonic()

    for _ in range(3):
        with pytest.raises(Unavailable):
            engine.search(MATTERS, Query(permission=EVERYTHING, text="路灯"))

    assert time.monotonic() - began < 3


def test_the_health_of_a_dead_cluster_is_told_without_an_error(closed: str) -> None:
    health = Engine(Elastic(closed)).health()

    assert not health.reachable
    assert health.note == "检索引擎没有应答"


def test_the_settings_pick_elasticsearch(settings: LazySettings, closed: str) -> None:
    settings.SEARCH_ENGINE = "elastic"
    settings.ELASTICSEARCH_URL = closed

    engine = engines.current()

    assert engine.health().engine == "elastic"
    engine.close()
