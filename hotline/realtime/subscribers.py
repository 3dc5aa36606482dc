"""Which events reach which pages."""

from collections import defaultdict
from collections.abc import Sequence

from accounts.models import Department
from hotline.calls.events import CallMoved
from hotline.realtime import groups
from hotline.realtime.push import push_all
from outbox.bus import subscribe
from outbox.events import NoticesWritten
from tickets.events import CardsShown, TicketMoved


@subscribe(TicketMoved, name="realtime.ticket_moved", queue="live")
def show_moves(events: Sequence[TicketMoved]) -> None:
    """Tell the pages on which the tickets stood or now stand; one message a group and step."""
    units = Department.objects.in_bulk({pk for event in events for pk in event.department_ids})
    told: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for event in events:
        concerned = [units[pk] for pk in event.department_ids if pk in units]
        states = (event.from_status, event.to_status)
        for group in groups.of_move(event.ticket_id, concerned, *states):
            told[group, event.step].add(event.ticket_id)
    push_all(
        [(group, _message(sorted(ids), step)) for (group, step), ids in told.items()]
        + [(groups.progress(event.ticket_id), _message([], "")) for event in events]
    )


@subscribe(CardsShown, name="realtime.cards_shown", queue="live")
def show_cards(events: Sequence[CardsShown]) -> None:
    """Tell the units' lists, the tickets' pages and the board of new cards (红黄牌)."""
    units = Department.objects.in_bulk({pk for event in events for pk in event.department_ids})
    told: defaultdict[str, set[int]] = defaultdict(set)
    for event in events:
        concerned = [units[pk] for pk in event.department_ids if pk in units]
        lists = {groups.SUPERVISION, *groups.units_above(concerned)}
        for pk in event.ticket_ids:
            for group in {groups.ticket(pk), *lists}:
                told[group].add(pk)
    push_all([(group, _message(sorted(ids), "card")) for group, ids in told.items()])


@subscribe(CallMoved, name="realtime.call_moved", queue="live")
def show_calls(events: Sequence[CallMoved]) -> None:
    """Tell the desk at which a call rings, talks or ends (来电弹屏)."""
    told = {(event.agent_id, event.call_id): event.status for event in events if event.agent_id}
    push_all(
        [
            (groups.agent(agent), {"topic": "call", "ids": [call], "step": status})
            for (agent, call), status in told.items()
        ]
    )


@subscribe(NoticesWritten, name="realtime.notices_written", queue="live")
def ring(events: Sequence[NoticesWritten]) -> None:
    """Tell the pages of those who have something new to read (通知)."""
    people = {pk for event in events for pk in event.user_ids}
    message = {"topic": "notice", "ids": [], "step": ""}
    push_all([(groups.person(pk), message) for pk in sorted(people)])


def _message(ids: list[int], step: str) -> dict[str, object]:
    return {"topic": "ticket", "ids": ids, "step": step}
