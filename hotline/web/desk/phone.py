"""The phone on the desk: it rings, is answered, ends, and is tidied up."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Role, User
from hotline.calls import actions, nuisances
from hotline.calls.gateways import simulator
from hotline.calls.models import Call
from hotline.calls.selectors import calls_of, desk_of, earlier_calls
from hotline.web.desk.forms import CloseForm
from hotline.web.requests import StaffRequest, staff
from tickets import selectors

for_agents = staff(Role.AGENT)
SIMULATED = "13800001234"
WRAP_UP_S = 60
SETTLED = "desk-settled"  # in the session: which draft is done with


def state_of(agent: User) -> dict[str, Any]:
    """Gather the calls of the moment, and what the number that rings did before (来电弹屏)."""
    desk = desk_of(agent)
    state: dict[str, Any] = {
        "call": desk.current,
        "ringing": desk.ringing,
        "waiting": desk.waiting,
        "draft": draft_of(agent, desk.current),
    }
    if desk.current and desk.current.status == Call.Status.WRAP_UP:
        state["wrap_up_left"] = _left(desk.current)
        state["wrap_up_s"] = WRAP_UP_S
    if desk.ringing:
        state["rings"] = history_of(desk.ringing, agent)
    return state


def draft_of(agent: User, call: Call | None) -> str:
    """Name the draft of what is typed at the desk: each call has its own (草稿)."""
    return f"desk:{agent.pk}:{call.pk}" if call else f"desk:{agent.pk}"


def _left(call: Call) -> int:
    """Seconds of the wrap-up that are left."""
    gone = timezone.now() - (call.ended_at or timezone.now())
    return max(0, WRAP_UP_S - int(gone.total_seconds()))


def history_of(call: Call, agent: User) -> dict[str, Any]:
    """What this number did before: its calls, its open tickets, its closed ones."""
    return {
        "calls": earlier_calls(call),
        "open": selectors.open_of_phone(call.number, agent),
        "closed": selectors.earlier_of_phone(call.number, agent),
        "nuisance": nuisances.of_call(call),
    }


@require_GET
@for_agents
def live(request: StaffRequest) -> HttpResponse:
    """Show anew who rings (来电横幅), for the live page."""
    return render(request, "desk/live.html", state_of(request.user))


@require_GET
@for_agents
def bar(request: StaffRequest) -> HttpResponse:
    """Show the call bar anew (呼叫条), for the live page."""
    return render(request, "desk/callbar.html", state_of(request.user))


def _back(request: StaffRequest) -> HttpResponse:
    """Tell htmx to look again, give anybody else the whole desk."""
    if not request.htmx:
        return redirect("desk:home")
    return HttpResponse(status=204, headers={"HX-Trigger": "changed"})


def _own(request: StaffRequest, pk: int) -> Call:
    """Find a call of this agent; another's is not there."""
    return get_object_or_404(calls_of(request.user), pk=pk)


@require_POST
@for_agents
def simulate(request: StaffRequest) -> HttpResponse:
    """Let a simulated call ring here (模拟来电)."""
    try:
        simulator.ring(request.POST.get("number") or SIMULATED, request.user)
    except actions.CallRefused as refusal:
        messages.warning(request, str(refusal))
    return _back(request)


@require_POST
@for_agents
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """Take the ringing call (接听), once the one before is settled or put on hold."""
    call = _own(request, pk)
    try:
        _settle(request.user, hold="hold" in request.POST)
        simulator.answer(call, by=request.user)
    except actions.CallRefused as refusal:
        messages.warning(request, str(refusal))
    return _back(request)


def _settle(agent: User, *, hold: bool) -> None:
    """Put the call before on hold or end its wrap-up; raises CallRefused where neither can be."""
    before = desk_of(agent).current
    if before and before.status == Call.Status.TALKING:
        if not hold:
            raise actions.CallRefused("您正在通话中，请先结束或保持这一通。")
        simulator.hold(before, by=agent)
    elif before and before.status == Call.Status.WRAP_UP:
        actions.complete(before, by=agent)


@require_POST
@for_agents
def hold(request: StaffRequest, pk: int) -> HttpResponse:
    """Let the citizen wait (保持)."""
    call = _own(request, pk)
    try:
        simulator.hold(call, by=request.user)
    except actions.CallRefused as refusal:
        messages.warning(request, str(refusal))
    return _back(request)


@require_POST
@for_agents
def retrieve(request: StaffRequest, pk: int) -> HttpResponse:
    """Speak again to who waits (取回); the call in hand is put on hold for it."""
    call = _own(request, pk)
    try:
        _settle(request.user, hold=True)
        simulator.retrieve(call, by=request.user)
    except actions.CallRefused as refusal:
        messages.warning(request, str(refusal))
    return _back(request)


@require_POST
@for_agents
def hang_up(request: StaffRequest, pk: int) -> HttpResponse:
    """End the call (挂断); the wrap-up begins."""
    call = _own(request, pk)
    try:
        simulator.hang_up(call, by=request.user)
    except actions.CallRefused as refusal:
        messages.warning(request, str(refusal))
    return _back(request)


@require_POST
@for_agents
def complete(request: StaffRequest, pk: int) -> HttpResponse:
    """End the wrap-up (整理完毕): the next call may come."""
    try:
        actions.complete(_own(request, pk), by=request.user)
    except actions.CallRefused as refusal:
        messages.warning(request, str(refusal))
    return _back(request)


@require_POST
@for_agents
def close(request: StaffRequest, pk: int, disposition: str) -> HttpResponse:
    """End a call without a ticket: passed to an emergency line (转紧急), or no request (无效)."""
    call = _own(request, pk)
    form = CloseForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "请选择转接的紧急号码，说明不超过 190 字。")
        return redirect("desk:home")
    actions.finish(call, disposition=disposition, by=request.user, note=form.words())
    form.note_confirmation(disposition, request.user)
    request.session[SETTLED] = draft_of(request.user, call)
    messages.success(request, f"已登记：{Call.Disposition(disposition).label}。")
    return redirect("desk:home")


@require_POST
@for_agents
def nuisance(request: StaffRequest, pk: int) -> HttpResponse:
    """Mark the caller as disturbing (标记骚扰)."""
    call = _own(request, pk)
    try:
        row = actions.mark_nuisance(call, reason=request.POST.get("note", ""), by=request.user)
    except actions.CallRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect("desk:home")
    request.session[SETTLED] = draft_of(request.user, call)
    told = "已标记，待班长确认。" if row else "已登记为骚扰来电；号码未显示，不列入名单。"
    messages.success(request, told)
    return redirect("desk:home")


@require_POST
@for_agents
def appeal(request: StaffRequest, pk: int) -> HttpResponse:
    """Note that the caller objects to being listed (申诉)."""
    row = nuisances.of_call(_own(request, pk))
    try:
        if row:
            actions.appeal_nuisance(row, text=request.POST.get("note", ""), by=request.user)
            messages.success(request, "申诉已登记，待班长复核。")
    except actions.CallRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("desk:home")
