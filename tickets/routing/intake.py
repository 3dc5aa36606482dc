"""Matches what was accepted and moves it on (受理后匹配): screened always, dispatched if sure."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from city.memo import steady
from tickets import actions, errors
from tickets.models import DutyItem, Ticket
from tickets.routing.findings import CategoryGuess, Suggestion, Words
from tickets.routing.levels import Narrower
from tickets.routing.suggestion import suggest_many
from tickets.workflow import Kind, Party, Status

MOST_WAITING = 500
AT_ONCE = 10
"""Tickets moved in one transaction: fewer commits, and no row is locked for long."""


def route(ids: Sequence[int]) -> None:
    """Match, screen and, where sure, dispatch these tickets; those that moved on are left alone."""
    rows = Ticket.objects.filter(pk__in=ids, status=Status.PENDING_REVIEW)
    tickets = list(rows.select_related("region", "category__parent").order_by("pk"))
    if tickets:
        with steady():
            _route(tickets)


def _route(tickets: Sequence[Ticket]) -> None:
    found = zip(tickets, _suggestions(tickets), strict=True)
    while some := list(islice(found, AT_ONCE)):
        with actions.together([ticket for ticket, _ in some]):
            _keep(some)
            for ticket, suggestion in some:
                _report(suggestion)
                _move(ticket, suggestion)


def _report(found: Suggestion) -> None:
    """Raise the alarm for rules that failed (规则告警)."""
    for rule, error in found.rules.broken:
        actions.note_rule_error(rule.pk, error)


def match_waiting() -> None:
    """Match anew what waits for a dispatcher (更新待派工单的建议); nothing is moved."""
    waiting = Ticket.objects.filter(status__in=[Status.PENDING_REVIEW, Status.PENDING_DISPATCH])
    tickets = list(waiting.select_related("region", "category__parent")[:MOST_WAITING])
    with steady():
        _keep(zip(tickets, _suggestions(tickets), strict=True))


def _suggestions(tickets: Iterable[Ticket]) -> list[Suggestion]:
    return suggest_many([_words(ticket) for ticket in tickets])


def _keep(found: Iterable[tuple[Ticket, Suggestion]]) -> None:
    actions.save_routings((ticket, s.model_version, evidence(s)) for ticket, s in found)


def _words(ticket: Ticket) -> Words:
    return Words(
        text=ticket.text,
        title=ticket.title,
        place=ticket.place,
        region=ticket.region,
        kind=ticket.kind,
        confidential=ticket.confidential,
        anonymous=not ticket.phone_hash,
        source=ticket.source,
        category=ticket.category,
        at=ticket.accepted_at,
    )


def _move(ticket: Ticket, found: Suggestion) -> None:
    """Do the steps; a person who was faster wins."""
    best = found.categories[0].category if found.categories else None
    try:
        actions.screen(
            ticket,
            by=Party.SYSTEM,
            category=ticket.category or best,
            urgency=found.urgency,
            kind=found.kind if ticket.kind == Kind.OTHER else "",
            region=found.region,
        )
        if found.decision.auto and found.decision.unit:
            unit = found.decision.unit
            actions.dispatch(ticket, to=unit, by=Party.SYSTEM, assisting=found.assisting)
    except errors.WrongState:
        return


def evidence(found: Suggestion) -> dict[str, Any]:
    """Give the evidence as it is kept with the ticket."""
    return {
        "categories": [
            {
                "code": guess.category.code,
                "path": guess.category.path_name,
                "confidence": guess.confidence,
                "reasons": guess.reasons,
                "words": guess.words,
            }
            for guess in found.categories
        ],
        "units": [
            {
                "code": guess.department.code,
                "name": guess.department.name,
                "confidence": guess.confidence,
                "reasons": guess.reasons,
                "rule": guess.rule,
                "matters": guess.matters,
                "duty": _duty(guess.duty.item),
                "assisting": [
                    {"code": unit.code, "name": unit.name} for unit in guess.duty.assisting
                ],
            }
            for guess in found.units
        ],
        "decision": {
            "auto": found.decision.auto,
            "unit": found.decision.unit.code if found.decision.unit else "",
            "why": found.decision.why,
            "place": list(found.place.words) if found.place else [],
            "hazards": found.hazard.words,
            "kind": found.kind_words,
            "kind_guess": found.kind,
            "tags": found.hazard.tags,
            "door": {
                "outcome": found.door.outcome,
                "label": found.door.label,
                "words": found.door.words,
            },
            "forms": [{"label": label, "words": words} for label, words in found.forms],
            "rules": [match.reason for match in found.rules.matches],
            "level": found.decision.level,
            "field": _guess(found.broad),
            "narrower": _guess(found.narrower),
            "parts": [_guess(part.guess) | {"text": part.text} for part in found.parts],
            "neighbours": [_neighbour(ticket) for ticket in found.neighbours.tickets],
            "flags": found.rules.flags,
        },
    }


def _guess(found: CategoryGuess | Narrower | None) -> dict[str, Any]:
    """Name a matter of another level, or of a part, and how sure it is."""
    if found is None:
        return {}
    matter = found.category
    return {"code": matter.code, "name": matter.name, "confidence": found.confidence}


def _neighbour(ticket: Ticket) -> dict[str, str]:
    """Name a ticket like this one, and what became of it (相似工单)."""
    lead, matter = ticket.lead, ticket.category
    return {
        "number": ticket.number,
        "unit": lead.name if lead else "",
        "matter": matter.name if matter else "",
        "stayed": _stayed(ticket),
    }


def _stayed(ticket: Ticket) -> str:
    """Say what became of it at its unit (是否退改), for whoever weighs it as an example."""
    if ticket.return_count:
        return f"退单 {ticket.return_count} 次后到此"
    return "未退单" if ticket.signed_at else "尚未签收"


def _duty(item: DutyItem | None) -> dict[str, Any]:
    """Name the row of the duty list as it stood (目录条目)."""
    if item is None:
        return {}
    return {"key": item.key, "version": item.version, "basis": item.basis}
