"""The bell of every staff page: how much one has not read."""

from typing import Any

from django.http import HttpRequest

from accounts.models import User
from outbox import selectors


def bell(request: HttpRequest) -> dict[str, Any]:
    """Give staff pages their count of unread notices (未读通知); asked only where it is read."""
    user = getattr(request, "user", None)
    return {"unread": lambda: selectors.unread(user.pk) if isinstance(user, User) else 0}
