"""What pages share: lists paged by key with exact counts, and refusals in plain words."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

T = TypeVar("T", bound=Model)
PAGE_SIZE = 30


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list: its rows, the exact total, and where the next page begins."""

    rows: list[T]
    total: int
    after: str
    before: bool

    def __bool__(self) -> bool:
        return bool(self.rows)


def page_of(rows: QuerySet[T], request: HttpRequest, *, key: str, size: int = PAGE_SIZE) -> Page[T]:
    """Cut one page out of a list (分页) by KEY and id: a page deep down costs what the first does.

    `key` is the field of the order, with "-" for falling; `?after=` says where to go on.
    """
    field, falling = key.removeprefix("-"), key.startswith("-")
    ordered = rows.order_by(key, "-pk" if falling else "pk")
    mark = request.GET.get("after", "")
    found = list(_after(ordered, field, mark, falling=falling)[: size + 1])
    more = len(found) > size
    last = str(found[size - 1].pk) if more else ""
    return Page(found[:size], rows.count(), last, bool(mark))


def _after(rows: QuerySet[T], field: str, mark: str, *, falling: bool) -> QuerySet[T]:
    """Keep what comes behind the row whose id is MARK."""
    if not mark.isdecimal() or len(mark) > 18:
        return rows
    at = rows.model._default_manager.filter(pk=mark).values_list(field, flat=True).first()
    compare = "lt" if falling else "gt"
    behind = rows.filter(**{field: at, f"pk__{compare}": mark})
    if at is None:
        return behind
    return rows.filter(**{f"{field}__{compare}": at}) | behind


def wished(request: HttpRequest) -> str:
    """Give the page of ours that a form wished to return to (`next`), or nothing."""
    address = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())
    return address if safe else ""


def fragment(request: HttpRequest, template: str, partial: str) -> str:
    """Name the template to render: only the PARTIAL where htmx asks for it (局部刷新)."""
    return f"{template}#{partial}" if request.headers.get("HX-Request") else template
