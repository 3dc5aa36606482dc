"""Work of the house itself off the request path."""

import logging
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from accounts import actions, ledgers, vocabulary
from city.models import Parameter
from city.selectors import number
from hotline.drafts import actions as drafts
from hotline.exports import actions as exports
from hotline.exports import writing
from hotline.serving import opening
from outbox.actions import sweep_notices as sweep_old
from search import feed
from search.engine import Unavailable

log = logging.getLogger(__name__)


@shared_task
def keep_indexes() -> list[str]:
    """Make and fill the indexes that are missing (补建索引); names the new ones.

    An engine that was away when the house opened gets its indexes once it is back.
    """
    vocabulary.refresh()
    try:
        return [each.index.name for each in feed.prepare()]
    except Unavailable:
        return []


@shared_task
def keep_model() -> None:
    """Train the first classifier (首次训练) once there is something to learn from."""
    opening.learn()


@shared_task
def sweep_drafts() -> int:
    """Remove drafts that nobody went on with (清理过期草稿); returns how many."""
    return drafts.sweep_drafts(timezone.now())


@shared_task
def write_exports() -> int:
    """Write the exports that wait (后台导出); returns how many."""
    count = 0
    while writing.write_next():
        count += 1
    return count


@shared_task
def sweep_exports() -> int:
    """Remove exports that are kept no longer (清理导出文件); returns how many."""
    return exports.sweep_exports(timezone.now())


@shared_task
def anchor_ledgers() -> None:
    """Seal what the ledgers grew yesterday (日锚), and say so in the log, which lies elsewhere."""
    yesterday = timezone.localdate() - timedelta(days=1)
    for ledger in ledgers.registered():
        if made := actions.anchor(ledger, yesterday):
            said = (made.ledger, made.on, made.until, made.rows, made.seal)
            log.warning("anchor %s %s until=%s rows=%s seal=%s", *said)


@shared_task
def sweep_notices() -> int:
    """Remove notices that are old (清理旧通知); returns how many."""
    days = number(Parameter.Name.NOTICE_DAYS)
    return sweep_old(timezone.now() - timedelta(days=days))
