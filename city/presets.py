"""Sets of time limits that a city can start from (时限方案); in force they are rows to edit.

Where no rule is cited beside a row, the figure is our own default.
"""

from typing import Any

from city.models import Parameter, TimeLimit

DEFAULT = "四川型"

Row = tuple[TimeLimit.Clock, str, str, int, TimeLimit.Unit]
DAY = TimeLimit.Unit.WORKING_DAY
WORKING_HOUR = TimeLimit.Unit.WORKING_HOUR
HOUR = TimeLimit.Unit.HOUR
MINUTE = TimeLimit.Unit.MINUTE
CLOCK = TimeLimit.Clock

# Common to all sets: signing after Tianjin's rules, the rest by default.
ALWAYS: list[Row] = [
    (CLOCK.SIGN, "", "", 1, DAY),
    (CLOCK.SIGN, "", "urgent", 30, MINUTE),
    (CLOCK.SIGN, "", "critical", 15, MINUTE),
    (CLOCK.CONTACT, "", "", 1, DAY),
    (CLOCK.CONTACT, "", "urgent", 2, HOUR),
    (CLOCK.CONTACT, "", "critical", 2, HOUR),
    (CLOCK.HANDLE, "", "urgent", 24, HOUR),
    (CLOCK.HANDLE, "", "critical", 24, HOUR),
    (CLOCK.REVIEW, "", "", 4, WORKING_HOUR),
    (CLOCK.REVIEW, "", "urgent", 15, MINUTE),
    (CLOCK.REVIEW, "", "critical", 15, MINUTE),
    (CLOCK.CALLBACK, "", "", 1, DAY),
    (CLOCK.REDO, "", "", 3, DAY),
    (CLOCK.INFO, "", "", 5, DAY),
    (CLOCK.RETURN_REQUEST, "", "", 1, DAY),
    (CLOCK.RETURN_REQUEST, "", "urgent", 30, MINUTE),
    (CLOCK.RETURN_REQUEST, "", "critical", 30, MINUTE),
]

# Working days to handle: (everything else, {kind: days}).
HANDLE: dict[str, tuple[int, dict[str, int]]] = {
    # 四川省 2025: 咨询 3, 求助和建议 7, 投诉和举报 15
    "四川型": (7, {"consult": 3, "help": 7, "advice": 7, "complaint": 15, "report": 15}),
    # 济南市: 咨询 2, 其他 5
    "济南型": (5, {"consult": 2}),
    # 上海市: 咨询和建议 1, 其他 5 (complex ones 15, by extension)
    "上海型": (5, {"consult": 1, "advice": 1}),
    # 山东省: all 5, by extension 10 more
    "山东型": (5, {}),
}

# What a set grades by hours, day and night: rows that stand over the common ones.
GRADED: dict[str, list[Row]] = {
    # 北京市: 2 小时, 24 小时, 7 天, 15 天; from a web page only, to be checked before use
    "北京型": [
        (CLOCK.HANDLE, "", "", 7 * 24, HOUR),
        (CLOCK.HANDLE, "complaint", "", 15 * 24, HOUR),
        (CLOCK.HANDLE, "report", "", 15 * 24, HOUR),
        (CLOCK.HANDLE, "", "critical", 2, HOUR),
    ],
}
PRESETS = (*HANDLE, *GRADED)

# Numbers that belong to a set: how often and by how much a limit can be extended.
EXTENDED: dict[str, dict[str, int]] = {
    # 上海市: complex matters 15 working days from receipt, the hardest 60
    "上海型": {Parameter.Name.EXTENSIONS: 2, Parameter.Name.EXTENSION_DAYS: 45},
    # 山东省: once, at most ten working days
    "山东型": {Parameter.Name.EXTENSIONS: 1, Parameter.Name.EXTENSION_DAYS: 10},
}


# The numbers of the trade where the city has set none; ours, save that three calls for a call-back
# and two redos are what most cities' rules
# say; designation after the third dispatch is 安徽省's rule of 2025.
NUMBERS: dict[str, int] = {
    Parameter.Name.PER_PHONE_A_DAY: 10,
    Parameter.Name.CALLBACK_ATTEMPTS: 3,
    Parameter.Name.REDO: 2,
    Parameter.Name.RATING_DAYS: 15,
    Parameter.Name.ARCHIVE_DAYS: 30,
    Parameter.Name.DISPATCHES: 3,
    Parameter.Name.URGE_DAYS: 1,
    Parameter.Name.DRAFT_DAYS: 7,
    Parameter.Name.NUISANCE_DAYS: 30,
    Parameter.Name.ROUTING_PRECISION: 97,
    Parameter.Name.EXTENSIONS: 1,  # 山东省 2020: once, at most ten working days
    Parameter.Name.EXTENSION_DAYS: 10,
    Parameter.Name.EXTENSION_UNIT_DAYS: 5,
    Parameter.Name.PROMISE_MONTHS: 9,  # 安徽省
    Parameter.Name.PROGRESS_DAYS: 30,
    Parameter.Name.CALENDAR_DAYS: 60,
    Parameter.Name.REMIND_SHARE: 50,
    Parameter.Name.YELLOW_DAYS: 1,  # 山东省: 黄牌 with a working day left, 红牌 once it is over
    Parameter.Name.YELLOW_SHARE: 20,
    Parameter.Name.ROUTING_UNSURE: 20,
    Parameter.Name.ROUTING_FIRM: 20,
    Parameter.Name.ROUTING_LOOSE: 5,
    Parameter.Name.ROUTING_WORDS: 6,
    Parameter.Name.ROUTING_UNSEEN: 3,
    Parameter.Name.ROUTING_PART: 25,
    Parameter.Name.ROUTING_CASE: 60,
    Parameter.Name.EXPORT_ROWS: 2000,
    Parameter.Name.EXPORT_MOST: 100,
    Parameter.Name.EXPORT_DAYS: 3,
    Parameter.Name.SUPERVISE_DAYS: 3,  # 上海市大宁路街道等：督办三个工作日内反馈
    Parameter.Name.REPEAT_DAYS: 30,
    Parameter.Name.INCIDENT_DAYS: 7,
    Parameter.Name.NEAR_METRES: 1000,
    Parameter.Name.TOPIC_DAYS: 3,
    Parameter.Name.TOPIC_PEOPLE: 5,
    Parameter.Name.TOPIC_SPREADS: 3,
    Parameter.Name.TOPIC_MANY: 10,
    Parameter.Name.ASSIST_AHEAD: 2,
    Parameter.Name.SUB_SHARE: 80,
    Parameter.Name.BACKTEST_DAYS: 21,
    Parameter.Name.PROMOTE_GAIN: 5,
    Parameter.Name.PROMOTE_LOSS: 30,
    Parameter.Name.REWRITE_DAYS: 1,
    Parameter.Name.NOTICE_DAYS: 30,
    Parameter.Name.AUTO_SIGN: 0,  # a city switches it on: a unit signed for cannot return
}


def limits(preset: str) -> list[dict[str, Any]]:
    """List the columns of a preset's rows (时限方案)."""
    graded = GRADED.get(preset) or _by_kind(*HANDLE[preset])
    rows = {row[:3]: row for row in ALWAYS + graded}
    names = ("clock", "kind", "urgency", "amount", "unit")
    return [dict(zip(names, row, strict=True)) for row in rows.values()]


def _by_kind(days: int, kinds: dict[str, int]) -> list[Row]:
    rows: list[Row] = [(CLOCK.HANDLE, "", "", days, DAY)]
    return rows + [(CLOCK.HANDLE, kind, "", amount, DAY) for kind, amount in kinds.items()]
