"""Who may see whom: the part of the judgement that needs no ticket."""

from accounts.models import Department, User
from accounts.roles import Role

SPEAKS_WITH_CITIZENS = (
    Role.AGENT,
    Role.DISPATCHER,
    Role.REVIEWER,
    Role.HANDLER,
    Role.AUDITOR,
    Role.CALLBACK,
    Role.SUPERVISOR,
)


def may_see_contact(user: User) -> bool:
    """Tell whether the user's work needs a citizen's number (查看联系方式); seeing it is logged."""
    return user.has_role(*SPEAKS_WITH_CITIZENS)


def belongs_to(user: User, department: Department, *roles: Role) -> bool:
    """Tell whether the user acts in the unit or in one above it (本单位及下级)."""
    units = user.departments_as(*(roles or tuple(Role)))
    return any(department.path.startswith(unit.path) for unit in units)
