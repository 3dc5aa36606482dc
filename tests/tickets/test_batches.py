"""Steps of many tickets in one transaction: the same as one by one, with fewer statements."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from city.memo import steady
from outbox.models import Delivery
from tests.factories import Units
from tests.tickets.steps import accepted
from tickets import actions, errors
from tickets.models import Assignment, Entry, Ticket
from tickets.workflow import Party, Status

pytestmark = pytest.mark.django_db
SYSTEM = Party.SYSTEM


def screen_and_dispatch(tickets: list[Ticket], units: Units) -> None:
    """Do two steps of each together."""
    with steady(), actions.together(tickets):
        for ticket in tickets:
            actions.screen(ticket, by=SYSTEM, urgency="urgent")
            actions.dispatch(ticket, to=units.housing, by=SYSTEM)


def test_each_ticket_has_moved_and_has_its_history(units: Units) -> None:
    tickets = [accepted(phone="") for _ in range(3)]

    screen_and_dispatch(tickets, units)

    rows = Ticket.objects.values_list("status", "version", "urgency", "lead")
    assert list(rows) == [(Status.PENDING_SIGN, 3, "urgent", units.housing.pk)] * 3
    assert [t.version for t in tickets] == [3] * 3
    steps = Entry.objects.filter(ticket=tickets[0]).order_by("pk").values_list("step", "version")
    assert list(steps) == [("accept", 1), ("screen", 2), ("dispatch", 3)]
    told = Delivery.objects.filter(event="ticket.moved", subscriber="tickets.index")
    assert told.count() == 9


def test_more_tickets_cost_hardly_more_statements(units: Units) -> None:
    few, many = ([accepted(phone="") for _ in range(n)] for n in (2, 12))
    screen_and_dispatch(few[:1], units)

    with CaptureQueriesContext(connection) as of_one:
        screen_and_dispatch(few[1:], units)
    with CaptureQueriesContext(connection) as of_many:
        screen_and_dispatch(many, units)

    each = (len(of_many) - len(of_one)) / (len(many) - 1)
    assert each <= 7  # two savepoints (four), the assignment, who has it, the row


def test_a_refused_step_leaves_its_ticket_alone_and_the_others_move(units: Units) -> None:
    first, second = accepted(phone=""), accepted(phone="")
    Ticket.objects.filter(pk=second.pk).update(respondent=units.housing)

    with actions.together([first, second]):
        actions.dispatch(first, to=units.housing, by=SYSTEM)
        with pytest.raises(errors.Invalid):
            actions.dispatch(second, to=units.housing, by=SYSTEM)

    second.refresh_from_db()
    assert (second.status, second.version, second.lead) == (Status.PENDING_REVIEW, 1, None)
    assert list(Assignment.objects.values_list("ticket", flat=True)) == [first.pk]


def test_an_error_undoes_the_steps_of_all(units: Units, dispatcher: User) -> None:
    tickets = [accepted(phone=""), accepted(phone="")]

    def dispatch_and_fail() -> None:
        with actions.together(tickets):
            actions.dispatch(tickets[0], to=units.housing, by=dispatcher)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        dispatch_and_fail()

    assert set(Ticket.objects.values_list("status", flat=True)) == {Status.PENDING_REVIEW}
    assert Entry.objects.exclude(step="accept").count() == 0
