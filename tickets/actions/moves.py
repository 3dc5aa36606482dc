"""The heart of every step: lock, check, change, keep the history, tell the others."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Department, User
from city.models import TimeLimit
from outbox.bus import publish
from tickets import deadlines, errors, policy
from tickets.actions import batches, clocks, history, oversight
from tickets.errors import Invalid, NotAllowed, Stale, WrongState
from tickets.events import TicketMoved
from tickets.models import Assignment, Entry, Ticket
from tickets.workflow import FINAL, HANDLED, PAUSED, STEPS, Party, Status, Step

OF_UNITS = frozenset({"sign", "contact", "handle", "redo", "return_request"})
"""Clocks that run by the calendar of the unit's region; the others by the city's."""
Actor = User | Party
QUIET = frozenset({"screen", "urge", "remind", "supervise"})
"""What the system does by itself without making the page out of date from which a person acts."""
NOT_TYPED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass
class Move:
    """One step in the making: the locked row, and what its history entry will say.

    `unit` is the one that acts where it is another than the lead.
    """

    ticket: Ticket
    step: Step
    by: Actor
    at: datetime
    to: Status
    note: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)
    unit: Department | None = None


@contextmanager
def moving(
    verb: str, ticket: Ticket, *, by: Actor, version: int | None = None, note: str = ""
) -> Iterator[Move]:
    """Do one step of the table on TICKET in one transaction.

    Raises Stale, WrongState, NotAllowed or Invalid before anything is changed. The ticket that the
    caller holds is brought up to date afterwards.
    """
    step, words = STEPS[verb], typed(note)
    with transaction.atomic():
        row = lock(ticket)
        _check(row, step, by, version, words)
        target = step.targets[0] if step.targets else Status(row.status)
        move = Move(row, step, by, timezone.now(), target, words)
        move.touched.update(units_of(row))
        held = batches.values(row)
        try:
            yield move
        except errors.Refusal:
            batches.put_back(row, held)  # in a batch the row lives on
            raise
        _finish(move, held)
    batches.put_back(ticket, batches.values(row))  # the caller's ticket is up to date, unasked


def typed(text: str) -> str:
    """Keep what a person typed: no NUL, which PostgreSQL refuses, nor other control characters."""
    return NOT_TYPED.sub("", text.replace("\r\n", "\n")).strip()


def lock(ticket: Ticket) -> Ticket:
    """Take the row for this transaction; in a batch it is taken already."""
    batch = batches.current()
    return batch.rows[ticket.pk] if batch else batches.locked([ticket]).get()


def _check(row: Ticket, step: Step, by: Actor, version: int | None, note: str) -> None:
    if version is not None and version != row.version and _matters(row, step, version):
        raise Stale(row.pk, version, row.version)
    if Status(row.status) not in step.sources:
        raise WrongState(f"工单目前是“{row.get_status_display()}”，不能{step.label}。")
    if not _allowed(row, step, by):
        raise NotAllowed(f"您的角色或单位不能对这件工单{step.label}。")
    if step.needs_note and not note:
        raise Invalid(note=f"请写明{step.label}的内容或理由。")


def _matters(row: Ticket, step: Step, seen: int) -> bool:
    """Tell whether what happened since a page was opened concerns who acts from it (页面过时).

    What the system settled or reminded of meanwhile does not, but for whoever settles the same.
    """
    since = Entry.objects.filter(ticket=row, version__gt=seen).values_list("step", "party")
    quiet = [verb in QUIET - {step.verb} and party == Party.SYSTEM.value for verb, party in since]
    return len(quiet) != row.version - seen or not all(quiet)


def _allowed(row: Ticket, step: Step, by: Actor) -> bool:
    if isinstance(by, Party):
        return policy.may_party(by, step)
    return policy.may_ever(by, step, row)


def live_turns(ticket: Ticket) -> QuerySet[Assignment]:
    """The turns of all units that have the ticket now (承办)."""
    return Assignment.objects.filter(ticket=ticket, voided_at=None)


def live_lead(ticket: Ticket) -> QuerySet[Assignment]:
    """The lead unit's live turn (主办)."""
    return live_turns(ticket).filter(part=Assignment.Part.LEAD)


def units_of(ticket: Ticket) -> list[int]:
    """The units that have a live turn at the ticket; none has before the first dispatch."""
    if not ticket.dispatch_count:
        return []
    return list(live_turns(ticket).values_list("department_id", flat=True))


def _finish(move: Move, held: dict[str, Any]) -> None:
    """Save what changed of the row, add the history entry, publish."""
    row, before = move.ticket, Status(held["status"])
    if move.to != before:
        change_state(row, before, move.to, move.at)
    if (row.due_at, row.due_kind) != (held["due_at"], held["due_kind"]):
        clocks.watch(row, move.at)
    row.status = move.to
    row.version += 1
    took = int((move.at - row.moved_at).total_seconds())
    row.moved_at = move.at
    entry = entry_of(move, before, max(0, took))
    history.seal(row, [entry])
    batch = batches.current()
    if batch is None:
        batches.save_changes(row, held)
    move.touched.update(units_of(row))
    told = TicketMoved(
        ticket_id=row.pk,
        step=move.step.verb,
        version=row.version,
        from_status=before,
        to_status=move.to,
        department_ids=tuple(sorted(move.touched)),
    )
    if batch is None:
        history.write([entry])
        publish(told)
    else:
        batch.entries.append(entry)
        batch.events.append(told)


def entry_of(move: Move, before: str, took_s: int) -> Entry:
    """Put the step as it goes into the history (流转记录); not yet sealed nor saved."""
    by = move.by
    return history.entered(
        ticket=move.ticket,
        step=move.step.verb,
        from_status=before,
        to_status=move.to,
        by=by if isinstance(by, User) else None,
        party=by.value if isinstance(by, Party) else "",
        department=move.unit or department_of(by, move.ticket),
        at=move.at,
        note=move.note,
        extra=move.extra,
        version=move.ticket.version,
        took_s=took_s,
    )


def department_of(by: Actor, ticket: Ticket) -> Department | None:
    """Name the unit that the actor speaks for: the ticket's own, if he belongs to it."""
    if isinstance(by, Party):
        return None
    units = by.departments
    if ticket.lead and any(ticket.lead.path.startswith(unit.path) for unit in units):
        return ticket.lead
    return units[0] if units else None


def change_state(row: Ticket, before: Status, to: Status, at: datetime) -> None:
    """Follow a change of state: clocks that stood still go on, others stop, the new one starts."""
    clocks.leave(row, before, to, at)
    if to in FINAL and row.supervise_level:
        oversight.end(row, at, oversight.OVER)
    if before in PAUSED and to in HANDLED:
        clocks.go_on(row, to)
        return
    set_clock(row, to, at)
    if to == Status.REDO:
        clocks.redo(row, at)


def set_clock(row: Ticket, status: Status, at: datetime) -> None:
    """Start the clock of the new state; the unit's handling clock runs on from dispatch."""
    clock = deadlines.CLOCK_OF_STATUS.get(status)
    if status in FINAL or clock is None:
        row.due_at, row.due_kind, row.due_provisional = None, "", False
    elif clock == TimeLimit.Clock.HANDLE:
        clocks.go_on(row, status)
    elif clock == deadlines.PROMISE:
        clocks.await_promise(row)
    else:
        due = due_for(row, clock, at)
        row.due_at, row.due_kind, row.due_provisional = due.at, due.kind, due.provisional
        if clock == TimeLimit.Clock.REDO:
            row.handle_due_at, row.handle_provisional = due.at, due.provisional


def due_for(row: Ticket, clock: str, at: datetime) -> deadlines.Due:
    """Say when CLOCK runs out for this ticket under the limits in force at AT."""
    unit = row.lead if clock in OF_UNITS else None
    return deadlines.due(clock, at, clocks.limit_of(row, clock, at), clocks.calendar_of(unit))
