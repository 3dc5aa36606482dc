"""A telephone system that is played (模拟来电): it speaks the same neutral events as a real one."""

import uuid
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from hotline.calls import actions
from hotline.calls.cti import SCHEMA
from hotline.calls.models import Call

SOURCE = "simulator"
QUEUE = "hotline"
HOTLINE = "12345"


def ring(number: str, agent: User) -> Call:
    """Let NUMBER call the hotline and ring at AGENT; raise CallRefused where there is no agent."""
    actions.check_agent(agent)
    call_id = f"sim-{uuid.uuid4().hex}"
    now = timezone.now()
    leg = {"agent": agent.agent_no, "leg_id": f"{call_id}.1", "queue": QUEUE}
    calls = actions.receive(
        [
            _event(
                call_id,
                1,
                "call.started",
                now,
                {"direction": "inbound", "from": number, "to": HOTLINE},
            ),
            _event(call_id, 2, "call.queued", now, {"queue": QUEUE, "position": 1, "waiting": 1}),
            _event(call_id, 3, "call.ringing", now, leg),
        ]
    )
    return calls[0]


def answer(call: Call, *, by: User) -> None:
    """Connect the ringing call to the agent (接听)."""
    if call.status != Call.Status.RINGING or call.agent_id != by.pk:
        raise actions.CallRefused("这通电话已经不在振铃，可能已被接听或来电人已挂断。")
    now = timezone.now()
    wait_ms = _ms(call.started_at, now)
    data = {"agent": by.agent_no, "leg_id": f"{call.call_id}.1", "queue": QUEUE}
    actions.receive([_event(call.call_id, 4, "call.answered", now, data | {"wait_ms": wait_ms})])


def hold(call: Call, *, by: User) -> None:
    """Let the citizen wait (保持), so that the agent may take another call."""
    if call.status != Call.Status.TALKING or call.agent_id != by.pk:
        raise actions.CallRefused("只有您正在通话的电话可以保持。")
    actions.receive([_next(call, "call.held")])


def retrieve(call: Call, *, by: User) -> None:
    """Speak to the citizen again who waits (取回)."""
    if call.status != Call.Status.HELD or call.agent_id != by.pk:
        raise actions.CallRefused("这通电话已不在保持中，来电人可能已挂断。")
    actions.receive([_next(call, "call.retrieved")])


def _next(call: Call, kind: str) -> dict[str, Any]:
    """Say one thing more of a call, which may be said of it several times."""
    said = _event(call.call_id, len(actions.events_of(call)) + 1, kind, timezone.now(), {})
    return said | {"event_id": f"{call.call_id}-{kind}-{said['seq']}"}


def hang_up(call: Call, *, by: User) -> None:
    """End the call (挂断), for the agent who talks or whom it rings."""
    if call.agent_id != by.pk or call.ended_at:
        raise actions.CallRefused("这通电话已经结束。")
    now = timezone.now()
    talk_ms = _ms(call.answered_at, now) if call.answered_at else 0
    outcome = "answered" if call.answered_at else "agent_no_answer"
    released = {"agent": by.agent_no, "reason": "agent", "talk_ms": talk_ms}
    ended = {
        "outcome": outcome,
        "hangup_by": "agent",
        "duration_ms": _ms(call.started_at, now),
        "talk_ms": talk_ms,
    }
    events = [_event(call.call_id, 6, "call.ended", now, ended)]
    if call.answered_at:
        events.insert(0, _event(call.call_id, 5, "call.agent_released", now, released))
    actions.receive(events)


def _ms(start: datetime, end: datetime) -> int:
    return max(0, int((end - start).total_seconds() * 1000))


def _event(call_id: str, seq: int, kind: str, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "event_id": f"{call_id}-{seq}",
        "type": kind,
        "occurred_at": at.isoformat(),
        "source": SOURCE,
        "call_id": call_id,
        "seq": seq,
        "schema": SCHEMA,
        "data": data,
    }
