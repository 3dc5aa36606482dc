"""Files are kept when they are sent, and become a ticket's with the step that brings them.

Between the two a form may be wrong and come back: what was sent waits under its key. The content
lies in ATTACHMENT_DIR under its digest, each content once.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from tickets.actions.moves import Actor
from tickets.errors import Invalid
from tickets.files import MOST_FILES, Checked, checked
from tickets.models import Attachment, ContactAttempt, Ticket

WAITS_H = 24


def path_of(digest: str) -> Path:
    """Where the content of this digest lies (附件存放)."""
    return Path(settings.ATTACHMENT_DIR) / digest[:2] / digest


def keep_file(name: str, content: bytes, *, by: Actor) -> Attachment:
    """Keep a file that was sent (暂存附件); it waits for its ticket for a day.

    Raises Invalid for `attachments` where it is empty, too big, broken or not what its name says.
    """
    fit = checked(name, content)
    digest = hashlib.sha256(fit.content).hexdigest()
    _store(digest, fit)
    return Attachment.objects.create(
        key=secrets.token_urlsafe(24),
        name=fit.name,
        media_type=fit.media_type,
        size=len(fit.content),
        digest=digest,
        by=by if isinstance(by, User) else None,
        at=timezone.now(),
    )


def _store(digest: str, fit: Checked) -> None:
    """Write the content beside and rename it: whoever reads sees all of it or nothing."""
    place = path_of(digest)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = place.with_name(f"{digest}.{secrets.token_hex(4)}")
    beside.write_bytes(fit.content)
    beside.rename(place)


def attach(
    ticket: Ticket,
    keys: Sequence[str],
    *,
    by: Actor,
    stage: str = Attachment.Stage.DEMAND,
    contact: ContactAttempt | None = None,
) -> int:
    """Make files that wait the ticket's (归入工单), inside the step that brings them.

    With `contact` they prove that try to speak to the citizen. Only who sent a file can hand it
    in. Raises Invalid for `attachments` where one is gone or they are too many.
    """
    wanted = list(dict.fromkeys(keys))
    if len(wanted) > MOST_FILES:
        raise Invalid(attachments=f"一次最多上传 {MOST_FILES} 个文件，请删去一些。")
    sender = by if isinstance(by, User) else None
    waiting = Attachment.objects.filter(key__in=wanted, ticket=None, by=sender)
    if waiting.update(ticket=ticket, stage=stage, contact=contact) != len(wanted):
        raise Invalid(attachments="有文件已过期，请重新选择文件后提交。")
    return len(wanted)


def share_files(ticket: Ticket, to: Ticket) -> None:
    """Give another ticket the citizen's files too (共用诉求材料), as rows of its own."""
    for row in ticket.attachments.filter(stage=Attachment.Stage.DEMAND):
        row.pk, row.key, row.ticket = None, secrets.token_urlsafe(24), to
        row.save(force_insert=True)


def sweep_files(now: datetime) -> int:
    """Remove what was sent and never handed in (清理未提交附件); returns how many."""
    stale = Attachment.objects.filter(ticket=None, at__lt=now - timedelta(hours=WAITS_H))
    digests = set(stale.values_list("digest", flat=True))
    gone, _ = stale.delete()
    held = set(Attachment.objects.filter(digest__in=digests).values_list("digest", flat=True))
    for digest in digests - held:
        path_of(digest).unlink(missing_ok=True)
    return gone
