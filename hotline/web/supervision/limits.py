"""Other limits for open tickets: try, look, apply; with progress."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from city import presets
from hotline.web import pages
from hotline.web.forms import DomainForm
from hotline.web.requests import StaffRequest, staff
from tickets import actions, policy
from tickets.models import LimitChange

SHOWN = 10
for_setters = staff(*policy.SETS_LIMITS)


class TryForm(DomainForm):
    """Which limits to try (试算)."""

    preset = forms.ChoiceField(
        label="时限方案",
        required=False,
        choices=[("", "现行时限（管理后台“时限”中的各行）"), *((p, p) for p in presets.PRESETS)],
    )


@require_GET
@for_setters
def limits(request: StaffRequest) -> HttpResponse:
    """Show what was tried and applied (时限改用), and how far it is."""
    changes = LimitChange.objects.select_related("by")[:SHOWN]
    context = {"form": TryForm(), "changes": changes, "running": any(c.is_running for c in changes)}
    return render(request, pages.fragment(request, "supervision/limits.html", "changes"), context)


@require_POST
@for_setters
def attempt(request: StaffRequest) -> HttpResponse:
    """Begin to count (试算)."""
    form = TryForm(request.POST)
    if form.is_valid() and form.attempt(
        lambda: actions.try_limits(form.cleaned_data["preset"], by=request.user)
    ):
        messages.success(request, "已开始试算，一分钟内出数。")
    for errors in form.errors.values():
        messages.warning(request, " ".join(str(error) for error in errors))
    return redirect("supervision:limits")


@require_POST
@for_setters
def apply(request: StaffRequest, pk: int) -> HttpResponse:
    """Apply what was counted (改用)."""
    form = DomainForm({})
    change = get_object_or_404(LimitChange, pk=pk)
    if form.is_valid() and form.attempt(lambda: actions.apply_limits(change, by=request.user)):
        messages.success(request, "已开始改用，受理和办理不受影响。")
    for errors in form.errors.values():
        messages.warning(request, " ".join(str(error) for error in errors))
    return redirect("supervision:limits")
