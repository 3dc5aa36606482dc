"""The spots that a text names, known ones and those told by their form."""

import pytest

from city import selectors
from tests.factories import Town


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("望河花园小区3栋漏水", ["望河花园"]),
        ("柳林社区路灯坏了", ["柳林社区"]),
        ("住在梧桐路的居民反映云杉路整夜施工", ["梧桐路", "云杉路"]),
        ("临溪区望河街道银杏大道积水", ["银杏大道"]),
        ("我在青禾家园门口，晨光小学旁边的路很窄", ["青禾家园", "晨光小学"]),
        ("星海科技有限公司拖欠工资，明珠酒店也一样", ["星海科技有限公司", "明珠酒店"]),
        ("望河花园和望河花园", ["望河花园"]),
        ("住在沈家弄，柳林社区厂门口积水", ["柳林社区", "沈家弄"]),
    ],
)
def test_names_are_found_the_known_ones_first(town: Town, text: str, names: list[str]) -> None:
    assert selectors.named_places(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "小区楼下有一条路坏了，公路和马路都不好走",
        "物业公司不管，自来水公司也不管",
        "路灯坏了，电路老化，道路积水",
        "自己找人弄好了，那地方弄得很脏",
        "前天下班路那边摔了一跤，孩子抄近路",
        "厂里天天冒烟",
        "云江市临溪区",
        "",
        "。！？",
    ],
)
def test_what_is_no_name_is_not_taken_for_one(town: Town, text: str) -> None:
    assert selectors.named_places(text) == []


def test_a_long_text_names_only_a_few(town: Town) -> None:
    many = "、".join(f"{one}{two}路" for one in "东南西北" for two in "山川河海")

    assert len(selectors.named_places(many)) == 8
