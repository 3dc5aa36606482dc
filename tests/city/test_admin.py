"""The administrator's pages write through actions, so that every process hears of a change."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from accounts.models import User
from city import actions, selectors
from city.models import CalendarDay, Category, Parameter, Place, Region, Synonym, Word
from tests.factories import Town


@pytest.fixture
def pages(admin: User, client: Client) -> Client:
    client.force_login(admin)
    return client


def test_a_synonym_is_typed_as_words(pages: Client) -> None:
    pages.post("/admin/city/synonym/add/", {"words": "窨井盖、井盖，阴井盖"})

    assert Synonym.objects.get().words == ["窨井盖", "井盖", "阴井盖"]
    assert (
        "窨井盖、井盖"
        in pages.get(f"/admin/city/synonym/{Synonym.objects.get().pk}/change/").content.decode()
    )


def test_a_place_that_was_typed_is_found_at_once(pages: Client, town: Town) -> None:
    selectors.find_places("滨江公园")

    pages.post(
        "/admin/city/place/add/",
        {"name": "滨江公园", "kind": "park", "region": town.nanqiao.pk, "aliases": "江边公园"},
    )

    (hit,) = selectors.find_places("江边公园")
    assert hit.region == town.nanqiao


def test_a_region_gets_its_path(pages: Client, town: Town) -> None:
    pages.post(
        "/admin/city/region/add/",
        {"code": "990103002", "name": "西坪镇", "level": "street", "parent": town.nanping.pk},
    )

    region = Region.objects.get(code="990103002")
    assert region.path == f"{town.nanping.path}{region.pk}/"


def test_a_region_cannot_hang_below_itself(pages: Client, town: Town) -> None:
    answer = pages.post(
        f"/admin/city/region/{town.linxi.pk}/change/",
        {"code": "990102", "name": "临溪区", "level": "district", "parent": town.wanghe.pk},
    )

    assert "上级区划不能是本区划或其下级" in answer.content.decode()


def test_a_matter_gets_its_full_name(pages: Client) -> None:
    top = actions.save_category(Category(code="01", name="市容"))

    pages.post(
        "/admin/city/category/add/",
        {"code": "0101", "name": "占道", "parent": top.pk, "keywords": "占道;摆摊", "active": "on"},
    )

    category = Category.objects.get(code="0101")
    assert (category.level, category.path_name) == (2, "市容 / 占道")
    assert category.keywords == ["占道", "摆摊"]


def test_rows_taken_away_are_forgotten_at_once(pages: Client, town: Town) -> None:
    day = actions.save_calendar_day(date(2026, 11, 24), is_working=False)
    actions.save_row(Word(text="接诉即办"))
    selectors.calendar()

    pages.post(f"/admin/city/calendarday/{day.pk}/delete/", {"post": "yes"})
    pages.post(
        "/admin/city/word/",
        {
            "action": "delete_selected",
            "_selected_action": [Word.objects.get().pk],
            "post": "yes",
        },
    )

    assert not CalendarDay.objects.exists()
    assert not Word.objects.exists()
    assert selectors.calendar().is_working_day(date(2026, 11, 24))


@pytest.mark.parametrize(
    "name",
    "region place depttype category calendarday workframe timelimit word synonym".split(),
)
def test_every_list_and_form_opens(pages: Client, town: Town, name: str) -> None:
    actions.load_defaults()

    assert pages.get(f"/admin/city/{name}/").status_code == 200
    assert pages.get(f"/admin/city/{name}/add/").status_code == 200


def test_a_stranger_stays_outside(stranger: User, client: Client) -> None:
    client.force_login(stranger)

    assert client.get("/admin/city/place/").status_code == 302


def test_places_and_days_say_what_they_are(town: Town) -> None:
    day = CalendarDay(on=date(2026, 11, 24), is_working=False)

    assert (str(town.estate), str(Place(name="码头")), str(day)) == (
        "望河花园",
        "码头",
        "2026-11-24 休息",
    )


def test_a_number_of_the_trade_holds_from_its_day_on(pages: Client) -> None:
    before = selectors.number(Parameter.Name.REDO)

    pages.post(
        "/admin/city/parameter/add/", {"name": "redo", "amount": "4", "valid_from": "2026-11-23"}
    )

    monday, sunday = (datetime(2026, 11, day, 12, tzinfo=UTC) for day in (23, 22))
    assert selectors.number(Parameter.Name.REDO, at=monday) == 4
    assert selectors.number(Parameter.Name.REDO, at=sunday) == before == 2
