"""While a unit handles: what it established so far, and each try to speak to the citizen."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from accounts.models import Department, Role, User
from accounts.phones import InvalidPhone, normalise_phone
from accounts.selectors import members
from tickets.actions import clocks
from tickets.actions.attaching import attach
from tickets.actions.moves import Move, live_lead, moving, typed
from tickets.errors import Invalid
from tickets.models import HIMSELF, Attachment, ContactAttempt, Handling, Means, Reply, Ticket


@dataclass(frozen=True)
class Findings:
    """What a unit established and did (办理认定), as one form says it."""

    grounded: str = ""
    findings: str = ""
    beyond_duty: bool = False
    beyond_note: str = ""
    visited_at: datetime | None = None
    responsibility: str = ""
    result: str = ""
    unsolved_reason: str = ""
    reply_by: str = ""
    account: str = ""
    may_publish: bool = False

    def flaws(self, now: datetime) -> dict[str, str]:
        """Name what contradicts itself or is left open: field → sentence."""
        kinds = Handling.Grounded
        found = {
            "findings": self.grounded in {kinds.NO, kinds.PARTLY} and not self.findings,
            "beyond_note": self.beyond_duty and not self.beyond_note,
            "unsolved_reason": self.result == Reply.Result.UNSOLVED and not self.unsolved_reason,
            "visited_at": self.visited_at is not None and self.visited_at > now,
        }
        return {name: SENTENCES[name] for name, wrong in found.items() if wrong}


SENTENCES = {
    "findings": "部分属实或不属实的，请写明核查情况。",
    "beyond_note": "超出职责的，请写明属于哪种情形、依据是什么。",
    "unsolved_reason": "未解决的，请写明原因。",
    "visited_at": "现场查看时间不能晚于现在。",
}


def record(ticket: Ticket, *, findings: Findings, by: User, version: int | None = None) -> Ticket:
    """Keep what the unit has established so far (办理记录); the history names what changed."""
    said: dict[str, Any] = {name: _tidy(value) for name, value in asdict(findings).items()}
    with moving("record", ticket, by=by, version=version) as move:
        wrong = Findings(**said).flaws(move.at)
        if wrong:
            raise Invalid(**wrong)
        row = _handling(move, by)
        changed = [name for name, value in said.items() if getattr(row, name) != value]
        if not changed:
            raise Invalid(findings="办理记录没有变化，不需要保存。")
        for name in changed:
            setattr(row, name, said[name])
        row.by, row.at = by, move.at
        row.save()
        move.extra = {"recorded": Handling.labels(changed)}
    return ticket


def hand_over(
    ticket: Ticket, *, to: User, by: User, note: str = "", version: int | None = None
) -> Ticket:
    """Give the ticket to a colleague of the same unit (转交承办人), as when somebody leaves."""
    with moving("hand_over", ticket, by=by, version=version, note=note) as move:
        unit = _lead(move)
        if not members(unit, Role.HANDLER).filter(pk=to.pk).exists():
            raise Invalid(to=f"请选择{unit.name}的承办人。")
        live_lead(move.ticket).update(handler=to)
        move.extra = {"to": str(to)}
    return ticket


def _tidy(value: object) -> object:
    return typed(value) if isinstance(value, str) else value


def _handling(move: Move, by: User) -> Handling:
    """The unit's own record of this ticket, a new one if it has none yet."""
    unit = _lead(move)
    found = Handling.objects.filter(ticket=move.ticket, department=unit).first()
    return found or Handling(ticket=move.ticket, department=unit, by=by, at=move.at)


def _lead(move: Move) -> Department:
    if move.ticket.lead is None:
        raise LookupError("steps of a unit come after dispatch")
    return move.ticket.lead


@dataclass(frozen=True)
class Spoken:
    """One try to speak to the citizen (联系情况); an empty phone is the ticket's own.

    `call_id` is the call of the telephony that it was, if that knows it.
    """

    at: datetime | None
    person: str = HIMSELF
    means: str = Means.PHONE
    outcome: str = ContactAttempt.Outcome.REACHED
    phone: str = ""
    said: str = ""
    call_id: int | None = None

    @property
    def reached(self) -> bool:
        """Tell whether somebody was spoken to."""
        return self.outcome == ContactAttempt.Outcome.REACHED


def contact(
    ticket: Ticket,
    *,
    spoken: Spoken,
    by: User,
    proofs: Sequence[str] = (),
    version: int | None = None,
) -> Ticket:
    """Note a try to speak to the citizen (联系诉求人), with its proofs: keys of `keep_file`.

    Who was reached is named, and when; raises Invalid otherwise.
    """
    with moving("contact", ticket, by=by, version=version) as move:
        attempt = keep_contact(move, spoken, by, proofs)
        move.extra = {
            "outcome": attempt.get_outcome_display(),
            "means": attempt.get_means_display(),
        }
        if attempt.proofs:
            move.extra["attachments"] = attempt.proofs
        if attempt.call_id:
            move.extra["call"] = attempt.call_id
    return ticket


def keep_contact(
    move: Move, spoken: Spoken, by: User, proofs: Sequence[str] = ()
) -> ContactAttempt:
    """Write the row of a try (联系记录) inside a step."""
    wrong = _flaws(spoken, move)
    number = _number(spoken.phone, wrong)
    if wrong or spoken.at is None:
        raise Invalid(**wrong)
    if spoken.reached:
        clocks.note_contact(move.ticket, spoken.at)
    attempt = ContactAttempt.objects.create(
        ticket=move.ticket,
        department=_lead(move),
        spoken_at=spoken.at,
        person=typed(spoken.person)[:50],
        phone=number,
        means=Means(spoken.means),
        outcome=ContactAttempt.Outcome(spoken.outcome),
        said=typed(spoken.said),
        call_id=spoken.call_id,
        by=by,
        at=move.at,
    )
    _prove(attempt, move.ticket, proofs, by)
    return attempt


def prove_last(move: Move, proofs: Sequence[str], by: User) -> int:
    """Let files prove the last time that the unit reached the citizen (补充凭证)."""
    reached = ContactAttempt.objects.filter(
        ticket=move.ticket, department=move.ticket.lead, outcome=ContactAttempt.Outcome.REACHED
    )
    return _prove(reached.last(), move.ticket, proofs, by)


def _prove(attempt: ContactAttempt | None, ticket: Ticket, proofs: Sequence[str], by: User) -> int:
    brought = attach(ticket, proofs, by=by, stage=Attachment.Stage.CONTACT, contact=attempt)
    if attempt and brought:
        attempt.proofs += brought
        attempt.save(update_fields=["proofs"])
    return brought


def _flaws(spoken: Spoken, move: Move) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if spoken.at is None:
        wrong["contact_at"] = "请填写联系时间。"
    elif not move.ticket.accepted_at.replace(second=0, microsecond=0) <= spoken.at <= move.at:
        wrong["contact_at"] = "联系时间应在受理之后、现在之前。"
    if spoken.reached and not typed(spoken.person):
        wrong["person"] = "已联系上的，请写明联系人。"
    if spoken.outcome not in ContactAttempt.Outcome.values:
        wrong["outcome"] = "请选择联系结果。"
    if spoken.means not in Means.values:
        wrong["means"] = "请选择联系方式。"
    return wrong


def _number(phone: str, wrong: dict[str, str]) -> str:
    try:
        return normalise_phone(phone) if phone.strip() else ""
    except InvalidPhone as refusal:
        wrong["phone"] = str(refusal)
        return ""


def spoken_to(ticket: Ticket) -> bool:
    """Tell whether the unit has reached the citizen since it got the ticket (已联系).

    After a redo it must speak to the citizen anew.
    """
    told = (reply.accepted_at for reply in ticket.replies.all() if reply.accepted_at)
    last = max(told, default=None)
    return any(
        tried.outcome == ContactAttempt.Outcome.REACHED
        and tried.department_id == ticket.lead_id
        and (last is None or tried.at > last)
        for tried in ticket.contacts.all()
    )
