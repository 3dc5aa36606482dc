"""The lists of work: whose they are, what stands in them and how much of it presses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, Prefetch, Q, QuerySet, Value
from django.utils import timezone

from accounts.models import Department, Role, User
from city import selectors as city
from city.models import Parameter
from city.working_time import Calendar, end_of_nth_working_day
from tickets import policy
from tickets.deadlines import TAKE_BACK_S
from tickets.models import Assignment, Awaits, Ticket
from tickets.selectors.own_clock import late_beside
from tickets.workflow import HANDLED, OPEN, STEPS, WITH_UNIT, Status, TurnState

UNDOABLE = 21  # one, and as many as are sent together


@dataclass(frozen=True)
class WorkList:
    """One list of work (工作列表): whose it is, which states and which requests are in it."""

    name: str
    label: str
    roles: frozenset[Role]
    statuses: frozenset[Status]
    awaits: frozenset[str] = frozenset()
    turns: TurnState | None = None
    only: Q = field(default_factory=Q)

    @property
    def by_state(self) -> bool:
        """Tell whether nothing but the state says what stands on the list."""
        return not self.awaits and self.turns is None and not self.only

    @property
    def of_unit(self) -> bool:
        """Tell whether it is a unit's, of what it leads."""
        return self.statuses <= WITH_UNIT or self.name == "to_explain"

    def rows_of(self, user: User) -> Q:
        """Say what stands on the list for USER: by his own unit's turn, or as lead."""
        found = Q(status__in=self.statuses) & self.only
        if self.awaits:
            found &= Q(awaits__in=self.awaits)
        if self.turns:
            return found & Q(Exists(policy.beside(user, self.turns)))
        return found & policy.leads(user) if self.of_unit else found

    def late_of(self, user: User, now: datetime) -> Q:
        """Say what of it is overdue for USER (已超期), by the clock that is his to keep."""
        late = late_beside(user, self.turns, now) if self.turns else Q(due_at__lt=now)
        return self.rows_of(user) & late

    def holds(self, ticket: Ticket) -> bool:
        """Tell whether the ticket stands on the list of who leads it, or of the hotline."""
        here = ticket.status in self.statuses and self.turns is None and not self.only
        return here and (not self.awaits or ticket.awaits in self.awaits)


def _list(
    name: str,
    label: str,
    roles: Iterable[Role],
    *statuses: Status,
    turns: TurnState | None = None,
) -> WorkList:
    return WorkList(name, label, frozenset(roles), frozenset(statuses), turns=turns)


S = Status
BY_UNIT = frozenset({Awaits.EXTENSION})
BY_CENTER = frozenset({Awaits.PROMISE, Awaits.LONG_EXTENSION})
EXPLAINED = STEPS["explain"].sources
OWES, SUPERVISED = Q(explain_due_at__isnull=False), Q(supervise_level__gt=0)
UNIT = (Role.SIGNER, Role.HANDLER)

WORK_LISTS: dict[str, WorkList] = {
    row.name: row
    for row in (
        _list("to_dispatch", "待派单", [Role.DISPATCHER], S.PENDING_REVIEW, S.PENDING_DISPATCH),
        _list("returns", "退单待审", [Role.DISPATCHER], S.RETURN_REVIEW),
        _list("disputes", "待指定办理", [Role.SUPERVISOR], S.DISPUTING),
        _list(
            "to_complete",
            "待补充",
            [Role.AGENT, Role.DISPATCHER, Role.REVIEWER],
            S.PENDING_INFO,
        ),
        _list("to_sign", "待签收", [Role.SIGNER, Role.HANDLER], S.PENDING_SIGN),
        _list("to_receive", "待接收", UNIT, *WITH_UNIT, turns=TurnState.PENDING),
        _list("to_advise", "待反馈", UNIT, *WITH_UNIT, turns=TurnState.HANDLING),
        _list("to_handle", "办理中", [Role.HANDLER], S.PROCESSING, S.REDO),
        _list("to_release", "待单位审核", [Role.AUDITOR], S.UNIT_REVIEW),
        _list("to_review", "待审核答复", [Role.REVIEWER], S.REPLY_REVIEW),
        _list("to_call", "待回访", [Role.CALLBACK], S.PENDING_CALLBACK),
        _list("promised", "承诺办理", [Role.HANDLER, Role.AUDITOR], S.SUSPENDED),
        WorkList("to_grant", "延期待审批", frozenset({Role.AUDITOR}), HANDLED, BY_UNIT),
        WorkList("requests", "延期承诺待审批", frozenset({Role.SUPERVISOR}), HANDLED, BY_CENTER),
        WorkList("to_explain", "待作督办说明", frozenset({Role.AUDITOR}), EXPLAINED, only=OWES),
        WorkList("supervised", "督办件", frozenset({Role.SUPERVISOR}), OPEN, only=SUPERVISED),
        _list("open", "在办工单", [Role.SUPERVISOR], *OPEN),
    )
}


def worklist(user: User, name: str) -> QuerySet[Ticket]:
    """The tickets of one work list (工作列表) that USER may see, the most pressing first.

    Ordered by (due_at, id), tickets without a clock last, so that pages go by key.
    """
    return in_order(policy.visible_to(user).filter(WORK_LISTS[name].rows_of(user)))


def in_order(rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Sort by remaining time with what a list shows of each row (按剩余时间)."""
    return rows.select_related("lead", "category", "region").order_by("due_at", "id")


def with_turns(rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Fetch the units' turns in force with the tickets (承办), to say of many what may be done."""
    turns = Assignment.objects.select_related("department", "parent__department")
    live = turns.filter(voided_at=None)
    return rows.prefetch_related(Prefetch("assignments", queryset=live))


def fresh_dispatches(user: User, now: datetime) -> list[Ticket]:
    """The tickets that USER dispatched within the last minute and can take back (可撤回)."""
    since = now - timedelta(seconds=TAKE_BACK_S)
    rows = worklist(user, "to_sign").filter(
        entries__step="dispatch", entries__by=user, entries__at__gte=since, dispatched_at__gte=since
    )
    return list(rows.order_by("-dispatched_at")[:UNDOABLE])


class Tally(NamedTuple):
    """How many tickets a work list has, and how many of them are overdue."""

    total: int
    overdue: int


def counts(user: User) -> dict[str, Tally]:
    """Count the work lists of USER's roles (工作列表数量、超期数), in one query.

    Lists that only name states are counted state by state, along an index that holds all of it.
    """
    mine = [row for row in WORK_LISTS.values() if user.has_role(*row.roles)]
    if not mine:
        return {}
    now = timezone.now()
    plain = [row for row in mine if row.by_state]
    states = frozenset[Status]().union(*(row.statuses for row in plain))
    led = policy.visible_to(user).filter(policy.leads(user), status__in=states)
    heaps = [_tallied(led, F("status"), Q(due_at__lt=now))]
    for row in mine:
        if not row.by_state:
            rows = policy.visible_to(user).filter(row.rows_of(user))
            heaps.append(_tallied(rows, Value(row.name), row.late_of(user, now)))
    found = {key: Tally(total, late) for key, total, late in heaps[0].union(*heaps[1:], all=True)}
    return {row.name: _sum_of(row, found) for row in mine}


def _tallied(rows: QuerySet[Ticket], key: F | Value, late: Q) -> "QuerySet[Ticket, Any]":
    """Count rows and those of them that are LATE, by KEY."""
    keyed = rows.order_by().annotate(key=key).values_list("key")
    return keyed.annotate(total=Count("id"), late=Count("id", filter=late))


def _sum_of(row: WorkList, found: dict[str, Tally]) -> Tally:
    """Add up the states of a list, or give what was counted for it."""
    heaps = [found.get(key, Tally(0, 0)) for key in (row.statuses if row.by_state else [row.name])]
    return Tally(sum(heap.total for heap in heaps), sum(heap.overdue for heap in heaps))


def near_due_before(now: datetime, calendar: Calendar) -> datetime:
    """Give the moment before which a deadline counts as near (黄牌): some working days on."""
    days = city.number(Parameter.Name.YELLOW_DAYS, at=now)
    return end_of_nth_working_day(now, days, calendar).at


def overdue(rows: QuerySet[Ticket], now: datetime) -> QuerySet[Ticket]:
    """Keep the open tickets whose clock ran out (已超期)."""
    return rows.filter(status__in=OPEN, due_at__lt=now)


def near_due(rows: QuerySet[Ticket], now: datetime) -> QuerySet[Ticket]:
    """Keep the open tickets whose clock runs out within one working day (临期)."""
    until = near_due_before(now, city.calendar())
    return rows.filter(status__in=OPEN, due_at__gte=now, due_at__lte=until)


def lead_units() -> QuerySet[Department]:
    """The units that a ticket can be dispatched to (可派单位)."""
    return Department.objects.filter(active=True).exclude(kind=Department.Kind.CENTER)


def auto_dispatched(ids: Sequence[int]) -> int:
    """Count which of these tickets the platform dispatched by itself (自动派单数)."""
    step = 500
    batches = (ids[at : at + step] for at in range(0, len(ids), step))
    return sum(Ticket.objects.filter(pk__in=b, auto_dispatched=True).count() for b in batches)
