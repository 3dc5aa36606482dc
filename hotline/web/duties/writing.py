"""Writing a row of the duty list and moving it on its way into force."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from hotline.web.duties.forms import DutyForm, StepForm
from hotline.web.duties.views import for_writers, item_page
from hotline.web.pages import sent
from hotline.web.requests import StaffRequest
from tickets import actions
from tickets.errors import Refusal
from tickets.models import DUTY_STEPS, DutyItem

MANY = {"submit": DutyItem.State.DRAFT, "publish": DutyItem.State.IN_REVIEW}
"""The steps that may be done on all rows at once, and on which."""


@for_writers
def draft(request: StaffRequest) -> HttpResponse:
    """Begin a row (新增条目)."""
    form = DutyForm(sent(request))
    form.initial = {"valid_from": timezone.localdate(), "category": request.GET.get("category")}
    made: list[DutyItem] = []
    if form.is_valid():
        form.attempt(lambda: made.append(actions.draft_duty(form.content(), by=request.user)))
    if made:
        messages.success(request, f"已保存为草稿 {made[0].key}，提交审核后由另一人发布。")
        return redirect("duties:item", made[0].pk)
    return render(request, "duties/form.html", {"form": form, "item": None}, status=form.status)


@for_writers
def revise(request: StaffRequest, pk: int) -> HttpResponse:
    """Write what a row shall say (修改条目)."""
    item = get_object_or_404(DutyItem, pk=pk)
    form, made = DutyForm(sent(request), item=item), list[DutyItem]()
    if form.is_valid():
        content = form.content()
        form.attempt(lambda: made.append(actions.revise_duty(item, content, by=request.user)))
    if made:
        messages.success(
            request, f"已保存为第 {made[0].version} 版草稿；发布之前，原版本继续有效。"
        )
        return redirect("duties:item", made[0].pk)
    return render(request, "duties/form.html", {"form": form, "item": item}, status=form.status)


@require_POST
@for_writers
def act(request: StaffRequest, pk: int, verb: str) -> HttpResponse:
    """Submit, publish, send back, withdraw or throw away (提交、发布、退回、停用、放弃)."""
    item, form = get_object_or_404(DutyItem, pk=pk), StepForm(request.POST)
    if verb == "discard":
        return _discard(request, item, form)
    if verb not in DUTY_STEPS:
        raise Http404
    if form.is_valid():
        note = form.cleaned_data["note"]
        form.attempt(lambda: actions.move_duty(item, verb, by=request.user, note=note))
    if form.errors:
        return item_page(request, pk, form, form.status)
    messages.success(request, f"{item.key} 已{DUTY_STEPS[verb].label}。")
    return redirect("duties:item", pk)


def _discard(request: StaffRequest, item: DutyItem, form: StepForm) -> HttpResponse:
    if form.is_valid():
        form.attempt(lambda: actions.discard_duty(item, by=request.user))
    if form.errors:
        return item_page(request, item.pk, form, form.status)
    messages.success(request, f"{item.key} 的草稿已放弃。")
    return redirect("duties:list")


@require_POST
@for_writers
def act_on_all(request: StaffRequest, verb: str) -> HttpResponse:
    """Submit all drafts, or publish all that others wrote (批量提交、批量发布)."""
    if verb not in MANY:
        raise Http404
    rows = DutyItem.objects.filter(state=MANY[verb])
    if verb == "submit":
        rows = rows.filter(written_by=request.user)
    else:
        rows = rows.exclude(written_by=request.user)
    try:
        done = actions.move_duties(list(rows), verb, by=request.user)
        messages.success(request, f"已{DUTY_STEPS[verb].label} {done} 条。")
    except Refusal as refusal:
        messages.error(request, f"没有变动：{refusal}")
    return redirect("duties:list")
