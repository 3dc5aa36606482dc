"""Following a demand: its way so far, and what the citizen may still do."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from hotline.web import pages
from hotline.web.citizen.forms import REMARKS, LookUpForm, RemarkForm
from hotline.web.citizen.tokens import Expired, ticket_of, token_of
from hotline.web.serving import handed_out
from hotline.web.uploads import files_of
from tickets import selectors
from tickets.models import Attachment, Inquiry, Ticket
from tickets.numbers import query_code
from tickets.selectors import asked_of
from tickets.workflow import STEPS, Party, Status

ANSWERS = {
    "inform": Inquiry.Purpose.MISSING,
    "respond": Inquiry.Purpose.RELAY,
    "keep": Inquiry.Purpose.WITHDRAWAL,
}
"""What the citizen can do only when asked."""
UNKNOWN = "没有找到这件诉求，请核对工单编号和查询码。"
EXPIRED = "为保护您的信息，页面已过期，请重新填写编号和查询码。"
THANKS = {
    "rate": "感谢您的评价。",
    "supplement": "补充内容已转给承办单位。",
    "urge": "已催办，承办单位会看到。",
    "withdraw": "诉求已撤回。",
    "inform": "收到您的补充，接着办理。",
    "respond": "您的答复已转达承办单位。",
    "keep": "已告知承办单位继续办理。",
}

STANDS = {
    Status.PENDING_REVIEW: "热线中心正在核对",
    Status.PENDING_DISPATCH: "热线中心正在核对",
    Status.PENDING_INFO: "请您补充情况",
    Status.PENDING_SIGN: "已送到承办单位",
    Status.RETURN_REVIEW: "正在确认由哪个单位办理",
    Status.DISPUTING: "正在确认由哪个单位办理",
    Status.PROCESSING: "承办单位正在办理",
    Status.REDO: "承办单位正在重新办理",
    Status.SUSPENDED: "需要较长时间办理，承办单位已承诺办结日期",
    Status.UNIT_REVIEW: "承办单位正在形成答复",
    Status.REPLY_REVIEW: "热线中心正在审核答复",
    Status.PENDING_CALLBACK: "已答复，请您评价",
    Status.CLOSED: "已办结",
    Status.DIRECT_CLOSED: "已答复",
    Status.ARCHIVED: "已办结",
    Status.WITHDRAWN: "已撤回",
    Status.NOT_ACCEPTED: "不予受理",
    Status.INVALID: "已结束",
    Status.MERGED: "与同一事项的诉求合并办理",
    Status.SPLIT: "您反映了几件事，已分件办理",
}
"""Where a demand stands, in a citizen's words."""


def progress(request: HttpRequest) -> HttpResponse:
    """Ask for number and query code (查进度); a wrong one of either gives the same answer."""
    asked = request.POST or (request.GET if "number" in request.GET else None)
    form = LookUpForm(asked)
    if asked is not None and form.is_valid():
        number = "".join(form.cleaned_data["number"].split())
        ticket = selectors.find_by_query_code(number, form.cleaned_data["code"])
        if ticket:
            return redirect("citizen:follow", token_of(ticket))
        form.add_error(None, UNKNOWN)
    context = {"form": form, "door": "progress"}
    return render(request, "citizen/progress.html", context, status=404 if form.errors else 200)


def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Show the way of a demand (办理进度)."""
    try:
        ticket = ticket_of(token)
    except Expired:
        messages.warning(request, EXPIRED)
        return redirect("citizen:progress")
    return _show(request, ticket, token)


def _show(
    request: HttpRequest,
    ticket: Ticket,
    token: str,
    filled: dict[str, RemarkForm] | None = None,
) -> HttpResponse:
    context = {
        "ticket": ticket,
        "token": token,
        "way": selectors.progress(ticket),
        "asked": asked_of(ticket),
        "stands": STANDS[Status(ticket.status)],
        "code": query_code(ticket.number),
        "parts": [
            (part, STANDS[Status(part.status)], token_of(part), query_code(part.number))
            for part in selectors.parts_of(ticket)
        ],
        "remarks": _remarks(ticket, filled or {}),
        "rating": ticket.ratings.order_by("-at").first(),
        "files": own_files(ticket),
        "files_at": reverse("citizen:follow", args=[token]) + "files/",
        "door": "progress",
    }
    page = pages.fragment(request, "citizen/follow.html", "way")
    return render(request, page, context, status=400 if filled else 200)


def _remarks(ticket: Ticket, filled: dict[str, RemarkForm]) -> list[tuple[str, str, RemarkForm]]:
    """List what the citizen may do now: verb, label, form."""
    return [
        (verb, label, filled.get(verb) or form())
        for verb, (label, form) in REMARKS.items()
        if verb in filled or _may(ticket, verb)
    ]


def _may(ticket: Ticket, verb: str) -> bool:
    step = STEPS[verb]
    if verb in ANSWERS and ANSWERS[verb] not in asked_of(ticket):
        return False
    if Party.CITIZEN not in step.parties or Status(ticket.status) not in step.sources:
        return False
    return verb != "rate" or not _rated(ticket)


def _rated(ticket: Ticket) -> bool:
    """Tell whether the reply of now has been rated already."""
    since = ticket.replied_at or ticket.accepted_at
    return ticket.ratings.filter(at__gte=since, at__lte=timezone.now()).exists()


def file(request: HttpRequest, token: str, key: str) -> HttpResponse:
    """Open a file that the citizen sent (附件)."""
    try:
        return handed_out(own_files(ticket_of(token)).filter(key=key).first())
    except Expired:
        raise Http404(EXPIRED) from None


def own_files(ticket: Ticket) -> QuerySet[Attachment]:
    """The files that the citizen sent himself (诉求材料)."""
    return ticket.attachments.filter(stage=Attachment.Stage.DEMAND, by=None)


@require_POST
def act(request: HttpRequest, token: str, verb: str) -> HttpResponse:
    """Rate, supplement, urge or withdraw (评价、补充、催办、撤单)."""
    if verb not in REMARKS:
        raise Http404("没有这个页面。")
    try:
        ticket = ticket_of(token)
    except Expired:
        messages.warning(request, EXPIRED)
        return redirect("citizen:progress")
    form = REMARKS[verb][1](request.POST, files_of(request))
    if not form.act(ticket):
        return _show(request, ticket, token, {verb: form})
    messages.success(request, THANKS[verb])
    return redirect("citizen:follow", token)
