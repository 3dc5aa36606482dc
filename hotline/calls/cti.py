"""Neutral telephone events, whatever PBX they come from, and the call that they add up to.

Pure: no rows, no clock. Events may come late, twice or out of order; the projection of a call is
made anew from all its events each time, so that the order of arrival does not matter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

SCHEMA = 1


class BadEvent(ValueError):
    """An event that lacks what every event must have; the text says what."""


@dataclass(frozen=True)
class NeutralEvent:
    """One fact from a telephone system, e.g. `call.ringing`; unknown types are kept and ignored."""

    event_id: str
    type: str
    occurred_at: datetime
    source: str
    call_id: str
    seq: int
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class CallState:
    """What a call's events add up to; times are aware, durations milliseconds."""

    direction: str = "inbound"
    number: str = ""
    dialled: str = ""
    queue: str = ""
    agent_no: str = ""
    started_at: datetime | None = None
    ringing_at: datetime | None = None
    answered_at: datetime | None = None
    released_at: datetime | None = None
    ended_at: datetime | None = None
    wait_ms: int = 0
    talk_ms: int = 0
    outcome: str = ""
    hangup_by: str = ""
    held: bool = False

    @property
    def other_party(self) -> str:
        """Give the citizen's number: who called the hotline, or whom it called."""
        return self.dialled if self.direction == "outbound" else self.number

    @property
    def status(self) -> str:
        """Name the phase of the call: queued, ringing, talking, held, wrap_up or missed."""
        if self.answered_at and not (self.ended_at or self.released_at):
            return "held" if self.held else "talking"
        if self.answered_at:
            return "wrap_up"
        if self.ended_at:
            return "missed"
        return "ringing" if self.ringing_at else "queued"


def parse(raw: Mapping[str, Any]) -> NeutralEvent:
    """Read one event of the contract; raise BadEvent naming the field that is wrong."""
    try:
        occurred_at = datetime.fromisoformat(str(raw["occurred_at"]))
        event = NeutralEvent(
            event_id=_word(raw, "event_id"),
            type=_word(raw, "type"),
            occurred_at=occurred_at,
            source=_word(raw, "source"),
            call_id=_word(raw, "call_id"),
            seq=int(raw.get("seq", 0)),
            data=dict(raw.get("data") or {}),
        )
    except KeyError as missing:
        raise BadEvent(f"missing field {missing.args[0]}") from missing
    except (TypeError, ValueError) as wrong:
        raise BadEvent(str(wrong)) from wrong
    if occurred_at.tzinfo is None:
        raise BadEvent("occurred_at has no time zone")
    return event


def _word(raw: Mapping[str, Any], name: str) -> str:
    value = raw[name]
    if not isinstance(value, str) or not 0 < len(value) <= 100:
        raise BadEvent(f"{name} must be a text of 1 to 100 characters")
    return value


def project(events: Sequence[NeutralEvent]) -> CallState:
    """Add up the events of one call, in the order in which they happened."""
    state = CallState()
    for event in sorted(events, key=lambda e: (e.occurred_at, e.seq)):
        reducer = _REDUCERS.get(event.type)
        if reducer:
            reducer(state, event)
    return state


def _started(state: CallState, event: NeutralEvent) -> None:
    state.started_at = event.occurred_at
    state.direction = str(event.data.get("direction", "inbound"))
    state.number = str(event.data.get("from", ""))
    state.dialled = str(event.data.get("to", ""))


def _queued(state: CallState, event: NeutralEvent) -> None:
    state.queue = str(event.data.get("queue", ""))


def _ringing(state: CallState, event: NeutralEvent) -> None:
    state.agent_no = str(event.data.get("agent", ""))
    state.ringing_at = event.occurred_at


def _missed(state: CallState, event: NeutralEvent) -> None:
    if not state.answered_at:
        state.ringing_at = None
        state.agent_no = ""


def _answered(state: CallState, event: NeutralEvent) -> None:
    state.agent_no = str(event.data.get("agent", state.agent_no))
    state.answered_at = event.occurred_at
    state.wait_ms = int(event.data.get("wait_ms", 0))


def _held(state: CallState, event: NeutralEvent) -> None:
    state.held = True


def _retrieved(state: CallState, event: NeutralEvent) -> None:
    state.held = False


def _released(state: CallState, event: NeutralEvent) -> None:
    state.released_at = event.occurred_at
    state.talk_ms = int(event.data.get("talk_ms", 0))


def _ended(state: CallState, event: NeutralEvent) -> None:
    state.ended_at = event.occurred_at
    state.outcome = str(event.data.get("outcome", ""))
    state.hangup_by = str(event.data.get("hangup_by", ""))


_REDUCERS = {
    "call.started": _started,
    "call.queued": _queued,
    "call.ringing": _ringing,
    "call.missed": _missed,
    "call.answered": _answered,
    "call.held": _held,
    "call.retrieved": _retrieved,
    "call.agent_released": _released,
    "call.ended": _ended,
}
