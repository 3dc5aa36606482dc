"""What is added to a ticket on its way, and looks at who the citizen is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.actions import log_access
from accounts.models import User
from city.models import Parameter
from city.selectors import number
from tickets import policy
from tickets.actions.attaching import attach
from tickets.actions.dispatching import void
from tickets.actions.moves import Actor, Move, live_turns, moving
from tickets.errors import Invalid, NotAllowed, WrongState
from tickets.models import Assignment, Dispute, Inquiry, Return, Ticket
from tickets.workflow import Party, Unfit

MAX_REMARK = 10_000


@dataclass(frozen=True)
class Contact:
    """Who the citizen is, in clear."""

    name: str
    phone: str


def check_length(text: str) -> None:
    """Refuse words beyond what is kept (字数上限)."""
    if len(text) > MAX_REMARK:
        raise Invalid(text=f"内容最多 {MAX_REMARK} 字，您写了 {len(text)} 字。")


def supplement(
    ticket: Ticket,
    *,
    text: str,
    by: Actor,
    attachments: Sequence[str] = (),
    version: int | None = None,
) -> Ticket:
    """Add the citizen's further words and photos (补充)."""
    check_length(text)
    with moving("supplement", ticket, by=by, version=version, note=text) as move:
        if attachments:
            move.extra = {"attachments": attach(move.ticket, attachments, by=by)}
    return ticket


def urge(ticket: Ticket, *, by: Actor, note: str = "", version: int | None = None) -> Ticket:
    """Count and note that somebody asks to hurry (催办); the citizen himself now and then."""
    with moving("urge", ticket, by=by, version=version, note=note) as move:
        if by is Party.CITIZEN:
            _check_not_too_often(move)
        move.ticket.urge_count += 1
    return ticket


def _check_not_too_often(move: Move) -> None:
    """Let the citizen urge once in so many days (催办间隔)."""
    days = number(Parameter.Name.URGE_DAYS)
    own = move.ticket.entries.filter(step="urge", party=Party.CITIZEN.value).last()
    again = timezone.localdate(own.at) + timedelta(days=days) if own else None
    if again and timezone.localdate(move.at) < again:
        raise Invalid(note=f"已经催办过，承办单位已看到，{again:%m月%d日}起可以再催办。")


def withdraw(ticket: Ticket, *, reason: str, by: Actor, version: int | None = None) -> Ticket:
    """Take the demand back on the citizen's wish (撤单).

    Where a unit asked for it, only the citizen himself can (不得强制撤单).
    """
    with moving("withdraw", ticket, by=by, version=version, note=reason) as move:
        _consent(move)
        move.ticket.closed_at = move.at
        live_turns(move.ticket).update(state=Assignment.State.REPLIED)
    return ticket


def _consent(move: Move) -> None:
    """Keep that the citizen agreed to what the unit asked."""
    asked = move.ticket.inquiries.filter(purpose=Inquiry.Purpose.WITHDRAWAL, answered_at=None)
    unit = asked.select_related("department").first()
    if unit is None:
        return
    if move.by is not Party.CITIZEN:
        raise WrongState("承办单位已请诉求人撤单，须由诉求人凭查询码在网上确认。")
    move.extra = {"asked_by": str(unit.department)}
    asked.update(agreed=True, answered_at=move.at, answer=move.note)


def decline(
    ticket: Ticket, *, reason: str, note: str, by: Actor, version: int | None = None
) -> Ticket:
    """Not take the demand on (不予受理): the citizen reads the reason and the way to go."""
    if reason not in Unfit.values:
        raise Invalid(reason="请选择不予受理的原因。")
    with moving("decline", ticket, by=by, version=version, note=note) as move:
        void(move)
        _end(move)
        move.extra = {"reason": Unfit(reason).label}
        decider = by if isinstance(by, User) else None
        waiting = Return.objects.filter(ticket=move.ticket, accepted=None)
        move.ticket.return_count += waiting.update(
            accepted=True, decision=move.note, decided_by=decider, decided_at=move.at
        )
        disputes = Dispute.objects.filter(ticket=move.ticket, settled_at=None)
        disputes.update(basis=move.note, settled_by=decider, settled_at=move.at)
    return ticket


def invalidate(ticket: Ticket, *, note: str, by: User, version: int | None = None) -> Ticket:
    """Put aside what asks for nothing (标为无效): harassment, a test, an empty call."""
    with moving("invalidate", ticket, by=by, version=version, note=note) as move:
        _end(move)
    return ticket


def _end(move: Move) -> None:
    row = move.ticket
    row.closed_at = move.at
    row.handle_due_at = row.return_due_at = None


def reveal(ticket: Ticket, *, by: User, reason: str, ip: str | None = None) -> Contact:
    """Show who the citizen is (查看联系方式) and keep who looked and why."""
    if not policy.may_read(by, ticket) or not policy.may_see_contact(by, ticket):
        raise NotAllowed("您不能查看这件工单的联系方式。")
    if not reason.strip():
        raise Invalid(reason="请写明查看联系方式的理由，查看会被记录。")
    with transaction.atomic():
        log_access(by, "reveal", ticket, fields=("name", "phone"), reason=reason.strip(), ip=ip)
    return Contact(ticket.name, ticket.phone)
