"""How far a reply is on its way through its unit."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from tickets.actions import levels_of
from tickets.models import Ticket
from tickets.workflow import Status


@dataclass(frozen=True)
class Signature:
    """One level of the chain (审签层级): who signs it, and when and by whom it was signed."""

    title: str
    signer: User | None
    by: User | None = None
    at: datetime | None = None


def signatures(ticket: Ticket) -> list[Signature]:
    """Tell where a reply stands in its unit (审签进度); nothing where one signature is all."""
    if ticket.status != Status.UNIT_REVIEW or ticket.lead is None:
        return []
    levels = levels_of(ticket.lead)
    if len(levels) < 2:
        return []
    written = ticket.entries.filter(step="reply").latest("id")
    signed = ticket.entries.filter(step="endorse", id__gt=written.pk).select_related("by")
    done = list(signed.order_by("id"))
    return [
        Signature(
            level.title, level.signer, *((done[at].by, done[at].at) if at < len(done) else ())
        )
        for at, level in enumerate(levels)
    ]
