"""Over a grown city every count equals what one finds by looking at each ticket."""

import re
from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from city import actions as city
from hotline.demo import growing
from tests.factories import Units
from tickets import actions, policy, selectors
from tickets.assessment import behind
from tickets.assessment.answers import month
from tickets.assessment.board import board
from tickets.models import CallbackAttempt, Rating, Ticket
from tickets.workflow import OPEN, Party, Status

GOOD = {"contacted": "yes", "solved": "yes", "satisfied": "yes"}
BAD = {"contacted": "no", "solved": "no", "satisfied": "no"}


@pytest.fixture
def people(
    units: Units,
    dispatcher: User,
    signer: User,
    handler: User,
    auditor: User,
    reviewer: User,
    callback: User,
    supervisor: User,
    agent: User,
    stranger: User,
) -> list[User]:
    return [dispatcher, signer, handler, auditor, reviewer, callback, supervisor, agent, stranger]


@pytest.fixture
def grown(people: list[User], units: Units) -> None:
    """A city with tickets in most states, some with two units, one answered in both ways."""
    city.load_taxonomy()
    city.load_limits()
    growing.grow(240, lambda n: None, stuck=0.5)
    for n in range(3):
        row = actions.accept(text=f"{n}号楼的路灯坏了", source="web", by=Party.CITIZEN)
        actions.dispatch(row, to=units.urban, assisting=[units.housing], by=people[0])
    both = Ticket.objects.filter(status=Status.CLOSED).first() or Ticket.objects.all()[0]
    now = timezone.now()
    CallbackAttempt.objects.create(ticket=both, outcome="reached", at=now, **BAD)
    Rating.objects.create(ticket=both, at=now, **(BAD | {"solved": "yes"}))
    gone = Ticket.objects.filter(status=Status.ARCHIVED)[0]
    Rating.objects.create(ticket=gone, at=now, **BAD)
    Ticket.objects.filter(pk=gone.pk).update(status=Status.WITHDRAWN)


def test_the_rail_counts_of_each_list_what_stands_on_it(grown: None, people: list[User]) -> None:
    now, seen = timezone.now(), Counter[str]()
    for user in people:
        for name, tally in selectors.counts(user).items():
            clocks = [row.clock_at for row in selectors.work_of(user, name)]  # type: ignore[attr-defined]  # annotated
            late = sum(at is not None and at < now for at in clocks)
            assert (tally.total, tally.overdue) == (len(clocks), late), (user, name)
            seen[name] += tally.total
    assert {name for name in seen if seen[name]} >= {"to_sign", "to_receive", "to_handle", "open"}


def test_the_rail_is_counted_in_one_query(
    grown: None, people: list[User], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for user in people:
        assert user.posts is not None
        with django_assert_num_queries(1 if selectors.worklists_of(user) else 0):
            selectors.counts(user)


def test_the_board_counts_what_one_finds_ticket_by_ticket(grown: None, people: list[User]) -> None:
    supervisor, now = people[6], timezone.now()

    seen = board(supervisor, now)

    open_ones = list(Ticket.objects.filter(status__in=OPEN))
    late = [row for row in open_ones if row.due_at and row.due_at < now]
    states = Counter(row.status for row in open_ones)
    assert (seen.open, seen.overdue) == (len(open_ones), len(late))
    assert {name: count for name, _, count in seen.by_status if count} == dict(states)
    leads = Counter(row.lead.name for row in open_ones if row.lead)
    assert {unit.name: unit.open for unit in seen.units}.items() <= dict(leads).items()
    worst = Counter(row.lead.name for row in late if row.lead).most_common(1)
    assert seen.units[0].overdue == worst[0][1]
    rows = policy.visible_to(supervisor)
    assert seen.behind == {name: behind.behind(rows, name, now).count() for name in behind.FIGURES}
    assert seen.behind["unsolved"] > 0


def test_three_rates_weigh_each_answer_once_and_none_of_what_was_taken_back(
    grown: None, people: list[User]
) -> None:
    now = timezone.now()

    found = board(people[6], now).rates

    said = [
        row
        for model in (CallbackAttempt, Rating)
        for row in model.objects.filter(at__gte=month(now)).select_related("ticket")
        if row.ticket.status != Status.WITHDRAWN and getattr(row, "outcome", "reached") == "reached"
    ]
    worth = {"yes": 1.0, "partly": 1.0, "mostly": 0.8, "no": 0.0, "": 0.0}
    assert found.answered == len(said) > 1
    for name in ("contacted", "solved", "satisfied"):
        mean = sum(worth[getattr(row, name)] for row in said) / len(said)
        assert getattr(found, name) == pytest.approx(100 * mean)


def test_page_after_page_shows_every_ticket_once(
    grown: None, people: list[User], client: Client
) -> None:
    client.force_login(people[6])
    address, numbers = "/tickets/", list[str]()
    while address:
        page = client.get(address).content.decode()
        numbers += re.findall(r'data-row="(\d{21})"', page)
        onward = re.search(r'href="([^"]*after=\d+[^"]*)"', page)
        address = f"/tickets/{onward[1]}".replace("&amp;", "&") if onward else ""

    wanted = Ticket.objects.order_by("-accepted_at", "-pk").values_list("number", flat=True)
    assert numbers == list(wanted)


@pytest.mark.parametrize("day", [date.min, date(2026, 3, 1), date.max])
def test_a_day_in_the_city_goes_from_midnight_to_midnight(
    grown: None, people: list[User], client: Client, day: date
) -> None:
    midnight = timezone.make_aware(datetime.combine(date(2026, 3, 1), time.min))
    moments = (-timedelta(seconds=1), timedelta(), timedelta(hours=24, seconds=-1), timedelta(1))
    rows = Ticket.objects.order_by("pk")[:4]
    for row, gap in zip(rows, moments, strict=True):
        Ticket.objects.filter(pk=row.pk).update(accepted_at=midnight + gap)
    Ticket.objects.exclude(pk__in=[row.pk for row in rows]).update(
        accepted_at=midnight + timedelta(days=9)
    )
    client.force_login(people[6])

    page = client.get(f"/tickets/?on={day.isoformat()}")

    shown = page.content.decode().count("data-row=")
    assert shown == (2 if day == date(2026, 3, 1) else 0)
    asked = {"since": day, "until": day}
    narrowed = selectors.narrowed(policy.visible_to(people[6]), people[6], asked)
    assert narrowed.count() == shown
