"""Signing in with a name and a password, locked for a while after too many failures."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.actions import record_sign_in
from accounts.models import User
from accounts.selectors import locked_until


class LockingBackend(ModelBackend):
    """Django's own backend behind a lock (登录锁定)."""

    def authenticate(
        self, request: Any, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """Check the password unless the name is locked; every try is noted."""
        if not username or password is None:
            return None
        if locked_until(username, timezone.now()):
            raise PermissionDenied("登录失败次数过多，请 15 分钟后再试。")
        user = super().authenticate(request, username=username, password=password, **kwargs)
        ip = request.META.get("REMOTE_ADDR") if request is not None else None
        record_sign_in(username, ok=user is not None, ip=ip or None)
        return user if isinstance(user, User) else None
