"""The one judge: who may read an article, and who may do which step."""

from datetime import date
from functools import reduce
from operator import or_

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Department, User
from accounts.roles import Role
from knowledge.models import Article
from knowledge.workflow import STEPS, Audience, Status, Step

Reader = User | AnonymousUser | None

HOTLINE = (Role.AGENT, Role.DISPATCHER, Role.REVIEWER, Role.CALLBACK, Role.SUPERVISOR)

_UP_TO = {
    Audience.PUBLIC: (Audience.PUBLIC,),
    Audience.AGENTS: (Audience.PUBLIC, Audience.AGENTS),
    Audience.INTERNAL: tuple(Audience),
}


def audience_of(user: Reader) -> Audience:
    """Tell how far a reader may read whatever the unit (可读范围)."""
    if not isinstance(user, User):
        return Audience.PUBLIC
    if is_hotline_editor(user):
        return Audience.INTERNAL
    return Audience.AGENTS if user.has_role(*HOTLINE) else Audience.PUBLIC


def audiences_for(audience: Audience) -> tuple[Audience, ...]:
    """List what may be read along with an audience (含更公开的范围)."""
    return _UP_TO[audience]


def in_force(on: date | None = None) -> Q:
    """Hold for articles with a live version that are valid on a day (有效), by default today."""
    day = on or timezone.localdate()
    until = Q(valid_until=None) | Q(valid_until__gte=day)
    return until & Q(current_version__isnull=False, valid_from__lte=day)


def visible_to(user: Reader) -> QuerySet[Article]:
    """The articles in force that a reader may read (可读知识); None is the public.

    A unit's own people also read what their unit keeps from the public.
    """
    open_to = Q(audience__in=audiences_for(audience_of(user)))
    if isinstance(user, User) and user.department_paths:
        open_to |= _under(user.department_paths)
    return Article.objects.filter(in_force(), open_to)


def editable_by(user: User) -> QuerySet[Article]:
    """The articles that an editor works on, in all states (可编辑知识)."""
    if is_hotline_editor(user):
        return Article.objects.all()
    paths = [unit.path for unit in user.departments_as(Role.EDITOR)]
    return Article.objects.filter(_under(paths)) if paths else Article.objects.none()


def is_editor(user: Reader) -> bool:
    """Tell whether a user edits articles at all (知识采编)."""
    return isinstance(user, User) and user.has_role(Role.EDITOR, Role.ADMIN)


def is_hotline_editor(user: User) -> bool:
    """Tell whether a user edits for the hotline (热线采编): all units' articles, and publishing."""
    if user.has_role(Role.ADMIN):
        return True
    posts = [post for post in user.posts if post.role == Role.EDITOR]
    return any(
        post.department is None or post.department.kind == Department.Kind.CENTER for post in posts
    )


def may_edit_for(user: User, department: Department) -> bool:
    """Tell whether a user may write articles of this unit (可为该单位采编)."""
    if is_hotline_editor(user):
        return True
    units = user.departments_as(Role.EDITOR)
    return any(department.path.startswith(unit.path) for unit in units)


def may(user: User, step: Step, article: Article) -> bool:
    """Tell whether a user may do a step on this article where it stands (可否办理)."""
    return Status(article.status) in step.sources and may_ever(user, step, article)


def may_ever(user: User, step: Step, article: Article) -> bool:
    """Tell whether a user may do a step on this article, wherever it stands."""
    if step.hotline_only and not is_hotline_editor(user):
        return False
    return may_edit_for(user, article.department)


def allowed_steps(user: User, article: Article) -> list[Step]:
    """The steps that a user may do now (下一步), in the table's order."""
    return [step for step in STEPS.values() if may(user, step, article)]


def _under(paths: list[str]) -> Q:
    return reduce(or_, (Q(department__path__startswith=path) for path in paths))


def units_for(user: User) -> QuerySet[Department]:
    """The active units whose articles a user may write (可采编单位)."""
    active = Department.objects.filter(active=True).order_by("path")
    if is_hotline_editor(user):
        return active
    paths = [unit.path for unit in user.departments_as(Role.EDITOR)]
    below = (Q(path__startswith=path) for path in paths)
    return active.filter(reduce(or_, below)) if paths else active.none()
