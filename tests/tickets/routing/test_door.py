"""Outcomes at the door, special forms and kinds: suggested with words of the text."""

import pytest

from tickets.routing.door import Outcome, door_of
from tickets.routing.kinds import kind_of
from tickets.routing.signs import signs_of
from tickets.workflow import Kind

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "outcome", "where"),
    [
        ("隔壁着火了，火很大", Outcome.EMERGENCY, "119"),
        ("小区燃气泄漏，整栋楼都闻到", Outcome.EMERGENCY, "119"),
        ("有人困在电梯里", Outcome.EMERGENCY, "119"),
        ("老人昏迷不醒", Outcome.EMERGENCY, "120"),
        ("有人溺水了", Outcome.EMERGENCY, "120"),
        ("楼下正在打人，拿着刀", Outcome.EMERGENCY, "110"),
        ("我真的想跳楼", Outcome.EMERGENCY, "110"),
        ("孩子在公园走失", Outcome.EMERGENCY, "110"),
        ("路口发生车祸", Outcome.EMERGENCY, "122"),
        ("我的车刚被追尾", Outcome.EMERGENCY, "122"),
        ("我不服法院判决", Outcome.STATUTORY, "诉讼"),
        ("劳动仲裁裁决下来公司不给钱", Outcome.STATUTORY, "仲裁"),
        ("对交警的处罚不服，不服这个处罚", Outcome.STATUTORY, "行政复议"),
        ("村主任挪用公款", Outcome.STATUTORY, "纪检监察"),
        ("信访局已受理，再问一下", Outcome.STATUTORY, "信访"),
        ("我想申请政府信息公开", Outcome.STATUTORY, "政府信息公开"),
        ("帮我查一下前妻的住址", Outcome.EXPLAIN, "涉及他人隐私"),
        ("能不能办个假毕业证", Outcome.EXPLAIN, "违法要求"),
        ("你们已经书面答复，我不满意", Outcome.EXPLAIN, "无新事实"),
        ("你们都是废物，滚蛋", Outcome.MALICIOUS, ""),
        ("没事，打着玩的", Outcome.MALICIOUS, ""),
    ],
)
def test_the_door_names_the_outcome_and_its_words(text: str, outcome: str, where: str) -> None:
    found = door_of(text)

    assert (found.outcome, found.where) == (outcome, where)
    assert found.words
    assert all(word in text for word in found.words)
    assert found.unusual


@pytest.mark.parametrize(
    "text",
    [
        "望河花园流动摊贩占道",
        "交通事故认定书在哪里领",
        "没有着火，只是油烟大",
        "商场跳楼价促销声音太大",
        "他妈的，物业收了三年钱不修电梯，门禁坏了半年，投诉五次没有一个人管，公共收益从来不公示，请热线督促物业公司尽快修好并把账目公开给全体业主看",
        "法院附近停车难",
        "",
    ],
)
def test_whatever_else_is_accepted(text: str) -> None:
    found = door_of(text)

    assert found.outcome == Outcome.ACCEPT
    assert not found.unusual


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("工地老板拖欠我们三个月工资", "wages"),
        ("工资一直没发", "wages"),
        ("包工头不给工钱", "wages"),
        ("农民工讨薪无门", "wages"),
        ("我公司办许可证被卡", "enterprise"),
        ("我司反映营商环境问题", "enterprise"),
        ("家里有83岁独居老人", "elderly"),
        ("我坐轮椅，没有坡道", "disabled"),
        ("幼儿园孩子过敏", "minor"),
        ("退役军人安置", "soldier"),
        ("外来务工人员怎么办居住证", "migrant"),
        ("外籍老师签证", "foreigner"),
        ("全体业主联名反映", "group"),
        ("我就跟他们同归于尽", "threat"),
        ("天然气泄漏", "hazard"),
    ],
)
def test_special_forms_are_named_with_their_words(text: str, sign: str) -> None:
    found = signs_of(text)

    assert found[sign]
    assert all(word in text for word in found[sign])


def test_facts_about_the_caller_are_signs_without_words() -> None:
    found = signs_of("想问一下", confidential=True, anonymous=True)

    assert found == {"anonymous": [], "confidential": []}


def test_what_is_not_said_is_no_sign() -> None:
    assert signs_of("早市占道，路不好走") == {}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("请问居住证怎么办理", Kind.CONSULT),
        ("想了解一下公积金提取需要哪些材料", Kind.CONSULT),
        ("落户要多长时间能办下来？", Kind.CONSULT),
        ("路灯坏了，麻烦派人来修", Kind.HELP),
        ("家里停水了，求帮忙", Kind.HELP),
        ("我要投诉物业乱收费", Kind.COMPLAINT),
        ("窗口办事员态度很差", Kind.COMPLAINT),
        ("多次反映没有人处理", Kind.COMPLAINT),
        ("举报有人无证经营", Kind.REPORT),
        ("我要揭发工地偷工减料", Kind.REPORT),
        ("建议在路口增设红绿灯", Kind.ADVICE),
        ("希望能够增加一条公交线路", Kind.ADVICE),
        ("我要表扬公交司机", Kind.PRAISE),
        ("给环卫工人点赞", Kind.PRAISE),
        ("感谢社区王书记热心帮助", Kind.PRAISE),
    ],
)
def test_the_kind_follows_the_words(text: str, kind: str) -> None:
    found, words = kind_of(text)

    assert found == kind
    assert words
    assert all(word in text for word in words)


def test_words_that_say_nothing_give_no_kind() -> None:
    assert kind_of("望河花园三号楼") == ("", [])
