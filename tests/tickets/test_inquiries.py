"""What is missing is asked for, a unit asks through the hotline, nobody is made to withdraw."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Role, User
from city.models import Parameter, TimeLimit
from tests.factories import Units, make_user
from tests.tickets.steps import NOTE, TRY, UNHAPPY, accepted
from tickets import actions, errors, policy, selectors
from tickets.assessment.answers import of_month
from tickets.models import Inquiry, Source, Ticket
from tickets.workflow import STEPS, Party, Status

MONDAY = "2026-11-16 09:30 +0800"


@pytest.fixture
def asked(units: Units, reviewer: User) -> Ticket:
    made = accepted("灯坏了。")
    actions.screen(made, by=Party.SYSTEM)
    return actions.ask(made, question="请问是哪个小区、哪一栋？", by=reviewer)


@pytest.fixture
def handled(units: Units, dispatcher: User, signer: User) -> Ticket:
    """A confidential ticket that 市住建局 handles."""
    made = actions.accept(
        text="我叫王小明，电话13812345678，隔壁工地半夜施工。",
        source=Source.WEB,
        by=Party.CITIZEN,
        name="王小明",
        phone="13812345678",
        kind="report",
    )
    actions.dispatch(made, to=units.housing, by=dispatcher)
    return actions.sign(made, by=signer)


def test_while_the_citizen_is_asked_no_other_clock_runs_and_then_it_goes_on_where_it_was(
    asked: Ticket, units: Units, dispatcher: User
) -> None:
    assert asked.status == Status.PENDING_INFO
    assert (asked.due_kind, asked.handle_due_at) == (TimeLimit.Clock.INFO, None)
    assert selectors.asked_of(asked)["missing"].question == "请问是哪个小区、哪一栋？"

    actions.inform(asked, text="望河花园3栋", by=Party.CITIZEN)

    assert (asked.status, asked.due_at) == (Status.PENDING_DISPATCH, None)
    assert Inquiry.objects.get().answer == "望河花园3栋"
    assert selectors.asked_of(asked) == {}
    actions.dispatch(asked, to=units.housing, by=dispatcher)
    assert asked.handle_due_at
    assert asked.handle_due_at > timezone.now()


def test_who_is_asked_at_once_is_matched_after_he_answered_an_agent(
    units: Units, agent: User
) -> None:
    ticket = actions.ask(accepted("灯坏了。"), question="在哪里？", by=agent)

    actions.inform(ticket, text="望河花园", by=agent)

    assert ticket.status == Status.PENDING_REVIEW
    assert Inquiry.objects.get().answered_by == agent


def test_he_is_reminded_once_and_let_go_after_five_working_days(
    units: Units, reviewer: User
) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        ticket = actions.ask(accepted("灯坏了。"), question="在哪里？", by=reviewer)
        assert actions.keep_inquiries(timezone.now()) == 0
        clock.shift(timedelta(days=6))

        assert actions.keep_inquiries(timezone.now()) == 1
        assert actions.keep_inquiries(timezone.now()) == 0
        clock.shift(timedelta(days=3))
        assert actions.keep_inquiries(timezone.now()) == 1

    ticket.refresh_from_db()
    told = selectors.progress(ticket)
    assert ticket.status == Status.NOT_ACCEPTED
    assert "先行办结" in told.reply
    assert "提醒您补充情况" in [station.label for station in told.timeline]


def test_a_question_is_asked_by_the_hotline_only_and_with_words(
    units: Units, stranger: User, agent: User
) -> None:
    ticket = accepted()

    with pytest.raises(errors.NotAllowed):
        actions.ask(ticket, question="在哪里？", by=stranger)
    with pytest.raises(errors.Invalid):
        actions.ask(ticket, question=" ", by=agent)
    with pytest.raises(errors.WrongState):
        actions.inform(ticket, text="望河花园", by=Party.CITIZEN)


def test_a_unit_asks_a_confidential_citizen_through_the_hotline(
    handled: Ticket, handler: User, callback: User, stranger: User
) -> None:
    actions.relay(handled, question="几点最吵？", by=handler)

    assert [each.ticket for each in selectors.relays(callback)] == [handled]
    assert list(selectors.relays(stranger)) == []
    with pytest.raises(errors.WrongState):
        actions.relay(handled, question="还有吗？", by=handler)
    actions.respond(handled, text="夜里十一点，找我王小明", by=callback)

    hide = policy.veil_of(handler, handled)
    assert hide(Inquiry.objects.get().answer) == "夜里十一点，找我王**"
    assert list(selectors.relays(callback)) == []
    with pytest.raises(errors.WrongState):
        actions.respond(handled, text="夜里十一点", by=callback)


def test_the_unit_of_a_ticket_that_is_not_confidential_calls_by_itself(
    units: Units, dispatcher: User, signer: User, handler: User
) -> None:
    ticket = actions.dispatch(accepted(), to=units.housing, by=dispatcher)
    actions.sign(ticket, by=signer)

    assert not policy.may(handler, STEPS["relay"], ticket)
    with pytest.raises(errors.WrongState):
        actions.relay(ticket, question="在哪里？", by=handler)


def test_a_unit_cannot_make_a_citizen_withdraw(
    handled: Ticket, handler: User, agent: User, units: Units
) -> None:
    for by in (handler, make_user(Role.SIGNER, units.housing)):
        with pytest.raises(errors.NotAllowed):
            TRY["withdraw"](handled, by, units)
    actions.propose_withdrawal(handled, question="已停工，请撤单", by=handler)

    with pytest.raises(errors.WrongState):
        actions.withdraw(handled, reason="单位说他同意了", by=agent)
    assert not policy.may(agent, STEPS["withdraw"], handled)
    actions.keep(handled, text="昨晚又施工了")

    assert handled.status == Status.PROCESSING
    assert Inquiry.objects.get().agreed is False
    actions.propose_withdrawal(handled, question="确已停工，请撤单", by=handler)
    actions.withdraw(handled, reason="确已停工", by=Party.CITIZEN)
    assert handled.status == Status.WITHDRAWN
    assert Inquiry.objects.latest("id").agreed is True


def test_what_was_withdrawn_does_not_count_in_the_three_rates(
    units: Units,
    dispatcher: User,
    signer: User,
    handler: User,
    auditor: User,
    reviewer: User,
    callback: User,
) -> None:
    ticket = actions.dispatch(accepted(), to=units.housing, by=dispatcher)
    actions.sign(ticket, by=signer)
    for verb, by in (("reply", handler), ("release", auditor), ("review", reviewer)):
        TRY[verb](ticket, by, units)
    actions.call_back(ticket, outcome="reached", by=callback, **UNHAPPY)
    assert of_month(Ticket.objects.all(), timezone.now()).rates.answered == 1

    actions.withdraw(ticket, reason="不用办了", by=Party.CITIZEN)

    assert of_month(Ticket.objects.all(), timezone.now()).rates.answered == 0


def test_merged_child_withdrawn(units: Units, dispatcher: User) -> None:
    master, child = accepted(), accepted(phone="13912345678")
    actions.merge(child, into=master, note=NOTE, by=dispatcher)

    actions.withdraw(child, reason="我这边好了", by=Party.CITIZEN)

    master.refresh_from_db()
    assert (child.status, master.status) == (Status.WITHDRAWN, Status.PENDING_REVIEW)
    actions.follow_masters([master.pk])
    child.refresh_from_db()
    assert child.status == Status.WITHDRAWN


def test_the_citizen_urges_once_in_so_many_days_and_every_time_is_counted(
    units: Units, agent: User
) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        every = Parameter.Name.URGE_DAYS
        Parameter.objects.create(name=every, amount=3, valid_from=timezone.localdate())
        ticket = accepted()
        actions.urge(ticket, by=Party.CITIZEN)
        actions.urge(ticket, by=agent)
        clock.shift(timedelta(days=2))
        with pytest.raises(errors.Invalid, match="11月19日"):
            actions.urge(ticket, by=Party.CITIZEN)
        clock.shift(timedelta(days=1))
        actions.urge(ticket, by=Party.CITIZEN)

    assert ticket.urge_count == 3
