"""Other limits for open tickets: tried first, applied in small steps, resumable, seen by nobody."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from city import actions as city
from city.models import TimeLimit
from tests.factories import Town, Units
from tests.tickets.steps import NOTE, TOLD, accepted
from tickets import actions, tasks
from tickets.actions import limits
from tickets.errors import NotAllowed, WrongState
from tickets.models import LimitChange, Ticket

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 16, 10, 0, tzinfo=SHANGHAI)


def moment(day: int, hour: int = 17, minute: int = 30) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def tickets(
    clock: time_machine.Traveller, units: Units, dispatcher: User, signer: User
) -> list[Ticket]:
    """Three 求助 of seven working days, two of them signed."""
    city.load_limits(from_day=date(2026, 1, 1))
    made = [actions.dispatch(accepted(), to=units.housing, by=dispatcher) for _ in range(3)]
    for ticket in made[:2]:
        actions.sign(ticket, by=signer)
    return made


def test_a_ticket_keeps_its_rule_when_the_row_is_edited_or_another_set_comes(
    tickets: list[Ticket], signer: User
) -> None:
    TimeLimit.objects.filter(clock="handle").update(amount=1)
    city.load_limits("济南型")

    actions.sign(tickets[2], by=signer)
    actions.recompute_provisional()

    assert tickets[2].due_at == moment(25)


def test_what_would_change_is_counted_and_nothing_is_changed(
    clock: time_machine.Traveller, tickets: list[Ticket], admin: User
) -> None:
    clock.move_to(moment(24, 9))

    change = actions.try_limits("济南型", by=admin)
    tasks.reckon_limits()

    change.refresh_from_db()
    assert (change.state, change.changed, change.overdue) == ("counted", 3, 3)
    assert set(Ticket.objects.values_list("handle_due_at", flat=True)) == {moment(25)}


def test_new_limits_are_applied_step_by_step_and_go_on_where_they_stood(
    tickets: list[Ticket],
    admin: User,
    handler: User,
    auditor: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "AT_ONCE", 1)
    actions.extend(tickets[0], days=2, note=NOTE, told=TOLD, by=handler)
    actions.decide_extension(tickets[0], accepted=True, note=NOTE, by=auditor)
    change = actions.try_limits("济南型", by=admin)
    tasks.reckon_limits()
    versions = list(Ticket.objects.values_list("version", flat=True))

    actions.apply_limits(change, by=admin)
    assert limits.reckon_limits(for_s=-1) == 1
    change.refresh_from_db()
    assert (change.state, change.seen, change.percent) == ("applying", 1, 33)
    tasks.reckon_limits()

    change.refresh_from_db()
    assert (change.state, change.changed, change.overdue) == ("done", 3, 0)
    for ticket in tickets:
        ticket.refresh_from_db()
    assert [t.handle_due_at for t in tickets] == [moment(25), moment(23), moment(23)]
    assert [t.due_at for t in tickets] == [moment(25), moment(23), moment(17)]
    assert [t.assignments.get().limit_preset for t in tickets] == ["济南型"] * 3
    assert list(Ticket.objects.values_list("version", flat=True)) == versions


def test_only_an_administrator_tries_and_applies_one_change_at_a_time(
    tickets: list[Ticket], admin: User, supervisor: User
) -> None:
    with pytest.raises(NotAllowed):
        actions.try_limits("济南型", by=supervisor)
    change = actions.try_limits("", by=admin)
    with pytest.raises(WrongState):
        actions.try_limits("上海型", by=admin)
    with pytest.raises(WrongState):
        actions.apply_limits(change, by=admin)
    tasks.reckon_limits()
    with pytest.raises(NotAllowed):
        actions.apply_limits(change, by=supervisor)

    change.refresh_from_db()
    assert (change.state, change.changed) == ("counted", 0)


def test_an_administrator_tries_and_applies_on_the_page_and_others_are_kept_out(
    client: Client, tickets: list[Ticket], admin: User, supervisor: User
) -> None:
    client.force_login(supervisor)
    assert client.get("/supervision/limits/").status_code == 403
    client.force_login(admin)
    client.post("/supervision/limits/try/", {"preset": "山东型"})
    assert "已有" not in client.get("/supervision/limits/").content.decode()
    tasks.reckon_limits()

    seen = client.get("/supervision/limits/").content.decode()
    client.post(f"/supervision/limits/{LimitChange.objects.get().pk}/apply/")
    tasks.reckon_limits()

    assert "会改变 3 件，其中 0 件将超期" in seen
    assert "已改变 3 件" in client.get("/supervision/limits/").content.decode()


def test_a_unit_works_by_the_days_of_its_region(
    clock: time_machine.Traveller, town: Town, units: Units, dispatcher: User
) -> None:
    city.save_calendar_day(date(2026, 11, 17), is_working=False, region=town.linxi)

    there = actions.dispatch(accepted(), to=units.linxi_housing, by=dispatcher)
    here = actions.dispatch(accepted(), to=units.nanping_urban, by=dispatcher)

    assert (there.due_at, here.due_at) == (moment(18), moment(17))
    assert there.handle_due_at == moment(26)
    assert here.handle_due_at == moment(25)
