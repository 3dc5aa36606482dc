"""The unit's workbench: three numbers, one list by remaining time, signing in bulk."""

from datetime import timedelta

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.models import Role
from hotline.web import pages
from hotline.web.requests import StaffRequest, staff
from tickets import actions, policy, selectors
from tickets.errors import Refusal
from tickets.models import Ticket
from tickets.workflow import WITH_UNIT

LISTS = ("to_sign", "to_handle", "to_release")
AT_ONCE = 50
UNIT = (Role.SIGNER, Role.HANDLER, Role.AUDITOR)


@staff(*UNIT)
def workbench(request: StaffRequest) -> HttpResponse:
    """Show the unit's work (单位工作台)."""
    name = request.GET.get("list", "")
    rows = _rows(request, name)
    context = {
        "page": pages.page_of(rows, request, key="due_at"),
        "counts": selectors.unit_counts(request.user),
        "name": name,
        "tabs": [("", "全部"), *((key, selectors.WORK_LISTS[key].label) for key in LISTS)],
        "due": request.GET.get("due", ""),
        "may_sign": request.user.has_role(Role.SIGNER, Role.HANDLER),
        "here": request.get_full_path(),
        "query": pages.query_of(request),
    }
    return render(request, pages.fragment(request, "department/list.html", "work"), context)


def _rows(request: StaffRequest, name: str) -> QuerySet[Ticket]:
    """One list, or all that is with the unit; narrowed by the clock if asked."""
    rows = policy.visible_to(request.user).filter(status__in=WITH_UNIT)
    rows = selectors.worklist(request.user, name) if name in LISTS else selectors.in_order(rows)
    now = timezone.now()
    if request.GET.get("due") == "overdue":
        return selectors.overdue(rows, now)
    if request.GET.get("due") == "today":
        tonight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
        return rows.filter(due_at__gte=now, due_at__lt=tonight + timedelta(days=1))
    return rows


@staff(Role.SIGNER, Role.HANDLER)
@require_POST
def sign(request: StaffRequest) -> HttpResponse:
    """Sign several tickets at once (批量签收); what is refused is named with its reason."""
    numbers = request.POST.getlist("number")[:AT_ONCE]
    signed = 0
    for ticket in policy.visible_to(request.user).filter(number__in=numbers).order_by("id"):
        try:
            actions.sign(ticket, by=request.user)
            signed += 1
        except Refusal as refusal:
            messages.warning(request, f"{ticket.number}：{refusal}")
    messages.success(request, f"已签收 {signed} 件。" if numbers else "请先勾选要签收的工单。")
    return redirect(pages.wished(request) or reverse("department:list"))
