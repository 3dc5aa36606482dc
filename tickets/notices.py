"""Whom a step concerns, and in which words each is told of it (通知)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from django.utils import timezone

from accounts.models import Department, Role
from accounts.selectors import members
from outbox.models import Notice
from tickets import policy
from tickets.events import CardsShown, TicketMoved
from tickets.models import Assignment, Card, Entry, Reply, Supervision, Ticket
from tickets.workflow import Part, Status, TurnState


@dataclass(frozen=True)
class Case:
    """A ticket as it is now, the step that is told of, and who belongs to which unit."""

    ticket: Ticket
    entry: Entry
    people: Callable[..., list[int]]

    @property
    def lead(self) -> Assignment | None:
        """The turn in the lead, if any unit has it."""
        live = policy.live_turns(self.ticket)
        return next((turn for turn in live if turn.part == Part.LEAD), None)


Circle = Callable[[Case], Iterable[int | None]]


def _of_lead(*roles: Role) -> Circle:
    return lambda case: case.people(case.lead.department, *roles) if case.lead else []


def _workers(case: Case) -> Iterable[int | None]:
    """Who handles it; as long as nobody does, all who might."""
    if case.lead and case.lead.handler_id:
        return [case.lead.handler_id]
    return _of_lead(Role.SIGNER, Role.HANDLER)(case)


def _waiting(case: Case) -> Iterator[int]:
    """The people of the units beside the lead that this very step brought in."""
    for turn in policy.live_turns(case.ticket):
        pending = turn.part != Part.LEAD and turn.state == TurnState.PENDING
        if pending and turn.dispatched_at == case.entry.at:
            yield from case.people(turn.department, Role.SIGNER, Role.HANDLER)


def _author(case: Case) -> list[int | None]:
    last = Reply.objects.filter(ticket=case.ticket).order_by("-version")[:1]
    return list(last.values_list("by", flat=True))


def _sender(case: Case) -> list[int | None]:
    sent = Entry.objects.filter(ticket=case.ticket, step__in=("dispatch", "redirect"))
    return list(sent.order_by("-id").values_list("by", flat=True)[:1])


def _superiors(case: Case) -> Iterable[int]:
    """Who answers for the unit one level up."""
    above = case.lead.department.parent if case.lead else None
    return case.people(above, Role.AUDITOR) if above else []


def _overseer(case: Case) -> list[int | None]:
    """Who supervises it."""
    latest = Supervision.objects.filter(ticket=case.ticket).order_by("-id")[:1]
    return list(latest.values_list("by", flat=True))


_SIGNERS, _AUDITORS = _of_lead(Role.SIGNER), _of_lead(Role.AUDITOR)
_SENT = (("新工单待签收", _SIGNERS), ("协办工单待接收", _waiting))
TOLD: dict[str, tuple[tuple[str, Circle], ...]] = {
    "dispatch": _SENT,
    "redirect": _SENT,
    "designate": _SENT,
    "call_in": (("协办工单待接收", _waiting),),
    "sub_dispatch": (("下派工单待接收", _waiting),),
    "send_back": (("单位申请退单", _sender),),
    "decide_return": (("退单未获同意", _SIGNERS),),
    "hand_over": (("工单转交给您", _workers),),
    "advise": (("收到协办、下级单位意见", _workers),),
    "reply": (("答复待单位审核", _AUDITORS),),
    "send_reply_back": (("答复被退回重写", _author),),
    "review": (("答复已通过审核", _author),),
    "supplement": (("诉求人有补充", _workers),),
    "respond": (("诉求人已回话", _workers),),
    "urge": (("催办", _workers),),
    "instruct": (("领导批示", _workers), ("领导批示", _AUDITORS)),
    "supervise": (("督办", _workers), ("督办，待作书面说明", _AUDITORS)),
    "escalate": (
        *(("提级督办", _workers), ("提级督办，待作书面说明", _AUDITORS)),
        ("下级单位被提级督办", _superiors),
    ),
    "explain": (("督办说明已提交", _overseer),),
    "end_supervision": (("督办已解除", _workers), ("督办已解除", _AUDITORS)),
    "decide_extension": (("延期已审批", _workers),),
    "suspend": (("承诺办理已审批", _AUDITORS),),
    "resume": (("恢复办理", _workers),),
    "withdraw": (("诉求人已撤单", _workers),),
}
AGAIN = (("请重办", _workers),)
_ANEW = frozenset({"call_back", "rate", "reopen"})


def of_moves(events: Sequence[TicketMoved]) -> list[Notice]:
    """Write down whom these steps concern (流转通知), but not who did them himself."""
    told = {(event.ticket_id, event.version) for event in events if _concerns(event)}
    entries = Entry.objects.filter(
        ticket__in={pk for pk, _ in told}, version__in={version for _, version in told}
    )
    tickets, people = _tickets({pk for pk, _ in told}), _people()
    cases = [
        Case(tickets[entry.ticket_id], entry, people)
        for entry in entries
        if (entry.ticket_id, entry.version) in told
    ]
    return [notice for case in cases for notice in _notices(case)]


def _concerns(event: TicketMoved) -> bool:
    return event.step in TOLD or (event.step in _ANEW and event.to_status == Status.REDO)


def _notices(case: Case) -> Iterator[Notice]:
    told: set[int] = {case.entry.by_id} if case.entry.by_id else set()
    for label, circle in TOLD.get(case.entry.step, AGAIN):
        fresh = {pk for pk in circle(case) if pk} - told
        told |= fresh
        for pk in sorted(fresh):
            yield Notice(
                user_id=pk,
                label=label,
                number=case.ticket.number,
                mark=f"step {case.entry.version}",
                at=case.entry.at,
            )


def of_cards(events: Sequence[CardsShown]) -> list[Notice]:
    """Write down who is warned (亮牌通知): those who have the ticket in the lead."""
    people, at = _people(), timezone.now()
    levels = {pk: event.level for event in events for pk in event.ticket_ids}
    tickets = _tickets(set(levels))
    cards = Card.objects.filter(ticket__in=tickets).order_by("id")
    newest = {card.ticket_id: card for card in cards if card.level == levels[card.ticket_id]}
    return [
        Notice(
            user_id=pk,
            label=card.get_level_display(),
            number=tickets[card.ticket_id].number,
            mark=f"card {card.pk}",
            at=at,
        )
        for card in newest.values()
        for pk in set(_workers(Case(tickets[card.ticket_id], Entry(), people)))
        if pk
    ]


def _tickets(ids: Iterable[int]) -> dict[int, Ticket]:
    rows = Ticket.objects.prefetch_related("assignments__department__parent")
    return rows.in_bulk(ids)


def _people() -> Callable[..., list[int]]:
    """Ask once who is of a unit."""

    @cache
    def find(unit: Department, *roles: Role) -> list[int]:
        return list(members(unit, *roles).values_list("pk", flat=True))

    return find
