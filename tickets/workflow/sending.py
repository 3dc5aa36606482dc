"""The rows of the table from the door to the unit: accepted, screened, dispatched, returned."""

from accounts.roles import Role
from tickets.workflow.states import Status
from tickets.workflow.step import CITIZEN, SYSTEM, Step, of

S = Status
SENDING = (
    Step("accept", "受理", of(), (S.PENDING_REVIEW,), of(Role.AGENT), SYSTEM | CITIZEN),
    Step("answer", "直接答复", of(), (S.DIRECT_CLOSED,), of(Role.AGENT)),
    Step(
        "screen",
        "预审",
        of(S.PENDING_REVIEW, S.PENDING_DISPATCH),
        (S.PENDING_DISPATCH,),
        of(Role.DISPATCHER, Role.REVIEWER),
        SYSTEM,
    ),
    Step(
        "dispatch",
        "派单",
        of(S.PENDING_REVIEW, S.PENDING_DISPATCH),
        (S.PENDING_SIGN,),
        of(Role.DISPATCHER),
        SYSTEM,
    ),
    Step(
        "take_back",
        "撤回派单",
        of(S.PENDING_SIGN),
        (S.PENDING_DISPATCH,),
        of(Role.DISPATCHER),
    ),
    Step("redirect", "改派", of(S.PENDING_SIGN), (S.PENDING_SIGN,), of(Role.DISPATCHER)),
    Step(
        "sign",
        "签收",
        of(S.PENDING_SIGN),
        (S.PROCESSING,),
        of(Role.SIGNER, Role.HANDLER),
        SYSTEM,
        own_unit=True,
    ),
    Step(
        "send_back",
        "退单",
        of(S.PENDING_SIGN),
        (S.RETURN_REVIEW,),
        of(Role.SIGNER),
        own_unit=True,
        needs_note=True,
    ),
    Step(
        "decide_return",
        "退单裁决",
        of(S.RETURN_REVIEW),
        (S.PENDING_DISPATCH, S.PROCESSING, S.DISPUTING),
        of(Role.DISPATCHER),
        needs_note=True,
    ),
    Step(
        "designate",
        "指定办理",
        of(S.DISPUTING),
        (S.PENDING_SIGN,),
        of(Role.SUPERVISOR),
        needs_note=True,
    ),
)
