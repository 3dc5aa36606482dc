"""A grown city: resumable, in many states, equal to what the road makes of a ticket."""

import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from city import actions as city
from hotline.demo import growing
from search import engine
from search.query import Query
from tests.factories import Units
from tests.stage import ROOT, on_services, stage
from tickets import indexes
from tickets.assessment.chain import flaws
from tickets.models import Entry, Ticket
from tickets.workflow import OPEN, STEPS, Status


@pytest.fixture
def town_data(units: Units, signer: User) -> None:
    city.load_taxonomy()
    city.load_limits()


def test_growing_goes_on_where_it_stopped(town_data: None) -> None:
    growing.grow(20, lambda n: None)

    more = growing.grow(50, lambda n: None)

    assert (more, Ticket.objects.count()) == (30, 50)


def test_grown_tickets_are_in_many_states_with_whole_histories(town_data: None) -> None:
    growing.grow(150, lambda n: None)

    assert len(set(Ticket.objects.values_list("status", flat=True))) >= 4
    for entry in Entry.objects.exclude(from_status=""):
        assert Status(entry.from_status) in STEPS[entry.step].sources


def test_most_grown_tickets_are_done_and_their_ways_are_as_long_as_the_demo_citys(
    town_data: None,
) -> None:
    growing.grow(400, lambda n: None)

    rows = Ticket.objects.values_list("status", flat=True)
    done = sum(status in {Status.ARCHIVED, Status.CLOSED} for status in rows)
    assert done / len(rows) > 0.85
    assert 9 < Entry.objects.count() / len(rows) < 12  # 10.9 in the demo city
    assert list(flaws()) == []


def test_a_city_may_grow_with_tickets_that_nobody_takes_on(town_data: None) -> None:
    growing.grow(40, lambda n: None, stuck=1)

    assert Ticket.objects.filter(status__in=OPEN).count() > 30


def test_tickets_of_one_way_are_told_in_other_words_by_other_people(town_data: None) -> None:
    growing.grow(growing.TWINS, lambda n: None)

    said = Ticket.objects.values_list("text", "phone_hash", "number", "accepted_at")
    texts, phones, numbers, moments = (set(column) for column in zip(*said, strict=True))
    assert len(texts) == len(phones) == len(numbers) == growing.TWINS
    assert len(moments) == 1


def test_the_command_grows_and_fills_the_index(town_data: None, agent: User) -> None:
    call_command("grow", tickets=30, processes=1, verbosity=0)

    assert (
        engine.current().count(indexes.TICKETS, Query(permission=indexes.permission(agent))) == 30
    )


def test_nothing_grows_without_a_city(db: None) -> None:
    with pytest.raises(CommandError, match="城市"):
        call_command("grow", tickets=1, processes=1)


@pytest.mark.stack
def test_several_processes_grow_what_is_missing_once() -> None:
    with stage(distributed=on_services()) as city:
        for wanted in (1_200, 2_500):
            command = ["manage.py", "grow", "--tickets", str(wanted), "--no-index"]
            subprocess.run([sys.executable, *command], env=city.env, cwd=ROOT, check=True)
        rows = city.run("tests.stage.witness", "tickets")

    assert len({row["number"] for row in rows}) == len(rows) == 2_500
