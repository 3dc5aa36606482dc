"""Other limits for open tickets: tried first, applied in small steps, resumable, seen by nobody."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from accounts import actions as accounts
from accounts.models import Department, Role, User
from city import actions as city
from city.models import TimeLimit
from city.selectors import calendar as city_calendar
from city.working_time import add_working_time, working_time_between
from tests.factories import Town, Units, make_user
from tests.tickets.steps import NOTE, TOLD, accepted
from tickets import actions, tasks
from tickets.actions import limits
from tickets.errors import NotAllowed, WrongState
from tickets.models import Assignment, LimitChange, Ticket

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


@pytest.fixture
def spread(
    clock: time_machine.Traveller, town: Town, units: Units, dispatcher: User
) -> dict[str, Assignment]:
    """A 投诉 of fifteen days: a lead, who assists, who was called in late, and two levels below."""
    city.load_limits(from_day=date(2026, 1, 1))
    street, district = make_user(Role.SIGNER, units.wanghe), make_user(Role.SIGNER, units.linxi)
    liulin = accounts.create_department(
        "ll", "柳林社区", kind=Department.Kind.COMMUNITY, region=town.liulin, parent=units.wanghe
    )
    ticket = accepted(kind="complaint")
    actions.dispatch(ticket, to=units.linxi, assisting=[units.urban, units.water], by=dispatcher)
    actions.sign(ticket, by=district)
    clock.move_to(moment(18, 10))
    actions.sub_dispatch(ticket, to=[units.wanghe], by=district)
    actions.receive(ticket, by=street)
    actions.sub_dispatch(ticket, to=[liulin], by=street)
    clock.move_to(moment(20, 10))
    actions.call_in(ticket, assisting=[units.housing], note=NOTE, by=dispatcher)
    return {turn.department.code: turn for turn in ticket.assignments.select_related("department")}


def test_turns_of_all_kinds_are_tried_and_moved_each_by_its_own_rule(
    spread: dict[str, Assignment], clock: time_machine.Traveller, units: Units, admin: User
) -> None:
    before = {code: turn.due_at for code, turn in spread.items()}
    water = make_user(Role.HANDLER, units.water)
    actions.receive(spread["gsgs"].ticket, by=water)
    actions.advise(spread["gsgs"].ticket, text="管道无破损，与供水无关。", by=water)

    change = actions.try_limits("济南型", by=admin)  # five days for 投诉
    tasks.reckon_limits()

    change.refresh_from_db()
    assert (change.changed, change.beside) == (1, 4)
    assert {turn.due_at for turn in Assignment.objects.all()} == set(before.values())
    actions.apply_limits(change, by=admin)
    tasks.reckon_limits()
    after = {turn.department.code: turn for turn in Assignment.objects.all()}
    assert after["lx"].due_at == moment(23)
    assert after["cgzf"].due_at == moment(19)  # two days ahead of the lead
    assert after["zj"].due_at == moment(23)  # called in on the 20th: no later than the lead
    assert after["gsgs"].due_at == before["gsgs"]  # has had its say
    whole = working_time_between(moment(18, 10), moment(23), city_calendar()).length
    below = add_working_time(moment(18, 10), whole * 0.8, city_calendar()).at
    assert after["lx-wh"].due_at == below
    assert moment(18, 10) < after["ll"].due_at < below
    assert after["cgzf"].limit_amount == 3
    change.refresh_from_db()
    assert (change.state, change.overdue, change.beside_overdue) == ("done", 0, 1)


def test_turns_that_stood_still_move_by_what_was_left_and_the_same_limits_move_none(
    spread: dict[str, Assignment],
    clock: time_machine.Traveller,
    units: Units,
    supervisor: User,
    admin: User,
) -> None:
    ticket, auditor = spread["lx"].ticket, make_user(Role.AUDITOR, units.linxi)
    ticket.refresh_from_db()
    actions.promise(
        ticket, code="works", promised_on=date(2026, 12, 20), note=NOTE, told=TOLD, by=auditor
    )
    actions.suspend(ticket, accepted=True, note=NOTE, by=supervisor)
    clock.move_to(moment(27, 10))
    actions.resume(ticket, note=NOTE, by=auditor)
    before = list(Assignment.objects.order_by("pk").values_list("due_at", flat=True))

    same = actions.try_limits("", by=admin)
    tasks.reckon_limits()
    other = actions.try_limits("济南型", by=admin)
    tasks.reckon_limits()
    actions.apply_limits(other, by=admin)
    tasks.reckon_limits()

    same.refresh_from_db()
    assert (same.changed, same.beside) == (0, 0)
    assert len(before) == 6
    turns = {turn.department.code: turn for turn in Assignment.objects.all()}
    assert turns["lx"].due_at == moment(30)  # 23rd, and five working days of standing still
    assert turns["cgzf"].due_at == moment(19)  # had run out before it stood still
    assert turns["zj"].due_at == moment(30)
    assert turns["ll"].due_at < turns["lx-wh"].due_at < turns["lx"].due_at


def test_a_unit_works_by_the_days_of_its_region(
    clock: time_machine.Traveller, town: Town, units: Units, dispatcher: User
) -> None:
    city.save_calendar_day(date(2026, 11, 17), is_working=False, region=town.linxi)

    there = actions.dispatch(accepted(), to=units.linxi_housing, by=dispatcher)
    here = actions.dispatch(accepted(), to=units.nanping_urban, by=dispatcher)

    assert (there.due_at, here.due_at) == (moment(18), moment(17))
    assert there.handle_due_at == moment(26)
    assert here.handle_due_at == moment(25)
