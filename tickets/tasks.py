"""Work on tickets off the request path."""

from celery import shared_task

from tickets.routing import training


@shared_task
def train_routing() -> str:
    """Train the classifier anew (重新训练); returns the version, "" with too few tickets."""
    model = training.train()
    return model.version if model else ""
