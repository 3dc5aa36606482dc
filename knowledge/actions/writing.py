"""Writing, reviewing, publishing and withdrawing articles."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Department, User
from city.actions import mark_changed
from knowledge import policy
from knowledge.actions.wording import Content, cleaned, take_over, version_of
from knowledge.errors import Invalid, NotAllowed, Stale, WrongState
from knowledge.events import ArticleMoved
from knowledge.models import Article, ArticleVersion, Entry
from knowledge.workflow import STEPS, Status, Step
from outbox import bus


@transaction.atomic
def draft(content: Content, *, department: Department, by: User) -> Article:
    """Begin an article of a unit (起草)."""
    if not policy.may_edit_for(by, department):
        raise NotAllowed(f"您不能为{department}编写知识，请联系热线知识采编员。")
    content = cleaned(content)
    _refuse_pending_title(content.title)
    article = Article(department=department, created_by=by, number=secrets.token_hex(16))
    version = version_of(content)
    take_over(article, version)
    _save(article)
    article.number = f"K{article.pk:06}"
    _add_version(article, version, by)
    _save(article)
    _note(article, "draft", "", by)
    return article


def revise(article: Article, content: Content, *, by: User, version: int | None = None) -> None:
    """Write a new version (修改); what is published stays in force until the new one is."""
    with _moving("revise", article, by=by, version=version) as row:
        content = cleaned(content)
        _refuse_pending_title(content.title, besides=row)
        fresh = version_of(content)
        if row.current_version is None:
            take_over(row, fresh)
        _add_version(row, fresh, by)


def submit(article: Article, *, by: User, version: int | None = None) -> None:
    """Hand a draft to the unit's review, and from there to the hotline's (提交审核)."""
    with _moving("submit", article, by=by, version=version):
        pass


def send_back(article: Article, *, note: str, by: User, version: int | None = None) -> None:
    """Give a version under review back to its writer (退回修改)."""
    with _moving("send_back", article, by=by, version=version, note=note):
        pass


def publish(article: Article, *, by: User, version: int | None = None) -> None:
    """Put the newest version in force (发布); the one before stays findable until indexed."""
    with _moving("publish", article, by=by, version=version) as row:
        newest = _newest(row)
        if newest.valid_until and newest.valid_until < timezone.localdate():
            raise Invalid(valid_until="有效期已过，请先修改有效期再发布。")
        take_over(row, newest)
        row.current_version, row.published_at = newest, timezone.now()
        mark_changed()  # its keywords are words for the cutter


def withdraw(article: Article, *, note: str, by: User, version: int | None = None) -> None:
    """Take an article out of force (下架); its versions stay for the tickets that cite them."""
    with _moving("withdraw", article, by=by, version=version, note=note) as row:
        row.current_version = None


@contextmanager
def _moving(
    verb: str, article: Article, *, by: User, version: int | None, note: str = ""
) -> Iterator[Article]:
    """Do one step of the table in one transaction; bring the caller's article up to date.

    Raises Stale, WrongState, NotAllowed or Invalid before anything is changed.
    """
    step = STEPS[verb]
    with transaction.atomic():
        row = _locked(article)
        _check(row, step, by, version, note)
        before = Status(row.status)
        yield row
        row.status = step.targets[before]
        row.version += 1
        row.changed_at = timezone.now()
        _save(row)
        _note(row, verb, before, by, note)
    article.refresh_from_db()


def _locked(article: Article) -> Article:
    rows = Article.objects.select_related("department", "current_version", "latest_version")
    return rows.select_for_update(of=("self",)).get(pk=article.pk)


def _check(row: Article, step: Step, by: User, version: int | None, note: str) -> None:
    if version is not None and version != row.version:
        raise Stale(row.pk, version, row.version)
    if not policy.may_ever(by, step, row):
        raise NotAllowed(f"您不能{step.label}这条知识，请联系热线知识采编员。")
    if Status(row.status) not in step.sources:
        raise WrongState(f"这条知识目前是“{row.get_status_display()}”，不能{step.label}。")
    if step.needs_note and not note.strip():
        raise Invalid(note=f"请写明{step.label}的理由。")


def _save(article: Article) -> None:
    """Write the row; a title that is in force elsewhere is refused."""
    try:
        with transaction.atomic():
            article.save()
    except IntegrityError as taken:
        raise _title_taken(Article.objects.get(title=article.title)) from taken


def _refuse_pending_title(title: str, besides: Article | None = None) -> None:
    """Refuse a title that another article's newest version bears."""
    bearers = Article.objects.filter(latest_version__title=title)
    if other := next((row for row in bearers if row != besides), None):
        raise _title_taken(other)


def _title_taken(other: Article) -> Invalid:
    return Invalid(
        title=f"已有同名知识 {other.number}（{other.get_status_display()}），"
        "请换一个标题，或直接修改那一条。"
    )


def _newest(article: Article) -> ArticleVersion:
    if article.latest_version is None:
        raise WrongState("这条知识还没有内容。")
    return article.latest_version


def _add_version(article: Article, version: ArticleVersion, by: User) -> None:
    last = article.latest_version
    version.article, version.by = article, by
    version.no = last.no + 1 if last else 1
    version.save()
    article.latest_version = version


def _note(article: Article, step: str, before: str, by: User, note: str = "") -> None:
    """Add the step to the history and tell those who listen."""
    Entry.objects.create(
        article=article,
        step=step,
        from_status=before,
        to_status=article.status,
        version=article.version,
        wording=_newest(article),
        note=note.strip()[:500],
        by=by,
    )
    bus.publish(ArticleMoved(article_id=article.pk, step=step, version=article.version))
