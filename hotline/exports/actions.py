"""The only writer of exports: ask, write a step further, be done, fetch, sweep."""

import logging
import secrets
from datetime import datetime, timedelta

from celery import current_app
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.actions import log_export
from accounts.models import User
from city.models import Parameter
from city.selectors import number
from hotline.exports.models import Export
from outbox.actions import notify
from outbox.models import Notice
from tickets import policy

log = logging.getLogger(__name__)
State = Export.State
SILENT_S = 180
"""Who says nothing for so long was killed: another worker begins anew."""
TRIES = 3
TASK = "hotline.tasks.write_exports"


class Busy(ValueError):
    """One's export before is not done."""


class Closed(ValueError):
    """What is kept no longer, or was written for somebody who may see other things now."""


def ask_export(
    source: str, *, asked: str, kind: str, total: int, by: User, ip: str | None = None
) -> Export:
    """Have a long list written in the background (后台导出), one at a time a person."""
    now = timezone.now()
    try:
        with transaction.atomic():
            made = Export.objects.create(
                user=by,
                source=source,
                asked=asked,
                kind=kind,
                total=total,
                key=secrets.token_urlsafe(32),
                ip=ip,
                at=now,
                touched_at=now,
            )
    except IntegrityError as twice:
        raise Busy("您的上一个导出还没有完成，请等它完成后再导出。") from twice
    transaction.on_commit(_kick)
    return made


def _kick() -> None:
    """Wake a worker; where the broker is away, the minute's beat does."""
    try:
        current_app.send_task(TASK, retry=False)
    except Exception as error:
        log.warning("no broker, the export waits for the beat: %s", error)


def take_up(now: datetime) -> Export | None:
    """Take the next export that waits (领取导出), or one whose worker is gone."""
    gone = Q(state=State.WRITING, touched_at__lt=now - timedelta(seconds=SILENT_S))
    for row in Export.objects.filter(Q(state=State.WAITING) | gone).order_by("id"):
        mine = Export.objects.filter(pk=row.pk, state=row.state, touched_at=row.touched_at)
        if mine.update(state=State.WRITING, touched_at=now, written=0, tries=row.tries + 1):
            return Export.objects.select_related("user").get(pk=row.pk)
    return None


def go_on(row: Export, now: datetime, **columns: int) -> bool:
    """Note how far it is (导出进展); tells whether it is still wanted."""
    mine = Export.objects.filter(pk=row.pk, state=State.WRITING, tries=row.tries)
    return bool(mine.update(touched_at=now, **columns))


@transaction.atomic
def finish(row: Export, count: int, now: datetime) -> bool:
    """Let the person fetch what was written (导出完成), who is told, and keep that it was taken."""
    until = now + timedelta(days=number(Parameter.Name.EXPORT_DAYS))
    mine = Export.objects.filter(pk=row.pk, state=State.WRITING, tries=row.tries)
    done = mine.update(
        state=State.READY,
        total=count,
        written=count,
        size=row.path.stat().st_size,
        scope=scope_of(row.user),
        touched_at=now,
        expires_at=until,
    )
    if done:
        log_export(row.user, asked=row.asked, count=count, ip=row.ip)
        _tell(row, "导出已完成", now)
    return bool(done)


@transaction.atomic
def fail(row: Export, now: datetime, *, for_good: bool) -> None:
    """Let it be tried again, or give it up and say so (导出未完成)."""
    over = for_good or row.tries >= TRIES
    mine = Export.objects.filter(pk=row.pk, state=State.WRITING, tries=row.tries)
    if mine.update(state=State.FAILED if over else State.WAITING, touched_at=now) and over:
        _tell(row, "导出未完成", now)


def _tell(row: Export, label: str, now: datetime) -> None:
    notify([Notice(user=row.user, label=label, number="", mark=f"export {row.pk}", at=now)])


def scope_of(user: User) -> str:
    """Say what USER may see, so that two moments can be compared (权限范围)."""
    if not user.is_active:
        return ""
    roles = " ".join(sorted(user.roles))
    return f"{roles}|{' '.join(sorted(policy.unit_paths(user)))}"


def fetch(row: Export, now: datetime, *, by: User, ip: str | None = None) -> bytes:
    """Give the file to who asked for it (下载导出), and keep that he did.

    Raises Closed where it is kept no longer, or his posts changed since: what he may see now is
    another list.
    """
    if not row.is_kept(now):
        raise Closed("这个文件已过保留期，请重新导出。")
    if row.scope != scope_of(by):
        raise Closed("您的岗位或单位有变动，这个文件不能再下载，请重新导出。")
    content = row.path.read_bytes()
    log_export(by, asked=f"下载 {row.at:%m-%d} 的后台导出 {row.asked}", count=row.total, ip=ip)
    return content


def drop(row: Export) -> None:
    """Remove an export and its file (删除导出)."""
    row.path.unlink(missing_ok=True)
    row.delete()


def sweep_exports(now: datetime) -> int:
    """Remove what is kept no longer, and what came to nothing (清理导出文件); returns how many."""
    old = now - timedelta(days=number(Parameter.Name.EXPORT_DAYS))
    rows = Export.objects.filter(Q(expires_at__lte=now) | Q(state=State.FAILED, at__lt=old))
    stale = list(rows)
    for row in stale:
        drop(row)
    return len(stale)
