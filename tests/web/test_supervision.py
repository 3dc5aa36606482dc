"""The supervisor's board: figures, chart, deliveries that were given up."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from outbox.models import Delivery
from tests.factories import Units
from tests.web.conftest import MakeTicket, SignIn
from tickets import actions
from tickets.assessment.behind import FIGURES
from tickets.assessment.board import board
from tickets.assessment.trend import weekly_rates
from tickets.models import CallbackAttempt, Ticket


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


def test_the_rates_are_drawn_week_by_week_for_supervisors_alone(
    reviewed: Ticket, callback: User, supervisor: User, stranger: User, sign_in: SignIn
) -> None:
    actions.call_back(
        reviewed, outcome="reached", contacted="no", solved="yes", satisfied="yes", by=callback
    )
    now = timezone.now()
    CallbackAttempt.objects.update(at=now - timedelta(days=14))

    weeks = weekly_rates(supervisor, now)
    drawn = sign_in(supervisor).get("/supervision/rates/contacted.svg")

    assert [rates.answered for _, rates in weeks] == [0, 0, 0, 0, 0, 1, 0, 0]
    assert (weeks[5][1].contacted, weeks[5][1].satisfied) == (0, 100)
    assert weeks[7][0] <= now < weeks[7][0] + timedelta(days=7)
    assert (drawn["Content-Type"], b"<svg" in drawn.content) == ("image/svg+xml", True)
    assert "max-age=3600" in drawn["Cache-Control"]
    assert weekly_rates(stranger, now)[5][1].answered == 0
    assert sign_in(stranger).get("/supervision/rates/contacted.svg").status_code == 403
    assert "rates/solved.svg" in sign_in(supervisor).get("/supervision/").content.decode()


def test_the_wall_shows_six_figures_two_charts_and_the_time_of_its_data(
    dispatched: Ticket, supervisor: User, stranger: User, sign_in: SignIn
) -> None:
    browser = sign_in(supervisor)

    page = browser.get("/supervision/wall/").content.decode()
    part = browser.get("/supervision/wall/", headers={"HX-Request": "true"}).content.decode()
    drawn = [browser.get(f"/supervision/wall/{name}.svg") for name in ("intake", "rates")]

    assert page.count("<li><b") == part.count("<li><b") == 6
    assert part.count("<img") == 2
    assert "数据截至" in part
    assert "<body" not in part
    assert all(b"<svg" in each.content for each in drawn)
    for address in ("", "intake.svg", "rates.svg"):
        assert sign_in(stranger).get(f"/supervision/wall/{address}").status_code == 403


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


@pytest.fixture
def busy(
    reviewed: Ticket, make_ticket: MakeTicket, units: Units, callback: User, dispatcher: User
) -> None:
    """One called and not content, one rated online, one overdue and not signed, one new."""
    actions.call_back(
        reviewed,
        outcome="reached",
        contacted="no",
        solved="no",
        satisfied="no",
        reasonable=False,
        by=callback,
    )
    actions.rate(reviewed, contacted="yes", solved="yes", satisfied="no")
    late = make_ticket("第二件", phone="13912345678")
    actions.dispatch(late, to=units.urban, by=dispatcher)
    past = timezone.now() - timedelta(hours=1)
    Ticket.objects.filter(pk=late.pk).update(due_at=past)
    late.assignments.update(sign_due_at=past)
    make_ticket("第三件", phone="13712345678")


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("figure", FIGURES)
def test_behind_each_figure_lie_exactly_so_many_tickets(
    figure: str, supervisor: User, sign_in: SignIn
) -> None:
    count = board(supervisor, timezone.now()).behind[figure]

    page = sign_in(supervisor).get(f"/tickets/?figure={figure}").content.decode()

    assert page.count("data-row=") == count
    assert f"figure={figure}" in sign_in(supervisor).get("/supervision/").content.decode()


@pytest.mark.usefixtures("busy")
def test_each_figure_counts_what_it_says(supervisor: User) -> None:
    found = board(supervisor, timezone.now())

    assert found.behind == {
        "sent": 2,
        "auto": 0,
        "due_to_sign": 2,
        "signed_late": 1,
        "due_to_advise": 0,
        "advised_late": 0,
        "answered": 1,
        "uncontacted": 1,
        "unsolved": 1,
        "dissatisfied": 1,
    }
    assert found.signed_in_time == pytest.approx(50)
    assert found.rates.answered == 2


@pytest.mark.usefixtures("busy")
def test_the_lists_by_state_day_clock_and_unit_have_as_many_rows(
    supervisor: User, units: Units, sign_in: SignIn
) -> None:
    browser, seen = sign_in(supervisor), board(supervisor, timezone.now())
    today = timezone.localdate().isoformat()
    asked = {f"status={status}": count for status, _, count in seen.by_status}
    asked |= {"due=overdue": seen.overdue, "due=near": seen.near_due, "due=open": seen.open}
    asked |= {f"unit={units.urban.code}&due=open": seen.units[0].open, f"on={today}": seen.today}

    rows = {q: browser.get(f"/tickets/?{q}").content.decode().count("data-row=") for q in asked}

    assert rows == asked


def test_without_a_dispatch_there_is_no_rate_of_signing(supervisor: User) -> None:
    assert board(supervisor, timezone.now()).signed_in_time is None


@pytest.mark.usefixtures("busy")
def test_the_rail_shows_in_red_what_is_overdue(supervisor: User, sign_in: SignIn) -> None:
    rail = sign_in(supervisor).get("/home/rail/").content.decode()

    assert "其中超期 1 件" in rail
