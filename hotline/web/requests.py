"""Requests as views get them: typed, signed in, and in a role that may see the page."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails

from accounts.models import Role, User

P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """A request of a member of staff."""

    user: User
    htmx: HtmxDetails


StaffView = Callable[Concatenate[StaffRequest, P], HttpResponse]
AnyView = Callable[Concatenate[HttpRequest, P], HttpResponse]


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Ask to sign in and come back; a fragment reloads its whole page for that."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return redirect_to_login(request.get_full_path())


def staff(*roles: Role) -> Callable[[StaffView[P]], AnyView[P]]:
    """Let only signed-in staff in (限工作人员), and where roles are named, only those.

    Who is not signed in comes back to the same page after signing in.
    """

    def decorate(view: StaffView[P]) -> AnyView[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not isinstance(request.user, User):
                return _to_sign_in(request)
            if roles and not request.user.has_role(*roles):
                names = "、".join(role.label for role in roles)
                return render(request, "errors/forbidden.html", {"who": names}, status=403)
            return view(cast("StaffRequest", request), *args, **kwargs)

        return guarded

    return decorate


def address(request: HttpRequest) -> str | None:
    """The address the request came from (来源地址), for the logs."""
    return request.META.get("REMOTE_ADDR") or None
