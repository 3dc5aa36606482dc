"""Signing in leads each role to its work, or back to the page it came from."""

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from accounts.models import User
from hotline.web import rail
from hotline.web.entrance.forms import SignInForm
from hotline.web.requests import StaffRequest, staff


class _SignIn(LoginView):
    template_name = "entrance/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = False

    def get_default_redirect_url(self) -> str:
        user = self.request.user
        return rail.home_of(user) if isinstance(user, User) else super().get_default_redirect_url()


_sign_in = _SignIn.as_view()
_sign_out = LogoutView.as_view(next_page="accounts:sign-in")


def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in (登录)."""
    return _sign_in(request)  # type: ignore[return-value]  # HttpResponseBase in the stubs


def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out (退出)."""
    return _sign_out(request)


@staff()
def home(request: StaffRequest) -> HttpResponse:
    """Lead to where the user's work begins (岗位首页)."""
    return HttpResponseRedirect(rail.home_of(request.user))


@staff()
def live_rail(request: StaffRequest) -> HttpResponse:
    """Give the rail with its counts of now (实时数量)."""
    context = {"rail": rail.lines_of(request.user, request.GET.get("at", ""))}
    return render(request, "components/rail.html", context)
