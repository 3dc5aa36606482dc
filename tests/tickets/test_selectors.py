"""What people read of tickets: their own work, the citizen's progress, and nothing of others."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from tests.factories import Units
from tickets import actions, selectors
from tickets.models import Source, Ticket
from tickets.numbers import looks_like_number, query_code
from tickets.workflow import Party

PHONE = "13812345678"


@pytest.fixture
def ticket(units: Units) -> Ticket:
    return actions.accept(
        text="柳林社区门口井盖松动，夜里车压过去很响。",
        source=Source.WEB,
        by=Party.CITIZEN,
        phone=PHONE,
        title="井盖松动",
    )


@pytest.fixture
def dispatched(ticket: Ticket, units: Units, dispatcher: User) -> Ticket:
    return actions.dispatch(ticket, to=units.housing, by=dispatcher)


def test_a_number_is_well_formed_and_its_code_opens_the_ticket(ticket: Ticket) -> None:
    assert looks_like_number(ticket.number)
    assert selectors.find_by_query_code(ticket.number, query_code(ticket.number)) == ticket


@pytest.mark.parametrize("code", ["", "AAAAAAAA", "密码", "x" * 500])
def test_a_wrong_code_opens_nothing(ticket: Ticket, code: str) -> None:
    assert selectors.find_by_query_code(ticket.number, code) is None


def test_progress_names_the_unit_and_no_staff(dispatched: Ticket, dispatcher: User) -> None:
    seen = selectors.progress(dispatched)

    assert [(s.label, s.department) for s in seen.timeline] == [
        ("诉求已受理", ""),
        ("已派往承办单位", "云江市住房和城乡建设局"),
    ]
    assert seen.due_on is not None
    assert str(dispatcher) not in repr(seen)


def test_a_unit_counts_its_own_work_and_a_stranger_counts_nothing(
    dispatched: Ticket, signer: User, stranger: User
) -> None:
    now = timezone.now()
    assert selectors.pressing_of(selectors.work_of(signer), now).total == 1
    assert selectors.pressing_of(selectors.work_of(stranger), now).total == 0
    assert set(selectors.counts(stranger).values()) == {(0, 0)}


def test_the_counts_of_all_work_lists_are_one_query(
    dispatched: Ticket, dispatcher: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert dispatcher.roles

    with django_assert_num_queries(1):
        assert selectors.counts(dispatcher)["to_dispatch"] == (0, 0)


def test_a_caller_finds_his_open_tickets_by_his_number(ticket: Ticket, agent: User) -> None:
    assert selectors.open_of_phone("138-1234-5678", agent) == [ticket]
    assert selectors.earlier_of_phone(PHONE, agent) == []
    assert selectors.open_of_phone("不是号码", agent) == []


def test_what_happened_since_a_version_is_listed(dispatched: Ticket, signer: User) -> None:
    seen = dispatched.version
    actions.sign(dispatched, by=signer)

    assert [e.step for e in selectors.entries_since(dispatched, seen)] == ["sign"]


def test_the_history_names_steps_and_actors(dispatched: Ticket, dispatcher: User) -> None:
    story = selectors.history(dispatched)

    assert [selectors.step_label(entry) for entry in story] == ["受理", "派单"]
    assert [selectors.actor_label(entry) for entry in story] == ["诉求人", str(dispatcher)]


def test_near_due_is_the_end_of_the_next_working_day(dispatched: Ticket) -> None:
    friday = datetime(2026, 11, 20, 11, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    monday_evening = friday.replace(day=23, hour=17, minute=30)
    rows = Ticket.objects.all()

    Ticket.objects.update(due_at=monday_evening)
    assert list(selectors.near_due(rows, friday)) == [dispatched]
    assert list(selectors.overdue(rows, friday)) == []
    Ticket.objects.update(due_at=monday_evening + timedelta(minutes=1))
    assert list(selectors.near_due(rows, friday)) == []
    assert list(selectors.overdue(rows, friday + timedelta(days=4))) == [dispatched]


def test_a_reply_is_shown_to_the_citizen_only_when_the_hotline_let_it_out(
    dispatched: Ticket,
    signer: User,
    handler: User,
    auditor: User,
    reviewer: User,
) -> None:
    answer = "经现场核查，井盖已于当日更换完毕。"
    actions.sign(dispatched, by=signer)
    actions.reply(
        dispatched, text=answer, internal="内部意见", result="solved", contacted=True, by=handler
    )
    actions.release(dispatched, by=auditor)
    assert selectors.progress(dispatched).reply == ""

    actions.review(dispatched, by=reviewer)

    seen = selectors.progress(dispatched)
    assert seen.reply == answer
    assert "内部意见" not in repr(seen)
