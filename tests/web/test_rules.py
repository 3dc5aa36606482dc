"""The editor of rules: tried on last month's tickets first, in order, and loud when broken."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from city import actions as city
from tests.factories import Units
from tickets import actions
from tickets.models import Rule, Source, Ticket
from tickets.workflow import Party

Visit = Callable[[User], Client]


@pytest.fixture(autouse=True)
def city_data(units: Units) -> None:
    city.load_taxonomy()


@pytest.fixture
def browser(supervisor: User) -> Client:
    found = Client()
    found.force_login(supervisor)
    return found


def typed(**more: object) -> dict[str, object]:
    return {"name": "路灯直派", "words": "路灯、街灯", "department": "cgzf", "active": "on"} | more


def test_a_rule_is_tried_before_it_is_saved(browser: Client, units: Units) -> None:
    elsewhere = actions.accept(text="路灯坏了", source=Source.WEB, by=Party.SYSTEM)
    there = actions.accept(text="街灯不亮", source=Source.WEB, by=Party.SYSTEM)
    secret = actions.accept(text="路灯", source=Source.WEB, by=Party.SYSTEM, confidential=True)
    actions.accept(text="早市占道", source=Source.WEB, by=Party.SYSTEM)
    Ticket.objects.filter(pk=elsewhere.pk).update(lead=units.housing)
    Ticket.objects.filter(pk__in=[there.pk, secret.pk]).update(lead=units.urban)

    before = browser.get("/duties/rules/new/").content.decode()
    trial = browser.post("/duties/rules/new/", typed()).content.decode()
    unsaved = Rule.objects.count()
    saved = browser.post("/duties/rules/new/", typed(save="1"), follow=True).content.decode()

    assert "保存规则" not in before
    assert "会命中 2 件，其中 1 件与实际不同" in trial
    assert f"/tickets/{elsewhere.number}/" in trial
    assert "实际主办 云江市住房和城乡建设局" in trial
    assert secret.number not in trial
    assert unsaved == 0
    assert "含“路灯”或“街灯”" in saved
    assert Rule.objects.get().words == ["路灯", "街灯"]


def test_the_trial_tells_of_urgency_and_of_what_went_by_itself(browser: Client) -> None:
    ticket = actions.accept(text="老人家路灯坏了", source=Source.WEB, by=Party.SYSTEM)
    Ticket.objects.filter(pk=ticket.pk).update(auto_dispatched=True)
    asked = typed(department="", urgency="urgent", hold="on", signs="elderly", sources="web")

    page = browser.post("/duties/rules/new/", asked).content.decode()

    assert "其中 1 件与实际不同" in page
    assert "实际为一般；实际由系统自动派出" in page


def test_every_condition_comes_back_in_the_editor_and_in_the_list(browser: Client) -> None:
    asked = typed(
        region="", place="望河", sources=["web", "phone"], signs=["wages"], flag="重点", hold="on"
    ) | {"hour_from": "22:00", "hour_to": "06:00", "excluded": "已修", "urgency": "urgent"}
    browser.post("/duties/rules/new/", asked | {"save": "1"})
    rule = Rule.objects.get()

    page = browser.get("/duties/rules/").content.decode()
    editor = browser.get(f"/duties/rules/{rule.pk}/").content.decode()

    for words in ("不含“已修”", "地点含“望河”", "来自网站、电话", "时段 22:00–06:00", "欠薪"):
        assert words in page
    assert "标记“重点”" in page
    assert "定为紧急" in page
    assert 'value="22:00"' in editor
    assert "路灯、街灯" in editor


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"words": ""}, "请至少写一个条件"),
        ({"hour_from": "22:00"}, "时段要写起止两个时间"),
        ({"department": "", "save": "1"}, "请至少写一项结果"),
        ({"name": ""}, "请给规则起个名字"),
    ],
)
def test_mistakes_are_said_in_plain_words(
    browser: Client, wrong: dict[str, str], said: str
) -> None:
    response = browser.post("/duties/rules/new/", typed(**wrong))

    assert response.status_code == 400
    assert said in response.content.decode()
    assert not Rule.objects.exists()


def test_rules_change_places_and_go(browser: Client) -> None:
    for name in ("甲", "乙"):
        browser.post("/duties/rules/new/", typed(name=name, save="1"))
    first, second = Rule.objects.all()
    browser.post(f"/duties/rules/{second.pk}/up/")
    order = list(Rule.objects.values_list("name", flat=True))
    browser.post(f"/duties/rules/{first.pk}/delete/")

    assert order == ["乙", "甲"]
    assert list(Rule.objects.all()) == [second]
    assert browser.post(f"/duties/rules/{second.pk}/sideways/").status_code == 404


def test_a_broken_rule_is_an_alarm_on_the_board_and_in_the_list(
    browser: Client, supervisor: User, units: Units
) -> None:
    rule = actions.save_rule(
        Rule(name="路灯直派", words=["路灯"], department=units.urban), by=supervisor
    )
    units.urban.active = False
    units.urban.save()
    actions.note_rule_error(rule.pk, "市城管局已停用")

    board = browser.get("/supervision/").content.decode()
    page = browser.get("/duties/rules/").content.decode()

    assert "派单规则《路灯直派》出错（市城管局已停用）" in board
    assert "规则出错" in page


def test_the_dispatcher_reads_the_rules_but_changes_none(
    browser: Client, dispatcher: User, stranger: User
) -> None:
    browser.post("/duties/rules/new/", typed(save="1"))
    rule = Rule.objects.get()

    for person, expected in ((dispatcher, 200), (stranger, 403)):
        other = Client()
        other.force_login(person)
        assert other.get("/duties/rules/").status_code == expected
        assert other.get(f"/duties/rules/{rule.pk}/").status_code == 403
        assert other.post(f"/duties/rules/{rule.pk}/delete/").status_code == 403
