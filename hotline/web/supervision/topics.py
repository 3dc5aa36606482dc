"""Hot topics: what more people tell of than usual, its trend, its tickets, and one incident."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_POST

from hotline.web import pages
from hotline.web.requests import StaffRequest, staff
from hotline.web.supervision import charts
from hotline.web.supervision.forms import GatherForm
from tickets import policy
from tickets.topics import hot

for_supervisors = staff(*policy.SEES_TOPICS)


@require_GET
@for_supervisors
def topics(request: StaffRequest) -> HttpResponse:
    """List the hot topics (热点): those that burst now, and those that went quiet."""
    cooled = hot.cooled(request.user, timezone.now())
    context = {
        "hot": hot.hot(request.user),
        "cooled": pages.page_of(cooled, request, key="-ended_at"),
        "query": "",
    }
    return render(request, "supervision/topics.html", context)


@require_GET
@for_supervisors
def topic(request: StaffRequest, pk: int) -> HttpResponse:
    """Show one hot topic (热点): its figures, its trend and its tickets."""
    found = get_object_or_404(hot.seen(request.user), pk=pk)
    rows = hot.tickets_of(found.topic, request.user)
    page = pages.page_of(rows, request, key="-accepted_at")
    context = {"topic": found, "page": page, "together": hot.together(rows), "query": ""}
    return render(request, "supervision/topic.html", context)


@require_GET
@for_supervisors
def trend(request: StaffRequest, pk: int) -> HttpResponse:
    """Draw a topic's tickets day by day (热点趋势)."""
    found = get_object_or_404(hot.seen(request.user), pk=pk)
    days = [(parse_date(day), count) for day, count in found.trend]
    draw = charts.sparkline if "small" in request.GET else charts.intake
    drawn = draw([(day, count) for day, count in days if day])
    return HttpResponse(drawn, content_type="image/svg+xml")


@require_POST
@for_supervisors
def gather(request: StaffRequest, pk: int) -> HttpResponse:
    """Set the tickets of a topic as one incident (设为同一事件)."""
    found = get_object_or_404(hot.seen(request.user), pk=pk)
    form = GatherForm(request.POST)
    if form.gather(found, request.user):
        messages.success(request, f"已设为同一事件“{form.incident}”，各单仍分别办理和回访。")
    else:
        messages.error(request, form.said)
    return redirect("supervision:topic", pk)
