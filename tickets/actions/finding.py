"""Keeping searches under a name."""

from accounts.models import User
from tickets.errors import Invalid
from tickets.models import SavedSearch

MOST = 30


def save_search(
    owner: User, *, name: str, query: str, page: str = SavedSearch.Page.SEARCH
) -> SavedSearch:
    """Keep a search or a narrowed list under a name (保存搜索、保存视图).

    The same name again replaces what was kept.
    """
    called = _tidy(name)
    others = SavedSearch.objects.filter(owner=owner, page=page).exclude(name=called)
    if others.count() >= MOST:
        raise Invalid(name=f"最多保存 {MOST} 个，请先删除不用的。")
    saved, _ = SavedSearch.objects.update_or_create(
        owner=owner, page=page, name=called, defaults={"query": query}
    )
    return saved


def rename_search(saved: SavedSearch, *, name: str) -> SavedSearch:
    """Give a kept search another name (改名); one that another bears is refused."""
    called = _tidy(name)
    others = SavedSearch.objects.filter(owner=saved.owner, page=saved.page, name=called)
    if others.exclude(pk=saved.pk).exists():
        raise Invalid(name=f"已有名为“{called}”的，换个名字。")
    saved.name = called
    saved.save(update_fields=["name"])
    return saved


def _tidy(name: str) -> str:
    called = " ".join(name.split())
    if not called:
        raise Invalid(name="请起个名字再保存。")
    return called


def forget_search(saved: SavedSearch) -> None:
    """Delete a kept search (删除搜索)."""
    saved.delete()
