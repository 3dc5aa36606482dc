"""The words of the trade and the synonyms, as editors keep them (词库、同义词)."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Role
from city import actions
from city.models import Synonym, Word
from hotline.web.editing.wordforms import SynonymForm, WordForm, choices
from hotline.web.requests import StaffRequest, staff

KEEPERS = (Role.EDITOR, Role.ADMIN)
SHOWN = 200
FORMS: dict[str, type[WordForm] | type[SynonymForm]] = {"word": WordForm, "synonym": SynonymForm}
MODELS: dict[str, type[Word] | type[Synonym]] = {"word": Word, "synonym": Synonym}


@require_GET
@staff(*KEEPERS)
def words(request: StaffRequest) -> HttpResponse:
    """List words and synonyms, narrowed by what was typed (词库)."""
    return _page(request, choices(request.GET.get("meaning", "").strip()[:60]))


def _page(request: StaffRequest, forms: dict[str, object], status: int = 200) -> HttpResponse:
    typed = request.GET.get("q", "").strip()[:60]
    found = Word.objects.filter(text__icontains=typed)
    groups = [g for g in Synonym.objects.order_by("pk") if typed in "、".join(g.words)]
    context = {
        "typed": typed,
        "words": found[:SHOWN],
        "total": found.count(),
        "groups": groups,
        "shown": SHOWN,
    }
    return render(request, "editing/words.html", context | forms, status=status)


@require_POST
@staff(*KEEPERS)
def keep(request: StaffRequest, what: str) -> HttpResponse:
    """Add a word or a group of synonyms (收词); it is in force at the next search."""
    if what not in FORMS:
        raise Http404
    form = FORMS[what](request.POST)
    if not form.is_valid():
        return _page(request, choices() | {f"{what}_form": form}, status=400)
    messages.success(request, f"已收入“{form.keep()}”，下一次检索起生效。")
    return redirect("editing:words")


@require_POST
@staff(*KEEPERS)
def remove(request: StaffRequest, what: str, pk: int) -> HttpResponse:
    """Take a word or a group out (删除词条)."""
    if what not in MODELS:
        raise Http404
    row = get_object_or_404(MODELS[what], pk=pk)
    actions.remove_row(row)
    messages.success(request, f"已删除“{row}”。")
    return redirect("editing:words")
