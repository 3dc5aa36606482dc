"""Work on tickets off the request path."""

from celery import shared_task
from django.utils import timezone

from tickets import actions
from tickets.routing import authority, intake, training
from tickets.topics import bursts


@shared_task
def train_routing() -> str:
    """Train a candidate and try it (重新训练); returns its version, "" with too few tickets.

    Where it goes live by rule, what waits for a dispatcher is matched anew.
    """
    with training.alone() as mine:
        model = training.renew() if mine else None
    if model is None:
        return ""
    model.refresh_from_db()
    if model.state == model.State.LIVE:
        intake.match_waiting()
    return model.version


@shared_task
def match_waiting() -> None:
    """Match anew what waits for a dispatcher (更新待派建议) when another version is in force."""
    intake.match_waiting()


@shared_task
def keep_authority() -> list[str]:
    """Check what the platform dispatched by itself (自动派单复核); names the matters it pauses."""
    authority.recheck()
    return [pause.matter for pause in authority.check(timezone.now())]


@shared_task
def count_topics() -> list[str]:
    """Count which topics burst (热点统计); names those that do now."""
    return [topic.name for topic in bursts.count(timezone.now())]


@shared_task
def keep_deadlines() -> int:
    """Make guessed deadlines firm (暂定期限) once the calendar is known; returns how many moved."""
    return actions.recompute_provisional()


@shared_task
def show_cards() -> int:
    """Show the cards that are due (红黄牌); returns how many."""
    return actions.show_cards()


@shared_task
def keep_promises() -> int:
    """Resume promises that are due or neglected (承诺办理到期); returns how many."""
    return actions.keep_promises()


@shared_task
def reckon_limits() -> int:
    """Go on with a change of limits (时限改用); returns how many tickets were reckoned."""
    return actions.reckon_limits()


@shared_task
def archive_closed() -> int:
    """Archive what was closed long ago (归档); returns how many."""
    return actions.archive_closed()


@shared_task
def keep_inquiries() -> int:
    """Remind or let go who was asked for more (待补充提醒、到期); returns how many."""
    return actions.keep_inquiries(timezone.now())


@shared_task
def sweep_files() -> int:
    """Remove files that were sent and never handed in (清理未提交附件); returns how many."""
    return actions.sweep_files(timezone.now())


@shared_task
def follow_successors() -> int:
    """Hand the open tickets of closed units on (机构调整移交); returns how many."""
    return actions.follow_successors()
