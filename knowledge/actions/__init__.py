"""The only writer of articles; one verb of STEPS, one function."""

from knowledge.actions.listening import give_feedback, log_search, note_opened
from knowledge.actions.wording import Content
from knowledge.actions.writing import draft, publish, revise, send_back, submit, withdraw

__all__ = [
    "Content",
    "draft",
    "give_feedback",
    "log_search",
    "note_opened",
    "publish",
    "revise",
    "send_back",
    "submit",
    "withdraw",
]
