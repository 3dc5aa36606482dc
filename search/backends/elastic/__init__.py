"""The Elasticsearch engine: an alias for each index, external versions, short patience.

A cluster that is down must be known to be down within a second or two, and then at once.
"""

import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import elasticsearch_dsl as dsl
import urllib3
from elastic_transport import HttpHeaders, Urllib3HttpNode
from elasticsearch import ApiError, BadRequestError, Elasticsearch, TransportError
from elasticsearch.helpers import streaming_bulk

from search.analysis import Reading
from search.backends.base import Found, Health, Plan, Sample, Statistics, Unavailable
from search.backends.documents import Prepared, prepared
from search.backends.elastic.answers import (
    found_in,
    sample_for,
    search_for,
    signatures_in,
    statistics_in,
    term_document,
)
from search.backends.elastic.terms import document_class, document_of
from search.index import Doc, Index

CONNECT_S, SEARCH_S, WRITE_S = 1.0, 2.0, 60.0
LARGEST_BULK = 8 * 1024 * 1024
"""Bytes; a node takes in a tenth of its heap at most, 50 MB where that is small."""
BULK_RETRIES, BULK_WAIT_S = 4, 0.5
BREATHER_S = 1.0
_REFRESH_S = 0.5
_MISSING, _BUSY = 404, frozenset({429, 502, 503, 504})
_AILING, _ASK_AGAIN_S = frozenset({502, 503}), 0.1
_HARMLESS = {"index": 409, "delete": 404}  # a newer version is there; it is gone already
_SETTINGS = {
    "number_of_shards": 1,
    "auto_expand_replicas": "0-1",
    "refresh_interval": f"{round(_REFRESH_S * 1000)}ms",
}


class _HastyNode(Urllib3HttpNode):
    """A connection that gives up on a silent address after a second."""

    def perform_request(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: HttpHeaders | None = None,
        request_timeout: Any = SEARCH_S,
    ) -> Any:
        seconds = float(request_timeout) if isinstance(request_timeout, int | float) else SEARCH_S
        patience: Any = urllib3.Timeout(connect=min(CONNECT_S, seconds), read=seconds)
        return super().perform_request(method, target, body, headers, patience)


class Elastic:
    """Indexes behind aliases in a cluster at comma-separated addresses.

    A search waits for `patience` seconds; people cannot wait long, a measurement can.
    """

    def __init__(self, addresses: str, prefix: str = "", patience: float = SEARCH_S) -> None:
        nodes = addresses.split(",")
        self.prefix = prefix
        self.client = Elasticsearch(
            nodes,
            node_class=_HastyNode,
            request_timeout=patience,
            max_retries=2,
            retry_on_timeout=len(nodes) > 1,  # another node may answer
        )
        self.patient = self.client.options(request_timeout=WRITE_S)
        self._takeover_s = patience if len(nodes) > 1 else 0.0
        self._made: set[str] = set()
        self._silent_until = 0.0
        self._written_at = 0.0

    def ensure(self, index: Index) -> bool:
        alias = self._alias(index)
        if alias in self._made:
            return False
        with self._reached():
            made = not self.patient.indices.exists_alias(name=alias)
            if made:
                self._create(index, f"{alias}-first", alias)
        self._made.add(alias)
        return made

    def put(self, index: Index, docs: Sequence[Doc]) -> int:
        self.ensure(index)
        ready = [prepared(index, doc) for doc in docs]
        with self._reached():
            written = [self._write(target, ready) for target in self._targets(index)]
        return written[0]

    def delete(self, index: Index, ids: Sequence[str]) -> None:
        self.ensure(index)
        with self._reached():
            for target in self._targets(index):
                gone = ({"_op_type": "delete", "_id": doc_id} for doc_id in ids)
                self._bulk(target, gone)

    def rebuild(self, index: Index, docs: Iterable[Doc]) -> int:
        self.ensure(index)
        alias = self._alias(index)
        fresh = f"{alias}-{secrets.token_hex(4)}"
        with self._reached():
            self._create(index, fresh, f"{alias}-next")
            sample = Sample(prepared(index, doc) for doc in docs)
            try:
                self._write(f"{alias}-next", sample)
                self.patient.indices.refresh(index=fresh)
                written = self._count(fresh)
                found = self._count(fresh, {"ids": {"values": sample.ids}})
                sample.compare(held=written, found=found)
                self._put_in_force(alias, fresh)
            except BaseException:
                self.patient.indices.delete(index=fresh, ignore_unavailable=True)
                raise
        return written

    def back(self, index: Index) -> None:
        alias = self._alias(index)
        with self._reached():
            now = set(self.patient.indices.get_alias(name=alias))
            kept = sorted(set(self.patient.indices.get(index=f"{alias}-*")) - now)
            if not kept:
                raise Unavailable(f"索引 {index.alias} 没有可退回的旧版")
            self._put_in_force(alias, kept[0])

    def drop(self, index: Index) -> None:
        alias = self._alias(index)
        with self._reached():
            for name in self.patient.indices.get(index=f"{alias}-*"):
                self.patient.indices.delete(index=name)
        self._made.discard(alias)

    def refresh(self, index: Index) -> None:
        with self._reached():
            self.patient.indices.refresh(index=self._alias(index))

    def statistics(self, index: Index, reading: Reading, fields: Sequence[str]) -> Statistics:
        asked = term_document(index, reading, fields)
        with self._reached() as client:
            ask = partial(
                client.termvectors,
                index=self._alias(index),
                doc=asked,
                fields=list(asked),
                term_statistics=True,
                field_statistics=True,
                positions=False,
                offsets=False,
                payloads=False,
            )
            answer = self._asked(ask)["term_vectors"]
        return statistics_in(answer, index, reading, fields)

    def find(self, index: Index, plan: Plan) -> Found:
        with self._reached() as client:
            search = search_for(index, plan).using(client).index(self._alias(index))
            return found_in(self._asked(search.execute).to_dict())

    def sample(self, index: Index, most: int) -> Sequence[bytes]:
        with self._reached():
            drawn = sample_for(most).using(self.patient).index(self._alias(index))
            return signatures_in(self._asked(drawn.execute).to_dict())

    def health(self) -> Health:
        try:
            with self._reached() as client:
                state = str(client.cluster.health()["status"])
                docs = self._docs()
        except Unavailable as error:
            return Health("elastic", reachable=False, note=str(error))
        since = time.monotonic() - self._written_at
        lag = since if since < _REFRESH_S else 0.0
        return Health("elastic", reachable=state != "red", docs=docs, lag_s=lag, note=state)

    def close(self) -> None:
        self.client.close()

    @contextmanager
    def _reached(self) -> Iterator[Elasticsearch]:
        """Turn all that a cluster can suffer into Unavailable, and leave a dead one in peace."""
        if time.monotonic() < self._silent_until:
            raise Unavailable("检索引擎没有应答")
        try:
            yield self.client
        except TransportError as error:
            self._silent_until = time.monotonic() + BREATHER_S
            raise Unavailable("检索引擎没有应答") from error
        except ApiError as error:
            if error.status_code == _MISSING:
                self._made.clear()
                raise Unavailable("索引尚未建立") from error
            if error.status_code in _BUSY:
                raise Unavailable("检索引擎繁忙") from error
            raise

    def _asked(self, ask: Callable[[], Any]) -> Any:
        """Ask again for a moment where a node of several was lost: another takes its part over."""
        until = time.monotonic() + self._takeover_s
        while True:
            try:
                return ask()
            except ApiError as error:
                if error.status_code not in _AILING or time.monotonic() >= until:
                    raise
                time.sleep(_ASK_AGAIN_S)

    def _alias(self, index: Index) -> str:
        return f"{self.prefix}{index.alias}"

    def _create(self, index: Index, name: str, alias: str) -> None:
        fresh = dsl.Index(name, using=self.patient)
        fresh.settings(**_SETTINGS)
        fresh.aliases(**{alias: {}})
        fresh.document(document_class(index))
        try:
            fresh.create()
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":
                raise

    def _targets(self, index: Index) -> list[str]:
        """Name the index in force, and the one that a rebuild is filling."""
        alias = self._alias(index)
        following = f"{alias}-next"
        exists = self.patient.indices.exists_alias(name=following)
        return [alias, following] if exists else [alias]

    def _put_in_force(self, alias: str, fresh: str) -> None:
        """Swap the aliases in one step, and keep the index before for a way back."""
        before = set(self.patient.indices.get_alias(name=alias))
        actions: list[dict[str, Any]] = [
            {"add": {"index": fresh, "alias": alias}},
            {"remove": {"index": fresh, "alias": f"{alias}-next", "must_exist": False}},
            *({"remove": {"index": name, "alias": alias}} for name in before),
        ]
        self.patient.indices.update_aliases(actions=actions)
        known = set(self.patient.indices.get(index=f"{alias}-*"))
        for name in known - before - {fresh}:
            self.patient.indices.delete(index=name)

    def _count(self, name: str, query: dict[str, Any] | None = None) -> int:
        return int(self.patient.count(index=name, query=query)["count"])

    def _docs(self) -> int:
        """Count what is in the indexes in force."""
        aliases = self.patient.indices.get_alias(index=f"{self.prefix}*")
        in_force = [
            name
            for name, known in aliases.items()
            if any(not alias.endswith("-next") for alias in known["aliases"])
        ]
        return int(self.client.count(index=in_force)["count"]) if in_force else 0

    def _write(self, target: str, docs: Iterable[Prepared]) -> int:
        return self._bulk(
            target,
            (
                {
                    "_id": doc.id,
                    "version": doc.version,
                    "version_type": "external_gte",
                    "_source": document_of(doc),
                }
                for doc in docs
            ),
        )

    def _bulk(self, target: str, actions: Iterable[Mapping[str, object]]) -> int:
        """Send many, in portions that a small node takes in; ask again where it is full.

        A newer version in place is no error, nor is a document already gone.
        """
        written = 0
        outcome = streaming_bulk(
            self.patient,
            ({"_index": target, **action} for action in actions),
            raise_on_error=False,
            require_alias=True,
            max_chunk_bytes=LARGEST_BULK,
            max_retries=BULK_RETRIES,
            initial_backoff=BULK_WAIT_S,
        )
        for done, item in outcome:
            ((kind, result),) = item.items()
            if not done and result["status"] != _HARMLESS[kind]:
                self._made.clear()
                raise Unavailable(f"写入索引失败：{result.get('error')}")
            written += done
        self._written_at = time.monotonic()
        return written
