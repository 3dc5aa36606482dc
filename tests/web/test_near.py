"""What happened near a place: laid by the place's coordinates, counted exactly, seen by who may."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from city import actions as city
from city import selectors
from city.models import Parameter, Place
from outbox.bus import drain_all
from search import engine
from tests.factories import Town, Units
from tests.web.conftest import SignIn
from tickets import actions, finding
from tickets.finding import Wanted
from tickets.indexes import TICKETS, documents
from tickets.models import Source, Ticket
from tickets.workflow import Party

pytestmark = pytest.mark.usefixtures("fresh_indexes")


def lay(place: Place, lat: str, lng: str) -> Place:
    place.lat, place.lng = Decimal(lat), Decimal(lng)
    place.clean()
    city.save_row(place)
    return place


@pytest.fixture
def market(town: Town) -> Place:
    return lay(Place(name="石鼓菜市场", region=town.qingshi), "30.256000", "120.150000")


@pytest.fixture
def estate(town: Town, market: Place) -> Place:
    """The estate lies 670 m from the market."""
    return lay(town.estate, "30.250000", "120.150000")


def tell(text: str) -> Ticket:
    return actions.accept(text=text, source=Source.WEB, by=Party.CITIZEN, title=text[:8])


@pytest.fixture
def told(units: Units, estate: Place) -> dict[str, Ticket]:
    tickets = {
        "estate": tell("望河花园楼道灯坏了半个月"),
        "market": tell("石鼓菜市场门口路灯不亮"),
        "nowhere": tell("路灯不亮，请尽快修"),
    }
    settle()
    return tickets


def settle() -> None:
    drain_all()
    engine.current().refresh(TICKETS)


def test_tickets_near_a_place_are_found_with_their_distance(
    told: dict[str, Ticket], estate: Place, agent: User
) -> None:
    near = finding.find(agent, Wanted(near=estate, nearest=True))
    lamps = finding.find(agent, Wanted(near=estate, words="路灯不亮"))

    assert near.tickets == [told["estate"], told["market"]]
    assert [hit.away for hit in near.hits] == [0, 670]
    assert (near.total, lamps.tickets) == (2, [told["market"]])
    places = next(facet for facet in near.facets if facet.name == "status")
    assert sum(choice.count for choice in places.choices) == 2


def test_how_far_is_near_is_a_number_of_the_trade(
    told: dict[str, Ticket], estate: Place, agent: User
) -> None:
    name = Parameter.Name.NEAR_METRES
    city.save_row(Parameter(name=name, amount=500, valid_from=date(2020, 1, 1)))

    assert finding.find(agent, Wanted(near=estate)).tickets == [told["estate"]]


def test_a_unit_sees_and_counts_its_own_nearby_and_a_stranger_none(
    told: dict[str, Ticket],
    estate: Place,
    units: Units,
    dispatcher: User,
    handler: User,
    stranger: User,
) -> None:
    actions.dispatch(told["market"], to=units.housing, by=dispatcher)
    settle()

    seen = finding.find(handler, Wanted(near=estate))

    assert (seen.tickets, seen.total) == ([told["market"]], 1)
    assert finding.find(stranger, Wanted(near=estate)).total == 0


def test_a_place_that_moves_takes_its_tickets_along(
    told: dict[str, Ticket], estate: Place, market: Place, agent: User
) -> None:
    lay(market, "30.350000", "120.150000")
    settle()

    assert finding.find(agent, Wanted(near=estate)).tickets == [told["estate"]]
    assert finding.find(agent, Wanted(near=market)).tickets == [told["market"]]


def test_without_the_engine_the_name_of_the_place_is_looked_for(
    told: dict[str, Ticket], estate: Place, agent: User
) -> None:
    assert finding.find_in_database(agent, Wanted(near=estate)) == [told["estate"]]


def test_of_two_places_of_one_name_the_one_in_the_region_is_meant(
    estate: Place, town: Town
) -> None:
    other = lay(Place(name=estate.name, region=town.nanqiao), "30.100000", "120.150000")

    assert selectors.located([estate.name]) is None
    assert selectors.located(["没有的地方", estate.name], town.nanping) == other
    assert selectors.located(["望河花园小区"], town.wanghe) == estate
    assert selectors.place_at(other.pk) == other
    assert selectors.place_at(0) is None


@pytest.mark.parametrize(("lat", "lng"), [("30", None), (None, "120"), ("91", "0"), ("0", "181")])
def test_half_a_spot_is_refused(estate: Place, lat: str | None, lng: str | None) -> None:
    estate.lat, estate.lng = (None if v is None else Decimal(v) for v in (lat, lng))

    with pytest.raises(ValidationError, match="纬度"):
        estate.clean()


def test_many_tickets_are_laid_without_more_questions(
    told: dict[str, Ticket], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(6):
        laid = documents([str(ticket.pk) for ticket in told.values()])

    assert sorted(str(doc.fields["spot"]) for doc in laid) == [
        "30.250000,120.150000",
        "30.256000,120.150000",
        "None",
    ]


def test_a_ticket_leads_to_what_lies_near_and_back(
    told: dict[str, Ticket], estate: Place, market: Place, dispatcher: User, sign_in: SignIn
) -> None:
    browser = sign_in(dispatcher)

    beside = browser.get(f"/tickets/{told['estate'].number}/related/").content.decode()
    near = browser.get("/search/", {"near": str(estate.pk), "group": "tickets", "sort": "nearest"})
    narrowed = browser.get("/search/", {"place": market.name, "group": "tickets"})
    nonsense = browser.get("/search/", {"near": "-1", "q": "路灯"})

    assert f"?group=tickets&amp;near={estate.pk}" in beside
    page = near.content.decode()
    assert "“望河花园”附近 1 公里 ✕" in page
    assert "约 670 米" in page
    assert page.index(told["estate"].number) < page.index(told["market"].number)
    assert f"near={market.pk}" in narrowed.content.decode()
    assert told["nowhere"].number in nonsense.content.decode()
