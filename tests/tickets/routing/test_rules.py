"""Rules: readable conditions, their reasons in the evidence, and never silent when they break."""

from datetime import datetime, time
from typing import Any

import pytest
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import User
from city import actions as city
from city.models import Category
from outbox.bus import drain_all
from tests.factories import Town, Units
from tickets import actions, routing
from tickets.actions import DutyContent
from tickets.errors import Invalid, NotAllowed
from tickets.models import Rule, Source, Ticket
from tickets.routing.findings import Words
from tickets.routing.rules import within
from tickets.routing.suggestion import suggest_many
from tickets.workflow import Kind, Party, Status, Urgency


@pytest.fixture(autouse=True)
def city_data(units: Units) -> None:
    city.load_taxonomy()


@pytest.fixture
def lamp(supervisor: User, units: Units) -> Rule:
    """路灯的事一律派城管局."""
    return made(supervisor, name="路灯直派", words=["路灯"], department=units.urban)


def made(by: User, **columns: Any) -> Rule:
    return actions.save_rule(Rule(**columns), by=by)


def test_a_rule_sends_a_demand_to_its_unit_and_is_named(lamp: Rule, units: Units) -> None:
    found = routing.suggest("望河花园的路灯坏了三天")

    assert found.decision.auto
    assert found.decision.unit == units.urban
    assert "规则《路灯直派》：含“路灯”" in found.units[0].reasons


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("路灯杆漏电", {}),
        ("路灯再不修我就跳楼", {}),
        ("路灯坏了，全体业主联名反映", {}),
        ("路灯坏了", {"confidential": True}),
        ("举报路灯承包人", {}),
        ("路灯坏了", {"kind": Kind.REPORT}),
        ("路灯坏了，市城管局工作人员推诿不管", {}),
        ("路灯坏了，不服法院判决", {}),
        ("路灯坏了，你们都是废物", {}),
    ],
)
def test_what_needs_a_person_is_not_dispatched_even_by_a_rule(
    lamp: Rule, text: str, about: dict[str, Any]
) -> None:
    decision = suggest_many([Words(text, **about)])[0].decision

    assert not decision.auto
    assert decision.why


@pytest.mark.parametrize(
    ("asked", "about", "reason"),
    [
        ({"words": ["占道"]}, {}, "含“占道”"),
        ({"excluded": ["市场内"]}, {}, "无条件"),
        ({"place": "望河"}, {}, "地点含“望河”"),
        ({"sources": ["web"]}, {"source": Source.WEB}, "来自网站"),
        ({"signs": ["elderly"]}, {}, "老年人（老人）"),
        ({"signs": ["anonymous"]}, {"anonymous": True}, "匿名"),
        (
            {"hour_from": time(22), "hour_to": time(6)},
            {"at": timezone.make_aware(datetime(2026, 11, 23, 23, 30))},  # noqa: DTZ001 - made aware
            "时段 22:00–06:00",
        ),
    ],
)
def test_every_condition_is_read_and_named(
    supervisor: User, asked: dict[str, Any], about: dict[str, Any], reason: str
) -> None:
    made(supervisor, name="规则", flag="重点", **asked)

    found = suggest_many([Words("望河花园老人说早市占道", **about)])[0]

    assert [match.reason for match in found.rules.matches] == [f"规则《规则》：{reason}"]
    assert found.rules.flags == ["重点"]


@pytest.mark.parametrize(
    "asked",
    [
        {"words": ["噪声"]},
        {"excluded": ["占道"]},
        {"place": "青石"},
        {"sources": ["phone"]},
        {"signs": ["minor"]},
        {"words": ["占道"], "signs": ["anonymous"]},
        {"hour_from": time(1), "hour_to": time(2)},
    ],
)
def test_one_condition_that_is_not_met_is_enough(supervisor: User, asked: dict[str, Any]) -> None:
    made(supervisor, name="规则", flag="重点", **asked)
    noon = timezone.make_aware(datetime(2026, 11, 23, 12))  # noqa: DTZ001 - made aware

    found = suggest_many([Words("望河花园老人说早市占道", source=Source.WEB, at=noon)])[0]

    assert found.rules.matches == []


def test_matter_and_region_hold_for_what_lies_below_them(supervisor: User, town: Town) -> None:
    above = Category.objects.get(code="01")
    made(supervisor, name="城管", category=above, region=town.linxi, flag="临溪城管")

    here = routing.suggest("望河花园流动摊贩占道")
    elsewhere = routing.suggest("桥头社区流动摊贩占道")

    assert here.rules.flags == ["临溪城管"]
    assert elsewhere.rules.flags == []


def test_the_first_rule_that_names_a_unit_wins(lamp: Rule, supervisor: User, units: Units) -> None:
    second = made(supervisor, name="路灯给住建", words=["路灯"], department=units.housing)
    before = routing.suggest("路灯坏了").decision.unit
    actions.order_rules([second.pk, lamp.pk], by=supervisor)

    after = routing.suggest("路灯坏了").decision.unit

    assert (before, after) == (units.urban, units.housing)


def test_a_rule_may_hold_and_raise_the_urgency(supervisor: User) -> None:
    made(supervisor, name="高考", words=["高考"], urgency=Urgency.URGENT, hold=True)

    found = routing.suggest("高考考点旁边工地噪声")

    assert found.urgency == Urgency.URGENT
    assert not found.decision.auto
    assert any("《高考》" in why for why in found.decision.why)


def test_a_rule_whose_unit_is_dissolved_holds_the_ticket_and_raises_the_alarm(
    lamp: Rule, units: Units
) -> None:
    units.urban.active = False
    accounts.save_department(units.urban)
    ticket = actions.accept(text="路灯坏了", source=Source.WEB, by=Party.CITIZEN)
    drain_all()

    lamp.refresh_from_db()
    ticket.refresh_from_db()
    assert ticket.status == Status.PENDING_DISPATCH
    assert "已停用" in lamp.error
    assert lamp.failed_at is not None
    assert ticket.routing is not None
    assert any("《路灯直派》出错" in why for why in ticket.routing.decision["why"])


def test_a_rule_with_a_condition_nobody_knows_is_broken_and_not_silent(supervisor: User) -> None:
    made(supervisor, name="坏规则", signs=["nonsense"], flag="重点")

    found = routing.suggest("路灯坏了")

    assert [rule.name for rule, _ in found.rules.broken] == ["坏规则"]
    assert not found.decision.auto


def test_saving_a_rule_again_forgets_its_error(lamp: Rule, supervisor: User) -> None:
    actions.note_rule_error(lamp.pk, "单位已停用")
    lamp.refresh_from_db()
    noted = lamp.error
    actions.save_rule(lamp, by=supervisor)

    lamp.refresh_from_db()
    assert (noted, lamp.error) == ("单位已停用", "")


def test_a_rule_says_what_it_does_and_has_a_name_of_its_own(lamp: Rule, supervisor: User) -> None:
    with pytest.raises(Invalid):
        made(supervisor, name="空规则", words=["路灯"])
    with pytest.raises(Invalid):
        made(supervisor, name=lamp.name, flag="重点")


def test_only_keepers_write_rules(lamp: Rule, dispatcher: User, stranger: User) -> None:
    for person in (dispatcher, stranger):
        with pytest.raises(NotAllowed):
            actions.save_rule(lamp, by=person)
        with pytest.raises(NotAllowed):
            actions.delete_rule(lamp, by=person)


def test_a_deleted_rule_says_nothing_more(lamp: Rule, supervisor: User) -> None:
    assert routing.suggest("路灯坏了").rules.matches
    actions.delete_rule(lamp, by=supervisor)

    assert not routing.suggest("路灯坏了").rules.matches


def test_line_and_territory_are_dispatched_together(
    supervisor: User, admin: User, units: Units, town: Town
) -> None:
    content = DutyContent(
        category=Category.objects.get(code="0101"),
        department=units.linxi_urban,
        valid_from=timezone.localdate(),
        region=town.linxi,
        with_territory=True,
        basis="综合执法事项清单",
    )
    item = actions.draft_duty(content, by=supervisor)
    actions.move_duty(item, "submit", by=supervisor)
    actions.move_duty(item, "publish", by=admin)
    made(supervisor, name="占道直派", words=["占道"], department=units.linxi_urban)
    text = "望河花园流动摊贩占道"
    ticket = actions.accept(text=text, source=Source.WEB, by=Party.CITIZEN)
    drain_all()

    ticket = Ticket.objects.get(pk=ticket.pk)
    has = {turn.department for turn in ticket.assignments.filter(voided_at=None)}
    assert ticket.routing is not None
    duty = ticket.routing.units[0]["duty"]
    assert has == {units.linxi_urban, units.wanghe}
    assert duty == {"key": "0101-990102", "version": 1, "basis": "综合执法事项清单"}


@pytest.mark.parametrize(
    ("at", "inside"), [(time(23), True), (time(5, 59), True), (time(6), False), (time(12), False)]
)
def test_a_frame_of_the_day_may_pass_midnight(at: time, inside: bool) -> None:
    assert within(at, time(22), time(6)) is inside
