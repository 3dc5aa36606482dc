"""Work on tickets off the request path."""

from celery import shared_task

from tickets import actions
from tickets.routing import training


@shared_task
def train_routing() -> str:
    """Train the classifier anew (重新训练); returns the version, "" with too few tickets."""
    model = training.train()
    return model.version if model else ""


@shared_task
def keep_deadlines() -> int:
    """Make guessed deadlines firm (暂定期限) once the calendar is known; returns how many moved."""
    return actions.recompute_provisional()


@shared_task
def archive_closed() -> int:
    """Archive what was closed long ago (归档); returns how many."""
    return actions.archive_closed()
