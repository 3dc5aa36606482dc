"""What agents made of the suggestions at the door (受理确认): followed, or done otherwise."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from tickets.models import Confirmation
from tickets.routing.authority import WINDOW
from tickets.routing.door import Outcome
from tickets.workflow import Kind


@dataclass(frozen=True)
class Followed:
    """One suggestion: how often it was made, and how often the agent did so."""

    name: str
    made: int
    followed: int

    @property
    def share(self) -> float:
        """The share that was followed (采纳率), in percent."""
        return 100 * self.followed / self.made


@dataclass(frozen=True)
class Door:
    """The suggestions of outcome and kind, and of the matters all together."""

    outcomes: list[Followed]
    kinds: list[Followed]
    matters: Followed | None


def at_the_door(now: datetime) -> Door:
    """Count what became of the suggestions of the last thirty days (受理确认).

    A kind or matter that the agent left open was neither followed nor changed.
    """
    rows = Confirmation.objects.filter(at__gte=now - WINDOW)
    chosen = rows.exclude(matter="").exclude(suggested_matter="")
    matters = chosen.aggregate(made=Count("pk"), followed=Count("pk", filter=_same("matter")))
    kinds = rows.exclude(kind="").exclude(suggested_kind="")
    return Door(
        _by("outcome", rows, Outcome.choices),
        _by("kind", kinds, Kind.choices),
        Followed("事项分类", **matters) if matters["made"] else None,
    )


def _same(name: str) -> Q:
    return Q(**{name: F(f"suggested_{name}")})


def _by(
    name: str, rows: QuerySet[Confirmation], choices: Iterable[tuple[str, str]]
) -> list[Followed]:
    said, names = f"suggested_{name}", dict(choices)
    found = rows.values_list(said).annotate(made=Count("pk"), kept=Count("pk", filter=_same(name)))
    lines = [Followed(names.get(code, code), made, kept) for code, made, kept in found.order_by()]
    return sorted(lines, key=lambda line: (-line.made, line.name))
