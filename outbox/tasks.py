"""The workers' doors to the outbox."""

from celery import shared_task

from outbox import bus

QUEUES = ("default", "index")


@shared_task
def drain_queue(queue: str) -> None:
    """Deliver what is due in QUEUE."""
    bus.drain(queue)


@shared_task
def sweep() -> None:
    """Deliver what no kick has fetched: after a crash, beside a lost broker."""
    for queue in QUEUES:
        bus.drain(queue)
