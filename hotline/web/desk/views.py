"""The desk: the caller's words become a ticket or an answer; nothing typed is lost."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from hotline.assist import ENOUGH, Assist, assist
from hotline.calls import actions as calls
from hotline.calls.models import Call
from hotline.calls.selectors import desk_of
from hotline.elements import elements
from hotline.web.desk.forms import AssistForm, IntakeForm
from hotline.web.desk.phone import SETTLED, draft_of, for_agents, history_of, state_of
from hotline.web.requests import StaffRequest
from knowledge import actions as knowledge
from knowledge import policy as knowledge_policy
from tickets import actions, policy, selectors
from tickets.errors import Refusal
from tickets.indexes import SimilarTicket
from tickets.models import Ticket
from tickets.numbers import query_code
from tickets.published import public_replies, shown
from tickets.topics.echoes import Echoes, echoes
from tickets.workflow import Status

MIN_ASSIST = 4


def _desk(request: StaffRequest, form: IntakeForm, status: int = 200) -> HttpResponse:
    settled = request.session.pop(SETTLED, "")
    context = _caller(request) | {"form": form, "settled": settled}
    return render(request, "desk/home.html", context, status=status)


def _caller(request: StaffRequest) -> dict[str, Any]:
    """Gather the calls of the moment and what the caller did before."""
    state = state_of(request.user)
    if state["call"]:
        state["history"] = history_of(state["call"], request.user)
    return state


@require_GET
@for_agents
def home(request: StaffRequest) -> HttpResponse:
    """Show the desk (坐席工作台)."""
    return _desk(request, IntakeForm(user=request.user))


@require_GET
@for_agents
def caller(request: StaffRequest) -> HttpResponse:
    """Show the caller anew (来电人), for the live page."""
    context = _caller(request) | {"csrf": get_token(request)}
    return render(request, "desk/caller.html", context)


@require_POST
@for_agents
def assist_panel(request: StaffRequest) -> HttpResponse:
    """Show what helps with the words typed so far (坐席辅助)."""
    form = AssistForm(request.POST)
    words = form.cleaned_data if form.is_valid() else {}
    enough = len(words.get("text", "").strip()) >= MIN_ASSIST
    if not enough:
        return render(request, "desk/assist.html", {"found": None, "elements": []})
    text, place = words["text"], words["place"]
    found = assist(user=request.user, text=text, title=words["title"], place=place)
    context = {
        "found": found,
        "similar": _similar(found),
        "elements": elements(text, found.suggestion, place=place, name=words["name"]),
        "echoes": _echoes(request.user, found, words),
        "beside": words["beside"].split(","),
    }
    return render(request, "desk/assist.html", context)


def _similar(found: Assist) -> list[tuple[SimilarTicket, str]]:
    """Pair the similar tickets with what was answered there and may be told to anybody (引用)."""
    hits = found.tickets.hits
    told = public_replies().filter(ticket__in=[hit.ticket for hit in hits])
    said = {reply.ticket_id: shown(reply).answer for reply in told}
    return [(hit, said.get(hit.ticket.pk, "")) for hit in hits]


def _echoes(user: User, found: Assist, words: dict[str, Any]) -> Echoes:
    """Find what was told before (可能重复、同一事件), of the matter chosen or else guessed."""
    about = replace(found.about, category=words["category"] or found.about.category)
    return echoes(user, about, phone=words["phone"], now=timezone.now())


@require_POST
@for_agents
def feedback(request: StaffRequest, number: str) -> HttpResponse:
    """Keep whether an answer fits the words typed (有用、没用)."""
    article = get_object_or_404(knowledge_policy.visible_to(request.user), number=number)
    useful = request.POST.get("useful") == "yes"
    asked = request.POST.get("text", "")[:ENOUGH]
    knowledge.give_feedback(article, useful=useful, asked=asked, by=request.user)
    return render(request, "desk/verdict.html", {"article": article, "useful": useful})


@for_agents
def submit(request: StaffRequest) -> HttpResponse:
    """Make a ticket of the caller's words (提交)."""
    return _hand_in(request, Call.Disposition.TICKET)


@for_agents
def answer(request: StaffRequest) -> HttpResponse:
    """Close with the answer given in the call (直接答复), citing the article's version."""
    return _hand_in(request, Call.Disposition.ANSWERED)


def _hand_in(request: StaffRequest, disposition: Call.Disposition) -> HttpResponse:
    """Take the form in; who only comes back here after signing in finds the desk and the draft."""
    if request.method != "POST":
        return redirect("desk:home")
    form = IntakeForm(request.POST, user=request.user)
    ticket = form.hand_in(answered=disposition == Call.Disposition.ANSWERED)
    if ticket is None:
        return _desk(request, form, status=form.status)
    form.take_others(ticket)
    form.note_search()
    form.note_confirmation(ticket, answered=disposition == Call.Disposition.ANSWERED)
    if wrong := form.gather(ticket):
        messages.warning(request, wrong)
    call = form.cleaned_data["call"]
    return _finished(request, call, disposition, ticket)


def _finished(
    request: StaffRequest, call: Call | None, disposition: str, ticket: Ticket
) -> HttpResponse:
    """Say what became of the call; what was typed in it is done with."""
    if call:
        calls.finish(call, disposition=disposition, by=request.user, ticket=ticket)
    request.session[SETTLED] = draft_of(request.user, call)
    return redirect("desk:done", ticket.number)


@for_agents
def remark(request: StaffRequest, number: str, verb: str) -> HttpResponse:
    """Make the call a supplement (补充) or an urging (催办) of the caller's open ticket."""
    if request.method != "POST":
        return redirect("desk:home")
    ticket = get_object_or_404(policy.visible_to(request.user), number=number)
    try:
        _add(ticket, verb, request)
    except Refusal as refusal:
        form = IntakeForm(request.POST, user=request.user)
        form.full_clean()
        form.add_error("text", str(refusal))
        return _desk(request, form, status=400)
    return _finished(request, desk_of(request.user).current, verb, ticket)


def _add(ticket: Ticket, verb: str, request: StaffRequest) -> None:
    words = request.POST.get("text", "").strip()
    if verb == "urge":
        actions.urge(ticket, note=words, by=request.user)
    elif ticket.status == Status.PENDING_INFO:
        actions.inform(ticket, text=words, by=request.user)
    else:
        actions.supplement(ticket, text=words, by=request.user)


def _in_groups(number: str) -> tuple[str, str, str]:
    """Cut a number where one draws breath."""
    return number[:6], number[6:14], number[14:]


@require_GET
@for_agents
def done(request: StaffRequest, number: str) -> HttpResponse:
    """Show what to tell the caller: the number and the query code (受理回执)."""
    ticket = get_object_or_404(
        policy.visible_to(request.user).select_related("article_version", "lead"), number=number
    )
    context = state_of(request.user) | {
        "ticket": ticket,
        "settled": request.session.pop(SETTLED, ""),
        "query_code": query_code(ticket.number),
        "parts": _in_groups(ticket.number),
        "others": [
            (part, _in_groups(part.number), query_code(part.number))
            for part in selectors.parts_of(ticket)
        ],
    }
    return render(request, "desk/done.html", context)
