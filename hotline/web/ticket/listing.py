"""The list of all tickets that somebody may see, narrowed by state, kind, source and time."""

from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.models import User
from hotline.web import pages
from hotline.web.exporting import taken_away
from hotline.web.requests import StaffRequest, staff
from hotline.web.ticket.forms import NarrowForm
from tickets import policy, selectors
from tickets.assessment.behind import behind
from tickets.models import Ticket
from tickets.workflow import OPEN


@staff()
def listing(request: StaffRequest) -> HttpResponse:
    """List tickets (全部工单), the newest first; every figure of the board leads here."""
    form = NarrowForm(request.GET)
    rows = _narrowed(policy.visible_to(request.user), form)
    page = pages.page_of(rows, request, key="-accepted_at")
    context = {
        "form": form,
        "page": page,
        "here": request.get_full_path(),
        "incident": page.rows[0].incident if page and form.cleaned_data.get("incident") else None,
        "query": pages.query_of(request),
    }
    return render(request, "ticket/list.html", context)


@require_POST
@staff()
def export(request: StaffRequest) -> HttpResponse:
    """Give the list as it is narrowed (导出), masked; who took what is kept."""
    rows = listed(request.POST.get("query", ""), request.user)
    return taken_away(request, rows, "tickets", "tickets:list")


def listed(asked: str, user: User) -> QuerySet[Ticket]:
    """Find the rows of the list of tickets by its address (全部工单), in its order."""
    rows = _narrowed(policy.visible_to(user), NarrowForm(QueryDict(asked)))
    return rows.order_by("-accepted_at", "-pk")


def _narrowed(rows: QuerySet[Ticket], form: NarrowForm) -> QuerySet[Ticket]:
    asked = form.cleaned_data if form.is_valid() else {}
    rows = rows.select_related("lead", "category", "region")
    for name in ("status", "kind", "source"):
        if asked.get(name):
            rows = rows.filter(**{name: asked[name]})
    if asked.get("incident"):
        rows = rows.filter(incident=asked["incident"])
    if asked.get("unit"):
        rows = rows.filter(lead__code=asked["unit"])
    if asked.get("on"):
        rows = selectors.accepted_on(rows, asked["on"])
    if asked.get("figure"):
        rows = behind(rows, asked["figure"], timezone.now())
    return _by_clock(rows, asked.get("due", ""))


def _by_clock(rows: QuerySet[Ticket], due: str) -> QuerySet[Ticket]:
    now = timezone.now()
    match due:
        case "overdue":
            return selectors.overdue(rows, now)
        case "near":
            return selectors.near_due(rows, now)
        case "open":
            return rows.filter(status__in=OPEN)
        case _:
            return rows
