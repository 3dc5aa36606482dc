"""Two people at one ticket at one moment: one wins, the others are told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.models import User
from outbox.bus import drain_all
from tests.factories import Units
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
