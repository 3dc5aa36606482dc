"""Sessions that last half an hour after the last request, without a write on each request."""

from datetime import timedelta
from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone

RENEWED_AFTER = timedelta(minutes=1)


class SessionStore(db.SessionStore):
    """Django's rows, renewed (会话顺延) when a minute of their life is gone."""

    def _get_session_from_db(self) -> Any:
        row = super()._get_session_from_db()  # type: ignore[misc]  # the stubs leave it out
        age = timedelta(seconds=self.get_session_cookie_age())
        if row and row.expire_date - timezone.now() < age - RENEWED_AFTER:
            self.modified = True
        return row
