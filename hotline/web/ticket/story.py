"""A ticket's story as lines, and who must act."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from accounts.models import User
from tickets import policy, selectors
from tickets.models import Entry, Routing, Ticket
from tickets.quality import Check
from tickets.workflow import WITH_UNIT, Status, TurnState

Veil = Callable[[str], str]
WANTED = {TurnState.PENDING: "接收", TurnState.HANDLING: "反馈意见"}
NOT_A_TURN = "open"  # the supervisor's list of everything is nobody's turn


@dataclass(frozen=True)
class Line:
    """One step in the story: what, by whom, and what was said."""

    entry: Entry
    label: str
    actor: str
    detail: str
    said: str = ""


def story(ticket: Ticket, *, since: int = 0, veil: Veil = str) -> list[Line]:
    """Tell the story (流转经过), all of it or what came after a version, oldest first.

    What was said passes through VEIL.
    """
    entries = selectors.entries_since(ticket, since)
    return [_line(entry, veil) for entry in entries]


def _line(entry: Entry, veil: Veil) -> Line:
    step, actor = selectors.step_label(entry), selectors.actor_label(entry)
    return Line(entry, step, actor, _detail(entry), veil(entry.note))


def _detail(entry: Entry) -> str:
    """Say what the step decided beyond its note."""
    extra = entry.extra
    said = [f"→ {extra['to']}"] if extra.get("to") else []
    if extra.get("assisting"):
        said.append("协办：" + "、".join(extra["assisting"]))
    if extra.get("signed_late"):
        said.append(f"{extra['signed_late']}签收超时，系统代签")
    if extra.get("into"):
        said.append(f"并入 {extra['into']}")
    if extra.get("parts"):
        said.append("拆为 " + "、".join(extra["parts"]))
    named = ("leader", "level", "code", "reason", "incident", "unit", "means", "outcome")
    said += [extra[name] for name in named if extra.get(name) and entry.step != "call_back"]
    if extra.get("recorded"):
        said.append("登记了" + "、".join(extra["recorded"]))
    said += _longer(extra)
    if extra.get("duty"):
        said.append(f"已提请列入派单目录（{extra['duty']}）")
    return "　".join([*said, *_opinion(extra), *_brought(extra)])


def _longer(extra: Mapping[str, Any]) -> Iterator[str]:
    """What was asked for a matter that takes long, and whether it was granted."""
    if "granted" in extra:
        yield "同意" if extra["granted"] else "不同意"
    if extra.get("days"):
        yield f"延长 {extra['days']} 个工作日"
    if extra.get("promised"):
        yield f"承诺至 {extra['promised']}"


def _opinion(extra: Mapping[str, Any]) -> Iterator[str]:
    """What was said for and against."""
    for name, label in (("basis", "依据"), ("suggest", "建议")):
        if extra.get(name):
            yield f"{label}：{extra[name]}"
    if "accepted" in extra:
        yield "同意退单" if extra["accepted"] else "不同意退单"


def _brought(extra: Mapping[str, Any]) -> Iterator[str]:
    """What came with it: files, defects of a reply."""
    if extra.get("asked_by"):
        yield f"{extra['asked_by']}提请，诉求人凭查询码确认"
    if extra.get("call"):
        yield "有通话记录"
    if extra.get("attachments"):
        yield f"附件 {extra['attachments']} 个"
    if extra.get("defects"):
        yield "、".join(Check(code).label for code in extra["defects"])


ROUTES = frozenset("screen dispatch take_back redirect send_back decide_return designate".split())


@dataclass(frozen=True)
class Round:
    """One matching of a ticket as it stood, and what people and units did upon it."""

    routing: Routing
    lines: list[Line]
    neighbours: list[dict[str, str]]
    """Tickets like it then, of those that the reader may see now."""


def rounds(ticket: Ticket, user: User, veil: Veil = str) -> list[Round]:
    """Put each matching beside what followed it (为什么这样派), oldest first."""
    routings = list(ticket.routings.all())
    steps = [line for line in story(ticket, veil=veil) if line.entry.step in ROUTES]
    ends = [later.at for later in routings[1:]]
    near = {n["number"] for row in routings for n in row.decision.get("neighbours", [])}
    seen = set(policy.visible_to(user).filter(number__in=near).values_list("number", flat=True))
    return [
        Round(
            row,
            [x for x in steps if x.entry.at >= row.at and (not end or x.entry.at < end)],
            [n for n in row.decision.get("neighbours", []) if n["number"] in seen],
        )
        for row, end in zip_longest(routings, ends)
    ]


def who_acts(ticket: Ticket) -> str:
    """Say whose turn it is (轮到谁)."""
    if ticket.status == Status.PENDING_INFO:
        return "诉求人（补充要素）"
    rows = selectors.WORK_LISTS.items()
    lists = [row for name, row in rows if name != NOT_A_TURN and row.turns is None]
    status = Status(ticket.status)
    roles = {role.label: None for row in lists if row.holds(ticket) for role in row.roles}
    if not roles:
        return ""
    if status not in WITH_UNIT:
        return f"热线中心（{'、'.join(sorted(roles))}）"
    waiting = "".join(
        f"；待{turn}{WANTED[TurnState(turn.state)]}" for turn in policy.awaited(ticket)
    )
    return f"{ticket.lead}（{'、'.join(sorted(roles))}）{waiting}"
