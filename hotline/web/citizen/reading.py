"""What the public may read: answers while typing, search, articles."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from hotline.web import pages
from knowledge import actions, selectors
from knowledge.models import SearchLog
from knowledge.selectors.narrowing import Wish
from search import analysis
from search.spelling import suggestion
from tickets.finding.facets import of_matters, of_units
from tickets.models import Reply
from tickets.published import find_published, public_replies, shown
from tickets.published import findable as replied

WHILE_TYPING = 3
SHORTEST = 4
FOUND = 10
FEW = 3
TYPED = 2000


def answers(request: HttpRequest) -> HttpResponse:
    """Give at most three articles that may answer what is being typed (也许已有答案)."""
    text = request.GET.get("text", "")[:TYPED].strip()
    found = (
        selectors.matching(text, limit=WHILE_TYPING).near_best() if len(text) >= SHORTEST else []
    )
    return render(request, "citizen/answers.html", {"found": found})


def knowledge(request: HttpRequest) -> HttpResponse:
    """Search or leaf through what is published (查政策)."""
    words = request.GET.get("q", "").strip()[:200]
    context = _found(words) if words else _leaves(request)
    return render(
        request, "citizen/knowledge.html", context | {"words": words, "door": "knowledge"}
    )


def _found(words: str) -> dict[str, Any]:
    """Look among articles and replies; a slip that was asked about is no question unanswered."""
    meant = suggestion(words, _findable)
    found = selectors.matching(words, limit=FOUND, slip=bool(meant))
    log = None
    if found or not meant:
        log = actions.log_search(
            words, place=SearchLog.Place.PORTAL, hits=len(found), degraded=found.degraded
        )
    return {
        "meant": meant,
        "synonyms": analysis.synonyms(words),
        "found": found,
        "published": find_published(words, limit=FEW),
        "log": log,
    }


def _leaves(request: HttpRequest) -> dict[str, Any]:
    """Leaf through what is published by matter and unit (翻阅), the latest first."""
    wish = Wish(**{name: request.GET.get(name, "")[:20] for name in ("category", "unit")})
    counted = selectors.browse_counts(None, wish)
    rows = selectors.browsed(None, wish)
    return {
        "page": pages.page_of(rows, request, key="-published_at", size=20),
        "query": pages.query_of(request),
        "facets": [
            of_matters(wish.category, counted["category"]),
            of_units(wish.unit, counted["unit"]),
        ],
        "wish": wish,
    }


def _findable(words: str) -> bool:
    """Tell whether the public would find something by these words."""
    return selectors.findable(words) or replied(words)


def replies(request: HttpRequest) -> HttpResponse:
    """Search or leaf through the replies that people agreed to have public (公开答复)."""
    words = request.GET.get("q", "").strip()[:200]
    meant = suggestion(words, replied) if words else ""
    found = find_published(words, limit=FOUND, after=request.GET.get("after", "")[:200])
    if words and not (found.total or found.degraded or meant):
        actions.log_search(words, place=SearchLog.Place.REPLIES, hits=0)
    context = {
        "words": words,
        "meant": meant,
        "synonyms": analysis.synonyms(words),
        "published": found,
        "query": pages.query_of(request),
        "door": "knowledge",
    }
    return render(request, "citizen/replies.html", context)


def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one public reply (公开答复); an earlier version leads to the one in force."""
    asked = get_object_or_404(Reply, pk=pk)
    found = get_object_or_404(public_replies(), ticket=asked.ticket_id)
    if found.pk != pk:
        return redirect("citizen:reply", found.pk)
    return render(request, "citizen/reply.html", {"public": shown(found), "door": "knowledge"})


def article(request: HttpRequest, number: str) -> HttpResponse:
    """Show one article (知识)."""
    found = get_object_or_404(selectors.public_articles(), number=number)
    log = _search(request.GET.get("log", ""))
    if log:
        actions.note_opened(log, found)
    context = {"article": found, "log": log, "door": "knowledge"}
    return render(request, "citizen/article.html", context)


def _search(log: str) -> SearchLog | None:
    """Find the search that led here; a forged number of one is left alone."""
    known = log.isdecimal() and len(log) < 18
    portal = SearchLog.objects.filter(place=SearchLog.Place.PORTAL)
    return portal.filter(pk=log).first() if known else None


@require_POST
def feedback(request: HttpRequest, number: str) -> HttpResponse:
    """Take whether the article helped (有用、没用)."""
    found = get_object_or_404(selectors.public_articles(), number=number)
    log = _search(request.POST.get("log", ""))
    actions.give_feedback(
        found,
        useful=request.POST.get("useful") == "yes",
        text=request.POST.get("text", ""),
        asked=log.text if log and log.opened == found else "",
    )
    messages.success(request, "谢谢，已记下您的意见。")
    return redirect("citizen:article", number)
