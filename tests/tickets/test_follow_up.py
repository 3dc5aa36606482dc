"""After the unit's reply: rewriting, review, call-backs, the citizen's rating, redo, closing."""

from typing import Any

import pytest
import time_machine

from accounts.models import User
from tests.factories import Units
from tests.tickets.steps import HAPPY, REPLY, TRY, UNHAPPY, accepted
from tickets import actions, errors
from tickets.models import Assignment, CallbackAttempt, Reply, Ticket
from tickets.workflow import Party, Status

Road = list[tuple[str, User]]


@pytest.fixture
def road(dispatcher: User, signer: User, handler: User, auditor: User) -> Road:
    """The steps from acceptance to the released reply, with who does them."""
    return [("dispatch", dispatcher), ("sign", signer), ("reply", handler), ("release", auditor)]


def walk(road: Road, units: Units, **about: Any) -> Ticket:
    ticket = accepted(**about)
    for verb, by in road:
        TRY[verb](ticket, by, units)
    return ticket


@pytest.fixture
def released(road: Road, units: Units) -> Ticket:
    return walk(road, units)


@pytest.fixture
def reviewed(released: Ticket, reviewer: User) -> Ticket:
    return actions.review(released, by=reviewer)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": "已办。"}, "text"),
        ({"text": "字" * 5_001}, "text"),
        ({"text": "\x00" * 20}, "text"),
        ({"result": "whatever"}, "result"),
        ({"contacted": False}, "contact_note"),
    ],
)
def test_a_reply_says_what_was_done_and_whether_the_citizen_was_asked(
    wrong: dict[str, Any], field: str, road: Road, units: Units, handler: User
) -> None:
    ticket = walk(road[:2], units)
    words: dict[str, Any] = {"text": REPLY, "result": "solved", "contacted": True} | wrong

    with pytest.raises(errors.Invalid) as refusal:
        actions.reply(ticket, by=handler, **words)

    assert list(refusal.value.fields) == [field]
    assert ticket.status == Status.PROCESSING


def test_a_reply_sent_back_is_written_anew_and_the_first_is_kept(
    released: Ticket, reviewer: User, handler: User, auditor: User, units: Units
) -> None:
    due = released.handle_due_at

    actions.send_reply_back(released, note="请写明更换了几盏", by=reviewer)
    assert (released.status, released.due_at, released.replied_at) == ("processing", due, None)
    TRY["reply"](released, handler, units)
    actions.release(released, by=auditor)
    actions.review(released, by=reviewer)

    replies = Reply.objects.order_by("version")
    assert [(r.version, r.accepted_at is not None) for r in replies] == [(1, False), (2, True)]


def test_the_unit_s_auditor_no_longer_takes_back_what_the_hotline_reviews(
    released: Ticket, auditor: User
) -> None:
    with pytest.raises(errors.NotAllowed):
        actions.send_reply_back(released, note="再改改", by=auditor)


@pytest.mark.parametrize(
    ("about", "status"),
    [
        ({}, Status.PENDING_CALLBACK),
        ({"kind": "consult"}, Status.CLOSED),
        ({"kind": "praise"}, Status.CLOSED),
        ({"phone": ""}, Status.CLOSED),
    ],
)
def test_only_who_can_and_should_be_called_is_called(
    about: dict[str, str], status: Status, road: Road, units: Units, reviewer: User
) -> None:
    ticket = actions.review(walk(road, units, **about), by=reviewer)

    assert ticket.status == status
    assert (ticket.closed_at is not None) == (status == Status.CLOSED)


def test_who_does_not_answer_is_called_three_times(reviewed: Ticket, callback: User) -> None:
    for expected in (Status.PENDING_CALLBACK, Status.PENDING_CALLBACK, Status.CLOSED):
        due = reviewed.due_at
        actions.call_back(reviewed, outcome="no_answer", by=callback)
        assert reviewed.status == expected
        assert reviewed.due_at in {due, None}

    assert CallbackAttempt.objects.count() == 3


@pytest.mark.parametrize("outcome", ["refused", "wrong_number"])
def test_who_refuses_or_cannot_be_reached_is_not_called_again(
    outcome: str, reviewed: Ticket, callback: User
) -> None:
    actions.call_back(reviewed, outcome=outcome, by=callback)

    assert reviewed.status == Status.CLOSED
    assert CallbackAttempt.objects.get().satisfied == ""


def test_all_three_questions_must_be_answered(reviewed: Ticket, callback: User) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        actions.call_back(reviewed, outcome="reached", by=callback)

    assert set(refusal.value.fields) == {"contacted", "solved", "satisfied"}
    assert not CallbackAttempt.objects.exists()


def test_an_unreasonable_demand_is_closed_though_unhappy(reviewed: Ticket, callback: User) -> None:
    actions.call_back(reviewed, outcome="reached", reasonable=False, by=callback, **UNHAPPY)

    assert (reviewed.status, reviewed.redo_count) == (Status.CLOSED, 0)


def test_an_unhappy_rating_online_sends_the_ticket_back_to_its_unit(reviewed: Ticket) -> None:
    actions.rate(reviewed, text="灯又\x00坏了", **UNHAPPY)

    assert (reviewed.status, reviewed.redo_count, reviewed.due_kind) == ("redo", 1, "redo")
    assert reviewed.ratings.get().text == "灯又坏了"
    assert Assignment.objects.get().state == Assignment.State.HANDLING


def test_one_reply_is_rated_once(reviewed: Ticket) -> None:
    actions.rate(reviewed, **HAPPY)
    assert reviewed.status == Status.CLOSED

    with pytest.raises(errors.Invalid, match="已经评价过"):
        actions.rate(reviewed, **UNHAPPY)


def test_a_rating_comes_within_fifteen_days(reviewed: Ticket, supervisor: User) -> None:
    actions.close(reviewed, note="已电话告知", by=supervisor)
    assert reviewed.closed_at

    with (
        time_machine.travel(reviewed.closed_at.timestamp() + 15 * 86_400 + 60),
        pytest.raises(errors.Invalid, match="15 天"),
    ):
        actions.rate(reviewed, **HAPPY)


def test_rating_an_answer_given_at_once_moves_nothing(agent: User) -> None:
    ticket = actions.answer(
        text="户口本怎么补办？", source="phone", by=agent, answer_text="请带身份证到派出所办理。"
    )

    actions.rate(ticket, **UNHAPPY)

    assert (ticket.status, ticket.ratings.count()) == (Status.DIRECT_CLOSED, 1)


def test_a_closed_ticket_is_reopened_with_a_reason(reviewed: Ticket, supervisor: User) -> None:
    actions.close(reviewed, note="已电话告知", by=supervisor)
    with pytest.raises(errors.Invalid):
        actions.reopen(reviewed, note=" ", by=supervisor)

    actions.reopen(reviewed, note="经核实未修好", by=supervisor)

    assert (reviewed.status, reviewed.closed_at) == (Status.REDO, None)


def test_a_ticket_that_no_unit_had_is_not_reopened(units: Units, supervisor: User) -> None:
    ticket = accepted()
    Ticket.objects.update(status=Status.CLOSED)

    with pytest.raises(errors.Invalid, match="没有承办单位"):
        actions.reopen(ticket, note="请重办", by=supervisor)


def test_a_citizen_urges_once_a_day_and_an_agent_as_often_as_he_is_called(
    units: Units, agent: User
) -> None:
    with time_machine.travel("2026-11-16 10:00 +0800", tick=False) as clock:
        ticket = accepted()
        actions.urge(ticket, by=Party.CITIZEN)
        with pytest.raises(errors.Invalid, match="11月17日起可以再催办"):
            actions.urge(ticket, by=Party.CITIZEN)
        actions.urge(ticket, by=agent, note="来电催办")
        clock.move_to("2026-11-17 00:01 +0800")

        actions.urge(ticket, by=Party.CITIZEN)

    assert ticket.urge_count == 3


def test_a_supplement_changes_no_state_and_is_bounded(units: Units) -> None:
    ticket = accepted()

    actions.supplement(ticket, text="是3单元的灯", by=Party.CITIZEN)

    assert (ticket.status, ticket.version) == (Status.PENDING_REVIEW, 2)
    with pytest.raises(errors.Invalid, match="10000"):
        actions.supplement(ticket, text="字" * 10_001, by=Party.CITIZEN)


def test_supervision_marks_the_ticket(released: Ticket, supervisor: User) -> None:
    actions.supervise(released, note="请三日内办结", by=supervisor)

    assert released.supervised


def test_a_unit_that_no_longer_works_gets_no_ticket(units: Units, dispatcher: User) -> None:
    units.housing.active = False

    with pytest.raises(errors.Invalid, match="停用"):
        actions.dispatch(accepted(), to=units.housing, by=dispatcher)
