"""Celery's worker and beat as threads of the server, for the embedded stack."""

import threading
import time
import warnings
from typing import Any

from celery.apps.worker import Worker
from celery.beat import Service
from celery.worker import state

from hotline.celery import app
from hotline.web.gate import until_calm
from outbox import bus
from outbox.tasks import QUEUES, sweep

STOP_S = 4
WAKE_S = 0.1


class _Worker(Worker):
    """A worker that leaves signals, titles and banners to the process it lives in."""

    def on_start(self) -> None:
        """Print nothing."""

    def install_platform_tweaks(self, worker: Any) -> None:
        """Leave signals alone."""


class Workers:
    """The threads that deliver what the web side writes."""

    def __init__(self) -> None:
        state.should_stop = None
        warnings.filterwarnings("ignore", message="You're running the worker with superuser")
        self.worker = _Worker(
            app=app,
            pool="threads",
            queues=",".join(QUEUES),
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
        )
        self.beat = Service(app, scheduler_cls=app.conf.beat_scheduler)
        self.threads = [
            threading.Thread(target=self.worker.start, name="worker", daemon=True),
            threading.Thread(target=self.beat.start, name="beat", daemon=True),
        ]

    def start(self) -> None:
        """Begin to deliver, giving way to people who wait for an answer."""
        bus.give_way_to(until_calm)
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        """Ask both to end; the worker finishes what it has begun."""
        self.beat.stop(wait=False)
        state.should_stop = 0  # type: ignore[assignment]  # an exit status, or None

    def join(self) -> None:
        """Wait until both have ended; what is left is swept at the next start."""
        self.stop()
        until = time.monotonic() + STOP_S
        while any(thread.is_alive() for thread in self.threads) and time.monotonic() < until:
            sweep.apply_async()  # the worker looks up only when something comes
            time.sleep(WAKE_S)
