"""The rows of the table for what is asked, added, urged and supervised on the way."""

from accounts.roles import Role
from tickets.workflow.states import ASKED, OPEN, UNSENT, Status
from tickets.workflow.step import CITIZEN, NOBODY, SYSTEM, Step, of

S = Status
ASKING = (
    Step(
        "ask",
        "要求补充",
        UNSENT,
        (S.PENDING_INFO,),
        of(Role.AGENT, Role.DISPATCHER, Role.REVIEWER),
        needs_note=True,
    ),
    Step(
        "inform",
        "补齐要素",
        of(S.PENDING_INFO),
        (S.PENDING_DISPATCH, S.PENDING_REVIEW),
        of(Role.AGENT),
        CITIZEN,
        needs_note=True,
    ),
    Step("remind", "提醒补充", of(S.PENDING_INFO), (), NOBODY, SYSTEM),
    Step(
        "relay",
        "转问诉求人",
        ASKED,
        (),
        of(Role.SIGNER, Role.HANDLER),
        own_unit=True,
        needs_note=True,
    ),
    Step(
        "respond",
        "转达诉求人意见",
        OPEN - {S.PENDING_REVIEW},
        (),
        of(Role.AGENT, Role.CALLBACK),
        CITIZEN,
        needs_note=True,
    ),
    Step(
        "propose_withdrawal",
        "请诉求人撤单",
        ASKED,
        (),
        of(Role.SIGNER, Role.HANDLER),
        own_unit=True,
        needs_note=True,
    ),
    Step(
        "keep",
        "不同意撤单",
        OPEN - {S.PENDING_REVIEW},
        (),
        NOBODY,
        CITIZEN,
        needs_note=True,
    ),
    Step(
        "supplement",
        "补充",
        OPEN - {S.PENDING_INFO},
        (),
        of(Role.AGENT),
        CITIZEN,
        needs_note=True,
    ),
    Step(
        "urge",
        "催办",
        OPEN - {S.PENDING_INFO},
        (),
        of(Role.AGENT, Role.SUPERVISOR),
        CITIZEN | SYSTEM,
    ),
    Step(
        "instruct",
        "领导批示",
        OPEN | {S.CLOSED, S.DIRECT_CLOSED},
        (),
        of(Role.SUPERVISOR),
        needs_note=True,
    ),
    Step("supervise", "督办", OPEN, (), of(Role.SUPERVISOR), SYSTEM, needs_note=True),
)
