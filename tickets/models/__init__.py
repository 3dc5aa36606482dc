"""The rows of a ticket's life, cut by phase."""

from tickets.models.finding import SavedSearch
from tickets.models.flow import Assignment, Entry
from tickets.models.followup import CallbackAttempt, Contacted, Rating, Satisfied, Solved
from tickets.models.intake import IntakeKey, IssuedNumber, Source, Ticket
from tickets.models.reply import Reply
from tickets.models.routing import DutyItem, Routing, RoutingModel

__all__ = [
    "Assignment",
    "CallbackAttempt",
    "Contacted",
    "DutyItem",
    "Entry",
    "IntakeKey",
    "IssuedNumber",
    "Rating",
    "Reply",
    "Routing",
    "RoutingModel",
    "Satisfied",
    "SavedSearch",
    "Solved",
    "Source",
    "Ticket",
]
