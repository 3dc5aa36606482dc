"""After the reply: review, call-back, rating, redo, closing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from accounts.models import User
from city.models import Parameter
from city.selectors import number
from tickets.actions import oversight
from tickets.actions.moves import Actor, Move, live_lead, moving
from tickets.errors import Invalid
from tickets.models import Assignment, CallbackAttempt, Rating, Reply, Ticket
from tickets.models.followup import Contacted, Satisfied, Solved
from tickets.workflow import Kind, Party, Status


@dataclass(frozen=True)
class Verdict:
    """The three answers (三问), checked."""

    contacted: str
    solved: str
    satisfied: str

    @property
    def unhappy(self) -> bool:
        """Tell whether the matter calls for a redo."""
        return self.satisfied == Satisfied.NO or self.solved == Solved.NO


def _verdict(contacted: str, solved: str, satisfied: str) -> Verdict:
    wrong: dict[str, str] = {}
    if contacted not in Contacted.values:
        wrong["contacted"] = "请选择承办单位是否联系过。"
    if solved not in Solved.values:
        wrong["solved"] = "请选择问题是否解决。"
    if satisfied not in Satisfied.values:
        wrong["satisfied"] = "请选择是否满意。"
    if wrong:
        raise Invalid(**wrong)
    return Verdict(contacted, solved, satisfied)


def review(
    ticket: Ticket,
    *,
    by: Actor,
    note: str = "",
    publish: bool = False,
    version: int | None = None,
) -> Ticket:
    """Accept the reply (审核): on to the call-back, or closed where nobody is to be called.

    With `publish` anybody may read it (公开答复), where citizen and unit agreed.
    """
    with moving("review", ticket, by=by, version=version, note=note) as move:
        latest = Reply.objects.filter(ticket=move.ticket).latest("version")
        latest.accepted_at = move.at
        if publish and latest.may_publish and move.ticket.public:
            latest.published_at = move.at
        latest.save(update_fields=["accepted_at", "published_at"])
        if not to_be_called(move.ticket):
            close_row(move)
    return ticket


def to_be_called(ticket: Ticket) -> bool:
    """Tell whether the citizen is called (应回访): not for 咨询 and 表扬, nor without a number."""
    quiet = ticket.kind in {Kind.CONSULT, Kind.PRAISE}
    return bool(ticket.phone) and ticket.wants_callback and not quiet


def close_row(move: Move) -> None:
    """End the ticket's way here and now (结案)."""
    move.to = Status.CLOSED
    move.ticket.closed_at = move.at


def call_back(
    ticket: Ticket,
    *,
    outcome: str,
    by: User,
    contacted: str = "",
    solved: str = "",
    satisfied: str = "",
    reasons: Sequence[str] = (),
    reasonable: bool = True,
    note: str = "",
    version: int | None = None,
) -> Ticket:
    """Note a try to reach the citizen (回访) and what he said: close, redo, or try again.

    Raises Invalid where somebody answered and a question is left open.
    """
    reached = outcome == CallbackAttempt.Outcome.REACHED
    verdict = _verdict(contacted, solved, satisfied) if reached else None
    with moving("call_back", ticket, by=by, version=version, note=note) as move:
        CallbackAttempt.objects.create(
            ticket=move.ticket,
            outcome=CallbackAttempt.Outcome(outcome),
            contacted=contacted if reached else "",
            solved=solved if reached else "",
            satisfied=satisfied if reached else "",
            reasons=list(reasons),
            text=move.note,
            at=move.at,
            by=by,
        )
        move.extra = {"outcome": outcome, "solved": solved, "satisfied": satisfied}
        if verdict:
            _settle(move, verdict, reasonable=reasonable)
        else:
            _try_again(move, outcome)
    return ticket


def _settle(move: Move, verdict: Verdict, *, reasonable: bool = True) -> None:
    """Redo a reasonable demand that is not satisfied, a few times at most; close all others."""
    if verdict.unhappy and reasonable and move.ticket.redo_count < number(Parameter.Name.REDO):
        _redo(move)
    else:
        close_row(move)


def _try_again(move: Move, outcome: str) -> None:
    """Keep trying somebody who does not answer, a few times in all."""
    tries = CallbackAttempt.objects.filter(ticket=move.ticket).count()
    move.to = Status.PENDING_CALLBACK
    if outcome != CallbackAttempt.Outcome.NO_ANSWER or tries >= number(
        Parameter.Name.CALLBACK_ATTEMPTS
    ):
        close_row(move)


def _redo(move: Move) -> None:
    """Send the ticket back to its unit for another try (重办); the second one is supervised."""
    row = move.ticket
    move.to = Status.REDO
    row.redo_count += 1
    if row.redo_count >= number(Parameter.Name.REDO) and not row.supervise_level:
        oversight.put_under(row, move.at, note=oversight.REDONE)
    row.closed_at = row.replied_at = None
    live_lead(row).update(state=Assignment.State.HANDLING, replied_at=None)


def rate(
    ticket: Ticket,
    *,
    contacted: str,
    solved: str,
    satisfied: str,
    text: str = "",
    reasons: Sequence[str] = (),
    version: int | None = None,
) -> Ticket:
    """Take the citizen's own rating (评价), once a reply and within days of closing."""
    verdict = _verdict(contacted, solved, satisfied)
    with moving("rate", ticket, by=Party.CITIZEN, version=version, note=text) as move:
        _check_may_rate(move)
        Rating.objects.create(
            ticket=move.ticket,
            contacted=contacted,
            solved=solved,
            satisfied=satisfied,
            reasons=list(reasons),
            text=move.note,
            at=move.at,
        )
        move.extra = {"solved": solved, "satisfied": satisfied}
        move.to = Status(move.ticket.status)
        if move.ticket.lead_id:
            _settle(move, verdict)
    return ticket


def _check_may_rate(move: Move) -> None:
    row = move.ticket
    days = number(Parameter.Name.RATING_DAYS)
    if row.closed_at and move.at - row.closed_at > timedelta(days=days):
        raise Invalid(satisfied=f"办结已超过 {days} 天，不能再评价；仍有问题请重新提交诉求。")
    last = Rating.objects.filter(ticket=row).order_by("-at").first()
    if last and (row.replied_at is None or last.at > row.replied_at):
        raise Invalid(satisfied="这次答复您已经评价过了，谢谢。")


def reopen(ticket: Ticket, *, note: str, by: Actor, version: int | None = None) -> Ticket:
    """Have a closed ticket handled anew (重办)."""
    with moving("reopen", ticket, by=by, version=version, note=note) as move:
        if not move.ticket.lead_id:
            raise Invalid(note="这件工单没有承办单位，不能重办，请另行登记。")
        _redo(move)
    return ticket


def close(ticket: Ticket, *, note: str, by: Actor, version: int | None = None) -> Ticket:
    """Close without a call-back (办结), with the reason."""
    with moving("close", ticket, by=by, version=version, note=note) as move:
        close_row(move)
    return ticket


def archive(ticket: Ticket) -> Ticket:
    """Lock a ticket that was closed long ago (归档)."""
    with moving("archive", ticket, by=Party.SYSTEM):
        pass
    return ticket
