"""What a person may do with deliveries."""

from django.db import transaction
from django.utils import timezone

from outbox.kicks import kick_on_commit
from outbox.models import Delivery


def retry(delivery: Delivery) -> None:
    """Try a dead delivery once more (重试投递), with all its attempts anew."""
    with transaction.atomic():
        row = Delivery.objects.select_for_update().get(pk=delivery.pk)
        row.state, row.attempts, row.due_at = Delivery.State.PENDING, 0, timezone.now()
        row.save(update_fields=["state", "attempts", "due_at"])
        kick_on_commit(row.queue)
