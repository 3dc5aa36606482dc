"""The incidents of tickets, as one person may see them."""

from dataclasses import dataclass

from django.db.models import Case, QuerySet, When

from accounts.models import User
from tickets import policy
from tickets.models import Incident, Ticket

GATHERED_SHOWN = 8


@dataclass(frozen=True)
class Gathered:
    """An incident as one person may see it: its tickets, the lead first, and all their number."""

    incident: Incident
    tickets: list[Ticket]
    total: int


def incident_of(ticket: Ticket, user: User) -> Gathered | None:
    """The incident of a ticket (同一事件) with those of its tickets that USER may see."""
    if ticket.incident is None:
        return None
    rows = in_incident(ticket.incident, user)
    return Gathered(ticket.incident, list(rows[:GATHERED_SHOWN]), rows.count())


def in_incident(incident: Incident, user: User) -> QuerySet[Ticket]:
    """The tickets of an incident (事件工单) that USER may see, its lead first, then by time."""
    rows = policy.visible_to(user).filter(incident=incident).select_related("lead")
    leads = Case(When(pk=incident.lead_id, then=0), default=1)
    return rows.order_by(leads, "accepted_at", "pk")
