"""Demands of the demo city whose way has a bend, made by the same actions as in real life."""

from typing import Any

from accounts.models import User
from hotline.calls import actions as calls
from hotline.calls.gateways import simulator
from hotline.demo.city import Town
from hotline.demo.content import load
from outbox import bus
from tickets import actions
from tickets.models import Source, Ticket
from tickets.workflow import Kind, Party, Status

PHONES = "1380011{:04}"


def bend(town: Town) -> None:
    """Add demands that are split, wait for their citizens, are nameless, or fill in a form."""
    told, staff = load("bends"), town.staff
    texts = [*told["ask"], *told["anonymous"], *told["special"]]
    asked = [_told(n, row) for n, row in enumerate(texts)][: len(told["ask"])]
    wholes = [_told(50 + n, {"text": row["whole"]}) for n, row in enumerate(told["split"])]
    bus.drain_all(timeout=60)
    for ticket, row in zip(asked, told["ask"], strict=True):
        ticket.refresh_from_db()
        if ticket.status in {Status.PENDING_REVIEW, Status.PENDING_DISPATCH}:
            actions.ask(ticket, question=row["question"], by=staff["dispatcher"])
    for ticket, row in zip(wholes, told["split"], strict=True):
        ticket.refresh_from_db()
        if ticket.status in {Status.PENDING_REVIEW, Status.PENDING_DISPATCH}:
            parts = [actions.Matter(text) for text in row["parts"]]
            actions.split(ticket, parts=parts, by=staff["dispatcher"])
    _questions(town, told)
    _nuisances(told["nuisance"], staff["agent"], staff["supervisor"])


def _told(n: int, row: dict[str, Any]) -> Ticket:
    anonymous = row.get("kind") in {Kind.REPORT, Kind.ADVICE}
    filling = actions.checked(row["form"], row["told"]) if "form" in row else None
    return actions.accept(
        text=row["text"],
        source=Source.WEB,
        by=Party.CITIZEN,
        kind=row.get("kind"),
        phone="" if anonymous else PHONES.format(n),
        anonymous=anonymous,
        filling=filling,
    )


def _questions(town: Town, told: dict[str, Any]) -> None:
    """Let units ask: two confidential citizens through the hotline, one to withdraw."""
    handled = Ticket.objects.filter(status=Status.PROCESSING).select_related("lead").order_by("-id")
    secret = list(handled.filter(confidential=True)[:2])
    for n, ticket in enumerate(secret):
        if ticket.lead:
            by = town.member(ticket.lead)
            actions.relay(ticket, question=told["relay"]["question"], by=by)
            if n:
                answer = told["relay"]["answer"]
                actions.respond(ticket, text=answer, by=town.staff["callback"])
    for ticket in handled.filter(confidential=False)[:1]:
        if ticket.lead:
            question = told["withdrawal"]["question"]
            actions.propose_withdrawal(ticket, question=question, by=town.member(ticket.lead))


def _nuisances(rows: list[dict[str, str]], agent: User, supervisor: User) -> None:
    for row in rows:
        call = simulator.ring(row["number"], agent)
        simulator.answer(call, by=agent)
        call.refresh_from_db()
        simulator.hang_up(call, by=agent)
        call.refresh_from_db()
        mark = calls.mark_nuisance(call, reason=row["reason"], by=agent)
        if mark and "confirm" in row:
            calls.decide_nuisance(mark, verb="confirm", note=row["confirm"], by=supervisor)
