"""What a unit asks for when a matter takes long: more days, or a promised day; who decides."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from django.utils import timezone

from accounts.models import User
from city import selectors as city
from city.models import Parameter
from tickets import deadlines, policy
from tickets.actions import clocks
from tickets.actions.attaching import attach
from tickets.actions.moves import Actor, Move, moving, typed
from tickets.errors import Invalid, WrongState
from tickets.models import Assignment, Attachment, Awaits, Extension, Promise, Ticket
from tickets.workflow import Status

Request = TypeVar("Request", Extension, Promise)


def extend(
    ticket: Ticket,
    *,
    days: int,
    note: str,
    told: str,
    by: User,
    proofs: Sequence[str] = (),
    version: int | None = None,
) -> Ticket:
    """Ask for more working days (申请延期), in time, with how the citizen was told.

    Few days are decided on in the unit, many days, or what its auditor asks for, by supervision.
    """
    with moving("extend", ticket, by=by, version=version, note=note) as move:
        row = move.ticket
        most = city.number(Parameter.Name.EXTENSION_DAYS, at=move.at)
        if not 1 <= days <= most:
            raise Invalid(days=f"延期为 1 至 {most} 个工作日。")
        if reason := policy.why_not_extend(row, move.at):
            raise WrongState(reason)
        Extension.objects.create(**_asking(move, told, by), days=days)
        row.awaits = clocks.level(row, days, by)
        _prove(move, proofs, by)
        move.extra |= {"days": days}
    return ticket


def _asking(move: Move, told: str, by: User) -> dict[str, object]:
    words = typed(told)
    if not words:
        raise Invalid(told="请写明何时、以何种方式告知了诉求人。")
    common = {"ticket": move.ticket, "department": move.ticket.lead, "reason": move.note}
    return common | {"told": words, "by": by, "at": move.at}


def _prove(move: Move, proofs: Sequence[str], by: User) -> None:
    brought = attach(move.ticket, proofs, by=by, stage=Attachment.Stage.CONTACT)
    if brought:
        move.extra = {"attachments": brought}


def decide_extension(
    ticket: Ticket, *, accepted: bool, note: str, by: User, version: int | None = None
) -> Ticket:
    """Decide on an extension (延期审批): accepted, the days are added to the unit's limit."""
    with moving("decide_extension", ticket, by=by, version=version, note=note) as move:
        row = move.ticket
        if row.awaits not in {Awaits.EXTENSION, Awaits.LONG_EXTENSION}:
            raise WrongState("这件工单没有待审批的延期申请。")
        asked = _decide(move, Extension.objects.get(ticket=row, accepted=None), accepted, by)
        if accepted:
            _lengthen(move, asked)
        move.extra |= {"granted": accepted, "days": asked.days}
    return ticket


def _lengthen(move: Move, granted: Extension) -> None:
    row = move.ticket
    for turn in clocks.live(row).filter(part=Assignment.Part.LEAD):
        clocks.lengthen(row, turn, granted.days)
        turn.save(update_fields=["due_at"])
    row.extension_count += 1
    clocks.go_on(row, Status(row.status))


def promise(
    ticket: Ticket,
    *,
    code: str,
    promised_on: date,
    note: str,
    told: str,
    by: User,
    proofs: Sequence[str] = (),
    version: int | None = None,
) -> Ticket:
    """Ask to be done by a promised day (承诺办理), with a plan and how the citizen was told."""
    with moving("promise", ticket, by=by, version=version, note=note) as move:
        row = move.ticket
        if row.awaits:
            raise WrongState(f"这件工单已有申请（{row.get_awaits_display()}），请等待审批。")
        if code not in Promise.Code.values:
            raise Invalid(code="请选择承诺办理的原因。")
        _check_day(promised_on, move)
        made = Promise.objects.create(
            **_asking(move, told, by), code=Promise.Code(code), promised_on=promised_on
        )
        row.awaits = Awaits.PROMISE
        _prove(move, proofs, by)
        move.extra |= {"reason": made.get_code_display(), "promised": promised_on.isoformat()}
    return ticket


def _check_day(day: date, move: Move) -> None:
    months = city.number(Parameter.Name.PROMISE_MONTHS, at=move.at)
    today = timezone.localdate(move.at)
    if not today < day <= deadlines.months_later(today, months):
        raise Invalid(promised_on=f"承诺日期应在明天以后、{months} 个月以内。")


def suspend(
    ticket: Ticket, *, accepted: bool, note: str, by: User, version: int | None = None
) -> Ticket:
    """Decide on a promise (挂起审批): accepted, the clocks stand still until the promised day."""
    with moving("suspend", ticket, by=by, version=version, note=note) as move:
        row = move.ticket
        if row.awaits != Awaits.PROMISE:
            raise WrongState("这件工单没有待审批的承诺办理申请。")
        asked = _decide(move, Promise.objects.get(ticket=row, accepted=None), accepted, by)
        move.to = Status.SUSPENDED if accepted else Status(row.status)
        if accepted:
            row.promised_on = asked.promised_on
            Promise.objects.filter(pk=asked.pk).update(noted_at=move.at)
        move.extra = {"granted": accepted, "promised": asked.promised_on.isoformat()}
    return ticket


def _decide(move: Move, asked: Request, accepted: bool, by: User) -> Request:
    asked.accepted, asked.decision = accepted, move.note
    asked.decided_by, asked.decided_at = by, move.at
    asked.save()
    move.ticket.awaits = ""
    return asked


def note_progress(ticket: Ticket, *, note: str, by: User, version: int | None = None) -> Ticket:
    """Note how far a promised matter is (填报进展); once a month, or it is resumed."""
    with moving("note_progress", ticket, by=by, version=version, note=note) as move:
        Promise.objects.filter(ticket=move.ticket, accepted=True, ended_at=None).update(
            noted_at=move.at
        )
    return ticket


def resume(ticket: Ticket, *, note: str, by: Actor, version: int | None = None) -> Ticket:
    """Let the clocks go on with what was left (恢复办理)."""
    with moving("resume", ticket, by=by, version=version, note=note) as move:
        move.to = clocks.stopped_before(move.ticket)
    return ticket
