"""What a ticket's page tells: its history, its units, its replies."""

from collections.abc import Callable
from typing import Any

from django.db.models import (
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    prefetch_related_objects,
)

from accounts.models import User
from tickets import policy
from tickets.models import (
    Assignment,
    Attachment,
    ContactAttempt,
    Entry,
    Filling,
    Handling,
    Inquiry,
    Opinion,
    Reply,
    Return,
    Supervision,
    Ticket,
)
from tickets.workflow import STEPS, Party, Status

MOST_FILLED = 5_000


def history(ticket: Ticket) -> list[Entry]:
    """The ticket's story (流转记录), oldest first."""
    return list(ticket.entries.select_related("by", "department", "words").order_by("id"))


def entries_since(ticket: Ticket, version: int) -> list[Entry]:
    """What happened since VERSION was read (其间变化)."""
    return [entry for entry in history(ticket) if entry.version > version]


def replies(ticket: Ticket) -> list[Reply]:
    """All versions of the reply (答复版本), newest first."""
    return sorted(ticket.replies.all(), key=lambda reply: -reply.version)


def newest_reply(ticket: Ticket) -> Reply | None:
    """The reply as it stands (最新答复)."""
    return next(iter(replies(ticket)), None)


def turns(ticket: Ticket) -> list[Assignment]:
    """The units that had or have the ticket (承办情况)."""
    return list(ticket.assignments.select_related("department", "handler").order_by("id"))


def returns(ticket: Ticket) -> list[Return]:
    """What units said when they returned the ticket (退单意见), oldest first."""
    return list(ticket.returns.select_related("department", "suggested").order_by("id"))


def merged_of(ticket: Ticket, user: User) -> list[Ticket]:
    """The tickets that were merged into this one (并入的工单) and that USER may see."""
    if not _may_hold(ticket, "merged"):
        return []
    return list(policy.visible_to(user).filter(merged_into=ticket).order_by("id"))


def parts_of(ticket: Ticket) -> list[Ticket]:
    """The other demands of the same call or message (同一来件), for its citizen, oldest first."""
    return list(ticket.parts.exclude(status=Status.INVALID).select_related("lead").order_by("id"))


def linked_to(ticket: Ticket, user: User) -> list[Ticket]:
    """The tickets of the same call or message (同一来件) that USER may see, oldest first."""
    if ticket.split_from_id is None and not _may_hold(ticket, "parts"):
        return []
    first = ticket.split_from_id or ticket.pk
    family = policy.visible_to(user).filter(Q(pk=first) | Q(split_from=first))
    return list(family.exclude(pk=ticket.pk).order_by("id"))


def original_words(ticket: Ticket) -> str:
    """What the citizen said before it was split (原话); "" where it was not."""
    whole = ticket.split_from
    return whole.text if whole and whole.status == Status.SPLIT else ""


def fillings(user: User, code: str) -> QuerySet[Filling]:
    """The newest special forms of one sort (专项登记) on tickets that USER may see."""
    rows = Filling.objects.filter(form=code, ticket__in=policy.visible_to(user))
    return rows.select_related("ticket__lead").order_by("-ticket")[:MOST_FILLED]


def filling_of(ticket: Ticket, veil: Callable[[str], str]) -> tuple[str, list[tuple[str, str]]]:
    """The special form of a ticket (专项登记): its name and answers, seen through VEIL."""
    filling = getattr(ticket, "filling", None)
    if filling is None:
        return "", []
    return filling.name, [(label, veil(words)) for label, words in filling.answers]


def step_label(entry: Entry) -> str:
    """Name the step of a history entry (步骤名称)."""
    return STEPS[entry.step].label


def actor_label(entry: Entry) -> str:
    """Name who did the step (经办人)."""
    if entry.by:
        return str(entry.by)
    return Party(entry.party).label if entry.party else ""


def _may_hold(ticket: Ticket, name: str) -> bool:
    """Tell whether there may be something: only `opened` asked beforehand."""
    return bool(getattr(ticket, f"holds_{name}", True))


SAID = Opinion.objects.select_related("by")
TURNS = Assignment.objects.select_related("department", "parent__department", "handler")
HANDLINGS = Handling.objects.select_related("department", "by")
REPLIES = Reply.objects.select_related("department", "by")
BESIDE: dict[str, QuerySet[Any]] = {
    "handlings": HANDLINGS,
    "replies": REPLIES,
    "contacts": ContactAttempt.objects.select_related("department", "by").order_by("id"),
    "inquiries": Inquiry.objects.select_related("department"),
    "attachments": Attachment.objects.order_by("id"),
    "supervisions": Supervision.objects.select_related("department", "by", "explained_by"),
}
"""Small tables beside a ticket, each mostly without a row of it."""
ASKED = {
    **{name: rows.filter(ticket=OuterRef("pk")) for name, rows in BESIDE.items()},
    "opinions": Opinion.objects.filter(turn__ticket=OuterRef("pk")),
    "merged": Ticket.objects.filter(merged_into=OuterRef("pk")),
    "parts": Ticket.objects.filter(split_from=OuterRef("pk")),
}


def for_page(user: User) -> QuerySet[Ticket]:
    """The tickets that USER may see with what a ticket beside a list shows (工单详情)."""
    return _joined(user).prefetch_related(
        Prefetch("assignments", TURNS.prefetch_related(Prefetch("opinions", SAID))),
        Prefetch("handlings", HANDLINGS),
        Prefetch("replies", REPLIES),
    )


def _joined(user: User) -> QuerySet[Ticket]:
    return policy.visible_to(user).select_related(
        *("lead", "category__parent", "region", "respondent", "article_version"),
        *("merged_into", "split_from", "incident", "filling"),
    )


def opened(user: User, number: str) -> Ticket | None:
    """The ticket of a number with all that its page shows (打开工单), None where USER sees none.

    The question for the ticket asks too which of the tables beside it hold something of it, so
    that the others need not be asked.
    """
    asked = {f"holds_{name}": Exists(rows) for name, rows in ASKED.items()}
    ticket = _joined(user).annotate(**asked).filter(number=number).first()
    if ticket is None:
        return None
    said = SAID if _may_hold(ticket, "opinions") else SAID.none()
    turns = Prefetch("assignments", TURNS.prefetch_related(Prefetch("opinions", said)))
    found = {
        name: rows if _may_hold(ticket, name) else rows.none() for name, rows in BESIDE.items()
    }
    prefetch_related_objects([ticket], turns, *(Prefetch(*each) for each in found.items()))
    return ticket
