"""Supervision in levels: demanded, explained by a named leader, raised, ended."""

from accounts.models import User
from tickets.actions import oversight
from tickets.actions.moves import Actor, moving, typed
from tickets.errors import Invalid, WrongState
from tickets.models import Supervised, Supervision, Ticket

LONGEST_NAME = 30


def supervise(ticket: Ticket, *, note: str, by: Actor, version: int | None = None) -> Ticket:
    """Put the ticket under supervision (督办): its unit explains itself in writing."""
    with moving("supervise", ticket, by=by, version=version, note=note) as move:
        who = by if isinstance(by, User) else None
        oversight.put_under(move.ticket, move.at, note=move.note, by=who)
    return ticket


def instruct(
    ticket: Ticket, *, leader: str, note: str, by: User, version: int | None = None
) -> Ticket:
    """Enter what a leader of the city wrote on it (领导批示), also when it is closed.

    An open ticket is under special supervision (专项督办) from now on; a closed one is handled anew
    by `reopen` only.
    """
    who = _name(leader, "请写明是哪位领导的批示。")
    with moving("instruct", ticket, by=by, version=version, note=note) as move:
        move.extra = {"leader": who}
        if move.ticket.is_open:
            said = f"{who}批示：{move.note}"
            level = Supervised.SPECIAL
            oversight.put_under(move.ticket, move.at, note=said, by=by, level=level)
    return ticket


def escalate(ticket: Ticket, *, note: str, by: User, version: int | None = None) -> Ticket:
    """Raise the supervision by a level (提级督办): the unit above is told, a new word demanded."""
    with moving("escalate", ticket, by=by, version=version, note=note) as move:
        level = move.ticket.supervise_level + 1
        if level not in Supervised.values:
            raise WrongState("工单没有在督办中，或已是最高一级。")
        oversight.put_under(move.ticket, move.at, note=move.note, by=by, level=level)
        move.extra = {"level": Supervised(level).label}
    return ticket


def explain(
    ticket: Ticket, *, leader: str, note: str, by: User, version: int | None = None
) -> Ticket:
    """Explain in writing what held the unit up (督办说明), under a leader's name."""
    who = _name(leader, "请写明负责督促办理的单位领导。")
    with moving("explain", ticket, by=by, version=version, note=note) as move:
        if move.ticket.explain_due_at is None:
            raise WrongState("没有待作说明的督办。")
        Supervision.objects.filter(ticket=move.ticket, ended_at=None).update(
            department=move.ticket.lead,
            leader=who,
            explanation=move.note,
            explained_by=by,
            explained_at=move.at,
        )
        move.extra = {"leader": who}
        if move.at > move.ticket.explain_due_at:
            move.extra["late"] = True
        move.ticket.explain_due_at = None
    return ticket


def end_supervision(ticket: Ticket, *, note: str, by: User, version: int | None = None) -> Ticket:
    """End the supervision (解除督办) with its result; otherwise it ends with the ticket."""
    with moving("end_supervision", ticket, by=by, version=version, note=note) as move:
        if not move.ticket.supervise_level:
            raise WrongState("工单没有在督办中。")
        oversight.end(move.ticket, move.at, move.note, by)
    return ticket


def _name(leader: str, sentence: str) -> str:
    who = typed(leader)[:LONGEST_NAME]
    if not who:
        raise Invalid(leader=sentence)
    return who
