"""Calls as the desk reads them."""

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from hotline.calls.models import Call

LIVE = (Call.Status.RINGING, Call.Status.TALKING, Call.Status.WRAP_UP)
EARLIER = 5


def current_call(agent: User) -> Call | None:
    """The call that the agent has now (当前通话): talking before wrap-up before ringing."""
    live = {call.status: call for call in Call.objects.filter(agent=agent, status__in=LIVE)}
    order = (Call.Status.TALKING, Call.Status.RINGING, Call.Status.WRAP_UP)
    return next((live[status] for status in order if status in live), None)


def calls_of(agent: User) -> "QuerySet[Call]":
    """All calls that rang at this agent; nobody acts on another's call."""
    return Call.objects.filter(agent=agent)


def earlier_calls(call: Call) -> list[Call]:
    """The last calls of the same number (历史来电), newest first; none for an anonymous caller."""
    if not call.number_hash:
        return []
    same = Call.objects.filter(number_hash=call.number_hash).exclude(pk=call.pk)
    return list(same.select_related("agent", "ticket").order_by("-started_at")[:EARLIER])


def calls_today() -> int:
    """Number of calls since midnight (今日来电)."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return Call.objects.filter(started_at__gte=midnight).count()
