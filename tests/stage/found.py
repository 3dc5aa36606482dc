"""Founds a small town in the stack that the environment names, through the product's actions."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
django.setup()

from django.core.management import call_command  # noqa: E402  # needs the applications loaded
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Role  # noqa: E402
from city import actions as city  # noqa: E402
from city.models import Category  # noqa: E402
from search import feed  # noqa: E402
from tests.factories import Town, Units, make_town, make_units, make_user  # noqa: E402
from tickets.models import DutyItem  # noqa: E402


def people(units: Units) -> None:
    """Give the hotline and two units their staff."""
    for role in (Role.AGENT, Role.DISPATCHER, Role.SUPERVISOR, Role.CALLBACK, Role.REVIEWER):
        make_user(role, units.center)
    for role in (Role.SIGNER, Role.HANDLER, Role.AUDITOR):
        make_user(role, units.housing)


def duties(units: Units, town: Town) -> None:
    """Name who is responsible for some matters."""
    rows = {"0101": (units.linxi_urban, town.linxi), "0401": (units.water, None)}
    for code, (unit, region) in rows.items():
        DutyItem.objects.create(
            state=DutyItem.State.PUBLISHED,
            category=Category.objects.get(code=code),
            region=region,
            department=unit,
            basis="职责清单第1项",
            valid_from=timezone.localdate(),
        )


@transaction.atomic
def found() -> None:
    """Make the town, its matters and limits, its units, people and duties."""
    town = make_town()
    city.load_taxonomy()
    city.load_limits()
    units = make_units(town)
    people(units)
    duties(units, town)


if __name__ == "__main__":
    call_command("migrate", verbosity=0, interactive=False)
    found()
    feed.prepare()
