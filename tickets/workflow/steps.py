"""The rows of the table: each step with its sources, targets and who does it."""

from dataclasses import dataclass

from accounts.roles import Role
from tickets.workflow.states import (
    ASKED,
    GATHERED,
    HANDLED,
    OPEN,
    UNANSWERED,
    UNSENT,
    Party,
    Status,
)


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
        (S.UNIT_REVIEW, S.REPLY_REVIEW),
        _roles(Role.HANDLER),
        own_unit=True,
    ),
    Step(
        "contact",
        "联系诉求人",
        _from(S.PROCESSING, S.REDO),
        (),
        _roles(Role.SIGNER, Role.HANDLER),
        own_unit=True,
    ),
    Step(
        "record",
        "办理记录",
        _from(S.PROCESSING, S.REDO),
        (),
        _roles(Role.SIGNER, Role.HANDLER),
        own_unit=True,
    ),
    Step(
        "endorse",
        "审签",
        _from(S.UNIT_REVIEW),
        (),
        _roles(Role.AUDITOR),
        own_unit=True,
    ),
    Step(
        "extend",
        "申请延期",
        HANDLED,
        (),
        _roles(Role.HANDLER, Role.AUDITOR),
        own_unit=True,
        needs_note=True,
    ),
    Step(
        "decide_extension",
        "延期审批",
        HANDLED,
        (),
        _roles(Role.AUDITOR, Role.SUPERVISOR),
        needs_note=True,
    ),
    Step(
        "promise",
        "承诺办理",
        HANDLED,
        (),
        _roles(Role.AUDITOR),
        own_unit=True,
        needs_note=True,
    ),
    Step(
        "suspend",
        "挂起审批",
        HANDLED,
        (S.SUSPENDED, S.PROCESSING, S.REDO),
        _roles(Role.SUPERVISOR),
        needs_note=True,
    ),
    Step(
        "note_progress",
        "填报进展",
        _from(S.SUSPENDED),
        (),
        _roles(Role.HANDLER, Role.AUDITOR),
        own_unit=True,
        needs_note=True,
    ),
    Step(
        "resume",
        "恢复办理",
        _from(S.SUSPENDED),
        (S.PROCESSING, S.REDO),
        _roles(Role.AUDITOR, Role.SUPERVISOR),
        _SYSTEM,
        needs_note=True,
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
        "review",
        "审核",
        _from(S.REPLY_REVIEW),
        (S.PENDING_CALLBACK, S.CLOSED),
        _roles(Role.REVIEWER),
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
    Step(
        "ask",
        "要求补充",
        UNSENT,
        (S.PENDING_INFO,),
        _roles(Role.AGENT, Role.DISPATCHER, Role.REVIEWER),
        needs_note=True,
    ),
    Step(
        "inform",
        "补齐要素",
        _from(S.PENDING_INFO),
        (S.PENDING_DISPATCH, S.PENDING_REVIEW),
        _roles(Role.AGENT),
        _CITIZEN,
        needs_note=True,
    ),
    Step("remind", "提醒补充", _from(S.PENDING_INFO), (), _NOBODY, _SYSTEM),
    Step(
        "relay",
        "转问诉求人",
        ASKED,
        (),
        _roles(Role.SIGNER, Role.HANDLER),
        own_unit=True,
        needs_note=True,
    ),
    Step(
        "respond",
        "转达诉求人意见",
        OPEN,
        (),
        _roles(Role.AGENT, Role.CALLBACK),
        _CITIZEN,
        needs_note=True,
    ),
    Step(
        "propose_withdrawal",
        "请诉求人撤单",
        ASKED,
        (),
        _roles(Role.SIGNER, Role.HANDLER),
        own_unit=True,
        needs_note=True,
    ),
    Step("keep", "不同意撤单", OPEN, (), _NOBODY, _CITIZEN, needs_note=True),
    Step(
        "supplement",
        "补充",
        OPEN - {S.PENDING_INFO},
        (),
        _roles(Role.AGENT),
        _CITIZEN,
        needs_note=True,
    ),
    Step(
        "urge",
        "催办",
        OPEN - {S.PENDING_INFO},
        (),
        _roles(Role.AGENT, Role.SUPERVISOR),
        _CITIZEN | _SYSTEM,
    ),
    Step("supervise", "督办", OPEN, (), _roles(Role.SUPERVISOR), _SYSTEM, needs_note=True),
    Step(
        "decline",
        "不予受理",
        UNSENT | {S.PENDING_INFO, S.RETURN_REVIEW, S.DISPUTING},
        (S.NOT_ACCEPTED,),
        _roles(Role.DISPATCHER, Role.REVIEWER),
        _SYSTEM,
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
    Step("split", "拆单", UNSENT, (S.SPLIT,), _roles(Role.DISPATCHER, Role.REVIEWER)),
    Step(
        "unsplit",
        "撤销拆单",
        _from(S.SPLIT),
        (S.PENDING_DISPATCH,),
        _roles(Role.DISPATCHER, Role.REVIEWER),
        needs_note=True,
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
    Step("hand_on", "机构调整移交", UNANSWERED - UNSENT - {S.PENDING_INFO}, (), _NOBODY, _SYSTEM),
    Step("archive", "归档", _from(S.CLOSED, S.DIRECT_CLOSED), (S.ARCHIVED,), _NOBODY, _SYSTEM),
)
STEPS: dict[str, Step] = {row.verb: row for row in _ROWS}
