"""What the citizen was asked, and whether an answer waits to be fetched."""

from django.db.models import Prefetch, QuerySet

from accounts.models import User
from tickets import policy
from tickets.models import Inquiry, Ticket
from tickets.workflow import OPEN

MOST = 30
WAITING = Prefetch("inquiries", Inquiry.objects.filter(answered_at=None), to_attr="asked")


def asked_of(ticket: Ticket) -> dict[str, Inquiry]:
    """What the citizen is asked now (待诉求人答复), by purpose."""
    return {each.purpose: each for each in ticket.inquiries.all() if each.waits and ticket.is_open}


def relays(user: User) -> QuerySet[Inquiry]:
    """The questions of units that the hotline has to put to citizens (转问), the oldest first."""
    waits = Inquiry.objects.filter(purpose=Inquiry.Purpose.RELAY, answered_at=None)
    mine = waits.filter(ticket__in=policy.visible_to(user), ticket__status__in=OPEN)
    return mine.select_related("ticket", "department").order_by("at")[:MOST]
