"""Tries a rule on past tickets before it is saved (规则试算): what it would meet and change."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from city import selectors as city
from tickets.models import Rule, Ticket
from tickets.routing.rules import Case, met
from tickets.routing.signs import signs_of

MONTH = timedelta(days=31)
MOST = 20_000
SHOWN = 20


@dataclass
class Trial:
    """How many of the month's tickets a rule meets, and which went elsewhere in fact."""

    tried: int = 0
    hits: int = 0
    differ: int = 0
    examples: list[tuple[Ticket, str]] = field(default_factory=list)
    """Tickets that differ, with what is different."""
    alike: list[Ticket] = field(default_factory=list)


def trial(rule: Rule, now: datetime) -> Trial:
    """Try a rule on the tickets of the last month (试算), confidential ones left out."""
    found = Trial()
    rows = Ticket.objects.filter(accepted_at__gte=now - MONTH, confidential=False)
    rows = rows.select_related("category__parent__parent", "region", "lead").order_by("-id")
    for ticket in rows[:MOST].iterator(500):
        found.tried += 1
        if met(rule, _case(rule, ticket)) is not None:
            _count(found, rule, ticket)
    return found


def _case(rule: Rule, ticket: Ticket) -> Case:
    text = f"{ticket.title}\n{ticket.text}".strip()
    return Case(
        text=text,
        category=ticket.category,
        line=city.region_line(ticket.region) if ticket.region and rule.region_id else [],
        place=ticket.place,
        source=ticket.source,
        at=ticket.accepted_at,
        signs=signs_of(text, anonymous=not ticket.phone_hash) if rule.signs else {},
    )


def _count(found: Trial, rule: Rule, ticket: Ticket) -> None:
    found.hits += 1
    other = _difference(rule, ticket)
    if not other:
        found.alike = [*found.alike, ticket][:SHOWN]
        return
    found.differ += 1
    if len(found.examples) < SHOWN:
        found.examples.append((ticket, other))


def _difference(rule: Rule, ticket: Ticket) -> str:
    """Tell what the rule would have done otherwise (与实际不同之处)."""
    said = []
    if rule.department_id and ticket.lead and ticket.lead_id != rule.department_id:
        said.append(f"实际主办 {ticket.lead.name}")
    if rule.urgency and ticket.urgency != rule.urgency:
        said.append(f"实际为{ticket.get_urgency_display()}")
    if rule.hold and ticket.auto_dispatched:
        said.append("实际由系统自动派出")
    return "；".join(said)
