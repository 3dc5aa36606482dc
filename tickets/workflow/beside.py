"""The rows of the table for units beside the lead: assisting ones (协办) and those below (下派)."""

from accounts.roles import Role
from tickets.workflow.states import WITH_UNIT, Holder, Part, Status, TurnState
from tickets.workflow.step import SYSTEM, Step, Turns

_NOT_LEADING = frozenset({Part.ASSISTING, Part.SUB})
_UNDONE = frozenset({TurnState.PENDING, TurnState.HANDLING})
_AT_WORK = WITH_UNIT - {Status.PENDING_SIGN}

BESIDE = (
    Step(
        "call_in",
        "加派协办",
        frozenset({Status.PENDING_SIGN, Status.PROCESSING, Status.REDO}),
        (),
        frozenset({Role.DISPATCHER, Role.SUPERVISOR}),
        needs_note=True,
    ),
    Step(
        "receive",
        "接收",
        WITH_UNIT,
        (),
        frozenset({Role.SIGNER, Role.HANDLER}),
        SYSTEM,
        turns=Turns(_NOT_LEADING, frozenset({TurnState.PENDING})),
    ),
    Step(
        "advise",
        "反馈意见",
        WITH_UNIT,
        (),
        frozenset({Role.HANDLER}),
        turns=Turns(_NOT_LEADING, frozenset({TurnState.HANDLING, TurnState.REPLIED})),
    ),
    Step(
        "recall",
        "撤回协办",
        WITH_UNIT,
        (),
        frozenset({Role.DISPATCHER}),
        needs_note=True,
        turns=Turns(frozenset({Part.ASSISTING}), _UNDONE, Holder.HOTLINE),
    ),
    Step(
        "waive",
        "免予协办",
        _AT_WORK,
        (),
        frozenset({Role.HANDLER, Role.AUDITOR}),
        needs_note=True,
        turns=Turns(frozenset({Part.ASSISTING}), _UNDONE, Holder.LEAD),
    ),
    Step(
        "sub_dispatch",
        "下派",
        frozenset({Status.PROCESSING, Status.REDO}),
        (),
        frozenset({Role.SIGNER, Role.HANDLER}),
        turns=Turns(frozenset(Part), frozenset({TurnState.HANDLING})),
    ),
    Step(
        "send_up",
        "退回上级",
        _AT_WORK,
        (),
        frozenset({Role.SIGNER}),
        needs_note=True,
        turns=Turns(frozenset({Part.SUB}), _UNDONE),
    ),
    Step(
        "take_over",
        "收回下派",
        _AT_WORK,
        (),
        frozenset({Role.SIGNER, Role.HANDLER}),
        needs_note=True,
        turns=Turns(frozenset({Part.SUB}), _UNDONE, Holder.ABOVE),
    ),
)
