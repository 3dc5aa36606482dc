"""The supervisor's board: figures, chart, deliveries that were given up."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from outbox.models import Delivery
from tests.factories import Units
from tests.web.conftest import MakeTicket, SignIn
from tickets import actions
from tickets.assessment.board import board
from tickets.models import Ticket


@pytest.fixture
def dead(db: None) -> Delivery:
    now = timezone.now()
    return Delivery.objects.create(
        event="ticket.moved",
        payload={},
        subscriber="realtime",
        queue="default",
        cause="x",
        state=Delivery.State.DEAD,
        attempts=8,
        due_at=now,
        error="ConnectionError: refused",
        created_at=now,
    )


def test_the_board_counts_what_is_open_overdue_and_new(
    make_ticket: MakeTicket, units: Units, dispatcher: User, supervisor: User
) -> None:
    make_ticket("第一件")
    late = make_ticket("第二件")
    actions.dispatch(late, to=units.housing, by=dispatcher)
    Ticket.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(hours=1))

    seen = board(supervisor, timezone.now())

    assert (seen.today, seen.open, seen.overdue) == (2, 2, 1)
    assert seen.units[0].name == units.housing.name
    assert seen.units[0].overdue == 1
    assert seen.auto_share == 0
    assert seen.rates.satisfied is None


def test_the_rates_join_calls_and_online_ratings(
    reviewed: Ticket, callback: User, supervisor: User
) -> None:
    actions.call_back(
        reviewed,
        outcome="reached",
        contacted="yes",
        solved="partly",
        satisfied="mostly",
        by=callback,
    )

    found = board(supervisor, timezone.now()).rates

    assert found.answered == 1
    assert found.contacted == pytest.approx(100)
    assert found.solved == pytest.approx(100)
    assert found.satisfied == pytest.approx(80)


def test_the_page_links_every_figure_to_its_tickets(
    dispatched: Ticket, units: Units, supervisor: User, sign_in: SignIn
) -> None:
    browser = sign_in(supervisor)

    page = browser.get("/supervision/").content.decode()
    part = browser.get("/supervision/", headers={"HX-Request": "true"}).content.decode()

    assert "/tickets/?due=overdue" in page
    assert f"unit={units.housing.code}" in page
    assert "<html" not in part
    assert (
        dispatched.number
        in browser.get(f"/tickets/?unit={units.housing.code}&due=open").content.decode()
    )


def test_the_chart_is_drawn(accepted: Ticket, supervisor: User, sign_in: SignIn) -> None:
    answer = sign_in(supervisor).get("/supervision/intake.svg")

    assert answer["Content-Type"] == "image/svg+xml"
    assert b"<svg" in answer.content


def test_a_delivery_that_was_given_up_is_shown_and_can_be_retried(
    dead: Delivery, supervisor: User, dispatcher: User, sign_in: SignIn
) -> None:
    browser = sign_in(supervisor)

    page = browser.get("/supervision/").content.decode()
    refused = sign_in(dispatcher).post(f"/supervision/deliveries/{dead.pk}/retry/")
    browser.post(f"/supervision/deliveries/{dead.pk}/retry/")

    dead.refresh_from_db()
    assert "ConnectionError" in page
    assert refused.status_code == 403
    assert dead.state == Delivery.State.PENDING
