"""How the outbox is doing, and what people have to read."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from outbox.models import Delivery, Notice


@dataclass(frozen=True)
class Lag:
    """How far delivery lags behind: rows waiting, age of the oldest in seconds, rows given up."""

    waiting: int
    lag_s: float
    dead: int


def lag(queue: str | None = None) -> Lag:
    """Measure the outbox (投递积压), of one queue or of all."""
    rows = Delivery.objects.filter(queue=queue) if queue else Delivery.objects.all()
    pending = Q(state=Delivery.State.PENDING)
    found = rows.aggregate(
        waiting=Count("id", filter=pending),
        oldest=Min("created_at", filter=pending),
        dead=Count("id", filter=Q(state=Delivery.State.DEAD)),
    )
    return Lag(found["waiting"], _age_s(found["oldest"]), found["dead"])


def _age_s(since: datetime | None) -> float:
    return (timezone.now() - since).total_seconds() if since else 0.0


def dead() -> QuerySet[Delivery]:
    """The deliveries that were given up (投递失败), newest first."""
    return Delivery.objects.filter(state=Delivery.State.DEAD).order_by("-id")


def due_queues() -> list[str]:
    """The queues in which something is due (到期队列)."""
    pending = Delivery.objects.filter(state=Delivery.State.PENDING, due_at__lte=timezone.now())
    return list(pending.order_by("queue").values_list("queue", flat=True).distinct())


def notices_of(user_id: int) -> QuerySet[Notice]:
    """The notices of one person (我的通知), newest first."""
    return Notice.objects.filter(user=user_id)


def unread(user_id: int) -> int:
    """Count what one person has not read (未读通知)."""
    return notices_of(user_id).filter(read_at=None).count()
