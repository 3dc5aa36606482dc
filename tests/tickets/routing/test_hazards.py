"""Danger in words: recalled first, but not where it is denied or only feared."""

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
    ],
)
def test_the_urgency_follows_the_words(text: str, urgency: str) -> None:
    assert hazard_of(text).urgency == urgency


def test_the_words_that_say_so_are_named() -> None:
    assert hazard_of("天然气泄漏，有人昏迷").words == ["昏迷", "泄漏"]


def test_many_people_and_threats_are_noticed() -> None:
    assert group_words("全体业主和120户居民")
    assert threat_words("再不解决我就跳楼")
    assert not group_words("我一个人")
