"""The nine checks on a reply: each finds what it is for, with its words, and leaves the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.quality import Check, Outcome, Risk, examine

DEMAND = "望河花园3栋楼道灯坏了半个月，老人晚上上下楼看不清，请派人修理。"
GOOD = (
    "尊敬的市民：您反映望河花园3栋楼道灯不亮的问题，我局工作人员已到现场核查，系线路老化所致。"
    "根据《物业管理条例》第三十五条，物业公司已更换线路和灯具，楼道照明恢复正常。"
    "如有疑问请致电 0571-88123456 联系。"
)


def names(text: str, demand: str = DEMAND, *, hazard: bool = False) -> set[Check]:
    return {found.check for found in examine(text, demand=demand, hazard=hazard).findings}


def test_a_reply_in_order_passes_without_a_remark() -> None:
    verdict = examine(GOOD, demand=DEMAND)

    assert verdict.findings == ()
    assert verdict.outcome == Outcome.PASS
    assert verdict.marked == [(GOOD, "")]


@pytest.mark.parametrize(
    ("check", "words"),
    [
        (Check.OVERPROMISE, "我们保证楼道灯再也不坏"),
        (Check.OVERPROMISE, "今后一定彻底解决"),
        (Check.DEADLINE, "将于月底前完成楼道灯更换"),
        (Check.DEADLINE, "三个工作日内修好"),
        (Check.ABSOLUTE, "楼道灯绝对没有问题"),
        (Check.PRIVACY, "反映人电话13812345678已记录"),
        (Check.PRIVACY, "业主身份证330102199003078112已核对"),
        (Check.SHIFTING, "这件事不归我们管"),
        (Check.SHIFTING, "请您自行联系物业"),
        (Check.UNSOURCED, "按照有关规定办理"),
    ],
)
def test_each_check_marks_the_words_it_rests_on(check: Check, words: str) -> None:
    verdict = examine(f"{GOOD}{words}。", demand=DEMAND)

    assert [found.check for found in verdict.findings] == [check]
    marked = [piece for piece, checks in verdict.marked if check.label in checks]
    assert marked
    assert all(piece in words for piece in marked)
    assert "".join(piece for piece, _ in verdict.marked) == f"{GOOD}{words}。"


@pytest.mark.parametrize(
    "words",
    [
        "保证金已退还",
        "已于3日内完成更换",
        "根据《住房公积金管理条例》的规定办理",
        "按照市建〔2024〕12号文件要求办理",
        "单位电话 0571-88123456",
        "物业管理处的职责是维护公共照明",
    ],
)
def test_what_only_looks_alike_is_left_alone(words: str) -> None:
    assert names(f"{GOOD}{words}。") == set()


def test_a_reply_that_speaks_of_something_else_should_go_back() -> None:
    verdict = examine(
        "尊敬的市民：经核实，新生儿医保参保依据《医保条例》已办理，咨询电话12393。", demand=DEMAND
    )

    assert verdict.outcome == Outcome.SEND_BACK
    assert verdict.grave == [Check.OFF_TOPIC.value]


def test_a_short_demand_is_not_compared() -> None:
    assert Check.OFF_TOPIC not in names("尊敬的市民：已收悉。", "你好")


def test_where_somebody_is_in_danger_the_reply_says_what_was_done_for_safety() -> None:
    assert names(GOOD, hazard=True) == {Check.UNSAFE}
    assert names(GOOD + "现场已设置警示围挡，请绕行。", hazard=True) == set()


def test_what_a_reply_lacks_is_named() -> None:
    (found,) = examine("楼道灯、望河花园的事情知道了。", demand=DEMAND).findings

    assert found.check == Check.INCOMPLETE
    assert found.risk == Risk.MIDDLE
    for element in ("称谓", "核查经过", "依据", "结果", "联系方式"):
        assert element in found.hint


def test_the_gravest_finding_decides() -> None:
    small = examine(f"{GOOD}将于月底前完成更换。", demand=DEMAND)
    middle = examine(f"{GOOD}我局保证不再发生。", demand=DEMAND)
    grave = examine(f"{GOOD}我局保证不再发生。这件事不归我们管。", demand=DEMAND)

    assert [v.outcome for v in (small, middle, grave)] == list(Outcome)
    assert [v.risk for v in (small, middle, grave)] == list(Risk)


@given(st.text(max_size=300), st.text(max_size=100), st.booleans())
def test_no_text_breaks_the_checks(text: str, demand: str, hazard: bool) -> None:
    verdict = examine(text, demand=demand, hazard=hazard)

    assert "".join(piece for piece, _ in verdict.marked) == text
