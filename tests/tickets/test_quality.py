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


PAIRS = [
    (Check.OVERPROMISE, "我局承诺一定解决到位", "签订了保证书，施工方缴纳了履约保证金"),
    (Check.OVERPROMISE, "确保今后不再发生此类问题", "施工单位已书面承诺落实整改"),
    (Check.OVERPROMISE, "我们保证让您满意", "保证期内由厂家免费维修"),
    (Check.OVERPROMISE, "将彻底根治积水", "物业彻底清扫了楼道"),
    (Check.DEADLINE, "预计本月底完成更换", "已于11月5日前完成更换"),
    (Check.DEADLINE, "我局将在7个工作日内处理完毕", "施工方用三天时间修复完毕"),
    (Check.DEADLINE, "年底前拆除", "上月底前拆除工作已结束"),
    (Check.DEADLINE, "计划于12月修复", "接报后在2小时内已修复"),
    (Check.ABSOLUTE, "完全不存在您说的情况", "经检测数值的绝对值在标准以内"),
    (Check.ABSOLUTE, "从未收到过投诉", "检测未发现异常"),
    (Check.ABSOLUTE, "不可能有噪音", "是否完全符合以检测报告为准"),
    (Check.PRIVACY, "业主王先生 13812345678", "咨询电话12345"),
    (Check.PRIVACY, "李女士住望河花园3栋2单元501室", "维修地点为望河花园3栋楼道"),
    (Check.SHIFTING, "不属于我局职责范围", "属于我局职责范围，已受理"),
    (Check.SHIFTING, "建议您向法院反映", "如需了解进度，请您到窗口咨询"),
    (Check.SHIFTING, "与我单位无关", "与我单位联系的居民已得到答复"),
    (Check.SHIFTING, "我们没有办法解决", "居民没有办法解决的，我局上门办理"),
    (Check.SHIFTING, "请自行协商", "业主自行协商后达成一致"),
    (Check.UNSOURCED, "依据相关政策不予办理", "依据《云江市物业管理办法》不予办理"),
    (Check.UNSOURCED, "根据规定不能受理", "按要求已更换灯具"),
    (Check.UNSOURCED, "按照上级文件精神办理", "根据市政〔2023〕8号文件办理"),
]
"""For each check that rests on words: what it is for, and what only looks like it."""


@pytest.mark.parametrize(("check", "bad", "good"), PAIRS, ids=[bad for _, bad, _ in PAIRS])
def test_what_is_wrong_is_found_and_its_harmless_twin_is_not(
    check: Check, bad: str, good: str
) -> None:
    assert check in names(f"{GOOD}{bad}。")
    assert names(f"{GOOD}{good}。") == set()


@pytest.mark.parametrize(
    ("check", "bad", "good"),
    [
        (Check.OFF_TOPIC, "尊敬的市民：医保参保已办理，请致电12393。", GOOD),
        (Check.UNSAFE, GOOD, f"{GOOD}已切断电源，请勿靠近。"),
        (Check.INCOMPLETE, "望河花园3栋楼道灯已修好。", GOOD),
        (Check.INCOMPLETE, GOOD.replace("0571-88123456", "我局"), GOOD),
    ],
)
def test_what_a_whole_reply_owes_is_missed_where_it_is_missing(
    check: Check, bad: str, good: str
) -> None:
    assert check in names(bad, hazard=check == Check.UNSAFE)
    assert names(good, hazard=check == Check.UNSAFE) == set()


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
