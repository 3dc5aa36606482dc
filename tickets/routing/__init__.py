"""Which matter a demand is and which unit it goes to, with the evidence (匹配与派单建议)."""

from tickets.routing.findings import CategoryGuess, Decision, Suggestion, UnitGuess
from tickets.routing.suggestion import suggest, suggest_many

__all__ = ["CategoryGuess", "Decision", "Suggestion", "UnitGuess", "suggest", "suggest_many"]
