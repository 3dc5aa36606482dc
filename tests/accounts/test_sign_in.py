"""Signing in: what is noted, when a name is locked, how long a session lasts."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import authenticate
from django.test import Client, RequestFactory

from accounts import actions, selectors
from accounts.models import SignInAttempt, User
from accounts.sessions import SessionStore

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def wang(db: None) -> User:
    return actions.create_user("wang", name="王工", password="right-12345")


def _fail(times: int) -> None:
    for _ in range(times):
        authenticate(None, username="wang", password="wrong")


def test_the_right_password_signs_in_and_is_noted(wang: User) -> None:
    request = RequestFactory(REMOTE_ADDR="192.0.2.7").post("/sign-in/")

    user = authenticate(request, username="wang", password="right-12345")

    noted = SignInAttempt.objects.get()
    assert user == wang
    assert (noted.username, noted.ok, noted.ip) == ("wang", True, "192.0.2.7")


@pytest.mark.parametrize(
    ("username", "password"), [("wang", "wrong"), ("nobody", "right-12345"), ("wang", "")]
)
def test_a_wrong_name_or_password_is_refused_and_noted(
    wang: User, username: str, password: str
) -> None:
    user = authenticate(None, username=username, password=password)

    assert user is None
    assert not SignInAttempt.objects.get().ok


def test_five_failures_lock_the_name_for_a_quarter_of_an_hour(
    wang: User, clock: time_machine.Traveller
) -> None:
    _fail(5)

    assert authenticate(None, username="wang", password="right-12345") is None
    assert selectors.locked_until("wang", NOON) == NOON + selectors.LOCKED_FOR
    clock.shift(selectors.LOCKED_FOR)
    assert authenticate(None, username="wang", password="right-12345") == wang


def test_a_lock_is_not_prolonged_by_trying_on(wang: User, clock: time_machine.Traveller) -> None:
    _fail(5)
    clock.shift(600)

    _fail(5)

    assert selectors.locked_until("wang", NOON) == NOON + selectors.LOCKED_FOR


def test_a_success_in_between_begins_the_count_anew(wang: User) -> None:
    _fail(4)
    authenticate(None, username="wang", password="right-12345")

    _fail(4)

    assert authenticate(None, username="wang", password="right-12345") == wang


def test_the_lock_of_one_name_does_not_touch_another(wang: User) -> None:
    li = actions.create_user("li", name="李工", password="right-12345")

    _fail(5)

    assert authenticate(None, username="li", password="right-12345") == li


def test_a_session_lasts_half_an_hour_after_the_last_request(
    wang: User, client: Client, clock: time_machine.Traveller
) -> None:
    client.force_login(wang)
    clock.shift(20 * 60)

    store = SessionStore(client.session.session_key)
    store.load()

    assert settings.SESSION_COOKIE_AGE == 30 * 60
    assert store.modified


def test_a_session_is_not_written_on_every_request(
    wang: User, client: Client, clock: time_machine.Traveller
) -> None:
    client.force_login(wang)
    clock.shift(30)

    store = SessionStore(client.session.session_key)
    store.load()

    assert not store.modified


def test_an_idle_session_ends(wang: User, client: Client, clock: time_machine.Traveller) -> None:
    client.force_login(wang)
    key = client.session.session_key

    clock.shift(31 * 60)

    assert SessionStore(key).load() == {}
