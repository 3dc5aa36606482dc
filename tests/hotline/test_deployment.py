"""A deployment refuses to start with keys or passwords that others know."""

import pytest
from pytest_django import Settings

from accounts import actions
from hotline import checks
from hotline.demo_people import PASSWORD


@pytest.fixture
def deployed(settings: Settings) -> Settings:
    """Settings of a deployment with keys of its own."""
    settings.DEPLOYED, settings.OWN_KEYS = True, True
    return settings


@pytest.mark.django_db
def test_a_deployment_with_its_own_keys_and_passwords_may_start(deployed: Settings) -> None:
    actions.create_user("agent", name="话务员", password="its-own-4711")

    assert checks.refusals() == []


@pytest.mark.django_db
def test_a_deployment_without_its_own_keys_is_refused(deployed: Settings) -> None:
    deployed.OWN_KEYS = False

    assert "SECRET_KEY" in checks.refusals()[0]


@pytest.mark.django_db
def test_a_deployment_with_a_password_of_the_demo_is_refused(deployed: Settings) -> None:
    actions.create_user("agent", name="话务员", password=PASSWORD)

    assert "agent" in checks.refusals()[0]


def test_development_refuses_nothing(settings: Settings) -> None:
    settings.DEPLOYED, settings.OWN_KEYS = False, False

    assert checks.refusals() == []
