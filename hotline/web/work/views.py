"""The list of work: three numbers, what to narrow by, rows by remaining time, steps for many."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.models import Role, User
from hotline.web import pages
from hotline.web.bulk import TOGETHER, Together, possible
from hotline.web.requests import StaffRequest, staff
from hotline.web.work.forms import ChosenForm, WorkForm
from tickets import policy, selectors
from tickets.models import Assignment, SavedSearch, Ticket
from tickets.workflow import STEPS, Step

ROWS = 100
WORKS = tuple(
    role for role in Role if any(role in row.roles for row in selectors.WORK_LISTS.values())
)


@dataclass(frozen=True)
class Row:
    """A line of the list, and the steps that its reader may do there and for many."""

    ticket: Ticket
    verbs: list[str]
    turn: Assignment | None
    """What the reader's unit owes beside the lead: its own limit is shown instead."""


@staff(*WORKS)
def workbench(request: StaffRequest) -> HttpResponse:
    """Show a list of work (工作列表), narrowed as its address says."""
    form = WorkForm(request.GET, user=request.user)
    context = _listed(request, form) | {
        "form": form,
        "here": request.get_full_path(),
        "query": pages.query_of(request),
        "saved": selectors.kept_by(request.user, SavedSearch.Page.WORK),
    }
    return render(request, pages.fragment(request, "work/list.html", "work"), context)


def _listed(request: StaffRequest, form: WorkForm) -> dict[str, Any]:
    """Find the rows and count them, by one question for all three numbers."""
    user, asked, now = request.user, form.asked(), timezone.now()
    lists = selectors.worklists_of(user)
    name, due = _name(form, user), asked.get("due", "")
    rows = rows_of(form, user)
    pressing = selectors.pressing_of(rows, now)
    totals = {"": pressing.total, "today": pressing.today, "overdue": pressing.overdue}
    found = selectors.with_turns(selectors.in_order(selectors.by_clock(rows, due, now)))
    page = pages.page_of(found, request, key=selectors.CLOCK, size=ROWS, total=totals.get(due))
    shown = [Row(row, possible(row, user), policy.owed_by(user, row)) for row in page.rows]
    offered = {verb for row in shown for verb in row.verbs}
    return {
        "page": page,
        "rows": shown,
        "name": name,
        "label": selectors.WORK_LISTS[name].label if name else "待办",
        "due": due,
        "lists": lists,
        "pressing": pressing,
        "links": {each or "all": _with(request, due=each) for each in totals},
        "narrowed": any(asked.get(key) for key in selectors.NARROWED_BY) or asked.get("mine"),
        "steps": [STEPS[verb] for verb in TOGETHER if verb in offered],
        "last": _last(user, name) if not shown else None,
    }


def _name(form: WorkForm, user: User) -> str:
    """Name the list that is open: the one asked for, the only one, or none for all of them."""
    lists = selectors.worklists_of(user)
    return form.asked().get("list") or (lists[0].name if len(lists) == 1 else "")


def rows_of(form: WorkForm, user: User) -> QuerySet[Ticket]:
    """Find the rows of the open list, narrowed by all but the clock."""
    names = filter(None, [_name(form, user)])
    return selectors.narrowed(selectors.work_of(user, *names), user, form.asked())


def _with(request: StaffRequest, **set_to: str) -> str:
    """Give the address's question with some of it changed, from its first page."""
    question = request.GET.copy()
    for name in ("after", "number", *set_to):
        question.pop(name, None)
    for name, value in set_to.items():
        if value:
            question[name] = value
    return question.urlencode()


def _last(user: User, name: str) -> Any:
    """Say when the reader last did what the empty list is for (上次签收)."""
    step = LAST.get(name)
    at = selectors.last_done(user, step.verb) if step else None
    return {"label": step.label, "at": at} if step and at else None


LAST: dict[str, Step] = {
    name: STEPS[verb]
    for name, verb in {
        "to_dispatch": "dispatch",
        "returns": "decide_return",
        "disputes": "designate",
        "to_sign": "sign",
        "to_receive": "receive",
        "to_advise": "advise",
        "to_handle": "reply",
        "to_release": "release",
        "to_review": "review",
        "to_call": "call_back",
    }.items()
}
"""The step that empties each list."""


@require_POST
@staff(*WORKS)
def together(request: StaffRequest, verb: str) -> HttpResponse:
    """Do one step for all that were ticked (批量办理), asking first for what it wants to know."""
    if verb not in TOGETHER:
        raise Http404("这一步不能批量办理。")
    chosen, back = ChosenForm(request.POST), pages.wished(request) or "work:list"
    if not chosen.is_valid():
        messages.warning(request, " ".join(map(str, chosen.errors["chosen"])))
        return redirect(back)
    step = Together(verb, chosen.cleaned_data["chosen"], request.user, pages.answered(request))
    if not step.ready:
        return render(request, "work/ask.html", {"step": step, "next": pages.wished(request)})
    report = step.do()
    if report.refused:
        context = {"step": step, "report": report, "next": pages.wished(request)}
        return render(request, "work/report.html", context)
    report.tell(request, f"已{step.label}")
    return redirect(back)
