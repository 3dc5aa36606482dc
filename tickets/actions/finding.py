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
    called = " ".join(name.split())
    if not called:
        raise Invalid(name="请起个名字再保存。")
    others = SavedSearch.objects.filter(owner=owner, page=page).exclude(name=called)
    if others.count() >= MOST:
        raise Invalid(name=f"最多保存 {MOST} 个，请先删除不用的。")
    saved, _ = SavedSearch.objects.update_or_create(
        owner=owner, page=page, name=called, defaults={"query": query}
    )
    return saved


def forget_search(saved: SavedSearch) -> None:
    """Delete a kept search (删除搜索)."""
    saved.delete()
