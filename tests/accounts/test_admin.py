"""The administrator's pages for units and people."""

import pytest
from django.test import Client

from accounts import actions
from accounts.models import Department, Membership, Role, User
from tests.factories import Units


@pytest.fixture
def pages(admin: User, client: Client) -> Client:
    client.force_login(admin)
    return client


def _posts(*rows: tuple[Membership | None, Role, Department | None, bool]) -> dict[str, str]:
    """Fill the table of posts as a browser would."""
    known = [row for row in rows if row[0]]
    data = {"memberships-TOTAL_FORMS": str(len(rows)), "memberships-INITIAL_FORMS": str(len(known))}
    for n, (post, role, department, gone) in enumerate(rows):
        data[f"memberships-{n}-id"] = str(post.pk) if post else ""
        data[f"memberships-{n}-role"] = role.value
        data[f"memberships-{n}-department"] = str(department.pk) if department else ""
        if gone:
            data[f"memberships-{n}-DELETE"] = "on"
    return data


def test_a_unit_gets_its_path_and_spelling(pages: Client, units: Units) -> None:
    pages.post(
        "/admin/accounts/department/add/",
        {
            "code": "lx-sw",
            "name": "临溪区水务局",
            "kind": "bureau",
            "parent": units.linxi.pk,
            "active": "on",
        },
    )

    unit = Department.objects.get(code="lx-sw")
    assert unit.path == f"{units.linxi.path}{unit.pk}/"
    assert unit.initials == "lxqswj"


def test_a_unit_cannot_hang_below_itself(pages: Client, units: Units) -> None:
    answer = pages.post(
        f"/admin/accounts/department/{units.linxi.pk}/change/",
        {"code": "lx", "name": "临溪区人民政府", "kind": "district", "parent": units.wanghe.pk},
    )

    assert "上级单位不能是本单位或其下级" in answer.content.decode()


def test_units_and_people_cannot_be_deleted(pages: Client, units: Units, handler: User) -> None:
    of_unit = pages.post(f"/admin/accounts/department/{units.water.pk}/delete/", {"post": "yes"})
    of_person = pages.post(f"/admin/accounts/user/{handler.pk}/delete/", {"post": "yes"})

    assert (of_unit.status_code, of_person.status_code) == (403, 403)


def test_a_person_is_added_with_posts(pages: Client, units: Units) -> None:
    pages.post(
        "/admin/accounts/user/add/",
        {
            "username": "zhao",
            "usable_password": "true",
            "password1": "clear-water-9",
            "password2": "clear-water-9",
            "name": "赵工",
            **_posts((None, Role.HANDLER, units.housing, False), (None, Role.EDITOR, None, False)),
        },
    )

    user = User.objects.get(username="zhao")
    assert user.roles == {Role.HANDLER, Role.EDITOR}
    assert user.departments == [units.housing]


def test_posts_are_given_and_taken(pages: Client, handler: User, units: Units) -> None:
    held = Membership.objects.get(user=handler)

    pages.post(
        f"/admin/accounts/user/{handler.pk}/change/",
        {
            "username": handler.username,
            "name": "换岗",
            "is_active": "on",
            **_posts(
                (held, Role.HANDLER, units.housing, True), (None, Role.AUDITOR, units.urban, False)
            ),
        },
    )

    user = User.objects.get(pk=handler.pk)
    assert user.name == "换岗"
    assert user.roles == {Role.AUDITOR}
    assert user.departments == [units.urban]


def test_logs_are_read_only(pages: Client, handler: User, units: Units) -> None:
    entry = actions.log_access(handler, "查看联系方式", units.housing)
    actions.record_sign_in("nobody", ok=False)

    assert "查看联系方式" in pages.get("/admin/accounts/accesslog/").content.decode()
    assert "nobody" in pages.get("/admin/accounts/signinattempt/").content.decode()
    assert pages.get("/admin/accounts/accesslog/add/").status_code == 403
    assert pages.post(f"/admin/accounts/accesslog/{entry.pk}/delete/").status_code == 403
    assert pages.get("/admin/accounts/user/").status_code == 200
