"""How the matching does (匹配工坊): what it sends by itself, what people undid, where it errs."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q

from city.models import Category
from tickets.models import Assignment, Return, Routing, RoutingModel, Ticket
from tickets.routing.authority import WINDOW, Sent, sent_since
from tickets.routing.backtest import Bin, bins
from tickets.routing.feedback import confirmed, matter_of

MOST = 5_000
SHOWN = 12
Pair = tuple[str, str, int]


@dataclass
class Line:
    """One matter or unit: dispatched, by the platform itself, of these undone, returned."""

    name: str
    dispatched: int = 0
    auto: int = 0
    wrong: int = 0
    returned: int = 0

    @property
    def coverage(self) -> float:
        """The share that the platform dispatched by itself (覆盖率), in percent."""
        return 100 * self.auto / self.dispatched if self.dispatched else 0.0

    @property
    def precision(self) -> float | None:
        """The share of these that nobody undid (准确率), None without any."""
        return 100 * (self.auto - self.wrong) / self.auto if self.auto else None

    @property
    def return_rate(self) -> float:
        """The share that units gave back rightly (退单率)."""
        return 100 * self.returned / self.dispatched if self.dispatched else 0.0


@dataclass(frozen=True)
class Matching:
    """All figures of the workshop but the versions."""

    total: Line
    matters: list[Line]
    units: list[Line]
    calibration: list[Bin]
    confusions: list[Pair]
    words: list[tuple[str, int]]
    judged: int


@dataclass
class _Judged:
    """First guesses as they stood, beside what the tickets proved to be."""

    sure: list[float] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)


def matching(now: datetime) -> Matching:
    """Gather what the last thirty days say of the matching (匹配成效)."""
    since = now - WINDOW
    sent, names = sent_since(since), matter_names()
    matters, units = _matters(since, sent, names), _units(since, sent)
    judged = _judged(since, names)
    return Matching(
        total=_total(matters, sent),
        matters=matters[:SHOWN],
        units=units[:SHOWN],
        calibration=bins(judged.sure, judged.right),
        confusions=[(*pair, count) for pair, count in judged.confused.most_common(SHOWN)],
        words=judged.words.most_common(SHOWN),
        judged=len(judged.sure),
    )


def matter_names() -> dict[str, str]:
    """Name the second-level matters by their code (事项名称)."""
    return dict(Category.objects.filter(level=2).values_list("code", "name"))


def _matters(since: datetime, sent: Sequence[Sent], names: dict[str, str]) -> list[Line]:
    rows = Ticket.objects.filter(dispatched_at__gte=since).values("category")
    rows = rows.annotate(all=Count("pk"), returned=Count("pk", filter=Q(return_count__gt=0)))
    lines: dict[str, Line] = defaultdict(lambda: Line(""))
    codes = {row.pk: row.second.code for row in Category.objects.select_related("parent")}
    for row in rows.order_by():
        line = lines[codes.get(row["category"], "")]
        line.dispatched += row["all"]
        line.returned += row["returned"]
    return _finished(lines, ((row.matter, row.wrong) for row in sent), names)


def _units(since: datetime, sent: Sequence[Sent]) -> list[Line]:
    lines: dict[str, Line] = defaultdict(lambda: Line(""))
    turns = Assignment.objects.filter(dispatched_at__gte=since, part=Assignment.Part.LEAD)
    for name, count in turns.values_list("department__name").annotate(Count("pk")).order_by():
        lines[name].dispatched = count
    back = Return.objects.filter(at__gte=since, accepted=True)
    for name, count in back.values_list("department__name").annotate(Count("pk")).order_by():
        lines[name].returned = count
    return _finished(lines, ((row.unit, row.wrong) for row in sent), {name: name for name in lines})


def _finished(
    lines: dict[str, Line], sent: Iterable[tuple[str, bool]], names: dict[str, str]
) -> list[Line]:
    for key, wrong in sent:
        lines[key].auto += 1
        lines[key].wrong += wrong
    for key, line in lines.items():
        line.name = names.get(key, "")
    known = (line for line in lines.values() if line.name)
    return sorted(known, key=lambda line: (-line.dispatched, line.name))


def _total(matters: Iterable[Line], sent: Sequence[Sent]) -> Line:
    found = Line("全部", auto=len(sent), wrong=sum(row.wrong for row in sent))
    for line in matters:
        found.dispatched += line.dispatched
        found.returned += line.returned
    return found


def _judged(since: datetime, names: dict[str, str]) -> _Judged:
    """Hold the first evidence of each ticket against what it proved to be."""
    rows = Routing.objects.filter(at__gte=since, ticket__in=confirmed()).exclude(categories=[])
    rows = rows.select_related("ticket__category__parent__parent").order_by("-id")
    first = {row.ticket_id: row for row in rows[:MOST]}
    found = _Judged()
    for row in first.values():
        matter, guess = matter_of(row.ticket), row.categories[0]
        if matter is None:
            continue
        right = guess["code"] == matter.code
        found.sure.append(guess.get("confidence", 0.0))
        found.right.append(right)
        if not right:
            found.confused[names.get(guess["code"], guess["code"]), matter.name] += 1
            found.words.update(guess.get("words", []))
    return found


def versions() -> list[RoutingModel]:
    """List the versions that matter, the newest first (模型版本)."""
    return list(RoutingModel.objects.select_related("decided_by")[:SHOWN])


def confused(model: RoutingModel | None) -> list[Pair]:
    """Name what a version took for what among phrasings it had not seen (易混事项)."""
    names, pairs = matter_names(), model.metrics.get("confusions", []) if model else []
    return [(names.get(said, said), names.get(truth, truth), n) for said, truth, n in pairs]
