"""Who may read and who may edit, always with a stranger beside."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import Role, User
from knowledge import actions, policy
from knowledge.models import Article
from knowledge.workflow import STEPS, Audience, Status
from tests.factories import Units, make_user
from tests.knowledge.conftest import MakeArticle, content


def reads(user: User | AnonymousUser | None, article: Article) -> bool:
    return policy.visible_to(user).filter(pk=article.pk).exists()


def test_the_public_reads_only_what_is_public(published: MakeArticle) -> None:
    public, agents, internal = (
        published(audience.label, audience=audience) for audience in Audience
    )

    seen = set(policy.visible_to(None))

    assert seen == {public}
    assert set(policy.visible_to(AnonymousUser())) == {public}
    assert reads(None, agents) is reads(None, internal) is False


def test_the_hotlines_people_read_what_is_meant_for_them(
    published: MakeArticle, agent: User, editor: User, admin: User
) -> None:
    agents = published("话术口径", audience=Audience.AGENTS)
    internal = published("内部联系人", audience=Audience.INTERNAL)

    assert reads(agent, agents)
    assert not reads(agent, internal)
    assert reads(editor, internal)
    assert reads(admin, internal)


def test_a_unit_reads_its_own_and_a_stranger_does_not(
    published: MakeArticle, handler: User, stranger: User
) -> None:
    internal = published("内部联系人", audience=Audience.INTERNAL)

    assert reads(handler, internal)
    assert not reads(stranger, internal)


@pytest.mark.parametrize(("starts", "ends"), [(1, None), (-9, -1)])
def test_what_is_not_yet_or_no_longer_valid_is_hidden_from_all_readers(
    published: MakeArticle, agent: User, editor: User, starts: int, ends: int | None
) -> None:
    today = timezone.localdate()
    article = published()
    Article.objects.filter(pk=article.pk).update(
        valid_from=today + timedelta(days=starts),
        valid_until=today + timedelta(days=ends) if ends else None,
    )

    assert not reads(None, article)
    assert not reads(agent, article)
    assert not reads(editor, article)
    assert policy.editable_by(editor).filter(pk=article.pk).exists()


def test_the_last_day_of_validity_still_counts(drafted: MakeArticle, editor: User) -> None:
    article = drafted(valid_until=timezone.localdate())

    actions.publish(article, by=editor)

    assert reads(None, article)


def test_drafts_and_withdrawn_articles_are_read_by_nobody(
    drafted: MakeArticle, published: MakeArticle, editor: User
) -> None:
    draft, gone = drafted("草稿"), published("已下架的")
    actions.withdraw(gone, note="废止", by=editor)

    assert not reads(editor, draft)
    assert not reads(editor, gone)


def test_editors_work_on_their_own_units_articles(
    drafted: MakeArticle, unit_editor: User, other_editor: User, editor: User, agent: User
) -> None:
    article = drafted()

    assert article in policy.editable_by(editor)
    assert article in policy.editable_by(unit_editor)
    assert article not in policy.editable_by(other_editor)
    assert article not in policy.editable_by(agent)


def test_an_editor_without_a_unit_edits_for_the_hotline(drafted: MakeArticle) -> None:
    free = make_user(Role.EDITOR)

    assert drafted() in policy.editable_by(free)


def test_an_editor_above_edits_for_units_below(units: Units) -> None:
    district = make_user(Role.EDITOR, units.linxi)

    assert policy.may_edit_for(district, units.linxi_housing)
    assert not policy.may_edit_for(district, units.nanping_urban)


@pytest.mark.parametrize("status", Status)
def test_allowed_steps_are_those_of_the_table(
    status: Status, drafted: MakeArticle, editor: User, unit_editor: User, stranger: User
) -> None:
    article = drafted()
    article.status = status

    allowed = {step.verb for step in policy.allowed_steps(editor, article)}

    from_here = {verb for verb, step in STEPS.items() if status in step.sources}
    assert allowed == from_here
    own = {step.verb for step in policy.allowed_steps(unit_editor, article)}
    assert own == from_here - {"publish"}
    assert policy.allowed_steps(stranger, article) == []


def test_every_step_has_its_action() -> None:
    assert all(callable(getattr(actions, verb)) for verb in STEPS)


def test_only_editors_and_administrators_edit(editor: User, admin: User, agent: User) -> None:
    assert policy.is_editor(editor)
    assert policy.is_editor(admin)
    assert not policy.is_editor(agent)
    assert not policy.is_editor(None)


def test_an_inactive_editor_does_nothing(units: Units, editor: User) -> None:
    editor.is_active = False
    editor.save()
    vars(editor).pop("posts", None)

    with pytest.raises(Exception, match="不能"):
        actions.draft(content(), department=units.housing, by=editor)
