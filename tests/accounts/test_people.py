"""People, their posts, and what follows from them."""

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from accounts import actions, policy, selectors
from accounts.models import Membership, Role, User
from tests.factories import Units, make_user


def test_roles_and_units_come_from_the_posts(units: Units) -> None:
    user = actions.create_user(
        "li", name="李工", posts=[(Role.HANDLER, units.housing), (Role.SIGNER, units.linxi_housing)]
    )

    assert user.roles == {Role.HANDLER, Role.SIGNER}
    assert user.has_role(Role.SIGNER, Role.ADMIN)
    assert not user.has_role(Role.AUDITOR)
    assert set(user.department_paths) == {units.housing.path, units.linxi_housing.path}
    assert user.departments_as(Role.SIGNER) == [units.linxi_housing]
    assert str(user) == "李工"


def test_posts_are_read_once(
    handler: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = User.objects.get(pk=handler.pk)

    with django_assert_num_queries(1):
        assert user.roles
        assert user.departments
        assert user.department_paths


def test_a_post_taken_away_ends_at_once(handler: User, units: Units) -> None:
    actions.revoke(handler, Role.HANDLER, units.housing)

    assert handler.roles == frozenset()
    assert handler.departments == []


def test_someone_who_left_has_no_role(handler: User) -> None:
    User.objects.filter(pk=handler.pk).update(is_active=False)

    assert User.objects.get(pk=handler.pk).roles == frozenset()


def test_a_closed_unit_gives_no_access(handler: User, units: Units) -> None:
    actions.change_department(units.housing, active=False)

    assert User.objects.get(pk=handler.pk).departments == []


def test_a_post_is_held_once(handler: User, units: Units) -> None:
    actions.grant(handler, Role.HANDLER, units.housing)

    assert handler.memberships.count() == 1


@pytest.mark.parametrize("with_unit", [True, False])
def test_the_database_refuses_the_same_post_twice(
    handler: User, units: Units, with_unit: bool
) -> None:
    unit = units.urban if with_unit else None
    Membership.objects.create(user=handler, role=Role.EDITOR, department=unit)

    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=handler, role=Role.EDITOR, department=unit)


def test_only_an_administrator_enters_the_admin_pages(handler: User) -> None:
    before = handler.is_staff

    actions.grant(handler, Role.ADMIN)

    assert (before, handler.is_staff) == (False, True)


def test_a_former_administrator_is_kept_out(admin: User, units: Units) -> None:
    actions.revoke(admin, Role.ADMIN, units.center)

    assert not User.objects.get(pk=admin.pk).is_staff


def test_members_are_found_by_unit_and_role(handler: User, auditor: User, units: Units) -> None:
    assert list(selectors.members(units.housing)) == [handler, auditor]
    assert list(selectors.members(units.housing, Role.AUDITOR)) == [auditor]
    assert list(selectors.acting_as(Role.AUDITOR, Role.HANDLER)) == [handler, auditor]


def test_a_superior_unit_has_what_lies_below(units: Units) -> None:
    head = make_user(Role.AUDITOR, units.linxi)

    assert policy.belongs_to(head, units.wanghe)
    assert policy.belongs_to(head, units.wanghe, Role.AUDITOR)
    assert not policy.belongs_to(head, units.wanghe, Role.SIGNER)
    assert not policy.belongs_to(head, units.nanping_urban)


@pytest.mark.parametrize("role", list(Role))
def test_only_who_speaks_with_citizens_may_see_their_number(units: Units, role: Role) -> None:
    user = make_user(role, units.housing)

    assert policy.may_see_contact(user) == (role in policy.SPEAKS_WITH_CITIZENS)


def test_a_name_alone_signs_nobody_in(db: None) -> None:
    assert authenticate(None, username="li") is None
