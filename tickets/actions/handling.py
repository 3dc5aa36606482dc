"""Inside the unit: signing, replying, releasing the reply."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max

from accounts.models import User
from tickets.actions import clocks
from tickets.actions.attaching import attach
from tickets.actions.moves import Actor, Move, live_lead, moving, typed
from tickets.actions.recording import Spoken, keep_contact, prove_last, spoken_to
from tickets.actions.signing import begin_signing, check_signed, let_out
from tickets.errors import Invalid
from tickets.models import HIMSELF, Assignment, Attachment, Reply, Ticket
from tickets.models.wording import open_slots
from tickets.workflow import Party, Status

MIN_REPLY = 10
MAX_REPLY = 5_000


def sign(ticket: Ticket, *, by: Actor, version: int | None = None) -> Ticket:
    """Acknowledge receipt for the unit (签收); the handling clock has run since dispatch.

    The system signs for a unit that let the limit pass (超时签收).
    """
    with moving("sign", ticket, by=by, version=version) as move:
        move.ticket.signed_at = move.at
        late = isinstance(by, Party)
        move.unit = move.ticket.lead if late else None
        move.extra = {"signed_late": str(move.ticket.lead)} if late else {}
        _set_lead(move, Assignment.State.HANDLING, signed_at=move.at, auto_signed=late)
    return ticket


def _set_lead(move: Move, state: str, **fields: object) -> None:
    live_lead(move.ticket).update(state=state, **fields)


def reply(
    ticket: Ticket,
    *,
    text: str,
    result: str,
    by: User,
    facts: str = "",
    internal: str = "",
    public_text: str = "",
    may_publish: bool = False,
    contacted: bool = False,
    contact_at: datetime | None = None,
    contact_person: str = HIMSELF,
    contact_note: str = "",
    attachments: Sequence[str] = (),
    proofs: Sequence[str] = (),
    version: int | None = None,
) -> Ticket:
    """Write the unit's reply (答复), a new version each time; the unit's auditor releases it.

    The citizen must have been spoken to, before or as told here (`contacted`; one told of without
    a time counts from now), or `contact_note` says why not. `public_text` is for anybody, where
    the citizen agreed and `may_publish` says that the unit does. `attachments` show the handling,
    `proofs` that the citizen was spoken to: keys of `keep_file`.
    """
    words = typed(text)
    _check_reply(words, result)
    with moving("reply", ticket, by=by, version=version) as move:
        told = spoken_to(move.ticket)
        if contacted and (contact_at or not told):
            spoken = Spoken(contact_at or move.at, contact_person, said=contact_note)
            brought = keep_contact(move, spoken, by, proofs).proofs
        else:
            brought = prove_last(move, proofs, by)
        if not (told or contacted or typed(contact_note)):
            raise Invalid(contact_note="尚未联系诉求人的，请写明未联系的原因。")
        written = Reply.objects.create(
            ticket=move.ticket,
            department=move.ticket.lead,
            version=_next_version(move.ticket),
            text=words,
            internal=typed(internal),
            public_text=typed(public_text),
            may_publish=may_publish and move.ticket.public,
            facts=typed(facts),
            contacted=contacted or told,
            contact_note=typed(contact_note),
            result=Reply.Result(result),
            by=by,
            at=move.at,
        )
        brought += attach(move.ticket, attachments, by=by, stage=Attachment.Stage.HANDLING)
        move.extra = {"reply": written.version} | ({"attachments": brought} if brought else {})
        _set_lead(move, Assignment.State.HANDLING, handler=by)
        begin_signing(move)
    return ticket


def _next_version(ticket: Ticket) -> int:
    last = Reply.objects.filter(ticket=ticket).aggregate(last=Max("version"))["last"]
    return (last or 0) + 1


def _check_reply(text: str, result: str) -> None:
    wrong: dict[str, str] = {}
    if not MIN_REPLY <= len(text) <= MAX_REPLY:
        wrong["text"] = f"答复内容应为 {MIN_REPLY} 到 {MAX_REPLY} 字，目前 {len(text)} 字。"
    elif slots := open_slots(text):
        wrong["text"] = f"还有没填写的空：{'、'.join(slots)}。"
    if result not in Reply.Result.values:
        wrong["result"] = "请选择办理结果。"
    if wrong:
        raise Invalid(**wrong)


def release(
    ticket: Ticket,
    *,
    by: Actor,
    note: str = "",
    may_publish: bool = True,
    version: int | None = None,
) -> Ticket:
    """Let the reply out of the unit (单位审核通过); the hotline reviews it.

    Without `may_publish` the unit does not want it to be public, whatever the handler said.
    """
    with moving("release", ticket, by=by, version=version, note=note) as move:
        check_signed(move.ticket)
        if not may_publish:
            Reply.objects.filter(ticket=move.ticket).update(may_publish=False)
        let_out(move)
    return ticket


def send_reply_back(
    ticket: Ticket,
    *,
    note: str,
    by: Actor,
    defects: Sequence[str] = (),
    version: int | None = None,
) -> Ticket:
    """Have the reply written anew (退回重写), by the unit's auditor or the hotline's reviewer.

    `defects` are names of what is wrong with it, kept in the history to be counted. What the
    hotline sends back leaves the unit what its clock had left, or some days (业务参数).
    """
    with moving("send_reply_back", ticket, by=by, version=version, note=note) as move:
        move.extra = {"defects": list(defects)} if defects else {}
        if move.ticket.status == Status.REPLY_REVIEW:
            _leave_for_rewrite(move)
        move.ticket.replied_at = move.ticket.next_signer = None
        move.ticket.sign_offs_left = 0
        _set_lead(move, Assignment.State.HANDLING, replied_at=None)
    return ticket


def _leave_for_rewrite(move: Move) -> None:
    for turn in live_lead(move.ticket).select_related("department"):
        move.extra |= clocks.leave_for_rewrite(move.ticket, turn, move.at)
        turn.save(update_fields=["due_at"])
