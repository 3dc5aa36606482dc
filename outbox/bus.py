"""Events: published in the transaction that makes them true, delivered at least once afterwards.

`publish` writes one row per subscriber. On commit one coalesced kick asks a worker to drain
(outbox.kicks); a sweep finds what a kick missed. Subscribers get batches, re-read what they need
and are idempotent.
"""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any, ClassVar

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone

from outbox import presence
from outbox.kicks import kick_on_commit
from outbox.models import Delivery
from search.engine import Unavailable

log = logging.getLogger(__name__)

BATCH = 100
BATCH_BESIDE = 10
MAX_ATTEMPTS = 8
LEASE_S = 30
LIVE = "live"
LIVE_WAITS_S = 0.2
WAITS_S = 2.0
AWAY = (Unavailable, ConnectionError, OperationalError, InterfaceError)
AWAY_RETRY_S = 4


class PublishOutsideTransaction(RuntimeError):
    """An event must be written in the transaction that makes it true."""


@dataclass(frozen=True)
class Event:
    """Base of events: frozen dataclasses whose fields are ids, words and numbers only."""

    name: ClassVar[str]


Handler = Callable[[Sequence[Any]], None]


@dataclass(frozen=True)
class Subscriber:
    """A named handler of some kinds of events, served by one queue."""

    name: str
    queue: str
    events: tuple[type[Event], ...]
    handler: Handler


_subscribers: dict[str, Subscriber] = {}
_kinds: dict[str, type[Event]] = {}
_cause: ContextVar[str] = ContextVar("cause", default="")
_claim_lock = threading.Lock()
_courtesies: list[Callable[[float], bool]] = []


def subscribe(
    *events: type[Event], name: str, queue: str = "default"
) -> Callable[[Handler], Handler]:
    """Register a handler for batches of these events; its name is kept in rows, so keep it."""

    def register(handler: Handler) -> Handler:
        _subscribers[name] = Subscriber(name, queue, events, handler)
        _kinds.update({event.name: event for event in events})
        return handler

    return register


def unsubscribe(name: str) -> None:
    """Forget a subscriber; rows on their way to it fail and are put off."""
    _subscribers.pop(name, None)


def publish(*events: Event) -> None:
    """Write EVENTS for each of their subscribers in this transaction; raise outside of one."""
    if not connection.in_atomic_block:
        raise PublishOutsideTransaction(", ".join(event.name for event in events))
    now = timezone.now()
    rows = [
        Delivery(
            event=event.name,
            payload=asdict(event),
            subscriber=subscriber.name,
            queue=subscriber.queue,
            cause=_cause.get(),
            due_at=now,
            created_at=now,
        )
        for event in events
        for subscriber in _subscribers.values()
        if type(event) in subscriber.events
    ]
    Delivery.objects.bulk_create(rows)
    for queue in {row.queue for row in rows}:
        kick_on_commit(queue)


def drain(queue: str | None = None) -> int:
    """Deliver all that is due in QUEUE (or in all), batch by batch; return how many arrived."""
    arrived = 0
    while batch := claim(queue, _give_way(queue)):
        arrived += _deliver(batch)
    return arrived


def give_way_to(wait: Callable[[float], bool]) -> None:
    """Let WAIT hold each batch back while people wait for answers (让路), in this process.

    It is told for how many seconds at most, and tells whether nobody waits any more.
    """
    _courtesies[:] = [wait]


def _give_way(queue: str | None) -> int:
    """Wait where somebody is being kept waiting; say how many rows to take then.

    What open pages wait for is held back only a moment, but whole.
    """
    live = queue == LIVE
    calm = all(wait(LIVE_WAITS_S if live else WAITS_S) for wait in _courtesies)
    return BATCH if calm or live else BATCH_BESIDE


def claim(queue: str | None, most: int = BATCH) -> list[Delivery]:
    """Lease the oldest due rows to this process; the lease ends by itself if it dies."""
    now = timezone.now()
    due = Delivery.objects.filter(state=Delivery.State.PENDING, due_at__lte=now).order_by("id")
    if queue:
        due = due.filter(queue=queue)
    with _claim_lock, transaction.atomic():
        rows = list(due.select_for_update(skip_locked=_skips_locked())[:most])
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
            due_at=now + timedelta(seconds=LEASE_S), attempts=F("attempts") + 1
        )
    return rows


def _skips_locked() -> bool:
    return connection.features.has_select_for_update_skip_locked


def _deliver(batch: list[Delivery]) -> int:
    """Hand a batch to its subscribers, each with its own events in order."""
    arrived = 0
    ordered = sorted(batch, key=lambda row: (row.subscriber, row.id))
    for name, rows in groupby(ordered, key=lambda row: row.subscriber):
        arrived += _hand_over(name, list(rows))
    return arrived


def _hand_over(name: str, rows: list[Delivery]) -> int:
    """Give ROWS to one subscriber; where a batch fails, find the ones that fail one by one."""
    try:
        _call(name, rows)
    except AWAY as error:
        _put_off(rows, error)
        return 0
    except Exception as error:
        if len(rows) > 1:
            return sum(_hand_over(name, [row]) for row in rows)
        _failed(rows[0], error)
        return 0
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _call(name: str, rows: list[Delivery]) -> None:
    subscriber = _subscribers[name]
    for cause_id, caused in groupby(rows, key=lambda row: row.cause):
        with _as_cause(cause_id):
            subscriber.handler([_kinds[row.event](**_fields(row)) for row in caused])


def _fields(row: Delivery) -> dict[str, Any]:
    """Read the payload; JSON has lists where the event has tuples."""
    return {k: tuple(v) if isinstance(v, list) else v for k, v in row.payload.items()}


def _put_off(rows: list[Delivery], error: Exception) -> None:
    """Wait for an engine or a database that is away, however long; no row dies of it."""
    log.warning("%s waits: %s", rows[0].subscriber, error)
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
        due_at=timezone.now() + timedelta(seconds=AWAY_RETRY_S), attempts=0, error=_named(error)
    )


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:2000]


def _failed(row: Delivery, error: Exception) -> None:
    """Put the row off, longer each time; after the last attempt leave it for a person to see."""
    dead = row.attempts + 1 >= MAX_ATTEMPTS
    log.exception("delivery %s of %s to %s failed", row.pk, row.event, row.subscriber)
    Delivery.objects.filter(pk=row.pk).update(
        state=Delivery.State.DEAD if dead else Delivery.State.PENDING,
        due_at=timezone.now() + timedelta(seconds=2**row.attempts),
        error=_named(error),
    )


def release_leases() -> int:
    """Make all pending rows due at once; only for a start when nobody else delivers."""
    pending = Delivery.objects.filter(state=Delivery.State.PENDING)
    return pending.update(due_at=timezone.now())


def drain_all(timeout: float = 60) -> None:
    """Deliver until nothing is due, cascades included; raise TimeoutError past TIMEOUT seconds."""
    until = time.monotonic() + timeout
    while drain():
        if time.monotonic() > until:
            raise TimeoutError("deliveries still due")


@contextmanager
def cause() -> Iterator[str]:
    """Mark all that is published inside, and all that follows from it, with one id."""
    mark = uuid.uuid4().hex
    with _as_cause(mark):
        yield mark


@contextmanager
def _as_cause(mark: str) -> Iterator[None]:
    token = _cause.set(mark)
    try:
        yield
    finally:
        _cause.reset(token)


def wait_for(mark: str, timeout: float = 600) -> None:
    """Return when all that MARK caused has arrived or is dead; deliver here if nobody else does."""
    until = time.monotonic() + timeout
    pending = Delivery.objects.filter(cause=mark, state=Delivery.State.PENDING)
    while pending.exists():
        if time.monotonic() > until:
            raise TimeoutError("deliveries still pending")
        if presence.somebody_delivers() or not drain():
            time.sleep(0.05)
