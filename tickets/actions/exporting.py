"""Taking tickets away as a table: masked, bounded, and kept in the access log."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.actions import log_export
from accounts.fields import mask_name, mask_phone
from accounts.models import User
from city import selectors as city
from city.models import Parameter
from tickets import policy
from tickets.errors import Invalid
from tickets.models import Ticket

COLUMNS = tuple(
    "工单编号 标题 诉求内容 类型 紧急程度 状态 来源 事项 区划 地点 承办单位 "
    "受理时间 当前期限 办理期限 派单次数 催办次数 督办 诉求人 电话".split()
)
HIDDEN = "保密"
AT_ONCE = 500
THOUSAND = 1_000


class TooMany(Invalid):
    """More than the city lets out in one file (导出上限)."""


class TooLong(Exception):
    """More than one answer holds: it is written in the background (后台导出)."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


def export(
    rows: QuerySet[Ticket], *, by: User, asked: str = "", ip: str | None = None
) -> list[list[str]]:
    """Write ROWS as lines of a table (导出), in their order, and keep that they were taken.

    Only what BY may see; names and numbers are masked, in what was said too; the first line names
    the columns. Raises TooLong where there are more than one answer holds, and TooMany.
    """
    keys = keys_of(rows, by=by)
    if len(keys) > city.number(Parameter.Name.EXPORT_ROWS):
        raise TooLong(len(keys))
    lines = [line for some in lines_of(keys, by=by) for line in some]
    with transaction.atomic():
        log_export(by, asked=asked, count=len(lines), ip=ip)
    return [list(COLUMNS), *lines]


def keys_of(rows: QuerySet[Ticket], *, by: User) -> list[int]:
    """Name the rows that BY takes away (导出范围), in their order.

    Raises TooMany where there are more than the city lets out in one file.
    """
    most = city.number(Parameter.Name.EXPORT_MOST) * THOUSAND
    seen = policy.visible_to(by)
    if seen.query.has_filters():  # who sees all need not be asked of each row
        rows = rows.filter(pk__in=seen.values("pk"))
    keys = list(rows.values_list("pk", flat=True)[: most + 1])
    if len(keys) > most:
        raise TooMany(rows=f"一次最多导出 {most} 件，请按单位、状态或日期缩小范围后再导出。")
    return keys


def lines_of(keys: Sequence[int], *, by: User) -> Iterator[list[list[str]]]:
    """Yield the lines of these tickets (导出内容), some at a time, that BY still sees."""
    for at in range(0, len(keys), AT_ONCE):
        some = keys[at : at + AT_ONCE]
        rows = policy.visible_to(by).select_related("lead", "category", "region").in_bulk(some)
        yield [_line(rows[pk], by) for pk in some if pk in rows]


def _line(ticket: Ticket, by: User) -> list[str]:
    return [
        ticket.number,
        ticket.hide(ticket.heading),
        ticket.hide(ticket.text),
        ticket.get_kind_display(),
        ticket.get_urgency_display(),
        ticket.get_status_display(),
        ticket.get_source_display(),
        str(ticket.category or ""),
        str(ticket.region or ""),
        ticket.place,
        ticket.lead.name if ticket.lead else "",
        *map(_moment, (ticket.accepted_at, ticket.due_at, ticket.handle_due_at)),
        str(ticket.dispatch_count),
        str(ticket.urge_count),
        "是" if ticket.supervised else "",
        *_citizen(ticket, by),
    ]


def _citizen(ticket: Ticket, by: User) -> tuple[str, str]:
    """Who the citizen is, masked; nothing of a confidential one but for the hotline's roles."""
    if ticket.confidential and not by.has_role(*policy.SEES_CONTACT):
        return HIDDEN, HIDDEN
    name = mask_name(ticket.name) if ticket.name else ""
    return name, mask_phone(ticket.phone) if ticket.phone else ""


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
