"""What matching is given and what it gives: guesses with their evidence, and a decision."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import TextChoices

from accounts.models import Department
from accounts.selectors import living
from city.models import Category, Region
from city.places import PlaceHit
from tickets.models import Ticket
from tickets.routing.door import Door
from tickets.routing.duties import Duty
from tickets.routing.hazards import Hazard
from tickets.routing.levels import Narrower, narrower
from tickets.routing.rules import Verdict
from tickets.routing.signs import LABELS, Signs
from tickets.routing.voices import Voice


@dataclass(frozen=True)
class Words:
    """What is known of a demand when it is matched."""

    text: str
    title: str = ""
    place: str = ""
    region: Region | None = None
    kind: str = ""
    confidential: bool = False
    anonymous: bool = False
    source: str = ""
    category: Category | None = None
    at: datetime | None = None

    @property
    def all(self) -> str:
        """Title and text as one."""
        return f"{self.title}\n{self.text}".strip()


@dataclass(frozen=True)
class CategoryGuess:
    """A matter that the words may be about, with the words that say so."""

    category: Category
    confidence: float
    reasons: list[str]
    words: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """One matter of a message that has several: its words, and what they seem to be about."""

    text: str
    guess: CategoryGuess


@dataclass(frozen=True)
class UnitGuess:
    """A unit that may be responsible, with the rules that say so."""

    department: Department
    confidence: float
    reasons: list[str]
    duty: Duty
    matters: list[str]
    recused: Department | None = None
    rule: str = ""
    """The name of the rule that sends it there, if one does."""


@dataclass(frozen=True)
class Neighbours:
    """Past tickets like this one that have a unit; `degraded` if they could not be looked for."""

    tickets: Sequence[Ticket] = ()
    degraded: bool = False

    def of_unit(self, unit: Department) -> int:
        """Count those that the unit has."""
        leads = (ticket.lead for ticket in self.tickets)
        return sum(lead is not None and living(lead) == unit for lead in leads)

    def of_matter(self, category: Category) -> int:
        """Count those of the matter, at its own level or below."""
        found = (ticket.category for ticket in self.tickets)
        return sum(c is not None and category.pk in {c.pk, c.parent_id} for c in found)


class Level(TextChoices):
    """How far the matching goes with a demand."""

    AUTO = "auto", "自动派单"
    CONFIRM = "confirm", "请确认"
    HUMAN = "human", "建议人工"


@dataclass(frozen=True)
class Decision:
    """Whether the platform dispatches by itself, where to, and why or why not."""

    auto: bool
    unit: Department | None
    why: list[str]
    sure: bool = False
    """Whether the best unit is worth a confirming key."""

    @property
    def level(self) -> str:
        """Name how far the matching goes (结论): alone, to be confirmed, or silent."""
        if self.auto:
            return Level.AUTO
        return Level.CONFIRM if self.sure else Level.HUMAN


@dataclass(frozen=True)
class Suggestion:
    """Everything the matching found, with its evidence."""

    text: str
    categories: list[CategoryGuess]
    units: list[UnitGuess]
    place: PlaceHit | None
    region: Region | None
    hazard: Hazard
    decision: Decision
    kind: str = ""
    kind_words: list[str] = field(default_factory=list)
    model_version: str = ""
    door: Door = field(default_factory=Door)
    signs: Signs = field(default_factory=dict)
    rules: Verdict = field(default_factory=Verdict)
    broad: CategoryGuess | None = None
    """The first-level matter, which is often sure where the second is not."""
    case: Voice | None = None
    """The third-level case that was learned, as sure as it is within its matter."""
    parts: Sequence[Part] = ()
    neighbours: Neighbours = field(default_factory=Neighbours)

    @property
    def narrower(self) -> Narrower | None:
        """The third-level case of the best matter (三级事项), where one is sure enough."""
        best = next(iter(self.categories), None)
        return narrower(self.text, best.category, best.confidence, self.case) if best else None

    @property
    def urgency(self) -> str:
        """The urgency that a rule asks for, or that the words suggest."""
        return self.rules.urgency or self.hazard.urgency

    @property
    def assisting(self) -> tuple[Department, ...]:
        """The units beside the one decided on (协办、双派)."""
        chosen = (u for u in self.units if u.department == self.decision.unit)
        return next((unit.duty.assisting for unit in chosen), ())

    @property
    def forms(self) -> list[tuple[str, list[str]]]:
        """The special forms of the demand with their words (特殊情形)."""
        return [(LABELS[sign], words) for sign, words in self.signs.items()]

    @property
    def urgency_words(self) -> list[str]:
        """The words that suggest the urgency."""
        return self.hazard.words
