"""Writes past calls at once, with the clock passed in and no events (批量补录通话)."""

from collections.abc import Sequence
from datetime import timedelta

from accounts.fields import phone_hash
from hotline.calls.models import Call
from tickets.models import Ticket

SOURCE = "demo"


def write(tickets: Sequence[Ticket]) -> None:
    """Give each of these tickets the call that it came from."""
    Call.objects.bulk_create([_call(ticket) for ticket in tickets], 500)


def _call(ticket: Ticket) -> Call:
    """Make up a finished call that ended when the ticket was written."""
    talk = timedelta(seconds=90 + ticket.pk % 240)
    answered_at = ticket.accepted_at - talk
    return Call(
        source=SOURCE,
        call_id=f"demo-{ticket.number}",
        number=ticket.phone,
        number_hash=phone_hash(ticket.phone),
        queue="hotline",
        agent=ticket.created_by,
        status=Call.Status.FINISHED,
        disposition=Call.Disposition.TICKET,
        ticket=ticket,
        started_at=answered_at - timedelta(seconds=4 + ticket.pk % 12),
        ringing_at=answered_at - timedelta(seconds=3),
        answered_at=answered_at,
        ended_at=ticket.accepted_at,
        talk_ms=int(talk.total_seconds() * 1000),
        outcome="answered",
        hangup_by="citizen",
    )
