"""The rows of the table for what the citizen says of the result: called, rated, done anew."""

from accounts.roles import Role
from tickets.workflow.states import Status
from tickets.workflow.step import CITIZEN, NOBODY, Step, of

S = Status
JUDGING = (
    Step(
        "call_back",
        "回访",
        of(S.PENDING_CALLBACK),
        (S.CLOSED, S.REDO, S.PENDING_CALLBACK),
        of(Role.CALLBACK),
    ),
    Step(
        "rate",
        "评价",
        of(S.PENDING_CALLBACK, S.CLOSED, S.DIRECT_CLOSED),
        (S.CLOSED, S.REDO, S.DIRECT_CLOSED),
        NOBODY,
        CITIZEN,
    ),
    Step(
        "reopen",
        "重办",
        of(S.CLOSED),
        (S.REDO,),
        of(Role.CALLBACK, Role.SUPERVISOR),
        needs_note=True,
    ),
    Step(
        "close",
        "办结",
        of(S.PENDING_CALLBACK),
        (S.CLOSED,),
        of(Role.CALLBACK, Role.SUPERVISOR),
        needs_note=True,
    ),
)
