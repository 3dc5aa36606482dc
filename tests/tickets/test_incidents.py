"""One matter, many callers: gathered beside a lead, each handled and followed up by itself."""

import pytest

from accounts.models import User
from outbox.bus import drain_all
from tests.factories import Units
from tests.tickets.steps import accepted
from tickets import actions, errors, policy, selectors
from tickets.models import Incident, Ticket
from tickets.workflow import STEPS, Status


@pytest.fixture
def first(units: Units, dispatcher: User) -> Ticket:
    return actions.dispatch(accepted(), to=units.housing, by=dispatcher)


@pytest.fixture
def second(first: Ticket, dispatcher: User) -> Ticket:
    made = accepted(phone="13912345678")
    return actions.gather(made, beside=first, by=dispatcher)


def incident_of(ticket: Ticket) -> Incident:
    ticket.refresh_from_db()
    assert ticket.incident
    return ticket.incident


def test_the_other_ticket_leads_and_both_histories_say_so(first: Ticket, second: Ticket) -> None:
    incident = incident_of(first)

    assert incident_of(second) == incident
    assert incident.lead == first
    for ticket in (first, second):
        entry = selectors.history(ticket)[-1]
        assert (entry.step, entry.extra["incident"]) == ("gather", incident.name)


def test_each_keeps_its_state_its_unit_and_its_clock(
    first: Ticket, second: Ticket, units: Units
) -> None:
    first.refresh_from_db()

    assert (first.status, first.lead) == (Status.PENDING_SIGN, units.housing)
    assert (second.status, second.merged_into) == (Status.PENDING_REVIEW, None)
    assert first.due_at


def test_the_name_holds_place_and_matter_and_no_word_of_the_citizen(
    first: Ticket, second: Ticket
) -> None:
    assert "老人" not in incident_of(first).name
    assert first.get_kind_display() in incident_of(first).name


def test_a_third_joins_from_either_side(first: Ticket, second: Ticket, supervisor: User) -> None:
    third, fourth = accepted(phone="13712345678"), accepted(phone="13612345678")

    actions.gather(third, beside=second, by=supervisor)
    actions.gather(second, beside=fourth, by=supervisor)

    assert incident_of(third) == incident_of(fourth) == incident_of(first)
    assert Incident.objects.count() == 1


def test_parting_is_told_and_hands_the_lead_on(
    first: Ticket, second: Ticket, dispatcher: User
) -> None:
    actions.part(first, note="不是同一盏灯", by=dispatcher)

    assert first.incident is None
    assert incident_of(second).lead == second
    entry = selectors.history(first)[-1]
    assert (entry.step, entry.note) == ("part", "不是同一盏灯")


def test_the_last_to_part_leaves_nobody_in_the_lead(
    first: Ticket, second: Ticket, dispatcher: User
) -> None:
    for ticket in (second, first):
        actions.part(ticket, note="分开办理", by=dispatcher)

    assert Incident.objects.get().lead is None


def test_only_what_is_in_an_incident_can_part(first: Ticket, dispatcher: User) -> None:
    assert not policy.may(dispatcher, STEPS["part"], first)
    with pytest.raises(errors.WrongState, match="不在事件里"):
        actions.part(first, note="分开", by=dispatcher)


def test_what_is_no_pair_is_refused(first: Ticket, second: Ticket, dispatcher: User) -> None:
    others = [accepted(phone="13712345678"), accepted(phone="13612345678")]
    actions.gather(others[0], beside=others[1], by=dispatcher)

    for ticket, beside in ((first, first), (first, second), (first, others[0])):
        with pytest.raises(errors.Invalid):
            actions.gather(ticket, beside=beside, by=dispatcher)


def test_a_confidential_ticket_stays_out_and_nothing_is_made(
    first: Ticket, dispatcher: User
) -> None:
    secret = accepted(kind="report")

    with pytest.raises(errors.Invalid, match="保密"):
        actions.gather(secret, beside=first, by=dispatcher)

    assert not Incident.objects.exists()


def test_a_stranger_and_a_unit_may_not_gather(first: Ticket, stranger: User, handler: User) -> None:
    for by in (stranger, handler):
        with pytest.raises(errors.NotAllowed):
            actions.gather(accepted(), beside=first, by=by)
        with pytest.raises(errors.NotAllowed):
            actions.gather_all([first, accepted()], name="路灯", by=by)


def test_a_unit_sees_of_an_incident_only_its_own_tickets(
    first: Ticket, second: Ticket, handler: User, dispatcher: User, stranger: User
) -> None:
    first.refresh_from_db()

    mine, all_ = selectors.incident_of(first, handler), selectors.incident_of(first, dispatcher)

    assert mine
    assert (mine.tickets, mine.total) == ([first], 1)
    assert all_
    assert (all_.tickets, all_.total) == ([first, second], 2)
    assert not selectors.in_incident(incident_of(first), stranger).exists()


def test_many_are_gathered_at_once_beside_the_earliest(units: Units, supervisor: User) -> None:
    rows = [accepted(phone=f"1381234567{n}") for n in range(3)]
    secret = accepted(kind="report")

    incident = actions.gather_all([*reversed(rows), secret], name="望河花园 路灯", by=supervisor)

    assert incident.name == "望河花园 路灯"
    assert incident.lead == rows[0]
    assert set(incident.tickets.all()) == set(rows)
    drain_all()


def test_those_that_came_later_join_the_incident_that_is_there(
    first: Ticket, second: Ticket, supervisor: User
) -> None:
    late = accepted(phone="13712345678")

    actions.gather_all([first, second, late], name="路灯", by=supervisor)

    assert incident_of(late) == incident_of(first)
    with pytest.raises(errors.Invalid, match="没有可以列入"):
        actions.gather_all([first, second, late], name="路灯", by=supervisor)
