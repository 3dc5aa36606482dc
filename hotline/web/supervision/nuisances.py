"""Numbers that only disturb: confirmed, refused, lifted by the shift leader."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.models import Role
from hotline.calls import actions
from hotline.calls import nuisances as numbers
from hotline.calls.models import Nuisance
from hotline.web.requests import StaffRequest, staff

SHOWN = 100


@staff(Role.SUPERVISOR)
def nuisances(request: StaffRequest) -> HttpResponse:
    """Show the marks that wait and the list (骚扰号码)."""
    listed = numbers.in_force(timezone.now()).select_related("decided_by")
    context = {"waiting": numbers.waiting()[:SHOWN], "listed": listed.order_by("until")[:SHOWN]}
    return render(request, "supervision/nuisances.html", context)


@staff(Role.SUPERVISOR)
@require_POST
def nuisance(request: StaffRequest, pk: int) -> HttpResponse:
    """Decide on a mark or an appeal (确认、移出)."""
    row = get_object_or_404(Nuisance, pk=pk)
    note, verb = request.POST.get("note", ""), request.POST.get("verb", "")
    try:
        actions.decide_nuisance(row, verb=verb, note=note, by=request.user)
        messages.success(request, "已记录。")
    except actions.CallRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("supervision:nuisances")
