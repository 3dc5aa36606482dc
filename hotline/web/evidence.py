"""What the machine found in a demand, ready to be shown beside it and never instead of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Department
from search import analysis
from tickets.models import Ticket
from tickets.routing.findings import Level
from tickets.workflow import Kind

SHOWN = 3


@dataclass(frozen=True)
class Evidence:
    """Suggestions with what speaks for them; `marks` is the text cut at the words that count."""

    marks: list[tuple[str, bool]]
    categories: Sequence[Mapping[str, Any]] = ()
    units: list[Mapping[str, Any]] = field(default_factory=list)
    why: Sequence[str] = ()
    hazards: Sequence[str] = ()
    tags: Sequence[str] = ()
    door: Mapping[str, Any] = field(default_factory=dict)
    kind: str = ""
    kind_words: Sequence[str] = ()
    forms: Sequence[Mapping[str, Any]] = ()
    rules: Sequence[str] = ()
    flags: Sequence[str] = ()
    level: str = ""
    broad: Mapping[str, Any] = field(default_factory=dict)
    narrower: Mapping[str, Any] = field(default_factory=dict)
    parts: Sequence[Mapping[str, Any]] = ()
    neighbours: Sequence[Mapping[str, str]] = ()

    @property
    def human(self) -> bool:
        """Tell whether the matching leaves it to a person altogether (建议人工)."""
        return self.level == Level.HUMAN


def evidence_of(ticket: Ticket) -> Evidence:
    """Read the evidence kept at intake (匹配依据); units that are gone are left out."""
    routing = ticket.routing
    if routing is None:
        return Evidence([(ticket.text, False)])
    decision = routing.decision
    hazards = decision.get("hazards", [])
    words = [word for guess in routing.categories[:1] for word in guess.get("words", [])]
    forms, door = decision.get("forms", []), decision.get("door", {})
    words += [*decision.get("place", []), *hazards, *door.get("words", [])]
    words += [word for form in forms for word in form["words"]]
    why = decision.get("why", [])
    return Evidence(
        marks=analysis.highlight(ticket.text, words),
        categories=routing.categories[:SHOWN],
        units=_in_service(routing.units[:SHOWN]),
        why=[why] if isinstance(why, str) else why,
        hazards=hazards,
        tags=decision.get("tags", []),
        door=door if door.get("outcome", "accept") != "accept" else {},
        kind=_kind(decision),
        kind_words=decision.get("kind", []),
        forms=forms,
        rules=decision.get("rules", []),
        flags=decision.get("flags", []),
        level=decision.get("level", ""),
        broad=decision.get("field", {}),
        narrower=decision.get("narrower", {}),
        parts=decision.get("parts", []),
        neighbours=decision.get("neighbours", []),
    )


def _kind(decision: Mapping[str, Any]) -> str:
    guess = decision.get("kind_guess", "")
    return str(Kind(guess).label) if guess else ""


def _in_service(units: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    codes = [unit["code"] for unit in units]
    live = Department.objects.filter(active=True, code__in=codes).values_list("code", flat=True)
    return [unit for unit in units if unit["code"] in set(live)]
