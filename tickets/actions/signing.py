"""The signatures that a reply needs inside its unit: the chain's levels, `release` the last."""

from collections.abc import Sequence

from django.db import transaction

from accounts.models import Department, Role, User
from tickets import policy
from tickets.actions.moves import Actor, Move, live_lead, moving
from tickets.errors import Invalid, WrongState
from tickets.models import Assignment, SignChain, SignLevel, Ticket
from tickets.models.signing import MOST_LEVELS
from tickets.workflow import Status

Level = tuple[str, User | None]
"""What a level is called and who signs it; None is any auditor of the unit."""


def levels_of(unit: Department) -> list[SignLevel]:
    """Give the levels that a reply of UNIT passes (审签层级); one that nobody set by default."""
    chain = SignChain.objects.filter(department=unit).first()
    if chain is None:
        return [SignLevel(position=1, title="单位审核")]
    return list(chain.levels.select_related("signer"))


def set_sign_chain(unit: Department, levels: Sequence[Level]) -> None:
    """Say who signs the replies of UNIT, in order (设置审签); what waits goes to the new people.

    Raises Invalid where somebody named is no auditor of the unit, or the levels are too many.
    """
    if len(levels) > MOST_LEVELS:
        raise Invalid(levels=f"审签最多 {MOST_LEVELS} 级。")
    for title, signer in levels:
        if signer and not policy.acts_for(signer, unit, Role.AUDITOR):
            raise Invalid(levels=f"“{title}”的{signer}没有{unit}的单位审核岗位。")
    with transaction.atomic():
        chain, _ = SignChain.objects.get_or_create(department=unit)
        chain.levels.all().delete()
        SignLevel.objects.bulk_create(
            SignLevel(chain=chain, position=at, title=title, signer=signer)
            for at, (title, signer) in enumerate(levels, 1)
        )
        _redirect_waiting(unit, levels)


def drop_sign_chain(unit: Department) -> None:
    """Let any auditor of UNIT sign alone, as at first (取消审签设置)."""
    with transaction.atomic():
        SignChain.objects.filter(department=unit).delete()
        _redirect_waiting(unit, [("单位审核", None)])


def _redirect_waiting(unit: Department, levels: Sequence[Level]) -> None:
    """Give what waits for a signature to who now signs; it never needs more than the chain has."""
    waiting = Ticket.objects.filter(lead=unit, status=Status.UNIT_REVIEW)
    most = max(len(levels) - 1, 0)
    waiting.filter(sign_offs_left__gt=most).update(sign_offs_left=most)
    for left in range(most + 1):
        signer = levels[-1 - left][1] if levels else None
        waiting.filter(sign_offs_left=left).update(next_signer=signer)


def begin_signing(move: Move) -> None:
    """Send a new reply to its first level, or where there is none to the hotline (送审)."""
    row = move.ticket
    levels = levels_of(row.lead) if row.lead else []
    row.sign_offs_left = max(len(levels) - 1, 0)
    row.next_signer = levels[0].signer if levels else None
    if not levels:
        move.to = Status.REPLY_REVIEW
        let_out(move)


def let_out(move: Move) -> None:
    """Note that the unit is done with its reply (提交热线); every unit asked has had its say."""
    row = move.ticket
    check_all_had_their_say(row)
    row.replied_at, row.next_signer = move.at, None
    live_lead(row).update(state=Assignment.State.REPLIED, replied_at=move.at)


def endorse(ticket: Ticket, *, by: Actor, note: str = "", version: int | None = None) -> Ticket:
    """Sign a reply on its way to the last level (审签)."""
    with moving("endorse", ticket, by=by, version=version, note=note) as move:
        row = move.ticket
        levels = levels_of(row.lead) if row.lead else []
        if not row.sign_offs_left:
            raise WrongState("这件答复只差最后一级审核，请直接审核。")
        at = len(levels) - 1 - row.sign_offs_left
        move.extra = {"level": levels[at].title}
        row.sign_offs_left -= 1
        row.next_signer = levels[at + 1].signer
    return ticket


def check_signed(row: Ticket) -> None:
    """Refuse to let out what others have to sign first."""
    if row.sign_offs_left:
        raise WrongState(f"这件答复还要先经 {row.sign_offs_left} 级审签。")


def check_all_had_their_say(row: Ticket) -> None:
    """Refuse to let out what assisting units or those below have not spoken to (待反馈)."""
    waiting = "、".join(str(turn) for turn in policy.awaited(row))
    if waiting:
        raise WrongState(
            f"{waiting}还没有反馈意见，不能报出答复。请催其反馈；不再需要的，免予协办或收回下派。"
        )
