"""What the dispatcher reads beside the words: dangers, special forms, rules, who gets it too."""

from datetime import date

import pytest
from django.test import Client

from accounts.models import Role, User
from city import actions as city
from city.models import Category
from outbox.bus import drain_all
from search import engine
from tests.factories import Units, make_user
from tickets import actions
from tickets.actions import DutyContent
from tickets.indexes import TICKETS
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


def test_several_matters_are_shown_apart_and_the_split_is_filled_in(dispatcher: User) -> None:
    page = page_of(
        dispatcher, "望河花园门口流动摊贩占道，早上走不过去。另外家里自来水停水两天，请恢复。"
    )

    assert "疑似一件多事，建议拆单" in page
    assert 'name="text_2"' in page
    assert "另外家里自来水停水两天，请恢复。</textarea>" in page
    assert '<option value="0401" selected>' in page


def test_what_nobody_can_tell_is_left_to_a_person_with_what_is_missing(dispatcher: User) -> None:
    page = page_of(dispatcher, "今天天气不错")

    assert "建议人工" in page
    assert "还缺：" in page
    assert "未说明地点" in page
    assert "data-enter" not in page


def test_the_suggested_unit_is_chosen_already_for_whoever_adds_another(
    dispatcher: User, units: Units
) -> None:
    page = page_of(dispatcher, "望河花园门口流动摊贩占道")

    assert f'<option value="{units.linxi_urban.code}"' in page
    assert 'data-key="a"' in page
    chosen = page.split('name="to"')[-1].split("</select>")[0]
    assert "selected" in chosen


def test_the_nearest_tickets_tell_where_they_went_and_whether_they_stayed(
    dispatcher: User, units: Units
) -> None:
    words = "望河花园北门流动摊贩占道，走不过去"
    one = actions.accept(text=words, source=Source.WEB, by=Party.CITIZEN)
    actions.dispatch(one, to=units.water, by=dispatcher)
    actions.send_back(one, reason="不归我们管", by=make_user(Role.SIGNER, units.water))
    actions.decide_return(one, accepted=True, note="属实", by=dispatcher)
    actions.dispatch(one, to=units.urban, by=dispatcher)
    actions.sign(one, by=make_user(Role.SIGNER, units.urban))
    other = actions.accept(text=f"{words}，天天如此", source=Source.WEB, by=Party.CITIZEN)
    actions.dispatch(other, to=units.linxi_urban, by=dispatcher)

    drain_all()
    engine.current().refresh(TICKETS)  # a cluster shows what was written half a second later

    page = page_of(dispatcher, f"{words}，请管管")

    assert f"→ <b>{units.urban.name}</b>，退单 1 次后到此" in page
    assert f"→ <b>{units.linxi_urban.name}</b>，尚未签收" in page


def test_the_pace_of_the_day_is_told(dispatcher: User, units: Units) -> None:
    ticket = actions.accept(text="望河花园占道", source=Source.WEB, by=Party.CITIZEN)
    actions.dispatch(ticket, to=units.urban, by=dispatcher)

    page = page_of(dispatcher, "望河花园还是占道")

    assert "今天已派 <b>1</b> 件，近一小时 <b>1</b> 件，其中自动派出 <b>0%</b>" in page
