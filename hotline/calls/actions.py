"""The only writer of calls: events in, the agent's commands, what became of a call."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.fields import InvalidPhone, normalise_phone, phone_hash
from accounts.models import Role, User
from hotline.calls import nuisances
from hotline.calls.cti import CallState, NeutralEvent, parse, project
from hotline.calls.events import CallMoved
from hotline.calls.models import Call, CallEvent, Nuisance
from outbox.bus import publish
from tickets.models import Ticket


class CallRefused(Exception):
    """A command that this call or this agent does not allow; the text is for the agent."""


def receive(raws: Iterable[Mapping[str, Any]]) -> list[Call]:
    """Take in the phone system's events (接收通话事件), once each, and bring calls up to date.

    Raises cti.BadEvent before anything is stored when one of them cannot be read.
    """
    events = [parse(raw) for raw in raws]
    with transaction.atomic():
        fresh = [event for event in events if _store(event)]
        keys = dict.fromkeys((event.source, event.call_id) for event in fresh)
        return [_refresh(source, call_id) for source, call_id in keys]


def _store(event: NeutralEvent) -> bool:
    """Keep the event; tell whether it was new."""
    _, created = CallEvent.objects.get_or_create(
        source=event.source,
        event_id=event.event_id,
        defaults={
            "call_id": event.call_id,
            "type": event.type,
            "seq": event.seq,
            "occurred_at": event.occurred_at,
            "data": json.dumps(dict(event.data), ensure_ascii=False),
        },
    )
    return created


def _refresh(source: str, call_id: str) -> Call:
    """Project the call anew from all its events."""
    events = _events_of(source, call_id)
    state = project(events)
    call, _ = Call.objects.select_for_update().get_or_create(
        source=source, call_id=call_id, defaults={"started_at": events[0].occurred_at}
    )
    _apply(call, state)
    call.save()
    publish(CallMoved(call_id=call.pk, agent_id=call.agent_id or 0, status=call.status))
    return call


def events_of(call: Call) -> Sequence[NeutralEvent]:
    """Give all that the phone system said of a call (通话事件)."""
    return _events_of(call.source, call.call_id)


def _events_of(source: str, call_id: str) -> Sequence[NeutralEvent]:
    rows = CallEvent.objects.filter(source=source, call_id=call_id).order_by("occurred_at", "seq")
    return [
        NeutralEvent(
            event_id=row.event_id,
            type=row.type,
            occurred_at=row.occurred_at,
            source=row.source,
            call_id=row.call_id,
            seq=row.seq,
            data=json.loads(row.data),
        )
        for row in rows
    ]


def _apply(call: Call, state: CallState) -> None:
    call.direction = state.direction
    call.number, call.number_hash = _number(state.other_party)
    call.queue = state.queue
    call.agent = _agent(state.agent_no)
    call.started_at = state.started_at or call.started_at
    call.ringing_at = state.ringing_at
    call.answered_at = state.answered_at
    call.ended_at = state.ended_at
    call.wait_ms, call.talk_ms = state.wait_ms, state.talk_ms
    call.outcome, call.hangup_by = state.outcome, state.hangup_by
    if call.status != Call.Status.FINISHED:
        call.status = Call.Status(state.status)


def _number(raw: str) -> tuple[str, str]:
    """Give the number as it is kept and its hash; an anonymous caller has neither."""
    try:
        number = normalise_phone(raw)
    except InvalidPhone:
        return raw, ""
    return number, phone_hash(number)


def _agent(agent_no: str) -> User | None:
    return User.objects.filter(agent_no=agent_no).first() if agent_no else None


def finish(
    call: Call, *, disposition: str, by: User, ticket: Ticket | None = None, note: str = ""
) -> Call:
    """Say what became of the call (话后处置), ending its wrap-up; only its agent may."""
    with transaction.atomic():
        locked = Call.objects.select_for_update().get(pk=call.pk)
        if locked.agent_id != by.pk:
            raise CallRefused("这通电话不是由您接听的，不能登记处置结果。")
        locked.disposition = Call.Disposition(disposition)
        locked.ticket = ticket or locked.ticket
        locked.note = note
        if locked.status in {Call.Status.WRAP_UP, Call.Status.MISSED}:
            locked.status = Call.Status.FINISHED
        locked.save()
        publish(CallMoved(call_id=locked.pk, agent_id=by.pk, status=locked.status))
        return locked


def complete(call: Call, *, by: User) -> Call:
    """End the wrap-up (整理完毕) of a call of which it is known what became."""
    if not call.disposition:
        raise CallRefused("请先登记这通电话的处置结果：提交、直接答复、补充、转紧急或无效。")
    return finish(call, disposition=call.disposition, by=by, note=call.note)


def mark_nuisance(call: Call, *, reason: str, by: User) -> Nuisance | None:
    """Mark the caller as disturbing (标记骚扰), after a warning; another confirms it.

    Ends the call as 骚扰来电. A caller whose number is not shown cannot be listed: None.
    """
    if not reason.strip():
        raise CallRefused("请写明骚扰的情形和已作的劝告。")
    with transaction.atomic():
        finish(call, disposition=Call.Disposition.NUISANCE, by=by, note=reason[:200])
        if not call.number_hash:
            return None
        row, _ = Nuisance.objects.get_or_create(
            call=call,
            defaults={
                "number": call.number,
                "number_hash": call.number_hash,
                "reason": reason.strip()[:200],
                "by": by,
                "at": timezone.now(),
            },
        )
        return row


def decide_nuisance(row: Nuisance, *, verb: str, note: str, by: User) -> Nuisance:
    """Confirm or refuse a mark, lift or uphold it on appeal (确认、移出): never one's own mark."""
    if not nuisances.may_decide(by) or row.by_id == by.pk:
        raise CallRefused("须由另一位班长（督办员）确认。")
    if not note.strip():
        raise CallRefused("请写明理由。")
    with transaction.atomic():
        locked = Nuisance.objects.select_for_update().get(pk=row.pk)
        fits = verb in (("confirm", "refuse") if locked.confirmed is None else ("lift", "uphold"))
        if not fits or locked.lifted_at or locked.confirmed is False:
            raise CallRefused("这条标记已由他人处理。")
        _decide(locked, verb, by)
        locked.note = f"{locked.note}\n{by}：{note.strip()[:200]}".strip()
        locked.save()
    return locked


def _decide(row: Nuisance, verb: str, by: User) -> None:
    now = timezone.now()
    if verb in {"confirm", "refuse"}:
        row.confirmed, row.decided_by, row.decided_at = verb == "confirm", by, now
        row.until = nuisances.expiry(now)
    elif verb == "lift":
        row.lifted_at = now
    row.appeal = ""


def appeal_nuisance(row: Nuisance, *, text: str, by: User) -> Nuisance:
    """Note that the caller objects to being listed (申诉); the shift leader decides anew."""
    if not by.has_role(Role.AGENT, Role.SUPERVISOR):
        raise CallRefused("只有热线人员可以登记申诉。")
    if not text.strip():
        raise CallRefused("请写明申诉的理由。")
    row.appeal = text.strip()[:200]
    row.save(update_fields=["appeal"])
    return row


def check_agent(agent: User) -> None:
    """Refuse phone commands to people without the agent's role (话务员)."""
    if not agent.has_role(Role.AGENT) or not agent.agent_no:
        raise CallRefused("只有话务员可以接听电话，请用话务员账号登录。")
