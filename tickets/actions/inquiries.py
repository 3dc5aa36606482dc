"""Questions to the citizen: what is missing, what a unit wants to know, whether to withdraw."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from city import selectors as city
from city.working_time import end_of_nth_working_day
from outbox.bus import publish
from tickets.actions.attaching import attach
from tickets.actions.moves import Actor, Move, department_of, moving
from tickets.actions.remarks import check_length, decline
from tickets.errors import Stale, WrongState
from tickets.events import TicketAccepted
from tickets.models import Inquiry, Ticket
from tickets.workflow import Party, Status, Unfit

AT_ONCE = 500


def ask(ticket: Ticket, *, question: str, by: User, version: int | None = None) -> Ticket:
    """Ask the citizen for what is missing (要求补充); meanwhile only the clock of waiting runs."""
    with moving("ask", ticket, by=by, version=version, note=question) as move:
        _put(move, Inquiry.Purpose.MISSING, by)
    return ticket


def inform(
    ticket: Ticket,
    *,
    text: str,
    by: Actor,
    attachments: Sequence[str] = (),
    version: int | None = None,
) -> Ticket:
    """Take what was missing (补齐要素); the ticket goes on where it was."""
    check_length(text)
    with moving("inform", ticket, by=by, version=version, note=text) as move:
        if attachments:
            move.extra = {"attachments": attach(move.ticket, attachments, by=by)}
        _answer(move, Inquiry.Purpose.MISSING)
        asked = move.ticket.entries.filter(step="ask").latest("id")
        move.to = Status(asked.from_status)
        if move.to == Status.PENDING_REVIEW:
            publish(TicketAccepted(ticket_id=move.ticket.pk))
    return ticket


def remind(ticket: Ticket) -> Ticket:
    """Remind the citizen that an answer is waited for (提醒补充)."""
    with moving("remind", ticket, by=Party.SYSTEM) as move:
        waiting(move.ticket, Inquiry.Purpose.MISSING).update(reminded_at=move.at)
    return ticket


def relay(ticket: Ticket, *, question: str, by: User, version: int | None = None) -> Ticket:
    """Have the hotline ask a confidential citizen for the unit (转问); the unit learns no name."""
    with moving("relay", ticket, by=by, version=version, note=question) as move:
        if not move.ticket.confidential:
            raise WrongState("这件工单不保密，请直接联系诉求人。")
        _put(move, Inquiry.Purpose.RELAY, by)
    return ticket


def respond(ticket: Ticket, *, text: str, by: Actor, version: int | None = None) -> Ticket:
    """Take the citizen's answer to what a unit had asked (转达诉求人意见)."""
    check_length(text)
    with moving("respond", ticket, by=by, version=version, note=text) as move:
        _answer(move, Inquiry.Purpose.RELAY)
    return ticket


def propose_withdrawal(
    ticket: Ticket, *, question: str, by: User, version: int | None = None
) -> Ticket:
    """Ask the citizen to take the demand back (请诉求人撤单): only he himself can agree."""
    with moving("propose_withdrawal", ticket, by=by, version=version, note=question) as move:
        _put(move, Inquiry.Purpose.WITHDRAWAL, by)
    return ticket


def keep(ticket: Ticket, *, text: str, version: int | None = None) -> Ticket:
    """Take the citizen's refusal to withdraw (不同意撤单): the unit handles on."""
    check_length(text)
    with moving("keep", ticket, by=Party.CITIZEN, version=version, note=text) as move:
        _answer(move, Inquiry.Purpose.WITHDRAWAL, agreed=False)
    return ticket


def _put(move: Move, purpose: Inquiry.Purpose, by: User) -> None:
    if waiting(move.ticket, purpose).exists():
        raise WrongState("已经问过诉求人，正在等答复。")
    Inquiry.objects.create(
        ticket=move.ticket,
        purpose=purpose,
        question=move.note,
        department=department_of(by, move.ticket),
        by=by,
        at=move.at,
    )


def _answer(move: Move, purpose: Inquiry.Purpose, *, agreed: bool | None = None) -> None:
    open_one = waiting(move.ticket, purpose).first()
    if open_one is None:
        raise WrongState("现在没有等诉求人答复的问题。")
    open_one.answer, open_one.agreed, open_one.answered_at = move.note, agreed, move.at
    open_one.answered_by = move.by if isinstance(move.by, User) else None
    open_one.save()


def waiting(ticket: Ticket, purpose: str) -> QuerySet[Inquiry]:
    """The question of a purpose that waits for the citizen (待诉求人答复)."""
    return Inquiry.objects.filter(ticket=ticket, purpose=purpose, answered_at=None)


def keep_inquiries(now: datetime) -> int:
    """Remind who has not said what is missing, and end what waited too long; returns how many.

    The reminder comes on the last working day, once; the end is a 不予受理 that says why.
    """
    rows = Ticket.objects.filter(status=Status.PENDING_INFO)
    soon = end_of_nth_working_day(now, 1, city.calendar()).at
    late = rows.filter(due_at__lt=now).order_by("due_at")[:AT_ONCE]
    ended = sum(_lapse(ticket) for ticket in late)
    unreminded = rows.filter(
        due_at__gte=now, due_at__lte=soon, inquiries__answered_at=None, inquiries__reminded_at=None
    )
    return ended + sum(_remind(ticket) for ticket in unreminded[:AT_ONCE])


def _lapse(ticket: Ticket) -> bool:
    note = "您没有在期限内补充情况，这件诉求先行办结。补齐后可以重新提交，或拨打 12345。"
    try:
        decline(ticket, reason=Unfit.TOO_VAGUE, note=note, by=Party.SYSTEM, version=ticket.version)
    except (WrongState, Stale):  # answered a moment ago
        return False
    return True


def _remind(ticket: Ticket) -> bool:
    try:
        remind(ticket)
    except WrongState:  # answered a moment ago
        return False
    return True
