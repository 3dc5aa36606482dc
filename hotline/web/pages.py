"""What pages share: lists paged by key with exact counts, and refusals in plain words."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

T = TypeVar("T", bound=Model)
PAGE_SIZE = 30
FEW = 20_000
"""So many rows are sorted in less time than it takes to find a page of them along the index."""


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list: its rows, the exact total, and where the next page begins."""

    rows: list[T]
    total: int
    after: str
    before: bool

    def __bool__(self) -> bool:
        return bool(self.rows)


def page_of(
    rows: QuerySet[T],
    request: HttpRequest,
    *,
    key: str,
    size: int = PAGE_SIZE,
    total: int | None = None,
) -> Page[T]:
    """Cut one page out of a list (分页) by KEY and id: a page deep down costs what the first does.

    `key` is the field of the order, with "-" for falling; rows without it come last on every
    database. `?after=` says where to go on. Which rows they are is asked first, by keys alone: to
    sort all rows with all that is shown of them took most of the time. `total` is given by who has
    counted already.
    """
    field = key.removeprefix("-")
    always = field in {each.name for each in rows.model._meta.fields if not each.null}
    order = _Order(field, key.startswith("-"), always)
    mark = request.GET.get("after", "")
    count = rows.count() if total is None else total
    behind = _after(rows.order_by(*order.columns(few=count < FEW)), order, mark)
    keys = list(behind.values_list("pk", flat=True)[: size + 1])
    known = {row.pk: row for row in rows.filter(pk__in=keys[:size])}
    last = str(keys[size - 1]) if len(keys) > size else ""
    return Page([known[pk] for pk in keys if pk in known], count, last, bool(mark))


@dataclass(frozen=True)
class _Order:
    """An order by one field and the id, both rising or both falling.

    Where it is said that rows without the field come last, PostgreSQL gathers the rows and sorts
    them. Many rows with a field that each has (`always`) are walked along its index instead, until
    the page is full; for a few of a million that walk would be long.
    """

    field: str
    falling: bool
    always: bool

    def columns(self, *, few: bool) -> list[OrderBy]:
        """Say the order to the database, for few rows or many."""
        last = None if self.always and not few else True
        if self.falling:
            return [F(self.field).desc(nulls_last=last), F("pk").desc()]
        return [F(self.field).asc(nulls_last=last), F("pk").asc()]

    def behind(self, at: object, pk: str) -> Q:
        """What comes after the row with this value and id."""
        way = "lt" if self.falling else "gt"
        same = Q(**{self.field: at, f"pk__{way}": pk})
        if at is None:
            return same
        further = same | Q(**{f"{self.field}__{way}": at})
        if self.always:  # said twice: from here the index is walked
            return Q(**{f"{self.field}__{way}e": at}) & further
        return further | Q(**{f"{self.field}__isnull": True})


def _after(rows: QuerySet[T], order: _Order, mark: str) -> QuerySet[T]:
    """Keep what comes behind the row whose id is MARK."""
    if not mark.isdecimal() or len(mark) > 18:
        return rows
    at = _unnarrowed(rows, order).filter(pk=mark).values_list(order.field, flat=True).first()
    return rows.filter(order.behind(at, mark))


def _unnarrowed(rows: QuerySet[T], order: _Order) -> QuerySet[T]:
    """Give all rows with the value that the order goes by: the last one may have left the list."""
    all_rows = rows.model._default_manager.all()
    reckoned = rows.query.annotations.get(order.field)
    return all_rows.annotate(**{order.field: reckoned}) if reckoned else all_rows


def sent(request: HttpRequest) -> QueryDict | None:
    """Give what was posted, even if it is empty; None where nothing was."""
    return request.POST if request.method == "POST" else None


def answered(request: HttpRequest) -> QueryDict | None:
    """Give what was answered to the questions of a step for many; None before they were asked."""
    return request.POST if "answered" in request.POST else None


def wished(request: HttpRequest) -> str:
    """Give the page of ours that a form wished to return to (`next`), or nothing."""
    address = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())
    return address if safe else ""


def fragment(request: HttpRequest, template: str, partial: str) -> str:
    """Name the template to render: only the PARTIAL where htmx asks for it (局部刷新)."""
    return f"{template}#{partial}" if request.headers.get("HX-Request") else template


def query_of(request: HttpRequest) -> str:
    """Give the page's question without the place in the list (筛选条件)."""
    asked = request.GET.copy()
    asked.pop("after", None)
    return asked.urlencode()


def chosen(page: Page[T], request: HttpRequest, rows: QuerySet[T]) -> T | None:
    """Give the row that is open beside the list (当前一件): the one asked for, else the first."""
    asked = request.GET.get("number", "")
    waiting = [row.pk for row in page.rows]
    if asked:
        return rows.filter(number=asked).first()
    return rows.filter(pk=waiting[0]).first() if waiting else None
