"""The wallboard: six figures and two charts that are read from three metres away."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.models import Role
from hotline.web import pages
from hotline.web.requests import StaffRequest, staff
from hotline.web.supervision import charts
from tickets.assessment import board as figures
from tickets.assessment.trend import weekly_rates

SVG = "image/svg+xml"


@staff(Role.SUPERVISOR, Role.ADMIN)
def wall(request: StaffRequest) -> HttpResponse:
    """Show the wallboard (大屏), with the time of its data."""
    context = {"board": figures.board(request.user, timezone.now())}
    return render(request, pages.fragment(request, "supervision/wall.html", "figures"), context)


@staff(Role.SUPERVISOR, Role.ADMIN)
def intake_chart(request: StaffRequest) -> HttpResponse:
    """Draw the intake of the last fourteen days for the wall (受理趋势)."""
    days = figures.board(request.user, timezone.now()).days
    return HttpResponse(charts.intake(days, height=420, style=charts.NIGHT), content_type=SVG)


@staff(Role.SUPERVISOR, Role.ADMIN)
def rates_chart(request: StaffRequest) -> HttpResponse:
    """Draw 三率 of the last eight weeks for the wall (三率走势)."""
    weeks = weekly_rates(request.user, timezone.now())
    return HttpResponse(charts.three_rates(weeks), content_type=SVG)
