"""What the events of a call add up to, in whatever order they arrive."""

import itertools
from typing import Any

import pytest

from hotline.calls.cti import BadEvent, NeutralEvent, parse, project


def raw(seq: int, kind: str, **data: Any) -> dict[str, Any]:
    return {
        "event_id": f"e{seq}",
        "type": kind,
        "occurred_at": f"2026-11-23T09:00:{seq:02d}+08:00",
        "source": "pbx1",
        "call_id": "pbx1-1",
        "seq": seq,
        "data": data,
    }


ANSWERED_CALL = [
    raw(1, "call.started", direction="inbound", **{"from": "13800001234", "to": "12345"}),
    raw(2, "call.queued", queue="hotline"),
    raw(3, "call.ringing", agent="8001"),
    raw(4, "call.answered", agent="8001", wait_ms=2100),
    raw(5, "call.agent_released", agent="8001", talk_ms=61_000),
    raw(6, "call.ended", outcome="answered", hangup_by="citizen"),
]


def events(raws: list[dict[str, Any]]) -> list[NeutralEvent]:
    return [parse(r) for r in raws]


def test_an_answered_call_has_its_agent_and_its_durations() -> None:
    state = project(events(ANSWERED_CALL))

    assert (state.status, state.agent_no, state.wait_ms, state.talk_ms) == (
        "wrap_up",
        "8001",
        2100,
        61_000,
    )
    assert state.hangup_by == "citizen"


def test_the_order_of_arrival_does_not_matter() -> None:
    expected = project(events(ANSWERED_CALL))

    states = [project(events(list(p))) for p in itertools.permutations(ANSWERED_CALL)]

    assert all(state == expected for state in states)


@pytest.mark.parametrize(("known", "status"), [(2, "queued"), (3, "ringing"), (4, "talking")])
def test_the_status_follows_the_call(known: int, status: str) -> None:
    assert project(events(ANSWERED_CALL[:known])).status == status


def test_a_call_that_nobody_took_is_missed() -> None:
    missed = [*ANSWERED_CALL[:3], raw(4, "call.ended", outcome="abandoned")]

    assert project(events(missed)).status == "missed"


def test_a_missed_ring_frees_the_agent() -> None:
    state = project(events([*ANSWERED_CALL[:3], raw(4, "call.missed", agent="8001")]))

    assert (state.status, state.agent_no) == ("queued", "")


def test_an_unknown_type_changes_nothing() -> None:
    extra = raw(7, "call.sang_a_song", tune="x")

    assert project(events([*ANSWERED_CALL, extra])) == project(events(ANSWERED_CALL))


@pytest.mark.parametrize("field", ["event_id", "type", "occurred_at", "source", "call_id"])
def test_an_event_without_a_needed_field_is_refused_by_name(field: str) -> None:
    broken = {k: v for k, v in ANSWERED_CALL[0].items() if k != field}

    with pytest.raises(BadEvent, match=field):
        parse(broken)


@pytest.mark.parametrize(
    "change",
    [
        {"occurred_at": "yesterday"},
        {"occurred_at": "2026-11-23T09:00:00"},
        {"seq": "x"},
        {"type": ""},
    ],
)
def test_an_event_with_a_wrong_value_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(BadEvent):
        parse({**ANSWERED_CALL[0], **change})
