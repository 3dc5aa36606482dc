"""The rows of the table for what ends otherwise than by a reply, and what gathers tickets."""

from accounts.roles import Role
from tickets.workflow.states import GATHERED, OPEN, UNANSWERED, UNSENT, Status
from tickets.workflow.step import CITIZEN, NOBODY, SYSTEM, Step, of

S = Status
ENDING = (
    Step(
        "decline",
        "不予受理",
        UNSENT | {S.PENDING_INFO, S.RETURN_REVIEW, S.DISPUTING},
        (S.NOT_ACCEPTED,),
        of(Role.DISPATCHER, Role.REVIEWER),
        SYSTEM,
        needs_note=True,
    ),
    Step(
        "invalidate",
        "标为无效",
        UNSENT,
        (S.INVALID,),
        of(Role.DISPATCHER, Role.REVIEWER),
        needs_note=True,
    ),
    Step(
        "merge",
        "并单",
        UNSENT | {S.PENDING_SIGN},
        (S.MERGED,),
        of(Role.DISPATCHER, Role.REVIEWER),
        needs_note=True,
    ),
    Step(
        "unmerge",
        "撤销并单",
        of(S.MERGED),
        (S.PENDING_DISPATCH,),
        of(Role.DISPATCHER, Role.REVIEWER),
        SYSTEM,
        needs_note=True,
    ),
    Step(
        "conclude",
        "随主单答复",
        of(S.MERGED),
        (S.PENDING_CALLBACK, S.CLOSED),
        NOBODY,
        SYSTEM,
    ),
    Step("split", "拆单", UNSENT, (S.SPLIT,), of(Role.DISPATCHER, Role.REVIEWER)),
    Step(
        "unsplit",
        "撤销拆单",
        of(S.SPLIT),
        (S.PENDING_DISPATCH,),
        of(Role.DISPATCHER, Role.REVIEWER),
        needs_note=True,
    ),
    Step(
        "gather",
        "设为同一事件",
        GATHERED,
        (),
        of(Role.AGENT, Role.DISPATCHER, Role.REVIEWER, Role.SUPERVISOR),
    ),
    Step(
        "part",
        "移出事件",
        GATHERED,
        (),
        of(Role.DISPATCHER, Role.REVIEWER, Role.SUPERVISOR),
        needs_note=True,
    ),
    Step(
        "withdraw",
        "撤单",
        OPEN | {S.MERGED},
        (S.WITHDRAWN,),
        of(Role.AGENT),
        CITIZEN,
        needs_note=True,
    ),
    Step(
        "hand_on",
        "机构调整移交",
        UNANSWERED - UNSENT - {S.PENDING_INFO, S.DISPUTING},
        (S.PENDING_DISPATCH,),
        NOBODY,
        SYSTEM,
    ),
    Step("archive", "归档", of(S.CLOSED, S.DIRECT_CLOSED), (S.ARCHIVED,), NOBODY, SYSTEM),
)
