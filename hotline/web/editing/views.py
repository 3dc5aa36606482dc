"""The list of articles, one article with its versions, and what readers said."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.models import User
from hotline.web.editing.forms import STATES, FilterForm, StepForm, attempt
from hotline.web.editing.writing import EDITORS, editable
from hotline.web.pages import page_of
from hotline.web.requests import StaffRequest, staff
from knowledge import actions, policy, selectors
from knowledge.errors import Stale
from knowledge.models import Article, Entry
from knowledge.workflow import STEPS


@staff(*EDITORS)
def articles(request: StaffRequest) -> HttpResponse:
    """List the articles by state, unit, expiry and words (知识列表)."""
    form = FilterForm(request.GET, user=request.user)
    wanted = form.wanted()
    found = selectors.desk_of(request.user, **wanted)
    counts = selectors.state_counts(request.user)
    tabs = [(value, label, counts.get(value)) for value, label in STATES]
    query = request.GET.copy()
    query.pop("after", None)
    context = {
        "page": page_of(found, request, key="-changed_at"),
        "form": form,
        "tabs": tabs,
        "state": wanted["status"] or wanted["expiry"],
        "query": query.urlencode(),
    }
    return render(request, "editing/list.html", context)


@staff(*EDITORS)
def article(request: StaffRequest, number: str) -> HttpResponse:
    """Show the newest version, what can be done with it, and how it came about (知识条目)."""
    return _article(request, editable(request, number), StepForm())


def _article(
    request: StaffRequest, row: Article, form: StepForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "article": row,
        "wording": row.latest_version,
        "steps": policy.allowed_steps(request.user, row),
        "versions": list(selectors.versions(row)),
        "entries": [(entry, _label(entry)) for entry in selectors.history(row)],
        "form": form,
    }
    return render(request, "editing/article.html", context, status=status)


def _label(entry: Entry) -> str:
    return STEPS[entry.step].label if entry.step in STEPS else "起草"


DEEDS = frozenset(STEPS) - {"revise"}


def _do(verb: str, row: Article, user: User, form: StepForm) -> None:
    given = {"note": form.cleaned_data["note"]} if STEPS[verb].needs_note else {}
    action = getattr(actions, verb)
    action(row, by=user, version=form.cleaned_data["seen"], **given)


@require_POST
@staff(*EDITORS)
def act(request: StaffRequest, number: str, verb: str) -> HttpResponse:
    """Submit, send back, publish or withdraw (提交、退回、发布、下架)."""
    row, form = editable(request, number), StepForm(request.POST)
    if verb not in DEEDS or not form.is_valid():
        return _article(request, row, form, status=400)
    try:
        done = attempt(form, lambda: _do(verb, row, request.user, form))
    except Stale as stale:
        form.add_error(None, str(stale))
        return _article(request, editable(request, number), form, status=409)
    if not done:
        return _article(request, editable(request, number), form, status=400)
    messages.success(request, f"已{STEPS[verb].label}。")
    return redirect("editing:article", number)


@staff(*EDITORS)
def version(request: StaffRequest, number: str, no: int) -> HttpResponse:
    """Show one version and what it changed (版本差异)."""
    row = editable(request, number)
    shown = get_object_or_404(selectors.versions(row), no=no)
    before = selectors.versions(row).filter(no__lt=no).first()
    context = {
        "article": row,
        "wording": shown,
        "before": before,
        "differences": selectors.differences(before, shown) if before else [],
    }
    return render(request, "editing/version.html", context)


@staff(*EDITORS)
def feedback(request: StaffRequest) -> HttpResponse:
    """List what readers said, the latest first (知识反馈)."""
    said = selectors.feedback_for(request.user)
    if request.GET.get("only") == "useless":
        said = said.filter(useful=False)
    query = request.GET.copy()
    query.pop("after", None)
    context = {"page": page_of(said, request, key="-at"), "query": query.urlencode()}
    return render(request, "editing/feedback.html", context)


@staff(*EDITORS)
def gaps(request: StaffRequest) -> HttpResponse:
    """List the questions of the last 30 days that no article answered, or not well (知识缺口)."""
    context = {
        "gaps": selectors.unanswered(),
        "misses": selectors.misses(request.user),
        "unopened": selectors.unopened(),
        "hit_rate": selectors.hit_rate(),
    }
    return render(request, "editing/gaps.html", context)
