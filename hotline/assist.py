"""What helps an agent while a caller speaks (坐席辅助), for the desk and the API."""

import json
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from city.models import Region
from city.selectors import named_places
from knowledge import policy as knowledge_policy
from knowledge.selectors import Matches, matching
from tickets.indexes import About, Similar, similar
from tickets.routing import CategoryGuess, Suggestion, UnitGuess, suggest
from tickets.workflow import Kind, Urgency

ARTICLES = 4
TICKETS = 5
WORTH_SHOWING = 0.05
ENOUGH = 2_000  # characters that settle what a text is about; more would only cost time


@dataclass(frozen=True)
class Assist:
    """Articles that may answer, similar tickets that the user may see, and where it would go."""

    articles: Matches
    tickets: Similar
    suggestion: Suggestion
    about: About

    @property
    def degraded(self) -> bool:
        """Tell whether the search engine was out of reach."""
        return self.articles.degraded or self.tickets.degraded

    @property
    def kind_label(self) -> str:
        """Name the kind that the words sound like (建议类型)."""
        return Kind(self.suggestion.kind).label if self.suggestion.kind else ""

    @property
    def urgency_label(self) -> str:
        """Name the urgency that the words suggest (建议紧急程度)."""
        return Urgency(self.suggestion.urgency).label

    @property
    def categories(self) -> list[CategoryGuess]:
        """The matters worth showing (建议分类): the best, and what is not far behind."""
        guesses = self.suggestion.categories
        return guesses[:1] + [g for g in guesses[1:] if g.confidence >= WORTH_SHOWING]

    @property
    def units(self) -> list[UnitGuess]:
        """The units of the matters worth showing (建议派往)."""
        codes = {guess.category.code for guess in self.categories}
        return [unit for unit in self.suggestion.units if codes & set(unit.matters)]

    @property
    def heard(self) -> str:
        """Say in codes what is suggested at the door (系统建议), for what the agent makes of it."""
        best = self.suggestion.categories[:1]
        return json.dumps(
            {
                "outcome": self.suggestion.door.outcome,
                "kind": self.suggestion.kind,
                "matter": best[0].category.code if best else "",
            }
        )

    def as_data(self) -> dict[str, Any]:
        """Give the panel as plain data (辅助数据)."""
        return {
            "articles": [
                {
                    "id": match.article.pk,
                    "title": match.version.title,
                    "version": match.version.no,
                    "clause": match.clause,
                    "passage": match.passage,
                    "score": match.score,
                    "reasons": list(dict.fromkeys(reason.word for reason in match.reasons)),
                }
                for match in self.articles
            ],
            "tickets": [
                {
                    "number": hit.ticket.number,
                    "title": hit.ticket.heading,
                    "score": hit.score,
                    "reasons": hit.reasons,
                    "why": hit.why,
                }
                for hit in self.tickets.hits
            ],
            "categories": [
                {
                    "code": guess.category.code,
                    "path": guess.category.path_name,
                    "confidence": guess.confidence,
                    "reasons": guess.reasons,
                }
                for guess in self.suggestion.categories
            ],
            "units": [
                {
                    "code": guess.department.code,
                    "name": guess.department.name,
                    "confidence": guess.confidence,
                    "reasons": guess.reasons,
                }
                for guess in self.suggestion.units
            ],
            "decision": self._decision(),
        }

    def _decision(self) -> dict[str, Any]:
        decision = self.suggestion.decision
        unit = {"unit": decision.unit.name} if decision.unit else {}
        return {"auto": decision.auto, **unit, "why": decision.why}


def assist(
    *,
    user: User,
    text: str,
    title: str = "",
    place: str = "",
    region: Region | None = None,
) -> Assist:
    """Look up all that helps the agent (坐席辅助) with the words typed so far."""
    words = f"{title}\n{text}".strip()[:ENOUGH]
    suggestion = suggest(text[:ENOUGH], title, place=place, region=region)
    guess = next(iter(suggestion.categories), None)
    named = named_places(f"{place}\n{words}")
    about = About.heard(guess.category if guess else None, suggestion.place, named)
    return Assist(
        articles=matching(
            words, audience=knowledge_policy.audience_of(user), limit=ARTICLES
        ).near_best(),
        tickets=similar(text[:ENOUGH], title=title, user=user, limit=TICKETS, about=about),
        suggestion=suggestion,
        about=about,
    )
