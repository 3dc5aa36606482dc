"""Writing an article: the form, its preview, and what happens when somebody else was faster."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.models import Role
from hotline.web.editing.forms import ArticleForm, attempt, wording_of
from hotline.web.requests import StaffRequest, staff
from knowledge import actions, policy, selectors
from knowledge.errors import Stale
from knowledge.models import Article, Entry

EDITORS = (Role.EDITOR, Role.ADMIN)


@dataclass(frozen=True)
class Changed:
    """What others did to an article while somebody wrote on it."""

    entries: list[Entry] = field(default_factory=list)
    differences: list[selectors.Difference] = field(default_factory=list)


def editable(request: StaffRequest, number: str) -> Article:
    """Give an article that the editor may work on (可编辑知识), or answer 404."""
    rows = policy.editable_by(request.user).select_related(
        "department", "latest_version__category", "latest_version__by", "current_version"
    )
    return get_object_or_404(rows, number=number)


@staff(*EDITORS)
def draft(request: StaffRequest) -> HttpResponse:
    """Begin an article (新建知识)."""
    form = ArticleForm(request.POST or None, user=request.user)
    title = request.GET.get("question", "")
    form.initial.update({"question": title[:200]})
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            return _form(request, form, None, preview=True)
        made: list[Article] = []
        unit = form.cleaned_data["department"]
        content = form.content()
        if attempt(
            form, lambda: made.append(actions.draft(content, department=unit, by=request.user))
        ):
            messages.success(request, f"已保存为草稿 {made[0].number}。")
            return redirect("editing:article", made[0].number)
    return _form(request, form, None)


@staff(*EDITORS)
def revise(request: StaffRequest, number: str) -> HttpResponse:
    """Write a new version (修改知识); a stale page shows what changed, and keeps what was typed."""
    article = editable(request, number)
    form = ArticleForm(request.POST or None, user=request.user, article=article)
    if request.method != "POST" or not form.is_valid() or "preview" in request.POST:
        return _form(request, form, article, preview=form.is_bound and form.is_valid())
    seen, content = form.cleaned_data["seen"], form.content()
    try:
        saved = attempt(
            form, lambda: actions.revise(article, content, by=request.user, version=seen)
        )
    except Stale:
        return _stale_form(request, form, editable(request, number))
    if not saved:
        return _form(request, form, article)
    messages.success(request, "已保存为新版本；发布之前，原版本继续有效。")
    return redirect("editing:article", number)


def _stale_form(request: StaffRequest, form: ArticleForm, article: Article) -> HttpResponse:
    changed = _changed_since(article, form.cleaned_data["seen"], form.cleaned_data["seen_no"])
    form.seen_now(article)
    return _form(request, form, article, changed=changed)


def _changed_since(article: Article, seen: int | None, seen_no: int | None) -> Changed:
    entries = list(selectors.history(article).filter(version__gt=seen or 0))
    before = article.versions.filter(no=seen_no or 0).select_related("category").first()
    now = article.latest_version
    return Changed(entries, selectors.differences(before, now) if before and now else [])


def _form(
    request: StaffRequest,
    form: ArticleForm,
    article: Article | None,
    *,
    preview: bool = False,
    changed: Changed | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "article": article,
        "preview": wording_of(form.content()) if preview else None,
        "changed": changed,
    }
    status = 409 if changed else 400 if form.errors else 200
    return render(request, "editing/form.html", context, status=status)
