"""What the search box on top of every staff page finds: tickets, knowledge and units in one."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Department, User
from accounts.selectors import find_departments
from hotline.web import pages
from hotline.web.finding.articles import articles, leafed
from hotline.web.finding.forms import GROUPS, FindForm, NameForm, SaveForm, address_of
from hotline.web.finding.narrowing import kept, narrowings, without
from hotline.web.finding.nearby import nearby
from hotline.web.requests import StaffRequest, address, staff
from knowledge import actions as knowledge
from knowledge import policy as knowledge_policy
from knowledge.models import SearchLog
from knowledge.selectors import findable
from search import analysis
from search.spelling import suggestion
from tickets import actions, finding, policy, selectors
from tickets.errors import Invalid, Refusal
from tickets.finding import Wanted, phone_in
from tickets.finding.snippets import Marks
from tickets.finding.wanted import FIELDS
from tickets.models import SavedSearch
from tickets.numbers import looks_like_number

TICKETS = 20
FEW_TICKETS = 10
FEW_ARTICLES = 3
UNITS = 20
FEW_UNITS = 5
DATES = ("days", "since", "until")
CONDITIONS = (*FIELDS, "material", "topic", "near", *DATES)


@require_http_methods(["GET", "POST"])
@staff()
def search(request: StaffRequest) -> HttpResponse:
    """Find tickets, knowledge and units (搜索); a whole number leads straight to its ticket.

    The box posts, so that a citizen's number stands in no address, history or log of requests.
    """
    if request.method == "POST":
        return redirect(f"{request.path}?{address_of(request.POST.get('q', '').strip())}")
    form = FindForm(request.GET)
    wanted, group = form.wanted(), form.asked().get("group", "")
    if phone_in(wanted.words):
        return redirect(f"{request.path}?{address_of(wanted.words)}")
    if looks_like_number(wanted.words) and policy.visible_to(request.user).filter(
        number=wanted.words
    ):
        return redirect("tickets:detail", wanted.words)
    context = _kept(request) | {"words": wanted.words, "wanted": wanted, "group": group}
    if group == "articles" and not wanted.words:
        leaves = leafed(request.user, form.asked(), request)
        return render(request, "finding/leaves.html", context | leaves)
    if wanted:
        context |= _found(request, wanted, form.asked())
    return render(request, "finding/results.html", context | {"form": form})


def _kept(request: StaffRequest) -> dict[str, Any]:
    """What the page says of itself: its address, its kept searches, its tabs."""
    return {
        "query": pages.query_of(request),
        "saved": selectors.kept_by(request.user, SavedSearch.Page.SEARCH),
        "wider": without(request.GET, *CONDITIONS),
        "topicless": without(request.GET, "topic"),
        "reordered": without(request.GET, "sort"),
        "ungrouped": without(request.GET, "group"),
        "tabs": GROUPS,
        "kept": kept(request.GET, *DATES),
    }


def _found(request: StaffRequest, wanted: Wanted, asked: dict[str, Any]) -> dict[str, Any]:
    """Look in all groups; the one that is open shows more."""
    user, few = request.user, not asked.get("group")
    meant = suggestion(wanted.words, lambda words: _findable(user, words))
    limit = FEW_TICKETS if few else TICKETS
    found = finding.find(user, wanted, limit, ip=address(request), loosely=not meant)
    context: dict[str, Any] = {
        "found": found,
        "meant": meant,
        "narrowings": narrowings(found.facets, request.GET),
        "nearby": nearby(wanted, request.GET),
    }
    if not wanted.phone:
        context |= articles(user, wanted.words, asked, request.GET, slip=bool(meant))
        context["units"] = _units(wanted.words)
        context["synonyms"] = analysis.synonyms(wanted.words)
    if not (found.hits or found.degraded or wanted.narrowed or meant or context.get("articles")):
        _note_miss(wanted, context.get("units", []))
    return context | {"few_articles": FEW_ARTICLES, "few_units": FEW_UNITS}


def _units(words: str) -> list[tuple[Department, Marks]]:
    """Find units by name or pinyin, with what was typed marked in the name."""
    return [
        (unit, analysis.highlight(unit.name, [words, *analysis.spelt_so(unit.name, words.lower())]))
        for unit in find_departments(words, UNITS)
    ]


def _note_miss(wanted: Wanted, units: Sequence[object]) -> None:
    """Note words by which staff found nothing at all (查无结果), but not who asked; no numbers."""
    if not units and not wanted.phone and any(map(str.isalpha, wanted.words)):
        knowledge.log_search(wanted.words, place=SearchLog.Place.STAFF, hits=0)


def _findable(user: User, words: str) -> bool:
    """Tell whether the user would find something by these words."""
    audience = knowledge_policy.audience_of(user)
    return (
        finding.findable(user, words)
        or findable(words, audience)
        or bool(find_departments(words, 1))
    )


@require_GET
@staff()
def article(request: StaffRequest, number: str) -> HttpResponse:
    """Show an article that was found, to all who may read it (知识)."""
    rows = knowledge_policy.visible_to(request.user).select_related("current_version", "department")
    return render(
        request, "finding/article.html", {"article": get_object_or_404(rows, number=number)}
    )


@require_POST
@staff()
def save(request: StaffRequest) -> HttpResponse:
    """Keep the search on the page under a name (保存搜索)."""
    form = SaveForm(request.POST)
    try:
        saved = actions.save_search(request.user, **_understood(form))
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect(pages.wished(request) or reverse("finding:search"))
    messages.success(request, f"已保存为“{saved.name}”，在搜索页随时可用。")
    return redirect(f"{reverse('finding:search')}?{saved.query}")


def _understood(form: NameForm) -> dict[str, Any]:
    """Give what was typed; raise Invalid with the first objection."""
    if not form.is_valid():
        raise Invalid(form=str(next(iter(form.errors.values()))[0]))
    return form.cleaned_data


@require_POST
@staff()
def rename(request: StaffRequest, pk: int) -> HttpResponse:
    """Give a kept search of one's own another name (改名)."""
    saved = _mine(request, pk)
    try:
        actions.rename_search(saved, **_understood(NameForm(request.POST)))
        messages.success(request, f"已改名为“{saved.name}”。")
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    return redirect(pages.wished(request) or reverse("finding:search"))


def _mine(request: StaffRequest, pk: int) -> SavedSearch:
    return get_object_or_404(selectors.kept_by(request.user, SavedSearch.Page.SEARCH), pk=pk)


@require_POST
@staff()
def forget(request: StaffRequest, pk: int) -> HttpResponse:
    """Delete a kept search of one's own (删除搜索)."""
    saved = _mine(request, pk)
    actions.forget_search(saved)
    messages.success(request, f"已删除“{saved.name}”。")
    return redirect(pages.wished(request) or reverse("finding:search"))
