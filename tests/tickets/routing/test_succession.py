"""A unit is merged into another: list, rules and the past point to who has its duties now."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import Department, Role, User
from accounts.selectors import living
from city import actions as city
from city.models import Category
from tests.factories import Town, Units, make_user
from tests.tickets.routing.lessons import settled
from tests.tickets.steps import accepted
from tickets import actions, policy
from tickets.actions import DutyContent
from tickets.models import DutyItem, Entry, Rule, Ticket
from tickets.routing import feedback
from tickets.routing.duties import duty_for
from tickets.routing.duty_list import problems
from tickets.routing.findings import Neighbours
from tickets.routing.rules import problem_of
from tickets.workflow import Party


@pytest.fixture(autouse=True)
def city_data(units: Units) -> None:
    city.load_taxonomy()


def closed(unit: Department, successor: Department | None) -> None:
    """Close a unit, to be succeeded by another."""
    unit.active, unit.successor = False, successor
    unit.full_clean()
    accounts.save_department(unit)


def matter() -> Category:
    return Category.objects.get(code="0101")


@pytest.fixture
def duty(units: Units, supervisor: User) -> DutyItem:
    """A published row: urban management, helped by housing."""
    content = DutyContent(
        category=matter(),
        department=units.urban,
        valid_from=timezone.localdate(),
        basis="职责清单第1项",
        assisting=(units.housing,),
    )
    item = actions.draft_duty(replace(content), by=supervisor)
    actions.move_duty(item, "submit", by=supervisor)
    return actions.move_duty(item, "publish", by=make_user(Role.SUPERVISOR, units.center))


def test_duties_go_to_the_successor_with_a_word_of_why(
    duty: DutyItem, units: Units, town: Town
) -> None:
    closed(units.urban, units.water)

    found = duty_for(matter(), town.wanghe)

    assert found
    assert found.department == units.water
    assert f"{units.urban.name}已由{units.water.name}继任" in found.reason
    assert problems(timezone.localdate()).dissolved == []


def test_a_helper_that_became_the_lead_helps_no_more(
    duty: DutyItem, units: Units, town: Town
) -> None:
    closed(units.urban, units.housing)

    found = duty_for(matter(), town.wanghe)

    assert found
    assert (found.department, found.assisting) == (units.housing, ())


def test_a_chain_of_mergers_is_followed_to_its_end(units: Units) -> None:
    closed(units.urban, units.housing)
    closed(units.housing, units.water)

    assert living(units.urban) == living(units.housing) == living(units.water) == units.water


def test_without_a_successor_nothing_is_sent_to_a_closed_unit(
    duty: DutyItem, units: Units, town: Town
) -> None:
    closed(units.urban, None)

    found = duty_for(matter(), town.wanghe)

    assert found is None or found.department != units.urban
    assert problems(timezone.localdate()).dissolved == [duty]
    assert living(units.urban) == units.urban


def test_no_unit_succeeds_itself_and_none_in_use_has_a_successor(units: Units) -> None:
    closed(units.urban, units.housing)
    units.housing.active, units.housing.successor = False, units.urban

    with pytest.raises(ValidationError, match="绕回"):
        units.housing.full_clean()
    units.water.successor = units.housing
    with pytest.raises(ValidationError, match="请先停用"):
        units.water.full_clean()


def test_a_rule_for_a_closed_unit_is_no_alarm_where_another_has_its_duties(units: Units) -> None:
    rule = Rule(name="专办", department=units.urban)
    closed(units.urban, units.water)
    rule.department = units.urban

    assert problem_of(rule) == ""
    rule.department.successor = None
    accounts.save_department(units.urban)
    assert problem_of(rule) == f"{units.urban.name}已停用"


def test_what_the_past_teaches_names_the_unit_of_today(units: Units) -> None:
    ticket = settled("望河花园流动摊贩占道", "0101")
    Ticket.objects.filter(pk=ticket.pk).update(lead=units.urban)
    closed(units.urban, units.water)

    (lesson,) = feedback.lessons()
    near = Neighbours([Ticket.objects.get(pk=ticket.pk)])

    assert lesson.lead == units.water
    assert near.of_unit(units.water) == 1
    assert near.of_unit(units.urban) == 0


def sent(units: Units, by: User, *helpers: Department) -> Ticket:
    return actions.dispatch(accepted(), to=units.urban, by=by, assisting=helpers)


def live(ticket: Ticket) -> list[tuple[Department, str, str]]:
    rows = ticket.assignments.filter(voided_at=None).order_by("-part", "id")
    return [(row.department, row.part, row.state) for row in rows]


def test_open_tickets_follow_with_their_clocks_and_a_line_of_why(
    units: Units, dispatcher: User
) -> None:
    waiting, closed_one = sent(units, dispatcher), sent(units, dispatcher)
    actions.withdraw(closed_one, reason="不用了", by=Party.CITIZEN)
    handled = actions.sign(sent(units, dispatcher), by=make_user(Role.SIGNER, units.urban))
    due = (waiting.due_at, handled.due_at)
    closed(units.urban, units.water)

    moved = actions.follow_successors()

    assert (moved, actions.follow_successors()) == (2, 0)
    for ticket in (waiting, handled, closed_one):
        ticket.refresh_from_db()
    assert live(waiting) == [(units.water, "lead", "pending")]
    assert live(handled) == [(units.water, "lead", "handling")]
    assert (waiting.lead, handled.lead, closed_one.lead) == (units.water, units.water, units.urban)
    assert (waiting.due_at, handled.due_at) == due
    entry = Entry.objects.get(ticket=waiting, step="hand_on")
    assert entry.extra == {"from": units.urban.name, "to": units.water.name}
    assert policy.visible_to(make_user(Role.HANDLER, units.water)).count() == 2


def test_a_helper_that_inherits_the_lead_leads_alone(units: Units, dispatcher: User) -> None:
    ticket = sent(units, dispatcher, units.housing, units.water)
    closed(units.urban, units.housing)

    actions.follow_successors()

    assert live(ticket) == [
        (units.housing, "lead", "pending"),
        (units.water, "assisting", "pending"),
    ]


def test_a_closed_helper_gives_way_to_the_lead_that_inherits_it(
    units: Units, dispatcher: User
) -> None:
    ticket = sent(units, dispatcher, units.housing)
    closed(units.housing, units.urban)

    actions.follow_successors()

    assert live(ticket) == [(units.urban, "lead", "pending")]
