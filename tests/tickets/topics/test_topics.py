"""What belongs together is found together: likeness and clusters of messages."""

import pytest

from tickets.topics.leader import clusters
from tickets.topics.likeness import Message, ranked

DUST = [
    Message("长岭水泥厂夜里排灰", "住在长岭花园，水泥厂半夜排灰，阳台一层白粉，窗户不敢开。"),
    Message("长岭水泥厂粉尘太大", "水泥厂的粉尘落得到处都是，车上一层灰，孩子一直咳嗽。"),
    Message("水泥厂粉尘污染没人管", "长岭路水泥厂每天晚上冒白灰，粉尘飘到小区里来。"),
]
LAMP = [
    Message("梧桐路路灯不亮", "梧桐路从小学到菜场的路灯坏了半个月，晚上看不见路。"),
    Message("路灯坏了", "梧桐路一排路灯都不亮，老人晚上摔了一跤。"),
]
OTHER = [Message("公积金怎么提取", "我在外面租房，想问公积金提取要什么材料。")]
ALL = [*DUST, *LAMP, *OTHER]


def test_the_same_matter_at_the_same_place_is_most_alike() -> None:
    near = ranked(ALL, 2)

    assert set(near[0]) == {1, 2}
    assert near[3][0] == 4
    assert near[4][0] == 3


def test_nobody_is_like_himself_and_strangers_are_like_nobody() -> None:
    near = ranked([*ALL, Message("", "zzz")], 10)

    assert all(at not in found for at, found in enumerate(near))
    assert near[-1] == []


def test_each_message_is_in_one_cluster_the_largest_first() -> None:
    found = clusters(ALL)

    assert found[0] == [0, 1, 2]
    assert [3, 4] in found
    assert sorted(at for cluster in found for at in cluster) == list(range(len(ALL)))


@pytest.mark.parametrize("texts", [[], [""], ["", ""], ["。！", "😀"], ["水" * 10_000, "电"]])
def test_odd_messages_stay_alone(texts: list[str]) -> None:
    messages = [Message("", text) for text in texts]

    assert len(clusters(messages)) == len(texts)
    assert ranked(messages, 5) == [[] for _ in texts]
