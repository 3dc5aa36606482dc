"""The cast of people: one of each role, and a stranger from another unit."""

from collections.abc import Callable

import pytest
from pytest_django import Settings

from accounts.models import Department, Role, User
from search import engine, feed
from tests.factories import Town, Units, make_town, make_units, make_user

People = Callable[[Role, Department | None], User]


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """Hash passwords cheaply: half a second each is for attackers, not for tests."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def fresh_indexes() -> None:
    """Empty all indexes: rows of an earlier test had the same keys and later versions."""
    for source in feed.registered():
        engine.current().drop(source.index)
        engine.current().ensure(source.index)


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


@pytest.fixture
def units(town: Town) -> Units:
    return make_units(town)


@pytest.fixture
def agent(units: Units) -> User:
    return make_user(Role.AGENT, units.center)


@pytest.fixture
def dispatcher(units: Units) -> User:
    return make_user(Role.DISPATCHER, units.center)


@pytest.fixture
def reviewer(units: Units) -> User:
    return make_user(Role.REVIEWER, units.center)


@pytest.fixture
def callback(units: Units) -> User:
    return make_user(Role.CALLBACK, units.center)


@pytest.fixture
def supervisor(units: Units) -> User:
    return make_user(Role.SUPERVISOR, units.center)


@pytest.fixture
def editor(units: Units) -> User:
    return make_user(Role.EDITOR, units.center)


@pytest.fixture
def admin(units: Units) -> User:
    return make_user(Role.ADMIN, units.center)


@pytest.fixture
def signer(units: Units) -> User:
    """The one who signs for 市住建局."""
    return make_user(Role.SIGNER, units.housing)


@pytest.fixture
def handler(units: Units) -> User:
    """A handler of 市住建局."""
    return make_user(Role.HANDLER, units.housing)


@pytest.fixture
def auditor(units: Units) -> User:
    """The auditor of 市住建局."""
    return make_user(Role.AUDITOR, units.housing)


@pytest.fixture
def stranger(units: Units) -> User:
    """A handler of 市城管局, who has no business with the tickets of 市住建局."""
    return make_user(Role.HANDLER, units.urban)


@pytest.fixture
def person() -> People:
    """One person a post, made when first asked for."""
    known: dict[tuple[Role, Department | None], User] = {}

    def find(role: Role, unit: Department | None) -> User:
        if (role, unit) not in known:
            known[role, unit] = make_user(role, unit)
        return known[role, unit]

    return find
