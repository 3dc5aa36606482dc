"""Danger in words: recalled first, but not where it is denied, prevented or over."""

import pytest

from tickets.routing.hazards import group_words, hazard_of, threat_words
from tickets.workflow import Urgency

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("楼下餐馆煤气泄漏，味道很大", Urgency.CRITICAL),
        ("电梯把老人困住了，电梯困人", Urgency.CRITICAL),
        ("昨晚的火已扑灭，没有起火", Urgency.NORMAL),
        ("希望加装护栏，防止触电", Urgency.NORMAL),
        ("没有起火，但是还在漏电", Urgency.CRITICAL),
        ("想问公积金怎么提取", Urgency.NORMAL),
        ("墙体开裂，担心倒塌", Urgency.URGENT),
        ("不知道会不会爆炸", Urgency.URGENT),
        ("路中间井盖不见了", Urgency.URGENT),
        ("孩子掉进下水井里了", Urgency.CRITICAL),
        ("路口积水很深", Urgency.URGENT),
    ],
)
def test_the_urgency_follows_the_words(text: str, urgency: str) -> None:
    assert hazard_of(text).urgency == urgency


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("楼道里一股天然气味", "燃气"),
        ("厨房煤气一直在漏", "燃气"),
        ("单元门口的燃气管子漏气了", "燃气"),
        ("有没有漏气谁也不来查", "燃气"),
        ("对面饭店失火了", "火情"),
        ("充电的电动车在冒烟", "火情"),
        ("老房子快要塌了", "坍塌"),
        ("小区后面山体滑坡", "坍塌"),
        ("墙上的裂缝越来越大", "坍塌"),
        ("人行道窨井盖被偷了", "窨井"),
        ("井盖松动，车一过就响", "窨井"),
        ("路边没有井盖", "窨井"),
        ("电线断了拖在地上", "电线漏电"),
        ("路灯杆漏电没人管", "电线漏电"),
        ("一直没人修漏电的路灯", "电线漏电"),
        ("电线杆歪了随时会倒", "电线漏电"),
        ("外墙瓷砖掉下来砸到车", "坠物"),
        ("楼上高空抛物", "坠物"),
        ("我们几个人被困在里面", "被困"),
        ("邻居一家煤气中毒", "中毒昏迷"),
        ("有个老人晕倒在路边", "中毒昏迷"),
        ("水库有人落水", "水患"),
        ("这日子我活不下去了", "轻生"),
        ("你们不解决我就死给你们看", "轻生"),
        ("再不给钱我就和他们同归于尽", "暴力威胁"),
        ("他拿着刀在店里", "暴力威胁"),
    ],
)
def test_every_sort_of_danger_is_recalled(text: str, tag: str) -> None:
    found = hazard_of(text)

    assert tag in found.tags
    assert all(word in text for word in found.words)
    assert found.urgency != Urgency.NORMAL


@pytest.mark.parametrize(
    "text",
    [
        "没有受伤，只是问一下保险怎么办",
        "现场未发现泄漏",
        "请放心，没有爆炸",
        "火灾险怎么买",
        "商场跳楼价促销扰民",
        "家里装漏电保护器要多少钱",
        "这个问题一直困扰我，被困扰很久了",
        "昨天的险情已经处置，漏电已修好",
        "建议设置栏杆，避免有人落水",
        "消防部门来小区做火灾演练，声音很大",
        "广场舞噪声扰民",
    ],
)
def test_what_is_denied_prevented_or_over_is_no_danger(text: str) -> None:
    assert hazard_of(text).urgency == Urgency.NORMAL


def test_the_words_that_say_so_are_named() -> None:
    assert hazard_of("天然气泄漏，有人昏迷").words == ["天然气泄漏", "昏迷"]


@pytest.mark.parametrize(
    "text",
    ["全体业主和120户居民", "几十名家长在门口", "我们准备联名反映", "村民要集体上访", "上百人堵门"],
)
def test_many_people_are_noticed(text: str) -> None:
    assert group_words(text)


@pytest.mark.parametrize("text", ["我一个人", "只花了几十块钱", "集体户口怎么迁", "等了30分钟"])
def test_few_people_are_not_many(text: str) -> None:
    assert not group_words(text)


@pytest.mark.parametrize(
    "text", ["再不解决我就跳楼", "逼急了我跟他们拼了", "我不想活了", "早晚砍死他"]
)
def test_threats_are_noticed(text: str) -> None:
    assert threat_words(text)
