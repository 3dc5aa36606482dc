"""Which units come into question: duty list, past tickets and like tickets as one probability."""

from datetime import date

import pytest
from django.utils import timezone

from accounts.models import Department
from city import actions as city
from city.models import Category, Region
from tests.factories import Town, Units
from tickets.models import DutyItem, Ticket
from tickets.routing.feedback import Lesson
from tickets.routing.findings import CategoryGuess, Neighbours, UnitGuess
from tickets.routing.units import candidates
from tickets.routing.went import went


@pytest.fixture(autouse=True)
def city_data(units: Units) -> None:
    city.load_taxonomy()


def guess(code: str, sure: float) -> CategoryGuess:
    return CategoryGuess(Category.objects.get(code=code), sure, [])


def row(code: str, unit: Department, region: Region, *words: str) -> None:
    DutyItem.objects.create(
        state=DutyItem.State.PUBLISHED,
        category=Category.objects.get(code=code),
        region=region,
        department=unit,
        keywords=list(words),
        valid_from=date(2026, 1, 1),
    )
    city.mark_changed()


def lessons(code: str, region: Region, unit: Department, count: int) -> list[Lesson]:
    return [Lesson(n, "", code, region, unit, timezone.now()) for n in range(count)]


def found(
    sure: float, region: Region | None, *past: Lesson, near: Neighbours | None = None
) -> dict[Department, UnitGuess]:
    units = candidates("占道", [guess("0101", sure)], region, near or Neighbours(), went(past))
    return {unit.department: unit for unit in units}


def test_a_unit_that_had_such_tickets_gains_on_the_duty_list(units: Units, town: Town) -> None:
    row("0101", units.linxi_urban, town.linxi)

    before = found(0.8, town.wanghe)
    after = found(0.8, town.wanghe, *lessons("0101", town.wanghe, units.housing, 60))

    assert before[units.linxi_urban].confidence == pytest.approx(0.8)
    assert after[units.housing].confidence == pytest.approx(0.6)
    assert after[units.linxi_urban].confidence == pytest.approx(0.2)
    assert "同类 60/60 件由其办结" in after[units.housing].reasons


def test_what_another_district_did_says_nothing_here(units: Units, town: Town) -> None:
    row("0101", units.linxi_urban, town.linxi)

    here = found(0.8, town.wanghe, *lessons("0101", town.nanqiao, units.housing, 60))

    assert units.housing not in here


def test_what_a_unit_handed_down_speaks_for_the_unit(units: Units, town: Town) -> None:
    row("0101", units.linxi, town.linxi)

    here = found(0.8, town.wanghe, *lessons("0101", town.wanghe, units.linxi_urban, 20))

    assert list(here) == [units.linxi]
    assert "同类 20/20 件由其办结" in here[units.linxi].reasons


def test_what_no_matter_claims_goes_where_like_tickets_went(units: Units, town: Town) -> None:
    row("0101", units.linxi_urban, town.linxi)
    near = Neighbours([Ticket(lead=units.water) for _ in range(5)])

    here = found(0.2, town.wanghe, near=near)

    assert here[units.water].confidence == pytest.approx(0.8 * 5 / 8)
    assert here[units.water].reasons == ["最相近的 5 件中 5 件由其承办"]


def test_a_like_ticket_of_another_district_speaks_for_its_like_here(
    units: Units, town: Town
) -> None:
    near = Neighbours([Ticket(lead=units.nanping_urban) for _ in range(5)])

    here = found(0.0, town.wanghe, near=near)

    assert units.linxi_urban in here
    assert units.nanping_urban not in here


def test_a_pothole_goes_by_its_road(units: Units, town: Town) -> None:
    """The street's own roads are the street's, highways the highway bureau's (water stands in)."""
    row("0301", units.wanghe, town.wanghe)
    row("0301", units.water, town.wanghe, "国道", "省道", "公路")

    def first(text: str) -> Department:
        best = candidates(text, [guess("0301", 0.9)], town.wanghe, Neighbours(), {})
        return best[0].department

    assert first("望河路上有个大坑") == units.wanghe
    assert first("国道边上有个大坑") == first("望河公路有个大坑") == units.water
