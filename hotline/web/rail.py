"""The left rail of staff pages: which doors a role has, and where signing in leads."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Role, User


@dataclass(frozen=True)
class Door:
    """One line of the rail: a page and the roles whose work it is."""

    label: str
    url_name: str
    roles: frozenset[Role]

    @property
    def url(self) -> str:
        """The page's address."""
        return reverse(self.url_name)


DOORS: tuple[Door, ...] = ()


def doors_of(user: User) -> list[Door]:
    """List the pages of the user's roles (工作列表), the most urgent work first."""
    return [door for door in DOORS if user.has_role(*door.roles)]


def home_of(user: User) -> str:
    """Tell where the user's work begins (岗位首页)."""
    doors = doors_of(user)
    return doors[0].url if doors else "/"


def rail(request: HttpRequest) -> dict[str, Any]:
    """Give staff pages their rail; nothing is asked where no template reads it."""
    user = getattr(request, "user", None)
    return {"rail": lambda: doors_of(user) if isinstance(user, User) else []}
