"""Questions about tickets; every one for staff takes the person and asks policy first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Case, Count, Prefetch, Q, QuerySet, When
from django.utils import timezone

from accounts.fields import InvalidPhone, normalise_phone, phone_hashes
from accounts.models import Department, Role, User
from city import selectors as city
from city.working_time import Calendar, end_of_nth_working_day
from tickets import policy
from tickets.deadlines import TAKE_BACK_S
from tickets.models import Assignment, Entry, Incident, Reply, Return, Ticket
from tickets.numbers import code_fits
from tickets.workflow import OPEN, STEPS, Party, Status

EARLIER = 5
GATHERED_SHOWN = 8
UNDOABLE = 21  # one, and as many as are sent together


@dataclass(frozen=True)
class WorkList:
    """One list of work (工作列表): whose it is and which states are in it."""

    name: str
    label: str
    roles: frozenset[Role]
    statuses: frozenset[Status]


def _list(name: str, label: str, roles: Iterable[Role], *statuses: Status) -> WorkList:
    return WorkList(name, label, frozenset(roles), frozenset(statuses))


S = Status
WORK_LISTS: dict[str, WorkList] = {
    row.name: row
    for row in (
        _list("to_dispatch", "待派单", [Role.DISPATCHER], S.PENDING_REVIEW, S.PENDING_DISPATCH),
        _list("returns", "退单待审", [Role.DISPATCHER], S.RETURN_REVIEW),
        _list("disputes", "待指定办理", [Role.SUPERVISOR], S.DISPUTING),
        _list("to_sign", "待签收", [Role.SIGNER, Role.HANDLER], S.PENDING_SIGN),
        _list("to_handle", "办理中", [Role.HANDLER], S.PROCESSING, S.REDO),
        _list("to_release", "待单位审核", [Role.AUDITOR], S.UNIT_REVIEW),
        _list("to_review", "待审核答复", [Role.REVIEWER], S.REPLY_REVIEW),
        _list("to_call", "待回访", [Role.CALLBACK], S.PENDING_CALLBACK),
        _list("open", "在办工单", [Role.SUPERVISOR], *OPEN),
    )
}


def worklist(user: User, name: str) -> QuerySet[Ticket]:
    """The tickets of one work list (工作列表) that USER may see, the most pressing first.

    Ordered by (due_at, id), tickets without a clock last, so that pages go by key.
    """
    rows = policy.visible_to(user).filter(status__in=WORK_LISTS[name].statuses)
    return in_order(rows)


def in_order(rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Sort by remaining time with what a list shows of each row (按剩余时间)."""
    return rows.select_related("lead", "category", "region").order_by("due_at", "id")


def fresh_dispatches(user: User, now: datetime) -> list[Ticket]:
    """The tickets that USER dispatched within the last minute and can take back (可撤回)."""
    since = now - timedelta(seconds=TAKE_BACK_S)
    rows = worklist(user, "to_sign").filter(
        entries__step="dispatch", entries__by=user, entries__at__gte=since, dispatched_at__gte=since
    )
    return list(rows.order_by("-dispatched_at")[:UNDOABLE])


class Tally(NamedTuple):
    """How many tickets a work list has, and how many of them are overdue."""

    total: int
    overdue: int


def counts(user: User) -> dict[str, Tally]:
    """Count the work lists of USER's roles (工作列表数量、超期数), in one query."""
    mine = [row for row in WORK_LISTS.values() if user.has_role(*row.roles)]
    if not mine:
        return {}
    late = Q(due_at__lt=timezone.now())
    totals = {row.name: Count("id", filter=Q(status__in=row.statuses)) for row in mine}
    totals |= {
        f"late_{row.name}": Count("id", filter=late & Q(status__in=row.statuses)) for row in mine
    }
    found = policy.visible_to(user).filter(status__in=OPEN).aggregate(**totals)
    return {row.name: Tally(found[row.name], found[f"late_{row.name}"]) for row in mine}


@dataclass(frozen=True)
class UnitCounts:
    """The three numbers on top of a unit's workbench."""

    to_sign: int
    due_today: int
    overdue: int


WITH_UNIT = (S.PENDING_SIGN, S.PROCESSING, S.REDO, S.UNIT_REVIEW)


def unit_counts(user: User, now: datetime | None = None) -> UnitCounts:
    """Count 待签收, 今日到期 and 已超期 of USER's units."""
    moment = now or timezone.now()
    tonight = timezone.localtime(moment).replace(hour=23, minute=59, second=59)
    found = policy.visible_to(user).filter(status__in=WITH_UNIT)
    return UnitCounts(
        **found.aggregate(
            to_sign=Count("id", filter=Q(status=S.PENDING_SIGN)),
            due_today=Count("id", filter=Q(due_at__gte=moment, due_at__lte=tonight)),
            overdue=Count("id", filter=Q(due_at__lt=moment)),
        )
    )


def near_due_before(now: datetime, calendar: Calendar) -> datetime:
    """Give the moment before which a deadline counts as near (黄牌): one working day on."""
    return end_of_nth_working_day(now, 1, calendar).at


def overdue(rows: QuerySet[Ticket], now: datetime) -> QuerySet[Ticket]:
    """Keep the open tickets whose clock ran out (已超期)."""
    return rows.filter(status__in=OPEN, due_at__lt=now)


def near_due(rows: QuerySet[Ticket], now: datetime) -> QuerySet[Ticket]:
    """Keep the open tickets whose clock runs out within one working day (临期)."""
    until = near_due_before(now, city.calendar())
    return rows.filter(status__in=OPEN, due_at__gte=now, due_at__lte=until)


def history(ticket: Ticket) -> list[Entry]:
    """The ticket's story (流转记录), oldest first."""
    return list(ticket.entries.select_related("by", "department", "words").order_by("id"))


def entries_since(ticket: Ticket, version: int) -> list[Entry]:
    """What happened since VERSION was read (其间变化)."""
    return [entry for entry in history(ticket) if entry.version > version]


def replies(ticket: Ticket) -> list[Reply]:
    """All versions of the reply (答复版本), newest first."""
    return list(ticket.replies.select_related("by", "department").order_by("-version"))


def newest_reply(ticket: Ticket) -> Reply | None:
    """The reply as it stands (最新答复)."""
    return ticket.replies.order_by("-version").first()


def turns(ticket: Ticket) -> list[Assignment]:
    """The units that had or have the ticket (承办情况)."""
    return list(ticket.assignments.select_related("department", "handler").order_by("id"))


def returns(ticket: Ticket) -> list[Return]:
    """What units said when they returned the ticket (退单意见), oldest first."""
    return list(ticket.returns.select_related("department", "suggested").order_by("id"))


def merged_of(ticket: Ticket, user: User) -> list[Ticket]:
    """The tickets that were merged into this one (并入的工单) and that USER may see."""
    return list(policy.visible_to(user).filter(merged_into=ticket).order_by("id"))


@dataclass(frozen=True)
class Gathered:
    """An incident as one person may see it: its tickets, the lead first, and all their number."""

    incident: Incident
    tickets: list[Ticket]
    total: int


def incident_of(ticket: Ticket, user: User) -> Gathered | None:
    """The incident of a ticket (同一事件) with those of its tickets that USER may see."""
    if ticket.incident is None:
        return None
    rows = in_incident(ticket.incident, user)
    return Gathered(ticket.incident, list(rows[:GATHERED_SHOWN]), rows.count())


def in_incident(incident: Incident, user: User) -> QuerySet[Ticket]:
    """The tickets of an incident (事件工单) that USER may see, its lead first, then by time."""
    rows = policy.visible_to(user).filter(incident=incident).select_related("lead")
    leads = Case(When(pk=incident.lead_id, then=0), default=1)
    return rows.order_by(leads, "accepted_at", "pk")


def open_of_phone(phone: str, user: User) -> list[Ticket]:
    """The open tickets of a number (未办结诉求) that USER may see, newest first."""
    return list(of_phone(phone, user).filter(status__in=OPEN)[:EARLIER])


def earlier_of_phone(phone: str, user: User) -> list[Ticket]:
    """The last closed tickets of a number (历史诉求) that USER may see, newest first."""
    return list(of_phone(phone, user).exclude(status__in=OPEN)[:EARLIER])


def of_phone(phone: str, user: User) -> QuerySet[Ticket]:
    """The tickets of a number (按电话查单), none for whose work needs no contacts, newest first."""
    try:
        return of_hashes(phone_hashes(normalise_phone(phone)) if phone else [], user)
    except InvalidPhone:
        return Ticket.objects.none()


def of_hashes(hashes: Sequence[str], user: User) -> QuerySet[Ticket]:
    """The tickets of a number given as its hashes under all keys (按号码指纹查单)."""
    rows = policy.findable_by_phone(user).filter(phone_hash__in=hashes)
    return rows.select_related("lead", "category").order_by("-accepted_at")


def find_by_query_code(number: str, code: str) -> Ticket | None:
    """The ticket of a number and its query code (查进度); None when either is wrong."""
    if not code_fits(number.strip(), code):
        return None
    return Ticket.objects.select_related("lead", "category").filter(number=number.strip()).first()


@dataclass(frozen=True)
class Station:
    """One station on the way of a demand, as the citizen may see it."""

    at: datetime
    label: str
    department: str = ""


@dataclass(frozen=True)
class Progress:
    """Where a demand stands (办理进度): no staff, no internal opinions, no other people."""

    number: str
    status: str
    status_label: str
    department: str
    due_on: date | None
    due_provisional: bool
    timeline: list[Station]
    reply: str


STATION_LABELS = {
    "accept": "诉求已受理",
    "answer": "已当场答复",
    "dispatch": "已派往承办单位",
    "redirect": "已改派承办单位",
    "designate": "已指定承办单位",
    "sign": "承办单位已签收",
    "reply": "承办单位正在形成答复",
    "release": "承办单位已提交答复",
    "review": "热线已审核答复",
    "call_back": "热线已回访",
    "rate": "您已评价",
    "reopen": "已交承办单位重新办理",
    "close": "已办结",
    "supplement": "您补充了情况",
    "urge": "您催办了一次",
    "withdraw": "已按您的要求撤单",
    "merge": "已与同一事项的诉求合并办理",
    "unmerge": "已恢复单独办理",
    "conclude": "热线已审核答复",
    "decline": "不予受理",
    "archive": "已归档",
}
GIVES_TO = frozenset({"dispatch", "redirect", "designate"})
RELEASED = (S.PENDING_CALLBACK, S.CLOSED, S.DIRECT_CLOSED, S.ARCHIVED)


def progress(ticket: Ticket) -> Progress:
    """Tell the citizen the way of the demand so far (进度), like a parcel's."""
    entries = ticket.entries.select_related("department").order_by("id")
    return Progress(
        number=ticket.number,
        status=ticket.status,
        status_label=ticket.get_status_display(),
        department=ticket.lead.name if ticket.lead else "",
        due_on=_promised_on(ticket),
        due_provisional=ticket.handle_provisional,
        timeline=[_station(entry) for entry in entries if entry.step in STATION_LABELS],
        reply=_released_reply(ticket),
    )


def _promised_on(ticket: Ticket) -> date | None:
    if not ticket.is_open or ticket.handle_due_at is None:
        return None
    return timezone.localdate(ticket.handle_due_at)


def _station(entry: Entry) -> Station:
    unit = str(entry.extra.get("to", "")) if entry.step in GIVES_TO else ""
    if not unit and entry.department and entry.step in {"sign", "reply", "release"}:
        unit = entry.department.name
    return Station(entry.at, STATION_LABELS[entry.step], unit)


def _released_reply(ticket: Ticket) -> str:
    """The reply that the hotline has let out; nothing before."""
    accepted = ticket.replies.exclude(accepted_at=None).order_by("-version").first()
    if ticket.status == S.NOT_ACCEPTED:
        return _why_declined(ticket)
    return accepted.text if accepted and Status(ticket.status) in RELEASED else ""


def _why_declined(ticket: Ticket) -> str:
    """The reason and the way to go, as the hotline wrote them."""
    entry = ticket.entries.select_related("words").filter(step="decline").latest("id")
    return f"{entry.extra['reason']}。{entry.note}"


def step_label(entry: Entry) -> str:
    """Name the step of a history entry (步骤名称)."""
    return STEPS[entry.step].label


def actor_label(entry: Entry) -> str:
    """Name who did the step (经办人)."""
    if entry.by:
        return str(entry.by)
    return Party(entry.party).label if entry.party else ""


def lead_units() -> QuerySet[Department]:
    """The units that a ticket can be dispatched to (可派单位)."""
    return Department.objects.filter(active=True).exclude(kind=Department.Kind.CENTER)


def for_page(user: User) -> QuerySet[Ticket]:
    """The tickets that USER may see with all that a ticket's page shows (工单详情)."""
    live = Assignment.objects.select_related("department")
    return (
        policy.visible_to(user)
        .select_related(
            "lead",
            "category",
            "region",
            "respondent",
            "article_version",
            "merged_into",
            "incident",
        )
        .prefetch_related(Prefetch("assignments", queryset=live))
    )


def by_external_number(source: str, external_number: str) -> Ticket | None:
    """The ticket that a sender's own number already made (外部编号查重)."""
    return Ticket.objects.filter(source=source, external_number=external_number).first()


def auto_dispatched(ids: Sequence[int]) -> int:
    """Count which of these tickets the platform dispatched by itself (自动派单数)."""
    step = 500
    batches = (ids[at : at + step] for at in range(0, len(ids), step))
    return sum(Ticket.objects.filter(pk__in=b, auto_dispatched=True).count() for b in batches)
