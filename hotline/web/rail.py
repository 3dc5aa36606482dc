"""The left rail of staff pages: which doors a role has, and where signing in leads."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Role, User
from tickets import policy, selectors

EVERYBODY = frozenset(Role)


@dataclass(frozen=True)
class Door:
    """One line of the rail: a page, the roles whose work it is, and the list it counts."""

    label: str
    url_name: str
    roles: frozenset[Role]
    worklist: str = ""

    @property
    def url(self) -> str:
        """The page's address."""
        address = reverse(self.url_name)
        return f"{address}?list={self.worklist}" if self.worklist in TABS else address


TABS = frozenset(
    "returns disputes to_complete to_sign to_receive to_handle to_advise to_release promised "
    "to_grant to_explain requests supervised open".split()
)
"""Work lists that share a page with another one and are a tab of it."""


def _work(worklist: str, url_name: str) -> Door:
    row = selectors.WORK_LISTS[worklist]
    return Door(row.label, url_name, row.roles, worklist)


DOORS = (
    Door("坐席工作台", "desk:home", frozenset({Role.AGENT})),
    _work("to_dispatch", "dispatch:queue"),
    _work("returns", "dispatch:queue"),
    _work("to_sign", "work:list"),
    _work("to_receive", "work:list"),
    _work("to_handle", "work:list"),
    _work("to_advise", "work:list"),
    _work("to_release", "work:list"),
    _work("promised", "work:list"),
    _work("to_grant", "work:list"),
    _work("to_explain", "work:list"),
    _work("to_review", "review:queue"),
    _work("to_call", "callbacks:queue"),
    Door("督办看板", "supervision:board", frozenset({Role.SUPERVISOR})),
    _work("requests", "work:list"),
    _work("supervised", "work:list"),
    _work("open", "work:list"),
    Door("热点", "supervision:topics", frozenset(policy.SEES_TOPICS)),
    _work("to_complete", "work:list"),
    Door("骚扰号码", "supervision:nuisances", frozenset({Role.SUPERVISOR})),
    Door("匹配工坊", "supervision:routing", frozenset(policy.RUNS_ROUTING)),
    _work("disputes", "dispatch:queue"),
    Door("知识采编", "editing:list", frozenset({Role.EDITOR})),
    Door("全部工单", "tickets:list", EVERYBODY),
    Door("搜索", "finding:search", EVERYBODY),
    Door("派单目录", "duties:list", frozenset(policy.READS_DUTIES)),
    Door("答复模板", "wordings:list", frozenset({Role.AUDITOR, Role.EDITOR, Role.ADMIN})),
    Door("词库和同义词", "editing:words", frozenset({Role.ADMIN})),
    Door("时限改用", "supervision:limits", frozenset(policy.SETS_LIMITS)),
    Door("系统管理", "admin:index", frozenset({Role.ADMIN})),
)


def doors_of(user: User) -> list[Door]:
    """List the pages of the user's roles (工作列表), the most urgent work first."""
    return [door for door in DOORS if user.has_role(*door.roles)]


def home_of(user: User) -> str:
    """Tell where the user's work begins (岗位首页)."""
    doors = doors_of(user)
    return doors[0].url if doors else "/"


def lines_of(user: User, at: str = "") -> list[dict[str, Any]]:
    """Give the rail with its live counts (实时数量); AT is the address of the open page."""
    counts = selectors.counts(user)
    return [
        {
            "label": door.label,
            "url": door.url,
            "tally": counts.get(door.worklist),
            "here": _leads_to(door, at),
        }
        for door in doors_of(user)
    ]


def _leads_to(door: Door, at: str) -> bool:
    """Tell whether the open page is the door's, however its list is narrowed."""
    page, name = urlsplit(at), parse_qs(urlsplit(at).query).get("list", [""])[0]
    path, _, tab = door.url.partition("?list=")
    return page.path == path and name in {tab, door.worklist}


def rail(request: HttpRequest) -> dict[str, Any]:
    """Give staff pages their rail; nothing is asked where no template reads it."""
    user = getattr(request, "user", None)
    return {
        "rail": lambda: lines_of(user, request.get_full_path()) if isinstance(user, User) else []
    }
