"""The only writer beside the bus: deliveries that are tried again, notices."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from outbox.bus import publish
from outbox.events import NoticesWritten
from outbox.kicks import kick_on_commit
from outbox.models import Delivery, Notice


def retry(delivery: Delivery) -> None:
    """Try a dead delivery once more (重试投递), with all its attempts anew."""
    with transaction.atomic():
        row = Delivery.objects.select_for_update().get(pk=delivery.pk)
        row.state, row.attempts, row.due_at = Delivery.State.PENDING, 0, timezone.now()
        row.save(update_fields=["state", "attempts", "due_at"])
        kick_on_commit(row.queue)


@transaction.atomic
def notify(notices: Sequence[Notice]) -> None:
    """Tell people (发通知); what was told already is not told again."""
    if not notices:
        return
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    publish(NoticesWritten(tuple(sorted({notice.user_id for notice in notices}))))


def mark_read(notices: QuerySet[Notice], at: datetime) -> int:
    """Note that notices were read (标为已读); returns how many were new."""
    return notices.filter(read_at=None).update(read_at=at)


def sweep_notices(before: datetime) -> int:
    """Remove what is older than that (清理旧通知); returns how many."""
    gone, _ = Notice.objects.filter(at__lt=before).delete()
    return gone
