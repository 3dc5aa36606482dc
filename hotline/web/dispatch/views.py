"""The dispatcher's queue: one ticket open with its suggestions, the rest waiting beside it."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.models import Role, User
from hotline.web import pages
from hotline.web.dispatch.forms import AlikeForm, TakeBackForm, fill_in
from hotline.web.evidence import evidence_of
from hotline.web.requests import StaffRequest, staff
from hotline.web.steps import offered
from tickets import policy, selectors
from tickets.assessment.pace import pace_of_dispatch
from tickets.deadlines import seconds_to_take_back
from tickets.models import Ticket
from tickets.routing.alike import alike
from tickets.topics.echoes import echoes_of
from tickets.workflow import STEPS

LISTS = ("to_dispatch", "returns", "disputes")
VERBS = ("dispatch", "decide_return", "designate", "screen", "ask")


@staff(Role.DISPATCHER, Role.SUPERVISOR)
def queue(request: StaffRequest) -> HttpResponse:
    """Show the queue (待派单, 退单待审, 待指定办理) with one ticket open."""
    lists = [k for k in LISTS if request.user.has_role(*selectors.WORK_LISTS[k].roles)]
    asked = request.GET.get("list", "")
    name = asked if asked in lists else lists[0]
    page = pages.page_of(selectors.worklist(request.user, name), request, key="due_at")
    ticket = pages.chosen(page, request, selectors.for_page(request.user))
    context: dict[str, Any] = {
        "page": page,
        "name": name,
        "tabs": [(key, selectors.WORK_LISTS[key].label) for key in lists],
        "ticket": ticket,
        "here": request.get_full_path(),
        "onward": f"{request.path}?list={name}",
        "query": pages.query_of(request),
        "fresh": _fresh(request),
        "pace": pace_of_dispatch(timezone.now()),
        "after": _after(page, ticket, request.GET.get("after", "")),
    }
    if ticket:
        evidence = evidence_of(ticket)
        steps = offered(ticket, request.user, *VERBS, *(["split"] if evidence.parts else []))
        fill_in(steps, evidence)
        context |= {"steps": steps, "evidence": evidence}
        context |= _told_before(ticket, request.user)
        context["returns"] = selectors.returns(ticket)
        context["alike"] = alike(ticket, request.user) if name == "to_dispatch" else []
        context["files"] = policy.files_of(request.user, ticket)
    template = pages.fragment(request, "dispatch/queue.html", "waiting")
    return render(request, template, context)


def _told_before(ticket: Ticket, user: User) -> dict[str, Any]:
    """Gather who else told of it (同一事件、可能重复), and whether it may be merged."""
    return {
        "incident": selectors.incident_of(ticket, user),
        "echoes": echoes_of(ticket, user, timezone.now()),
        "mergeable": policy.may(user, STEPS["merge"], ticket),
    }


def _fresh(request: StaffRequest) -> list[tuple[Ticket, int]]:
    """List what can still be taken back (可撤回) and for how many seconds."""
    now = timezone.now()
    rows = selectors.fresh_dispatches(request.user, now)
    return [(row, seconds_to_take_back(row.dispatched_at, now)) for row in rows]


def _after(page: pages.Page[Ticket], ticket: Ticket | None, at: str) -> str:
    """Give where the next one in the queue is (下一件); behind the last it begins anew."""
    others = [row for row in page.rows if row != ticket]
    later = page.rows[page.rows.index(ticket) + 1 :] if ticket in page.rows else others
    if later:
        return urlencode({"number": later[0].number} | ({"after": at} if at else {}))
    if page.after:
        return urlencode({"after": page.after})
    return urlencode({"number": others[0].number}) if others else ""


@require_POST
@staff(Role.DISPATCHER)
def dispatch_alike(request: StaffRequest) -> HttpResponse:
    """Send several alike tickets to one unit (同类同派)."""
    form = AlikeForm(request.POST)
    if form.is_valid():
        form.dispatch(request.user).tell(request, f"已派往{form.cleaned_data['to'].name}")
    return _back(request, form)


@require_POST
@staff(Role.DISPATCHER)
def take_back(request: StaffRequest) -> HttpResponse:
    """Undo what was just sent in one go (批量撤回)."""
    form = TakeBackForm(request.POST)
    if form.is_valid():
        form.take_back(request.user).tell(request, "已撤回")
    return _back(request, form)


def _back(request: StaffRequest, form: forms.Form) -> HttpResponse:
    for wrong in form.errors.values():
        messages.error(request, " ".join(map(str, wrong)))
    return redirect(pages.wished(request) or "dispatch:queue")
