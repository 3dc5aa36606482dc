"""The rows of a ticket's life, cut by phase."""

from tickets.models.attachments import Attachment
from tickets.models.clocks import Card, ClockStop, Extension, LimitChange, Promise
from tickets.models.duties import DUTY_STEPS, DutyItem, DutyStep, Rule
from tickets.models.filling import Filling
from tickets.models.finding import SavedSearch
from tickets.models.flow import Assignment, Entry, EntryNote, Opinion
from tickets.models.followup import CallbackAttempt, Contacted, Rating, Satisfied, Solved
from tickets.models.handling import HIMSELF, ContactAttempt, Handling, Means
from tickets.models.incidents import Incident
from tickets.models.inquiries import Inquiry
from tickets.models.intake import Awaits, IntakeKey, IssuedNumber, Source, Supervised, Ticket
from tickets.models.reply import Reply
from tickets.models.returns import Dispute, Return
from tickets.models.routing import Confirmation, Pause, Routing, RoutingModel
from tickets.models.signing import SignChain, SignLevel
from tickets.models.supervision import Supervision
from tickets.models.topics import HotTopic, Mention, Topic
from tickets.models.wording import ReplyTemplate

__all__ = [
    "DUTY_STEPS",
    "HIMSELF",
    "Assignment",
    "Attachment",
    "Awaits",
    "CallbackAttempt",
    "Card",
    "ClockStop",
    "Confirmation",
    "ContactAttempt",
    "Contacted",
    "Dispute",
    "DutyItem",
    "DutyStep",
    "Entry",
    "EntryNote",
    "Extension",
    "Filling",
    "Handling",
    "HotTopic",
    "Incident",
    "Inquiry",
    "IntakeKey",
    "IssuedNumber",
    "LimitChange",
    "Means",
    "Mention",
    "Opinion",
    "Pause",
    "Promise",
    "Rating",
    "Reply",
    "ReplyTemplate",
    "Return",
    "Routing",
    "RoutingModel",
    "Rule",
    "Satisfied",
    "SavedSearch",
    "SignChain",
    "SignLevel",
    "Solved",
    "Source",
    "Supervised",
    "Supervision",
    "Ticket",
    "Topic",
]
