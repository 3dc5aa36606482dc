"""What the dispatcher reads beside the words: dangers, special forms, rules, who gets it too."""

from datetime import date

import pytest
from django.test import Client

from accounts.models import User
from city import actions as city
from city.models import Category
from outbox.bus import drain_all
from tests.factories import Units
from tickets import actions
from tickets.actions import DutyContent
from tickets.models import Rule, Source
from tickets.workflow import Party


@pytest.fixture(autouse=True)
def city_data(units: Units) -> None:
    city.load_taxonomy()


def page_of(dispatcher: User, text: str) -> str:
    actions.accept(text=text, source=Source.WEB, by=Party.CITIZEN)
    drain_all()
    browser = Client()
    browser.force_login(dispatcher)
    return browser.get("/dispatch/").content.decode()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("望河花园电线断了拖在地上", ["险情（电线漏电）", "电线断"]),
        ("望河花园着火了", ["受理建议 <b>转紧急热线 119</b>", "着火"]),
        ("老板拖欠工资，我要投诉", ["欠薪：拖欠工资", "建议类型 投诉"]),
    ],
)
def test_the_dispatcher_sees_what_was_noticed_with_the_words(
    dispatcher: User, text: str, said: list[str]
) -> None:
    page = page_of(dispatcher, text)

    assert all(words in page for words in said)


def test_the_dispatcher_sees_the_rule_and_its_mark(
    dispatcher: User, supervisor: User, units: Units
) -> None:
    rule = Rule(name="高考护航", words=["高考"], flag="高考", department=units.urban, hold=True)
    actions.save_rule(rule, by=supervisor)

    page = page_of(dispatcher, "高考考点旁边摆摊")

    assert "规则《高考护航》：含“高考”" in page
    assert "须人工派单" in page


def test_one_key_sends_it_to_the_units_beside_the_lead_too(
    dispatcher: User, supervisor: User, admin: User, units: Units
) -> None:
    content = DutyContent(
        category=Category.objects.get(code="0101"),
        department=units.urban,
        valid_from=date(2026, 1, 1),
        assisting=[units.housing],
    )
    item = actions.draft_duty(content, by=supervisor)
    actions.move_duty(item, "submit", by=supervisor)
    actions.move_duty(item, "publish", by=admin)

    page = page_of(dispatcher, "望河花园流动摊贩占道")

    assert "同时派往" in page
    assert f'name="assisting" value="{units.housing.code}"' in page
