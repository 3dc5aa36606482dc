"""The table of steps: what may be done to a ticket, from where, to where and by whom.

Buttons, permission checks, history labels, docs/workflow.md and the tests all read STEPS
(states and transitions after 国办函〔2025〕66号 and the practice of the cities, domain paper §6).
"""

from dataclasses import dataclass
from enum import Enum

from django.db.models import TextChoices

from accounts.roles import Role


class Status(TextChoices):
    """Where a ticket stands (状态)."""

    PENDING_REVIEW = "pending_review", "待预审"
    PENDING_DISPATCH = "pending_dispatch", "待派单"
    PENDING_SIGN = "pending_sign", "待签收"
    RETURN_REVIEW = "return_review", "退单待审"
    DISPUTING = "disputing", "待指定办理"
    PROCESSING = "processing", "办理中"
    REDO = "redo", "重办中"
    UNIT_REVIEW = "unit_review", "单位审核"
    REPLY_REVIEW = "reply_review", "答复待审核"
    PENDING_CALLBACK = "pending_callback", "待回访"
    CLOSED = "closed", "已办结"
    DIRECT_CLOSED = "direct_closed", "直接答复办结"
    ARCHIVED = "archived", "已归档"
    WITHDRAWN = "withdrawn", "已撤单"
    NOT_ACCEPTED = "not_accepted", "不予受理"
    INVALID = "invalid", "无效"
    MERGED = "merged", "已并单"


class Kind(TextChoices):
    """What sort of demand it is (诉求类型)."""

    CONSULT = "consult", "咨询"
    HELP = "help", "求助"
    COMPLAINT = "complaint", "投诉"
    REPORT = "report", "举报"
    ADVICE = "advice", "建议"
    PRAISE = "praise", "表扬"
    OTHER = "other", "其他"


class Urgency(TextChoices):
    """How urgent it is (紧急程度)."""

    NORMAL = "normal", "一般"
    URGENT = "urgent", "紧急"
    CRITICAL = "critical", "特急"


class Party(Enum):
    """Actors who are not members of staff."""

    SYSTEM = "system"
    CITIZEN = "citizen"

    @property
    def label(self) -> str:
        """Name the party in the history."""
        return "系统" if self is Party.SYSTEM else "诉求人"


class Unfit(TextChoices):
    """Why the hotline does not take a demand on (不予受理原因)."""

    ELSEWHERE = "elsewhere", "不属于本市行政区域"
    OTHER_POWER = "other_power", "属党委、人大、政协、法检或军队职责"
    EMERGENCY = "emergency", "应拨打110、119、120、122等紧急热线"
    LEGAL_WAY = "legal_way", "须通过诉讼、仲裁、复议、信访等法定程序解决"
    SETTLED = "settled", "已在办理或已依法办结且无新情况"
    SECRET = "secret", "涉及秘密或他人隐私"
    UNLAWFUL = "unlawful", "违反法律法规或公序良俗"
    TOO_VAGUE = "too_vague", "内容不具体且无法联系"


@dataclass(frozen=True)
class Step:
    """One row of the table: without source the step makes the ticket, without target it stays.

    `own_unit` steps are for people of the ticket's lead unit only.
    """

    verb: str
    label: str
    sources: frozenset[Status]
    targets: tuple[Status, ...]
    roles: frozenset[Role]
    parties: frozenset[Party] = frozenset()
    own_unit: bool = False
    needs_note: bool = False

    @property
    def creates(self) -> bool:
        """Tell whether the step makes the ticket."""
        return not self.sources


S = Status
OPEN = frozenset(
    {
        S.PENDING_REVIEW,
        S.PENDING_DISPATCH,
        S.PENDING_SIGN,
        S.RETURN_REVIEW,
        S.DISPUTING,
        S.PROCESSING,
        S.REDO,
        S.UNIT_REVIEW,
        S.REPLY_REVIEW,
        S.PENDING_CALLBACK,
    }
)
UNSENT = frozenset({S.PENDING_REVIEW, S.PENDING_DISPATCH})
UNANSWERED = OPEN - {S.PENDING_CALLBACK}
WITH_UNIT = frozenset({S.PENDING_SIGN, S.PROCESSING, S.REDO, S.UNIT_REVIEW})
FINAL = frozenset(S) - OPEN
GATHERED = OPEN | {S.MERGED, S.CLOSED, S.DIRECT_CLOSED}
_NOBODY: frozenset[Role] = frozenset()


def _roles(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


def _from(*states: Status) -> frozenset[Status]:
    return frozenset(states)


_SYSTEM = frozenset({Party.SYSTEM})
_CITIZEN = frozenset({Party.CITIZEN})
_ROWS = (
    Step("accept", "受理", _from(), (S.PENDING_REVIEW,), _roles(Role.AGENT), _SYSTEM | _CITIZEN),
    Step("answer", "直接答复", _from(), (S.DIRECT_CLOSED,), _roles(Role.AGENT)),
    Step(
        "screen",
        "预审",
        _from(S.PENDING_REVIEW, S.PENDING_DISPATCH),
        (S.PENDING_DISPATCH,),
        _roles(Role.DISPATCHER, Role.REVIEWER),
        _SYSTEM,
    ),
    Step(
        "dispatch",
        "派单",
        _from(S.PENDING_REVIEW, S.PENDING_DISPATCH),
        (S.PENDING_SIGN,),
        _roles(Role.DISPATCHER),
        _SYSTEM,
    ),
    Step(
        "take_back",
        "撤回派单",
        _from(S.PENDING_SIGN),
        (S.PENDING_DISPATCH,),
        _roles(Role.DISPATCHER),
    ),
    Step("redirect", "改派", _from(S.PENDING_SIGN), (S.PENDING_SIGN,), _roles(Role.DISPATCHER)),
    Step(
        "sign",
        "签收",
        _from(S.PENDING_SIGN),
        (S.PROCESSING,),
        _roles(Role.SIGNER, Role.HANDLER),
        own_unit=True,
    ),
    Step(
        "send_back",
        "退单",
        _from(S.PENDING_SIGN),
        (S.RETURN_REVIEW,),
        _roles(Role.SIGNER),
        own_unit=True,
        needs_note=True,
    ),
    Step(
        "decide_return",
        "退单裁决",
        _from(S.RETURN_REVIEW),
        (S.PENDING_DISPATCH, S.PROCESSING, S.DISPUTING),
        _roles(Role.DISPATCHER),
        needs_note=True,
    ),
    Step(
        "designate",
        "指定办理",
        _from(S.DISPUTING),
        (S.PENDING_SIGN,),
        _roles(Role.SUPERVISOR),
        needs_note=True,
    ),
    Step(
        "reply",
        "答复",
        _from(S.PROCESSING, S.REDO),
        (S.UNIT_REVIEW,),
        _roles(Role.HANDLER),
        own_unit=True,
    ),
    Step(
        "release",
        "单位审核",
        _from(S.UNIT_REVIEW),
        (S.REPLY_REVIEW,),
        _roles(Role.AUDITOR),
        own_unit=True,
    ),
    Step(
        "send_reply_back",
        "退回重写",
        _from(S.UNIT_REVIEW, S.REPLY_REVIEW),
        (S.PROCESSING,),
        _roles(Role.AUDITOR, Role.REVIEWER),
        needs_note=True,
    ),
    Step(
        "review",
        "审核",
        _from(S.REPLY_REVIEW),
        (S.PENDING_CALLBACK, S.CLOSED),
        _roles(Role.REVIEWER),
    ),
    Step(
        "call_back",
        "回访",
        _from(S.PENDING_CALLBACK),
        (S.CLOSED, S.REDO, S.PENDING_CALLBACK),
        _roles(Role.CALLBACK),
    ),
    Step(
        "rate",
        "评价",
        _from(S.PENDING_CALLBACK, S.CLOSED, S.DIRECT_CLOSED),
        (S.CLOSED, S.REDO, S.DIRECT_CLOSED),
        _NOBODY,
        _CITIZEN,
    ),
    Step(
        "reopen",
        "重办",
        _from(S.CLOSED),
        (S.REDO,),
        _roles(Role.CALLBACK, Role.SUPERVISOR),
        needs_note=True,
    ),
    Step(
        "close",
        "办结",
        _from(S.PENDING_CALLBACK),
        (S.CLOSED,),
        _roles(Role.CALLBACK, Role.SUPERVISOR),
        needs_note=True,
    ),
    Step("supplement", "补充", OPEN, (), _roles(Role.AGENT), _CITIZEN, needs_note=True),
    Step("urge", "催办", OPEN, (), _roles(Role.AGENT, Role.SUPERVISOR), _CITIZEN),
    Step("supervise", "督办", OPEN, (), _roles(Role.SUPERVISOR), needs_note=True),
    Step(
        "decline",
        "不予受理",
        UNSENT | {S.RETURN_REVIEW, S.DISPUTING},
        (S.NOT_ACCEPTED,),
        _roles(Role.DISPATCHER, Role.REVIEWER),
        needs_note=True,
    ),
    Step(
        "invalidate",
        "标为无效",
        UNSENT,
        (S.INVALID,),
        _roles(Role.DISPATCHER, Role.REVIEWER),
        needs_note=True,
    ),
    Step(
        "merge",
        "并单",
        UNSENT | {S.PENDING_SIGN},
        (S.MERGED,),
        _roles(Role.DISPATCHER, Role.REVIEWER),
        needs_note=True,
    ),
    Step(
        "unmerge",
        "撤销并单",
        _from(S.MERGED),
        (S.PENDING_DISPATCH,),
        _roles(Role.DISPATCHER, Role.REVIEWER),
        _SYSTEM,
        needs_note=True,
    ),
    Step(
        "conclude",
        "随主单答复",
        _from(S.MERGED),
        (S.PENDING_CALLBACK, S.CLOSED),
        _NOBODY,
        _SYSTEM,
    ),
    Step(
        "gather",
        "设为同一事件",
        GATHERED,
        (),
        _roles(Role.AGENT, Role.DISPATCHER, Role.REVIEWER, Role.SUPERVISOR),
    ),
    Step(
        "part",
        "移出事件",
        GATHERED,
        (),
        _roles(Role.DISPATCHER, Role.REVIEWER, Role.SUPERVISOR),
        needs_note=True,
    ),
    Step(
        "withdraw",
        "撤单",
        OPEN | {S.MERGED},
        (S.WITHDRAWN,),
        _roles(Role.AGENT),
        _CITIZEN,
        needs_note=True,
    ),
    Step("hand_on", "机构调整移交", UNANSWERED - UNSENT, (), _NOBODY, _SYSTEM),
    Step("archive", "归档", _from(S.CLOSED, S.DIRECT_CLOSED), (S.ARCHIVED,), _NOBODY, _SYSTEM),
)
STEPS: dict[str, Step] = {row.verb: row for row in _ROWS}
