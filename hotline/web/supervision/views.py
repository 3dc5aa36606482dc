"""The live board, its chart, and deliveries that were given up."""

from typing import Literal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from accounts.models import Role
from city import selectors as city
from hotline.web import pages
from hotline.web.requests import StaffRequest, staff
from hotline.web.supervision import charts
from outbox import actions as outbox
from outbox import selectors as deliveries
from tickets.assessment import board as figures
from tickets.assessment.trend import weekly_rates
from tickets.routing import authority
from tickets.routing.rules import broken_rules
from tickets.topics.hot import hot

SHOWN = 20
HOT_SHOWN = 5


@staff(Role.SUPERVISOR, Role.ADMIN)
def board(request: StaffRequest) -> HttpResponse:
    """Show the board (督办看板), with the time of its data."""
    now = timezone.now()
    context = {
        "board": figures.board(request.user, now),
        "pressing": figures.pressing(request.user, now),
        "today": timezone.localdate(now).isoformat(),
        "lag": deliveries.lag(),
        "index_lag": deliveries.lag("index"),
        "dead": deliveries.dead()[:SHOWN],
        "broken_rules": broken_rules(),
        "special_forms": city.special_forms(),
        "calendar_ends_on": city.calendar_ends_on(now),
        "pauses": authority.pauses(),
        "hot": hot(request.user)[:HOT_SHOWN],
    }
    return render(request, pages.fragment(request, "supervision/board.html", "figures"), context)


@staff(Role.SUPERVISOR, Role.ADMIN)
def intake_chart(request: StaffRequest) -> HttpResponse:
    """Draw the intake of the last fourteen days (受理趋势)."""
    days = figures.intake_by_day(request.user, timezone.now())
    return HttpResponse(charts.intake(days), content_type="image/svg+xml")


@staff(Role.SUPERVISOR, Role.ADMIN)
@cache_control(private=True, max_age=3600)
def rate_chart(
    request: StaffRequest, name: Literal["contacted", "solved", "satisfied"]
) -> HttpResponse:
    """Draw one of 三率 over the last eight weeks (三率走势)."""
    weeks = weekly_rates(request.user, timezone.now())
    shares = [getattr(rates, name) for _, rates in weeks]
    return HttpResponse(charts.rate(shares), content_type="image/svg+xml")


@staff(Role.SUPERVISOR, Role.ADMIN)
@require_POST
def retry(request: StaffRequest, pk: int) -> HttpResponse:
    """Try a delivery again that was given up (重试投递)."""
    outbox.retry(get_object_or_404(deliveries.dead(), pk=pk))
    messages.success(request, "已重新投递。")
    return redirect("supervision:board")
