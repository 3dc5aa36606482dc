"""The routing workshop: how the matching does, its versions, and who decides on them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from kombu.exceptions import OperationalError

from hotline.web.requests import StaffRequest, staff
from hotline.web.supervision import charts
from hotline.web.supervision.forms import DECISIONS, DecideForm, LiftForm, NumberForm
from tickets import policy, tasks
from tickets.assessment import matching as figures
from tickets.assessment.at_the_door import at_the_door
from tickets.models import Pause, RoutingModel
from tickets.routing import authority, duty_list, store, training
from tickets.routing.backtest import wished

for_runners = staff(*policy.RUNS_ROUTING)
HERE = "supervision:routing"
State = RoutingModel.State


@require_GET
@for_runners
def workshop(request: StaffRequest) -> HttpResponse:
    """Show the workshop (匹配工坊): figures, versions, alarms."""
    form = NumberForm(request.GET or None)
    if form.is_valid():
        return redirect("tickets:why", form.cleaned_data["number"])
    now, live = timezone.now(), RoutingModel.objects.filter(state=State.LIVE).first()
    context = {
        "now": now,
        "found": figures.matching(now),
        "door": at_the_door(now),
        "live": live,
        "unseen": figures.confused(live),
        "pauses": authority.pauses(),
        "wished": 100 * wished(),
        "gaps": duty_list.problems(timezone.localdate(now)),
        "versions": [(row, store.has(row.version)) for row in figures.versions()],
        "training": training.progress(),
    }
    return render(request, "supervision/workshop.html", context)


@require_GET
@for_runners
def calibration(request: StaffRequest) -> HttpResponse:
    """Draw how often it was right against how sure it was (校准图)."""
    live = RoutingModel.objects.filter(state=State.LIVE).first()
    real = figures.matching(timezone.now()).calibration
    unseen = live.metrics.get("calibration", []) if live else []
    return HttpResponse(charts.calibration(real, unseen), content_type="image/svg+xml")


@require_GET
@for_runners
def progress(request: StaffRequest) -> HttpResponse:
    """Tell how far a training is (训练进度); the page is fetched anew once it has ended."""
    told = training.progress()
    shown = render(request, "supervision/training.html", {"training": told})
    if told is None and request.GET.get("was") == "1":
        shown["HX-Refresh"] = "true"
    return shown


@require_POST
@for_runners
def retrain(request: StaffRequest) -> HttpResponse:
    """Have a candidate trained and tried (重新训练), off the request path."""
    if training.progress():
        messages.info(request, "已经在训练了。")
        return redirect(HERE)
    training.asked()
    try:
        tasks.train_routing.apply_async(retry=False)
        messages.success(request, "已开始重新训练，完成后会出现候选版本。")
    except OperationalError:
        training.not_asked()
        messages.error(request, "任务队列暂不可用，请稍后再试。")
    return redirect(HERE)


@require_POST
@for_runners
def decide(request: StaffRequest, version: str, verb: str) -> HttpResponse:
    """Put a version in force, go back to one, or refuse it (启用、退回、不采用)."""
    if verb not in DECISIONS:
        raise Http404("没有这个操作。")
    model = get_object_or_404(RoutingModel, version=version)
    form = DecideForm(request.POST, model=model, verb=verb)
    if form.act(request.user):
        messages.success(request, DECISIONS[verb])
        tasks.match_waiting.apply_async(retry=False)
    else:
        messages.error(request, form.said)
    return redirect(HERE)


@require_GET
@for_runners
def version(request: StaffRequest, version: str) -> HttpResponse:
    """Show a version's back-test (回测明细)."""
    model = get_object_or_404(RoutingModel, version=version)
    return render(request, "supervision/version.html", {"model": model, "test": model.backtest})


@require_POST
@for_runners
def lift(request: StaffRequest, pk: int) -> HttpResponse:
    """Let the platform dispatch a matter by itself again (恢复自动派单)."""
    form = LiftForm(request.POST)
    if form.act(get_object_or_404(Pause, pk=pk), request.user):
        messages.success(request, "已恢复自动派单。")
    else:
        messages.error(request, form.said)
    return redirect(f"{reverse(HERE)}#pauses")
