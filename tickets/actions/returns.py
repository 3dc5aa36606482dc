"""Tickets that a unit says are not its own: returned, decided on, and in the end designated."""

from collections.abc import Iterable

from django.utils import timezone

from accounts.models import Department, User
from city.models import Parameter
from city.selectors import number
from tickets.actions.dispatching import assign, void
from tickets.actions.duties import DutyContent, draft_duty
from tickets.actions.moves import Move, live_lead, moving, typed
from tickets.errors import Invalid, WrongState
from tickets.models import Assignment, Dispute, DutyItem, Return, Ticket
from tickets.workflow import Status


def send_back(
    ticket: Ticket,
    *,
    reason: str,
    by: User,
    code: str = Return.Code.NOT_OURS,
    basis: str = "",
    suggest: Department | None = None,
    version: int | None = None,
) -> Ticket:
    """Return a ticket as not the unit's duty (退单): once a unit, in time, unless designated."""
    with moving("send_back", ticket, by=by, version=version, note=reason) as move:
        row = move.ticket
        _check_right(row, move)
        if row.lead is None or code not in Return.Code.values:
            raise Invalid(code="请选择退单类别。")
        written = Return.objects.create(
            ticket=row,
            department=row.lead,
            code=code,
            reason=move.note,
            basis=typed(basis),
            suggested=suggest,
            by=by,
            at=move.at,
        )
        move.extra = {
            "code": written.get_code_display(),
            "basis": written.basis,
            "suggest": suggest.name if suggest else "",
        }
        live_lead(row).update(state=Assignment.State.RETURNING)
    return ticket


def _check_right(row: Ticket, move: Move) -> None:
    if row.return_due_at is None:
        raise WrongState("这件工单已指定办理或贵单位已退过，不能再退单，请先行办理。")
    if move.at > row.return_due_at:
        until = timezone.localtime(row.return_due_at)
        raise WrongState(f"退单申请期限是 {until:%m月%d日 %H:%M}，已过期，请先行办理。")


def decide_return(
    ticket: Ticket,
    *,
    accepted: bool,
    by: User,
    note: str,
    version: int | None = None,
) -> Ticket:
    """Decide on a return (退单裁决): accepted, it is dispatched anew; refused, handled.

    The clock has run on; only an accepted return voids it. After the third dispatch the
    coordinator designates.
    """
    with moving("decide_return", ticket, by=by, version=version, note=note) as move:
        row = move.ticket
        move.extra = {"accepted": accepted}
        waiting = Return.objects.filter(ticket=row, accepted=None)
        waiting.update(accepted=accepted, decision=move.note, decided_by=by, decided_at=move.at)
        if accepted:
            _accept_return(move)
        else:
            move.to = Status.PROCESSING
            row.signed_at = move.at
            live_lead(row).update(state=Assignment.State.HANDLING, signed_at=move.at)
    return ticket


def _accept_return(move: Move) -> None:
    row = move.ticket
    row.return_count += 1
    row.handle_due_at = row.return_due_at = None
    move.to = Status.PENDING_DISPATCH
    void(move)
    if row.dispatch_count >= number(Parameter.Name.DISPATCHES):
        move.to = Status.DISPUTING
        Dispute.objects.create(ticket=row, opened_at=move.at)


def designate(
    ticket: Ticket,
    *,
    by: User,
    note: str,
    to: Department | None = None,
    assisting: Iterable[Department] = (),
    as_duty: bool = False,
    version: int | None = None,
) -> Ticket:
    """Settle who handles a disputed ticket (指定办理), without a right to return it.

    Without a unit named the one that had it first leads (首接负责). With `as_duty` the outcome is
    proposed as a row of the duty list.
    """
    with moving("designate", ticket, by=by, version=version, note=note) as move:
        unit = to or _first_receiver(move.ticket)
        assign(move, unit, assisting)
        move.ticket.return_due_at = None
        duty = _propose(move, unit, assisting, by) if as_duty else None
        Dispute.objects.filter(ticket=move.ticket, settled_at=None).update(
            unit=unit, basis=move.note, settled_by=by, settled_at=move.at, duty=duty
        )
        move.extra |= {"duty": duty.key if duty else ""}
    return ticket


def _first_receiver(ticket: Ticket) -> Department:
    """The unit that said first that it is not its duty."""
    return Return.objects.select_related("department").filter(ticket=ticket)[0].department


def _propose(move: Move, unit: Department, assisting: Iterable[Department], by: User) -> DutyItem:
    row = move.ticket
    if row.category is None:
        raise Invalid(as_duty="工单还没有事项分类，不能提请列入派单目录。")
    content = DutyContent(
        category=row.category,
        department=unit,
        valid_from=timezone.localdate(move.at),
        region=row.region,
        assisting=tuple(assisting),
        basis=move.note[:200],
    )
    return draft_duty(content, by=by)
