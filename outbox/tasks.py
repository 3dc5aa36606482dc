"""The workers' doors to the outbox."""

import threading
from collections import defaultdict

from celery import shared_task

from outbox import bus, kicks, presence, selectors

QUEUES = ("live", "default", "index")


class _Turn:
    """Who drains a queue in this process: one at a time, so that order is kept."""

    def __init__(self) -> None:
        self.taken = threading.Lock()
        self.asked = False

    def drain(self, queue: str) -> None:
        """Drain, or leave it to the one who is at it and looks once more before going."""
        self.asked = True
        while self.asked and self.taken.acquire(blocking=False):
            try:
                self.asked = False
                bus.drain(queue)
            finally:
                self.taken.release()


_turns: defaultdict[str, _Turn] = defaultdict(_Turn)


@shared_task
def drain_queue(queue: str) -> None:
    """Deliver what is due in QUEUE (投递)."""
    kicks.begun(queue)
    _turns[queue].drain(queue)


@shared_task
def sweep() -> None:
    """Ask for what no kick has fetched (兜底清扫): after a crash, or when the broker was away."""
    presence.report()
    for queue in selectors.due_queues():
        kicks.kick(queue)
