"""Wakes the workers: one Celery task for all that was written since the last drain began.

A mark in the cache (this process's own when embedded, Redis when distributed) says that a drain has
been asked for and has not begun; while it stands nobody asks again. It ends by itself, so that a
lost task costs a second and not the queue.
"""

import logging
import time

from django.core.cache import cache
from django.db import connection, transaction

log = logging.getLogger(__name__)

ASKED_S = 1
BROKER_AWAY_S = 2


def kick_on_commit(queue: str) -> None:
    """Ask for one drain of QUEUE when this transaction commits, however many events it wrote."""
    wake = _kicks.setdefault(queue, _Kick(queue))
    if not any(entry[1] is wake for entry in connection.run_on_commit):
        transaction.on_commit(wake)


def kick(queue: str) -> None:
    """Ask for one drain of QUEUE now (唤醒投递)."""
    _kicks.setdefault(queue, _Kick(queue))()


def begun(queue: str) -> None:
    """Note that a drain of QUEUE begins: what is written from now on asks anew."""
    cache.delete(_mark(queue))


def _mark(queue: str) -> str:
    return f"outbox.asked.{queue}"


class _Kick:
    """Asks for a drain of one queue; where the broker is away, lets it be for a while."""

    def __init__(self, queue: str) -> None:
        self.queue = queue
        self.quiet_until = 0.0

    def __call__(self) -> None:
        if time.monotonic() < self.quiet_until:
            return
        try:
            if cache.add(_mark(self.queue), 1, timeout=ASKED_S):
                self._ask()
        except Exception as error:
            self.quiet_until = time.monotonic() + BROKER_AWAY_S
            log.warning("no broker for queue %s, the sweep delivers: %s", self.queue, error)

    def _ask(self) -> None:
        from outbox.tasks import drain_queue  # the tasks import this module

        drain_queue.apply_async(args=(self.queue,), queue=self.queue, retry=False)


_kicks: dict[str, _Kick] = {}
