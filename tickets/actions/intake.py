"""Taking demands in: once each, never lost, with a number."""

import hashlib
import json
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.fields import InvalidPhone, normalise_phone, phone_hash, phone_hashes
from accounts.models import User
from city.memo import Memo
from city.models import Category, Parameter, Region
from city.selectors import named_places, number
from knowledge.models import ArticleVersion
from outbox.bus import publish
from tickets import policy
from tickets.actions import history, numbering
from tickets.actions.attaching import attach
from tickets.actions.filling import fill
from tickets.actions.moves import NOT_TYPED, Actor, Move, entry_of, typed
from tickets.errors import Invalid, KeyReused, NotAllowed, TooMany
from tickets.events import TicketAccepted, TicketAnswered, TicketMoved
from tickets.models import Filling, IntakeKey, Reply, Source, Ticket
from tickets.workflow import STEPS, Kind, Party, Status, Step, Urgency

MAX_TEXT = 10_000
ANONYMOUS = frozenset({Kind.REPORT, Kind.ADVICE})
NO_AREA = "000000"

_area = Memo(
    lambda: (
        Region.objects.filter(level=Region.Level.CITY).values_list("code", flat=True).first()
        or NO_AREA
    )
)


@dataclass(frozen=True)
class Demand:
    """What was asked, cleaned: the part of a request that decides whether a repeat is the same."""

    text: str
    title: str
    kind: str
    name: str
    phone: str
    place: str
    region_id: int | None
    confidential: bool
    public: bool
    wants_callback: bool
    anonymous: bool = False

    def digest(self) -> str:
        """Give a hash of the whole body; what came later is in it only where it says something."""
        said = {key: value for key, value in asdict(self).items() if value or key != "anonymous"}
        body = json.dumps(said, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(body.encode()).hexdigest()


def accept(
    *,
    text: str,
    source: str,
    by: Actor,
    title: str = "",
    kind: str | None = None,
    name: str = "",
    phone: str = "",
    place: str = "",
    region: Region | None = None,
    confidential: bool = False,
    public: bool = False,
    wants_callback: bool = True,
    anonymous: bool = False,
    external_number: str = "",
    idempotency_key: str = "",
    call_id: int | None = None,
    category: Category | None = None,
    reported_at: datetime | None = None,
    accepted_at: datetime | None = None,
    attachments: Sequence[str] = (),
    split_from: Ticket | None = None,
    filling: Filling | None = None,
) -> Ticket:
    """Accept a demand (受理) and give it a number; matching and routing follow by the outbox.

    The same idempotency key or external number gives the ticket that is already there; the same
    key with another body raises KeyReused. `attachments` are keys of what `keep_file` kept;
    `split_from` is the first demand of the same call, `filling` a special form that
    `checked` gave. What was written down while the system stood still is entered later with its
    own `accepted_at` (补登). Raises Invalid naming fields, NotAllowed.
    """
    demand = _clean(
        text,
        title,
        kind,
        name,
        phone,
        place,
        region,
        confidential,
        public,
        wants_callback,
        anonymous,
    )
    about = {
        "call_id": call_id,
        "category": category,
        "created_at": reported_at,
        "accepted_at": accepted_at,
        "split_from": split_from,
    }
    with transaction.atomic() if attachments or filling else nullcontext():
        ticket, known = take_in(
            "accept",
            demand,
            source=source,
            by=by,
            external_number=external_number.strip(),
            idempotency_key=idempotency_key,
            fields=about,
        )
        if attachments and not known:
            attach(ticket, attachments, by=by)
        if filling and not known:
            fill(ticket, filling)
    return ticket


def answer(
    *,
    text: str,
    source: str,
    by: User,
    answer_text: str,
    article_version: ArticleVersion | None = None,
    idempotency_key: str = "",
    call_id: int | None = None,
    category: Category | None = None,
    accepted_at: datetime | None = None,
    **about: Any,
) -> Ticket:
    """Take a demand that is answered at once (直接答复), citing the article's version if any.

    `about` are the other fields of `accept`. Raises Invalid naming fields, NotAllowed.
    """
    said = typed(answer_text)
    if not said:
        raise Invalid(answer_text="请写明答复诉求人的内容。")
    demand = _clean(text, **about | {"kind": about.get("kind") or Kind.CONSULT})
    with transaction.atomic():
        ticket, known = take_in(
            "answer",
            demand,
            source=source,
            by=by,
            idempotency_key=idempotency_key,
            fields={
                "call_id": call_id,
                "category": category,
                "accepted_at": accepted_at,
                "article_version": article_version,
            },
        )
        if not known:
            _write_answer(ticket, said, by)
    return ticket


def _write_answer(ticket: Ticket, text: str, by: User) -> None:
    Reply.objects.create(
        ticket=ticket,
        department=next(iter(by.departments), None),
        version=1,
        text=text,
        contacted=True,
        result=Reply.Result.EXPLAINED,
        by=by,
        at=ticket.accepted_at,
        accepted_at=ticket.accepted_at,
        may_publish=ticket.public,
        published_at=ticket.accepted_at if ticket.public else None,
    )


def _clean(
    text: str,
    title: str = "",
    kind: str | None = None,
    name: str = "",
    phone: str = "",
    place: str = "",
    region: Region | None = None,
    confidential: bool = False,
    public: bool = False,
    wants_callback: bool = True,
    anonymous: bool = False,
) -> Demand:
    """Check and tidy what was sent; a 举报 is confidential and never public.

    Only a 举报 or a 建议 may be anonymous; nothing of the person is kept then.
    """
    if anonymous:
        name = phone = _nobody(kind)
    words = NOT_TYPED.sub("", text.replace("\r\n", "\n"))
    if not words.strip():
        raise Invalid(text="请写明您要反映的事情。")
    if len(words) > MAX_TEXT:
        raise Invalid(text=f"内容最多 {MAX_TEXT} 字，您写了 {len(words)} 字，请精简后再提交。")
    try:
        number = normalise_phone(phone) if phone.strip() else ""
    except InvalidPhone as wrong:
        raise Invalid(phone=str(wrong)) from wrong
    report = kind == Kind.REPORT
    return Demand(
        text=words,
        title=typed(title)[:100],
        kind=Kind(kind or Kind.OTHER),
        name=typed(name)[:50],
        phone=number,
        place=typed(place)[:200],
        region_id=region.pk if region else None,
        confidential=confidential or report,
        public=public and not (confidential or report),
        wants_callback=wants_callback and bool(number),
        anonymous=anonymous,
    )


def _nobody(kind: str | None) -> str:
    """Let nobody be named (匿名), where the kind of demand allows it."""
    if kind not in ANONYMOUS:
        raise Invalid(anonymous="只有举报和建议可以匿名；其他诉求请留下电话，以便核实和答复。")
    return ""


def check_demand(*, text: str, phone: str = "") -> None:
    """Refuse what `accept` would refuse (试导入检查); raises Invalid, writes nothing."""
    _clean(text, phone=phone)


def take_in(
    verb: str,
    demand: Demand,
    *,
    source: str,
    by: Actor,
    external_number: str = "",
    idempotency_key: str = "",
    fields: dict[str, Any],
) -> tuple[Ticket, bool]:
    """Store a cleaned demand once; tell whether it was known before."""
    step = STEPS[verb]
    _check_actor(step, by)
    key = f"{source}:{idempotency_key}" if idempotency_key else ""
    known = _known(source, external_number, key, demand)
    if known:
        return known, True
    if by is Party.CITIZEN:
        _check_rate(demand.phone)
    try:
        with transaction.atomic():
            ticket = _create(step, demand, source, by, external_number, fields)
            if key:
                IntakeKey.objects.create(key=key, body_hash=demand.digest(), ticket=ticket)
            return ticket, False
    except IntegrityError:  # the same request came twice at the same moment
        known = _known(source, external_number, key, demand)
        if known is None:
            raise
        return known, True


def _check_actor(step: Step, by: Actor) -> None:
    allowed = policy.may_party(by, step) if isinstance(by, Party) else by.has_role(*step.roles)
    if not allowed:
        raise NotAllowed(f"您的角色不能{step.label}。")


def _known(source: str, external_number: str, key: str, demand: Demand) -> Ticket | None:
    """Find the ticket that this request already made."""
    if key:
        seen = IntakeKey.objects.select_related("ticket").filter(key=key).first()
        if seen and seen.body_hash != demand.digest():
            raise KeyReused
        if seen:
            return seen.ticket
    if external_number:
        return Ticket.objects.filter(source=source, external_number=external_number).first()
    return None


def _check_rate(phone: str) -> None:
    """Refuse more demands of one number in a day than the city allows."""
    if not phone:
        return
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    today = Ticket.objects.filter(phone_hash__in=phone_hashes(phone), created_at__gte=midnight)
    most = number(Parameter.Name.PER_PHONE_A_DAY)
    if len(today.values_list("pk")[:most]) == most:
        raise TooMany(phone=f"这个号码今天已提交 {most} 件诉求，请明天再提交，急事请拨 12345。")


def _create(
    step: Step,
    demand: Demand,
    source: str,
    by: Actor,
    external_number: str,
    fields: dict[str, Any],
) -> Ticket:
    """Write the ticket, its number, its first history entry and the event."""
    now = timezone.now()
    accepted_at = fields.pop("accepted_at", None) or now
    if accepted_at > now:
        raise Invalid(accepted_at="受理时间不能晚于现在。")
    today = timezone.localdate(accepted_at)
    status = step.targets[0]
    ticket = Ticket(
        number=numbering.draw(_area.get(), [today])[0],
        source=Source(source),
        external_number=external_number,
        status=status,
        urgency=Urgency.NORMAL,
        phone_hash=phone_hash(demand.phone),
        places=named_places(f"{demand.place}\n{demand.title}\n{demand.text}"),
        created_at=fields.pop("created_at", None) or now,
        accepted_at=accepted_at,
        moved_at=accepted_at,
        closed_at=accepted_at if status == Status.DIRECT_CLOSED else None,
        created_by=by if isinstance(by, User) else None,
        **asdict(demand),
        **fields,
    )
    entry = entry_of(Move(ticket, step, by, accepted_at, status), "", 0)
    history.seal(ticket, [entry])
    ticket.save(force_insert=True)
    history.write([entry])
    _tell(ticket, step)
    return ticket


def _tell(ticket: Ticket, step: Step) -> None:
    moved = TicketMoved(
        ticket_id=ticket.pk,
        step=step.verb,
        version=ticket.version,
        from_status="",
        to_status=ticket.status,
        department_ids=(),
    )
    if ticket.status == Status.PENDING_REVIEW:
        publish(TicketAccepted(ticket_id=ticket.pk), moved)
    else:
        publish(TicketAnswered(ticket_id=ticket.pk), moved)
