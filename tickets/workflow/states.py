"""Where a ticket may stand, what it may be, and who besides staff may act on it."""

from enum import Enum

from django.db.models import TextChoices


class Status(TextChoices):
    """Where a ticket stands (状态)."""

    PENDING_REVIEW = "pending_review", "待预审"
    PENDING_DISPATCH = "pending_dispatch", "待派单"
    PENDING_INFO = "pending_info", "待补充"
    PENDING_SIGN = "pending_sign", "待签收"
    RETURN_REVIEW = "return_review", "退单待审"
    DISPUTING = "disputing", "待指定办理"
    PROCESSING = "processing", "办理中"
    REDO = "redo", "重办中"
    SUSPENDED = "suspended", "挂起"
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
    SPLIT = "split", "已拆单"


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


class Part(TextChoices):
    """What a unit's turn at a ticket is (承办方式)."""

    LEAD = "lead", "主办"
    ASSISTING = "assisting", "协办"
    SUB = "sub", "下派"


class TurnState(TextChoices):
    """Where one unit's turn stands (承办状态)."""

    PENDING = "pending", "待签收"
    RETURNING = "returning", "退单待审"
    HANDLING = "handling", "办理中"
    REPLIED = "replied", "已答复"
    RETURNED = "returned", "已退回上级"
    WAIVED = "waived", "已免协办"
    VOID = "void", "已作废"


class Holder(Enum):
    """Whose people do a step at a unit's turn."""

    OWN = "the unit itself"
    ABOVE = "the unit that handed it down"
    LEAD = "the lead unit"
    HOTLINE = "the hotline"


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


S = Status
OPEN = frozenset(
    {
        S.PENDING_REVIEW,
        S.PENDING_DISPATCH,
        S.PENDING_INFO,
        S.PENDING_SIGN,
        S.RETURN_REVIEW,
        S.DISPUTING,
        S.PROCESSING,
        S.REDO,
        S.SUSPENDED,
        S.UNIT_REVIEW,
        S.REPLY_REVIEW,
        S.PENDING_CALLBACK,
    }
)
HANDLED = frozenset({S.PROCESSING, S.REDO})
PAUSED = frozenset({S.SUSPENDED})
"""While a ticket stands here the clocks of its units stand still (停表)."""
UNSENT = frozenset({S.PENDING_REVIEW, S.PENDING_DISPATCH})
ASKED = frozenset({S.PROCESSING, S.REDO})
"""Where a unit may have questions for the citizen."""
UNANSWERED = OPEN - {S.PENDING_CALLBACK}
WITH_UNIT = frozenset({S.PENDING_SIGN, S.PROCESSING, S.REDO, S.SUSPENDED, S.UNIT_REVIEW})
FINAL = frozenset(S) - OPEN
UNCOUNTED = frozenset({S.SPLIT, S.INVALID})
"""What is no demand of its own: what was split is counted part by part, what is invalid never."""
GATHERED = OPEN | {S.MERGED, S.CLOSED, S.DIRECT_CLOSED}
