"""Lists of units beside a lead go by their own limit: order, numbers, filters, pages, figures."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from accounts.models import Role, User
from hotline.web.work import views
from tests.factories import Units, make_user
from tests.web.conftest import MakeTicket, SignIn
from tickets import actions, selectors
from tickets.assessment.board import board
from tickets.models import Ticket

TUESDAY = datetime(2026, 11, 17, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
SAID = "我单位已到现场看过，路面破损属实。"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TUESDAY, tick=False) as travel:
        yield travel


@pytest.fixture
def helper(units: Units) -> User:
    """A handler of 市城管局, which assists."""
    return make_user(Role.HANDLER, units.urban)


Assisted = list[Ticket]


@pytest.fixture
def assisted(
    make_ticket: MakeTicket, units: Units, dispatcher: User, signer: User, helper: User
) -> Assisted:
    """Three that 市城管局 assists, its own limit tomorrow, gone and today; the leads' otherwise."""
    now, own = timezone.now(), [timedelta(days=1), timedelta(hours=-2), timedelta(hours=2)]
    made = []
    for number, left in enumerate(own):
        ticket = make_ticket(f"第{number}件", phone=f"1381234567{number}")
        actions.dispatch(ticket, to=units.housing, assisting=[units.urban], by=dispatcher)
        actions.sign(ticket, by=signer)
        actions.receive(ticket, by=helper)
        due = now + timedelta(days=number - 1)
        Ticket.objects.filter(pk=ticket.pk).update(due_at=due, handle_due_at=due)
        ticket.assignments.filter(department=units.urban).update(due_at=now + left)
        made.append(ticket)
    return made


def rows(page: str) -> list[str]:
    return re.findall(r'data-row="(\d+)"', page)


def test_the_list_is_sorted_counted_and_narrowed_by_the_unit_s_own_limit(
    assisted: Assisted, helper: User, signer: User, handler: User, sign_in: SignIn
) -> None:
    numbers = [ticket.number for ticket in assisted]
    later, gone, today = numbers
    browser = sign_in(helper)

    page = browser.get("/worklist/?list=to_advise").content.decode()
    mixed = browser.get("/worklist/").content.decode()
    narrowed = {
        due: rows(browser.get(f"/worklist/?list=to_advise&due={due}").content.decode())
        for due in ("overdue", "today", "near")
    }

    assert rows(page) == rows(mixed) == [gone, today, later]
    assert narrowed == {"overdue": [gone], "today": [today], "near": [today, later]}
    pressing = selectors.pressing_of(selectors.work_of(helper, "to_advise"), timezone.now())
    assert (pressing.total, pressing.today, pressing.overdue) == (3, 1, 1)
    assert selectors.counts(helper)["to_advise"] == (3, 1)
    lead = sign_in(handler).get("/worklist/?list=to_handle").content.decode()
    assert rows(lead) == numbers  # who leads goes by the ticket's clock


def test_the_next_page_goes_on_by_the_own_limit_even_when_the_last_row_left(
    assisted: Assisted, helper: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "ROWS", 1)
    later, gone, today = (ticket.number for ticket in assisted)
    browser, found = sign_in(helper), list[str]()
    page = browser.get("/worklist/?list=to_advise").content.decode()

    while match := re.search(r'after=(\d+)"\s+rel="next"', page):
        found += rows(page)
        page = browser.get(f"/worklist/?list=to_advise&after={match[1]}").content.decode()
    found += rows(page)
    actions.advise(assisted[1], text=SAID, by=helper)
    second = browser.get(f"/worklist/?list=to_advise&after={assisted[1].pk}").content.decode()

    assert found == [gone, today, later]
    assert rows(second)[:1] != [gone]


def test_what_waits_to_be_received_goes_by_the_time_to_sign(
    make_ticket: MakeTicket, units: Units, dispatcher: User, helper: User, stranger: User
) -> None:
    ticket = make_ticket("待接收")
    actions.dispatch(ticket, to=units.housing, assisting=[units.urban], by=dispatcher)
    ticket.assignments.filter(department=units.urban).update(
        sign_due_at=timezone.now() - timedelta(minutes=1)
    )

    assert selectors.counts(helper)["to_receive"] == (1, 1)
    found = selectors.work_of(helper, "to_receive")
    assert list(selectors.by_clock(found, "overdue", timezone.now())) == [ticket]
    other = make_user(Role.HANDLER, units.linxi_urban)
    assert selectors.counts(other)["to_receive"] == (0, 0)


def test_units_beside_the_lead_are_judged_by_their_own_limit_in_the_figures(
    assisted: Assisted,
    clock: time_machine.Traveller,
    units: Units,
    helper: User,
    supervisor: User,
    sign_in: SignIn,
) -> None:
    actions.advise(assisted[1], text=SAID, by=helper)  # two hours late
    actions.advise(assisted[2], text=SAID, by=helper)  # in time
    clock.shift(timedelta(days=2))  # the third is late by now

    found = board(supervisor, timezone.now())

    (unit,) = found.punctual
    assert (unit.name, unit.due, unit.late) == (units.urban.name, 3, 2)
    assert unit.in_time == pytest.approx(100 / 3)
    assert (found.behind["due_to_advise"], found.behind["advised_late"]) == (3, 2)
    browser = sign_in(supervisor)
    assert "按时反馈" in browser.get("/supervision/").content.decode()
    listed = browser.get("/tickets/?figure=advised_late").content.decode()
    assert set(rows(listed)) == {assisted[0].number, assisted[1].number}


def test_the_turns_beside_a_lead_are_found_by_an_index(assisted: Assisted, helper: User) -> None:
    if connection.vendor == "postgresql":  # three rows are read through as they lie otherwise
        connection.cursor().execute("SET LOCAL enable_seqscan = off")

    plan = selectors.work_of(helper, "to_advise").explain()

    assert "assignment_beside" in plan
