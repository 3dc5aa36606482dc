"""What the citizen is told of the way of a demand: no staff, no opinions, no other people."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from tickets.models import Entry, Ticket
from tickets.selectors.worklists import S
from tickets.workflow import Party, Status


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
    "contact": "承办单位与您联系",
    "reply": "承办单位正在形成答复",
    "release": "承办单位已提交答复",
    "review": "热线已审核答复",
    "call_back": "热线已回访",
    "rate": "您已评价",
    "decide_extension": "办理期限已延长",
    "suspend": "承办单位需要较长时间办理",
    "resume": "承办单位恢复办理",
    "reopen": "已交承办单位重新办理",
    "close": "已办结",
    "ask": "请您补充情况",
    "remind": "提醒您补充情况",
    "inform": "您补充了情况",
    "relay": "承办单位有问题问您",
    "respond": "您的答复已转达承办单位",
    "propose_withdrawal": "承办单位请您确认是否撤回",
    "keep": "您不同意撤回，继续办理",
    "supplement": "您补充了情况",
    "urge": "您催办了一次",
    "withdraw": "已按您的要求撤单",
    "merge": "已与同一事项的诉求合并办理",
    "unmerge": "已恢复单独办理",
    "split": "已按事项分件办理",
    "unsplit": "已恢复为一件办理",
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
        timeline=[_station(entry) for entry in entries if _is_told(entry)],
        reply=_released_reply(ticket),
    )


def _promised_on(ticket: Ticket) -> date | None:
    if ticket.promised_on:
        return ticket.promised_on
    if not ticket.is_open or ticket.handle_due_at is None:
        return None
    return timezone.localdate(ticket.handle_due_at)


def _is_told(entry: Entry) -> bool:
    """Tell whether the citizen hears of the step; a request that was refused changes nothing."""
    if entry.step == "urge" and entry.party == Party.SYSTEM.value:
        return False
    return entry.step in STATION_LABELS and entry.extra.get("granted", True)


def _station(entry: Entry) -> Station:
    unit = str(entry.extra.get("to", "")) if entry.step in GIVES_TO else ""
    if not unit and entry.department and entry.step in {"sign", "contact", "reply", "release"}:
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
