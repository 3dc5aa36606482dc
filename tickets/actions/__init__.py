"""The only writer of tickets, cut by phase; one verb of STEPS, one function."""

from tickets.actions.asking import (
    decide_extension,
    extend,
    note_progress,
    promise,
    resume,
    suspend,
)
from tickets.actions.attaching import keep_file, path_of, sweep_files
from tickets.actions.batches import together
from tickets.actions.below import send_up, sub_dispatch, take_over
from tickets.actions.beside import MAX_OPINION, advise, call_in, recall, receive, waive
from tickets.actions.cards import keep_promises, show_cards
from tickets.actions.closing import archive, call_back, close, rate, reopen, review
from tickets.actions.dispatching import dispatch, redirect, screen, take_back
from tickets.actions.duties import (
    DutyContent,
    add_duties,
    discard_duty,
    draft_duty,
    import_duties,
    move_duties,
    move_duty,
    revise_duty,
)
from tickets.actions.exporting import export
from tickets.actions.filling import checked, note_export
from tickets.actions.finding import forget_search, save_search
from tickets.actions.handling import MAX_REPLY, release, reply, send_reply_back, sign
from tickets.actions.incidents import gather, gather_all, part
from tickets.actions.inquiries import (
    ask,
    inform,
    keep,
    keep_inquiries,
    propose_withdrawal,
    relay,
    remind,
    respond,
)
from tickets.actions.intake import accept, answer, check_demand
from tickets.actions.limits import apply_limits, reckon_limits, try_limits
from tickets.actions.merging import conclude, follow_masters, merge, unmerge
from tickets.actions.recording import Findings, Spoken, contact, hand_over, record
from tickets.actions.remarks import (
    decline,
    instruct,
    invalidate,
    reveal,
    supervise,
    supplement,
    urge,
    withdraw,
)
from tickets.actions.returns import decide_return, designate, send_back
from tickets.actions.routing import (
    confirm,
    keep_candidate,
    lift,
    pause,
    promote,
    refuse,
    return_to,
    save_routings,
    set_thresholds,
)
from tickets.actions.rules import delete_rule, note_rule_error, order_rules, save_rule
from tickets.actions.signing import drop_sign_chain, endorse, levels_of, set_sign_chain
from tickets.actions.splitting import Matter, split, unsplit
from tickets.actions.succession import follow_successors, hand_on
from tickets.actions.topics import (
    Joining,
    end_hot,
    forget_topics,
    join_topics,
    merge_topics,
    note_hot,
)
from tickets.actions.upkeep import archive_closed, recompute_provisional
from tickets.actions.wordings import save_template

__all__ = [
    "MAX_OPINION",
    "MAX_REPLY",
    "DutyContent",
    "Findings",
    "Joining",
    "Matter",
    "Spoken",
    "accept",
    "add_duties",
    "advise",
    "answer",
    "apply_limits",
    "archive",
    "archive_closed",
    "ask",
    "call_back",
    "call_in",
    "check_demand",
    "checked",
    "close",
    "conclude",
    "confirm",
    "contact",
    "decide_extension",
    "decide_return",
    "decline",
    "delete_rule",
    "designate",
    "discard_duty",
    "dispatch",
    "draft_duty",
    "drop_sign_chain",
    "end_hot",
    "endorse",
    "export",
    "extend",
    "follow_masters",
    "follow_successors",
    "forget_search",
    "forget_topics",
    "gather",
    "gather_all",
    "hand_on",
    "hand_over",
    "import_duties",
    "inform",
    "instruct",
    "invalidate",
    "join_topics",
    "keep",
    "keep_candidate",
    "keep_file",
    "keep_inquiries",
    "keep_promises",
    "levels_of",
    "lift",
    "merge",
    "merge_topics",
    "move_duties",
    "move_duty",
    "note_export",
    "note_hot",
    "note_progress",
    "note_rule_error",
    "order_rules",
    "part",
    "path_of",
    "pause",
    "promise",
    "promote",
    "propose_withdrawal",
    "rate",
    "recall",
    "receive",
    "reckon_limits",
    "recompute_provisional",
    "record",
    "redirect",
    "refuse",
    "relay",
    "release",
    "remind",
    "reopen",
    "reply",
    "respond",
    "resume",
    "return_to",
    "reveal",
    "review",
    "revise_duty",
    "save_routings",
    "save_rule",
    "save_search",
    "save_template",
    "screen",
    "send_back",
    "send_reply_back",
    "send_up",
    "set_sign_chain",
    "set_thresholds",
    "show_cards",
    "sign",
    "split",
    "sub_dispatch",
    "supervise",
    "supplement",
    "suspend",
    "sweep_files",
    "take_back",
    "take_over",
    "together",
    "try_limits",
    "unmerge",
    "unsplit",
    "urge",
    "waive",
    "withdraw",
]
