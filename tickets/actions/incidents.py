"""Many callers, one matter: their tickets are gathered into an incident, and parted again."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from tickets import policy
from tickets.actions import batches
from tickets.actions.moves import moving
from tickets.errors import Invalid, NotAllowed, WrongState
from tickets.models import Incident, Ticket
from tickets.models.incidents import NAME_LENGTH
from tickets.workflow import STEPS


def gather(
    ticket: Ticket, *, beside: Ticket, by: User, note: str = "", version: int | None = None
) -> Ticket:
    """Say that a ticket tells of the same matter as another (设为同一事件).

    The other's incident takes it in; where neither has one, it is made and the other leads it.
    Each ticket keeps its unit, its clock and its follow-up.
    """
    if beside.pk == ticket.pk:
        raise Invalid(beside="请选择另一件工单。")
    with batches.together([ticket, beside]):
        mine, other = batches.row_of(ticket), batches.row_of(beside)
        if mine.incident_id and other.incident_id:
            raise Invalid(beside=_both(mine, other))
        incident = mine.incident or other.incident or _made(other, "", by)
        for row, seen in ((other, None), (mine, version)):
            if row.incident_id is None:
                _join(row, incident, by, note, seen)
    ticket.refresh_from_db()
    return ticket


def _both(mine: Ticket, other: Ticket) -> str:
    if mine.incident_id == other.incident_id:
        return "两件工单已经在同一事件里。"
    return "两件工单各属一个事件，请先把其中一件移出。"


def _made(lead: Ticket, name: str, by: User) -> Incident:
    return Incident.objects.create(name=name or _name(lead), lead=lead, at=timezone.now(), by=by)


def _name(lead: Ticket) -> str:
    """Name it by place and matter, never by a citizen's words."""
    matter = lead.category.name if lead.category else lead.get_kind_display()
    return " ".join([*lead.places[:1], matter])[:NAME_LENGTH]


def _join(
    row: Ticket, incident: Incident, by: User, note: str = "", version: int | None = None
) -> None:
    if not policy.may_read(by, row):
        raise NotAllowed("您不能查看其中的工单。")
    with moving("gather", row, by=by, version=version, note=note) as move:
        if row.confidential:
            raise Invalid(beside="保密工单不列入事件。")
        row.incident = incident
        move.extra = {"incident": incident.name}


@transaction.atomic
def gather_all(tickets: Sequence[Ticket], *, by: User, name: str = "") -> Incident:
    """Make one incident of many tickets (设为同一事件); the earliest leads.

    Where some are in an incident already, the others join it. What is in another one, closed for
    good or confidential stays as it is; raises Invalid where fewer than two would be together.
    """
    if not by.has_role(*STEPS["gather"].roles):
        raise NotAllowed("您的角色不能设为同一事件。")
    with batches.together(tickets):
        rows = [batches.row_of(ticket) for ticket in tickets]
        known = next((row.incident for row in rows if row.incident), None)
        free = [row for row in rows if row.incident_id is None and _fits(row, by)]
        if len(free) < (1 if known else 2):
            raise Invalid(tickets="没有可以列入同一事件的工单。")
        incident = known or _made(min(free, key=lambda row: row.accepted_at), name, by)
        for row in free:
            _join(row, incident, by)
    return incident


def _fits(row: Ticket, by: User) -> bool:
    return not row.confidential and policy.may(by, STEPS["gather"], row)


def part(ticket: Ticket, *, by: User, note: str, version: int | None = None) -> Ticket:
    """Take a ticket out of its incident (移出事件); if it led, the next earliest leads."""
    with moving("part", ticket, by=by, version=version, note=note) as move:
        row = move.ticket
        if row.incident_id is None:
            raise WrongState("这件工单不在事件里。")
        incident = Incident.objects.select_for_update().get(pk=row.incident_id)
        row.incident = None
        move.extra = {"incident": incident.name}
        if incident.lead_id == row.pk:
            rest = incident.tickets.exclude(pk=row.pk).order_by("accepted_at", "pk")
            incident.lead = rest.first()
            incident.save(update_fields=["lead"])
    return ticket
