"""Replies kept ready: which fit a ticket, and what they say of it."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from tickets import policy
from tickets.models import ReplyTemplate, Ticket
from tickets.models.wording import SLOT
from tickets.selectors.handlings import handling_of


def templates_of(user: User) -> QuerySet[ReplyTemplate]:
    """The templates that USER keeps (维护的答复模板)."""
    return policy.templates_kept_by(user).select_related("category", "department", "by")


def templates_for(ticket: Ticket) -> list[ReplyTemplate]:
    """The templates that fit a ticket (可套用的答复模板), of its very matter and unit first."""
    if ticket.lead is None:
        return []
    above = [int(part) for part in ticket.lead.path.split("/") if part]
    matters = _line(ticket)
    rows = ReplyTemplate.objects.filter(
        Q(department=None) | Q(department__in=above),
        Q(category=None) | Q(category__in=matters),
        active=True,
    )
    near = {pk: at for at, pk in enumerate(matters)}
    return sorted(
        rows, key=lambda row: (near.get(row.category_id or 0, 99), row.department_id is None)
    )


def _line(ticket: Ticket) -> list[int]:
    """List the matter and those above it, the nearest first."""
    found, matter = [], ticket.category
    while matter is not None:
        found.append(matter.pk)
        matter = matter.parent
    return found


def filled(template: ReplyTemplate, ticket: Ticket) -> str:
    """Fill in what is known of the ticket (套用模板); what is not stays a slot to be seen."""
    known = _values(ticket)
    return SLOT.sub(lambda slot: known.get(slot[1]) or slot[0], template.text)


def _values(ticket: Ticket) -> dict[str, str]:
    unit, row = ticket.lead, handling_of(ticket)
    due = timezone.localtime(ticket.handle_due_at) if ticket.handle_due_at else None
    taken = timezone.localtime(ticket.accepted_at)
    named = "" if ticket.confidential else ticket.name[:1]
    return {
        "工单编号": ticket.number,
        "诉求人称谓": f"{named}先生/女士" if named else "市民",
        "承办单位": unit.name if unit else "",
        "联系电话": unit.duty_phone if unit else "",
        "办理期限": f"{due.year}年{due.month}月{due.day}日" if due else "",
        "受理日期": f"{taken.month}月{taken.day}日",
        "地点": ticket.place,
        "事项": ticket.category.name if ticket.category else "",
        "核查经过": row.findings if row else "",
        "办理结果": row.get_result_display() if row else "",
        "未解决原因": row.unsolved_reason if row else "",
    }
