"""The steps of what takes long, in a history in the making."""

from datetime import date, datetime
from typing import Any

from accounts.models import User
from tickets.actions import clocks
from tickets.backfill.past import Actor, Past
from tickets.models import Awaits, Extension, Promise
from tickets.workflow import Status


def promise(past: Past, at: datetime, by: User, code: str, on: date, note: str, told: str) -> None:
    """Ask to be done by a promised day (承诺办理)."""
    said = Promise.Code(code)
    past.promises.append(Promise(code=said, promised_on=on, **_asking(past, at, by, note, told)))
    past.ticket.awaits = Awaits.PROMISE
    extra = {"reason": said.label, "promised": on.isoformat()}
    past.step("promise", at, by, note=note, extra=extra)


def suspend(past: Past, at: datetime, by: User, note: str) -> None:
    """Grant the promise (挂起审批)."""
    asked = past.promises[-1]
    _grant(past, asked, at, by, note)
    asked.noted_at, past.ticket.promised_on = at, asked.promised_on
    extra = {"granted": True, "promised": asked.promised_on.isoformat()}
    past.step("suspend", at, by, note=note, extra=extra)


def note_progress(past: Past, at: datetime, by: User, note: str) -> None:
    """Note how far it is (填报进展)."""
    past.promises[-1].noted_at = at
    past.step("note_progress", at, by, note=note)


def resume(past: Past, at: datetime, by: Actor, note: str) -> None:
    """Let the clocks go on (恢复办理)."""
    past.step("resume", at, by, to=Status(past.stops[-1].before), note=note)


def extend(past: Past, at: datetime, by: User, days: int, note: str, told: str) -> None:
    """Ask for more working days (申请延期)."""
    past.extensions.append(Extension(days=days, **_asking(past, at, by, note, told)))
    past.ticket.awaits = clocks.level(past.ticket, days, by)
    past.step("extend", at, by, note=note, extra={"days": days})


def decide_extension(past: Past, at: datetime, by: User, note: str) -> None:
    """Grant the extension (延期审批)."""
    asked = past.extensions[-1]
    _grant(past, asked, at, by, note)
    clocks.lengthen(past.ticket, past.turn, asked.days)
    past.ticket.extension_count += 1
    clocks.go_on(past.ticket, Status(past.ticket.status))
    extra = {"granted": True, "days": asked.days}
    past.step("decide_extension", at, by, note=note, extra=extra)


def _asking(past: Past, at: datetime, by: User, note: str, told: str) -> dict[str, Any]:
    unit = past.ticket.lead
    return {"department": unit, "reason": note, "told": told, "by": by, "at": at}


def _grant(past: Past, asked: Promise | Extension, at: datetime, by: User, note: str) -> None:
    asked.accepted, asked.decision = True, note
    asked.decided_by, asked.decided_at = by, at
    past.ticket.awaits = ""
