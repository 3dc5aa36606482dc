"""Two people at one ticket at one moment: one wins, the others are told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from accounts.actions import create_department
from accounts.models import Department, Role, User
from outbox.bus import drain_all
from tests.factories import Units, make_user
from tests.tickets.steps import REPLY, accepted
from tickets import actions, errors
from tickets.models import Assignment, Entry, Ticket
from tickets.workflow import Party, Status

AT_ONCE = 6
READY_S = 30


def together(what: Callable[[Ticket], object], ticket: Ticket) -> list[str]:
    """Do the same from several threads at one moment; tell how each ended."""
    gate = Barrier(AT_ONCE, timeout=READY_S)

    def one(_: int) -> str:
        own = Ticket.objects.get(pk=ticket.pk)
        try:
            gate.wait()
            what(own)
        except errors.Refusal as refusal:
            return type(refusal).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sorted(pool.map(one, range(AT_ONCE)))


@pytest.mark.django_db(transaction=True)
def test_of_several_dispatchers_one_dispatches_and_the_others_hold_a_stale_form(
    units: Units, dispatcher: User
) -> None:
    ticket = accepted()

    ends = together(
        lambda t: actions.dispatch(t, to=units.housing, by=dispatcher, version=1), ticket
    )

    assert ends == ["Stale"] * (AT_ONCE - 1) + ["done"]
    assert Assignment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_a_version_the_state_decides_who_signs(
    units: Units, dispatcher: User, signer: User
) -> None:
    ticket = actions.dispatch(accepted(), to=units.housing, by=dispatcher)

    ends = together(lambda t: actions.sign(t, by=signer), ticket)

    assert ends == ["WrongState"] * (AT_ONCE - 1) + ["done"]
    assert Ticket.objects.get().status == Status.PROCESSING


@pytest.mark.django_db(transaction=True)
def test_supplements_at_one_moment_are_all_kept_in_order(units: Units) -> None:
    ticket = accepted()

    ends = together(lambda t: actions.supplement(t, text="补充一点", by=Party.CITIZEN), ticket)

    assert ends == ["done"] * AT_ONCE
    versions = Entry.objects.order_by("id").values_list("version", flat=True)
    assert list(versions) == list(range(1, AT_ONCE + 2))


def at_one_moment(*ways: Callable[[], object]) -> list[str]:
    """Do several things at one moment; tell how each ended."""
    gate = Barrier(len(ways), timeout=READY_S)

    def one(way: Callable[[], object]) -> str:
        try:
            gate.wait()
            way()
        except errors.Refusal as refusal:
            return type(refusal).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(ways)) as pool:
        return sorted(pool.map(one, ways))


def own(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


@pytest.mark.django_db(transaction=True)
def test_of_two_merges_that_cross_one_is_refused(units: Units, dispatcher: User) -> None:
    one, two = accepted(), accepted()

    ends = at_one_moment(
        lambda: actions.merge(own(one), into=own(two), note="同一件事", by=dispatcher),
        lambda: actions.merge(own(two), into=own(one), note="同一件事", by=dispatcher),
    )

    assert ends == ["Invalid", "done"]
    assert Ticket.objects.filter(status=Status.MERGED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_merge_beside_the_master_s_reply_leaves_nobody_without_an_answer(
    units: Units, dispatcher: User, signer: User, handler: User, auditor: User, reviewer: User
) -> None:
    child, master = accepted(), accepted()
    actions.dispatch(master, to=units.housing, by=dispatcher)
    actions.sign(master, by=signer)
    actions.reply(master, text=REPLY, result="solved", contacted=True, by=handler)
    actions.release(master, by=auditor)

    at_one_moment(
        lambda: actions.merge(own(child), into=own(master), note="同一件事", by=dispatcher),
        lambda: actions.review(own(master), by=reviewer),
    )
    drain_all()

    assert own(child).status in {Status.PENDING_CALLBACK, Status.PENDING_DISPATCH}
    assert own(master).status == Status.PENDING_CALLBACK


@pytest.mark.django_db(transaction=True)
def test_of_a_signature_and_a_return_one_wins(units: Units, dispatcher: User, signer: User) -> None:
    ticket = actions.dispatch(accepted(), to=units.housing, by=dispatcher)

    ends = at_one_moment(
        lambda: actions.sign(own(ticket), by=signer),
        lambda: actions.send_back(own(ticket), reason="不属于我局职责", by=signer),
    )

    assert ends == ["WrongState", "done"]
    assert own(ticket).status in {Status.PROCESSING, Status.RETURN_REVIEW}


@pytest.mark.django_db(transaction=True)
def test_a_reply_and_an_urge_at_one_moment_are_both_kept(
    units: Units, dispatcher: User, signer: User, handler: User
) -> None:
    ticket = actions.dispatch(accepted(), to=units.housing, by=dispatcher)
    actions.sign(ticket, by=signer)
    answer: dict[str, Any] = {"text": REPLY, "result": "solved", "contacted": True}

    ends = at_one_moment(
        lambda: actions.reply(own(ticket), by=handler, **answer),
        lambda: actions.urge(own(ticket), by=Party.CITIZEN),
    )

    assert ends == ["done", "done"]
    after = own(ticket)
    assert (after.status, after.urge_count, after.replies.count()) == (Status.UNIT_REVIEW, 1, 1)
    versions = after.entries.order_by("id").values_list("version", flat=True)
    assert list(versions) == list(range(1, after.version + 1))


@pytest.mark.django_db(transaction=True)
def test_of_a_reply_and_an_urge_from_pages_of_one_version_the_second_holds_a_stale_form(
    units: Units, dispatcher: User, signer: User, handler: User, supervisor: User
) -> None:
    ticket = actions.dispatch(accepted(), to=units.housing, by=dispatcher)
    actions.sign(ticket, by=signer)
    seen = ticket.version
    answer: dict[str, Any] = {"text": REPLY, "result": "solved", "contacted": True}

    ends = at_one_moment(
        lambda: actions.reply(own(ticket), by=handler, version=seen, **answer),
        lambda: actions.urge(own(ticket), by=supervisor, version=seen),
    )

    assert ends == ["Stale", "done"]


@pytest.mark.django_db(transaction=True)
def test_a_merge_beside_the_same_ticket_s_signature_leaves_it_with_one_of_them(
    units: Units, dispatcher: User, signer: User
) -> None:
    child, master = accepted(), accepted()
    actions.dispatch(child, to=units.housing, by=dispatcher)

    ends = at_one_moment(
        lambda: actions.merge(own(child), into=own(master), note="同一件事", by=dispatcher),
        lambda: actions.sign(own(child), by=signer),
    )

    assert sorted(ends) in (["NotAllowed", "done"], ["WrongState", "done"])
    live = Assignment.objects.filter(ticket=child, voided_at=None).count()
    assert live == (own(child).status == Status.PROCESSING)


@pytest.mark.django_db(transaction=True)
def test_what_a_street_hands_down_while_it_gives_the_ticket_back_comes_back_too(
    units: Units, dispatcher: User
) -> None:
    kind = Department.Kind.COMMUNITY
    community = create_department("lx-wh-ll", "柳林社区", kind=kind, parent=units.wanghe)
    district, street = (make_user(Role.SIGNER, unit) for unit in (units.linxi, units.wanghe))
    ticket = actions.dispatch(accepted(), to=units.linxi, by=dispatcher)
    actions.sign(ticket, by=district)
    actions.sub_dispatch(ticket, to=[units.wanghe], by=district)
    actions.receive(ticket, by=street)

    ends = at_one_moment(
        lambda: actions.sub_dispatch(own(ticket), to=[community], by=street),
        lambda: actions.send_up(own(ticket), reason="不在本辖区", by=street),
    )

    assert ends in (["done", "done"], ["NotAllowed", "done"])
    live = Assignment.objects.filter(voided_at=None).values_list("department", flat=True)
    assert list(live) == [units.linxi.pk]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_hand_down_to_one_street_one_is_told(units: Units, dispatcher: User) -> None:
    one, two = (make_user(Role.SIGNER, units.linxi) for _ in range(2))
    ticket = actions.dispatch(accepted(), to=units.linxi, by=dispatcher)
    actions.sign(ticket, by=one)

    ends = at_one_moment(
        lambda: actions.sub_dispatch(own(ticket), to=[units.wanghe], by=one),
        lambda: actions.sub_dispatch(own(ticket), to=[units.wanghe], by=two),
    )

    assert ends == ["Invalid", "done"]
    assert Assignment.objects.filter(part="sub").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_reply_does_not_slip_out_past_an_opinion_that_is_being_asked_for(
    units: Units, dispatcher: User, auditor: User, handler: User, signer: User, stranger: User
) -> None:
    ticket = accepted()
    actions.dispatch(ticket, to=units.housing, assisting=[units.urban], by=dispatcher)
    actions.sign(ticket, by=signer)
    actions.receive(ticket, by=stranger)
    actions.reply(ticket, text=REPLY, result="solved", contacted=True, by=handler)

    ends = at_one_moment(
        lambda: actions.release(own(ticket), by=auditor),
        lambda: actions.advise(own(ticket), text="我局已派人核查。", by=stranger),
    )

    said = Assignment.objects.get(department=units.urban).state == "replied"
    assert "done" in ends
    assert said
    assert (own(ticket).status == Status.REPLY_REVIEW) == (ends == ["done", "done"])
