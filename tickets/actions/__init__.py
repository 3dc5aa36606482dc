"""The only writer of tickets, cut by phase; one verb of STEPS, one function."""

from tickets.actions.batches import together
from tickets.actions.closing import archive, call_back, close, rate, reopen, review
from tickets.actions.dispatching import (
    decide_return,
    dispatch,
    redirect,
    screen,
    send_back,
    take_back,
)
from tickets.actions.finding import forget_search, save_search
from tickets.actions.handling import release, reply, send_reply_back, sign
from tickets.actions.intake import accept, answer, check_demand
from tickets.actions.remarks import reveal, supervise, supplement, urge, withdraw
from tickets.actions.routing import add_duties, enable_model, save_routings
from tickets.actions.upkeep import archive_closed, recompute_provisional

__all__ = [
    "accept",
    "add_duties",
    "answer",
    "archive",
    "archive_closed",
    "call_back",
    "check_demand",
    "close",
    "decide_return",
    "dispatch",
    "enable_model",
    "forget_search",
    "rate",
    "recompute_provisional",
    "redirect",
    "release",
    "reopen",
    "reply",
    "reveal",
    "review",
    "save_routings",
    "save_search",
    "screen",
    "send_back",
    "send_reply_back",
    "sign",
    "supervise",
    "supplement",
    "take_back",
    "together",
    "urge",
    "withdraw",
]
