"""Calls as the desk reads them."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from accounts.fields import phone_hashes
from accounts.models import User
from hotline.calls.models import Call
from tickets.models import Ticket

LIVE = (Call.Status.RINGING, Call.Status.TALKING, Call.Status.HELD, Call.Status.WRAP_UP)
IN_HAND = (Call.Status.TALKING, Call.Status.WRAP_UP, Call.Status.HELD)
EARLIER = 5


@dataclass(frozen=True)
class Desk:
    """The calls of one desk now: one that rings, the one in hand, and others that wait on hold."""

    ringing: Call | None = None
    current: Call | None = None
    waiting: tuple[Call, ...] = ()


def desk_of(agent: User) -> Desk:
    """The calls that the agent has now (当前通话); talking before wrap-up before held."""
    live = Call.objects.filter(agent=agent, status__in=LIVE).select_related("ticket")
    rows = list(live.order_by("-started_at"))
    calls = {call.status: call for call in rows}
    in_hand = next((calls[status] for status in IN_HAND if status in calls), None)
    held = tuple(row for row in rows if row.status == Call.Status.HELD and row != in_hand)
    return Desk(calls.get(Call.Status.RINGING), in_hand, held)


def calls_of(agent: User) -> "QuerySet[Call]":
    """All calls that rang at this agent; nobody acts on another's call."""
    return Call.objects.filter(agent=agent)


def calls_with(ticket: Ticket, user: User) -> "QuerySet[Call]":
    """The calls in which USER spoke to the citizen since it was accepted (联系诉求人的通话)."""
    if not ticket.phone or not user.agent_no:
        return Call.objects.none()
    hashes = phone_hashes(ticket.phone)
    own = calls_of(user).filter(number_hash__in=hashes, answered_at__gte=ticket.accepted_at)
    return own.order_by("-answered_at")


def earlier_calls(call: Call) -> list[Call]:
    """The last calls of the same number (历史来电), newest first; none for an anonymous caller."""
    if not call.number_hash:
        return []
    same = Call.objects.filter(number_hash__in=phone_hashes(call.number)).exclude(pk=call.pk)
    return list(same.select_related("agent", "ticket").order_by("-started_at")[:EARLIER])


def calls_today() -> int:
    """Number of calls since midnight (今日来电), without those that only disturbed."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    calls = Call.objects.filter(started_at__gte=midnight)
    return calls.exclude(disposition=Call.Disposition.NUISANCE).count()
