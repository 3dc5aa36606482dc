"""Telling the hotline what happened, and the receipt."""

import segno
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from city import selectors as city
from city.models import TimeLimit
from hotline.web import pages
from hotline.web.citizen.forms import DemandForm
from hotline.web.citizen.tokens import Expired, ticket_of, token_of
from hotline.web.uploads import files_of
from tickets import deadlines
from tickets.models import Ticket
from tickets.numbers import query_code

YEAR_S = 365 * 24 * 60 * 60


def home(request: HttpRequest) -> HttpResponse:
    """Take what happened (我要反映)."""
    form = DemandForm(pages.sent(request), files_of(request))
    if request.method == "POST":
        ticket = form.submit()
        if ticket:
            return redirect("citizen:received", token_of(ticket))
    context = {"form": form, "hazards": city.hazard_words(), "door": "home"}
    return render(request, "citizen/home.html", context, status=400 if form.errors else 200)


def received(request: HttpRequest, token: str) -> HttpResponse:
    """Show number, query code and what happens next (回执)."""
    try:
        ticket = ticket_of(token)
    except Expired:
        return redirect("citizen:progress")
    code = query_code(ticket.number)
    follow = reverse("citizen:progress") + f"?number={ticket.number}&code={code}"
    context = {
        "ticket": ticket,
        "code": code,
        "follow": follow,
        "qr": segno.make(request.build_absolute_uri(follow), error="m").svg_inline(
            border=0, omitsize=True
        ),
        "expected": _expected(ticket),
        "dangerous": any(word in ticket.text for word in city.hazard_words()),
    }
    return render(request, "citizen/received.html", context)


def _expected(ticket: Ticket) -> deadlines.Due:
    """Say until when a reply can be expected (预计答复)."""
    now, clock = timezone.now(), TimeLimit.Clock.HANDLE
    limit = city.limit_for(clock, kind=ticket.kind, urgency=ticket.urgency, at=now)
    return deadlines.due(clock, now, limit, city.calendar())


@require_POST
def elder(request: HttpRequest) -> HttpResponse:
    """Switch large type on or off (长者模式)."""
    response = HttpResponseRedirect(pages.wished(request) or reverse("citizen:home"))
    if request.COOKIES.get("elder"):
        response.delete_cookie("elder")
    else:
        response.set_cookie("elder", "1", max_age=YEAR_S, samesite="Lax")
    return response
