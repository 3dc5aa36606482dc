"""One ticket: its words, its story, and the next step of whoever looks."""

from collections.abc import Callable
from typing import Any

import segno
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from city import selectors as city
from hotline.web import pages
from hotline.web.evidence import evidence_of
from hotline.web.reply_steps import ReplyForm
from hotline.web.replying import replies_of
from hotline.web.requests import StaffRequest, address, staff
from hotline.web.serving import handed_out
from hotline.web.step_form import StepForm
from hotline.web.steps import FORMS, RevealForm, offered
from hotline.web.ticket.bars import bars
from hotline.web.ticket.story import rounds, story, who_acts
from hotline.web.uploads import files_of
from knowledge import policy as knowledge_policy
from knowledge import selectors as knowledge
from tickets import actions, policy, quality, selectors
from tickets.errors import Stale
from tickets.indexes import About, similar
from tickets.models import Ticket
from tickets.workflow import STEPS

RELATED = 3
ENOUGH = 600  # characters of a demand that are enough to find its like


def _ticket(request: StaffRequest, number: str) -> Ticket:
    ticket = selectors.opened(request.user, number)
    if ticket is None:
        raise Http404("没有这件工单，或不在您的权限内。")
    return ticket


def _elsewhere(request: StaffRequest, number: str) -> HttpResponse:
    """Say who has a ticket that was taken from the reader's unit; of others nothing is said."""
    gone = policy.once_had(request.user, number)
    if gone is None:
        raise Http404("没有这件工单，或不在您的权限内。")
    has_it = gone.lead.name if gone.lead else "热线中心"
    why = f"工单 {gone.number} 已不在您单位，现由{has_it}承办。"
    return render(request, "errors/forbidden.html", {"why": why, "gone": gone}, status=403)


def _veiled(request: StaffRequest, ticket: Ticket) -> Callable[[str], str]:
    """Hide who a confidential citizen is in what a unit's page shows; gives what hides it."""
    veil = policy.veil_of(request.user, ticket)
    ticket.text = veil(ticket.text)
    return veil


def _context(request: StaffRequest, ticket: Ticket) -> dict[str, Any]:
    """All that the page shows of a ticket."""
    veil, seen = _veiled(request, ticket), _seen(request)
    lines = story(ticket, veil=veil)
    return {
        "ticket": ticket,
        "now": timezone.now(),
        "acts": who_acts(ticket),
        "story": lines,
        "changes": [line for line in lines if seen is not None and line.entry.version > seen],
        "replies": replies_of(ticket),
        "handlings": selectors.handlings(ticket),
        "contacts": selectors.contacts(ticket),
        "signatures": selectors.signatures(ticket),
        "files": policy.files_of(request.user, ticket),
        "merged": selectors.merged_of(ticket, request.user),
        "inquiries": [(each, veil(each.answer)) for each in ticket.inquiries.all()],
        "filled": selectors.filling_of(ticket, veil),
        "linked": selectors.linked_to(ticket, request.user),
        "original": veil(selectors.original_words(ticket)),
        "incident": selectors.incident_of(ticket, request.user),
        "bars": bars(ticket, lines, timezone.now()),
        "legs": (legs := selectors.legs(ticket)),
        "said": selectors.all_said(legs),
        "steps": offered(ticket, request.user),
        "evidence": evidence_of(ticket),
        "late": policy.too_late_to_return(request.user, ticket),
        "reveal": RevealForm() if policy.may_see_contact(request.user, ticket) else None,
        "next": request.htmx.current_url_abs_path if _is_beside(request) else "",
    }


def _seen(request: StaffRequest) -> int | None:
    """Give the version that an open page shows; None where it opens now."""
    seen = request.GET.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else None


def _is_beside(request: StaffRequest) -> bool:
    """Tell whether the ticket is opened beside a list (分栏)."""
    return request.htmx.target == "beside"


@staff()
def detail(request: StaffRequest, number: str) -> HttpResponse:
    """Show the ticket (工单): a page, what is new on it, or the whole beside a list."""
    ticket = selectors.opened(request.user, number)
    if ticket is None:
        return _elsewhere(request, number)
    part = "whole" if _is_beside(request) else "live"
    page = pages.fragment(request, "ticket/detail.html", part)
    return render(request, page, _context(request, ticket))


@staff()
def paper(request: StaffRequest, number: str) -> HttpResponse:
    """Show the ticket as it is printed (打印工单): A4, with code, opinions and signatures."""
    ticket = _ticket(request, number)
    context = {
        "ticket": ticket,
        "qr": segno.make(ticket.number, error="m", micro=False).svg_inline(border=0, omitsize=True),
        "story": story(ticket, veil=_veiled(request, ticket)),
        "replies": selectors.replies(ticket),
        "files": policy.files_of(request.user, ticket),
        "now": timezone.now(),
    }
    return render(request, "ticket/paper.html", context)


@staff()
@require_POST
def examine(request: StaffRequest, number: str) -> HttpResponse:
    """Check a reply while it is being written (答复质检)."""
    text = request.POST.get("text", "")[: actions.MAX_REPLY]
    told, ticket = bool(request.POST.get("contacted")), _ticket(request, number)
    verdict = quality.of_reply(ticket, text, contacted=told) if text.strip() else None
    return render(request, "ticket/examined.html", {"verdict": verdict, "live": True})


@staff()
@require_POST
def wording(request: StaffRequest, number: str) -> HttpResponse:
    """Put a template's words into the reply that is being written (套用模板)."""
    ticket, files = _ticket(request, number), files_of(request)
    form = ReplyForm(request.POST, files, ticket=ticket, user=request.user)
    return _form_page(request, form.worded(), status=200)


@staff()
def why(request: StaffRequest, number: str) -> HttpResponse:
    """Show what was suggested each time and why (为什么这样派), as it stood then."""
    ticket = _ticket(request, number)
    told = rounds(ticket, request.user, _veiled(request, ticket))
    context = {"ticket": ticket, "rounds": told, "evidence": evidence_of(ticket)}
    return render(request, "ticket/why.html", context)


@staff()
def step(request: StaffRequest, number: str, verb: str) -> HttpResponse:
    """Do one step (办理), or show its form again with what stands in the way."""
    ticket = _ticket(request, number)
    if verb not in FORMS:
        raise Http404("没有这一步。")
    form = FORMS[verb](pages.sent(request), files_of(request), ticket=ticket, user=request.user)
    try:
        if request.method == "POST" and form.act():
            messages.success(request, _done(form, ticket))
            return _onward(request, ticket)
    except Stale as stale:
        return _stale(request, form, stale)
    return _form_page(request, form, status=form.status)


def _done(form: StepForm, ticket: Ticket) -> str:
    """Say what was done, and how to mend a dispatch to the wrong unit."""
    if form.verb != "dispatch" or ticket.lead is None:
        return f"已{form.step.label}。"
    mend = reverse("tickets:step", args=[ticket.number, "redirect"])
    return format_html('已派往{}。<a href="{}">派错了？改派</a>', ticket.lead.name, mend)


def _onward(request: StaffRequest, ticket: Ticket) -> HttpResponse:
    """Go where the page wished, or stay with the ticket as long as the user may see it."""
    address = pages.wished(request)
    if address:
        return redirect(address)
    if policy.may_read(request.user, ticket):
        return redirect("tickets:detail", ticket.number)
    return redirect("accounts:home")


def _stale(request: StaffRequest, form: StepForm, stale: Stale) -> HttpResponse:
    """Show what changed meanwhile beside all that was typed (页面已过时)."""
    changes = story(form.ticket, since=stale.seen, veil=policy.veil_of(request.user, form.ticket))
    return _form_page(request, form.renewed(), status=409, changes=changes, refusal=stale)


def _form_page(request: StaffRequest, form: StepForm, *, status: int, **more: Any) -> HttpResponse:
    may = policy.may(request.user, form.step, form.ticket)
    _veiled(request, form.ticket)
    context = {"ticket": form.ticket, "form": form, "may": may, "next": pages.wished(request)}
    return render(request, "ticket/step.html", context | more, status=status)


@staff()
@require_POST
def reveal(request: StaffRequest, number: str) -> HttpResponse:
    """Show who the citizen is (查看联系方式); who looked and why is kept."""
    ticket = _ticket(request, number)
    form = RevealForm(request.POST)
    contact = form.reveal(ticket, by=request.user, ip=address(request))
    context = _context(request, ticket) | {"reveal": form, "contact": contact}
    page = pages.fragment(request, "ticket/detail.html", "citizen")
    return render(request, page, context, status=form.status)


@staff()
def related(request: StaffRequest, number: str) -> HttpResponse:
    """Show knowledge and tickets like this one (相关知识、相似工单), fetched after the page."""
    ticket = _ticket(request, number)
    words = f"{ticket.title} {ticket.text}"[:ENOUGH]
    audience = knowledge_policy.audience_of(request.user)
    context = {
        "ticket": ticket,
        "near": city.located(ticket.places, ticket.region),
        "mergeable": policy.may(request.user, STEPS["merge"], ticket),
        "gatherable": policy.may(request.user, STEPS["gather"], ticket),
        "replying": policy.may(request.user, STEPS["reply"], ticket),
        "articles": knowledge.matching(words, audience=audience, limit=RELATED).near_best(),
        "similar": similar(
            ticket.text,
            title=ticket.title,
            user=request.user,
            limit=RELATED,
            but=ticket,
            about=About.of(ticket),
        ),
    }
    return render(request, "ticket/related.html", context)


@staff()
def file(request: StaffRequest, number: str, key: str) -> HttpResponse:
    """Open a file of the ticket (附件)."""
    return handed_out(
        policy.files_of(request.user, _ticket(request, number)).filter(key=key).first()
    )
