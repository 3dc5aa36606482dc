"""The list that finds tickets: words, and narrowing by state, kind, source, time."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from hotline.web import pages
from hotline.web.requests import StaffRequest, staff
from hotline.web.ticket.forms import FindForm
from tickets import policy, selectors
from tickets.models import Ticket
from tickets.numbers import looks_like_number
from tickets.workflow import OPEN


@staff()
def search(request: StaffRequest) -> HttpResponse:
    """Find tickets (查工单); a whole number leads straight to its ticket."""
    form = FindForm(request.GET)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    if looks_like_number(words) and policy.visible_to(request.user).filter(number=words):
        return redirect("tickets:detail", words)
    context = {"form": form, "words": words, "query": pages.query_of(request)}
    if words:
        context["found"] = selectors.find_in_database(request.user, words)
    else:
        rows = _narrowed(policy.visible_to(request.user), form)
        context["page"] = pages.page_of(rows, request, key="-accepted_at")
    return render(request, "ticket/search.html", context)


def _narrowed(rows: QuerySet[Ticket], form: FindForm) -> QuerySet[Ticket]:
    asked = form.cleaned_data if form.is_valid() else {}
    rows = rows.select_related("lead", "category", "region")
    for name in ("status", "kind", "source"):
        if asked.get(name):
            rows = rows.filter(**{name: asked[name]})
    if asked.get("unit"):
        rows = rows.filter(lead__code=asked["unit"])
    if asked.get("on"):
        rows = rows.filter(accepted_at__date=asked["on"])
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
