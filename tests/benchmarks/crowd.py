"""Fills the units of a benchmark's city with people: `python -m tests.benchmarks.crowd 3000`."""

import os
import sys
from itertools import cycle, islice

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
django.setup()

from django.db import transaction  # noqa: E402  # needs the applications loaded

from accounts.models import Membership, Role, User  # noqa: E402
from tickets.selectors import lead_units  # noqa: E402

MARK = "crowd-"
UNIT_ROLES = (Role.SIGNER, Role.HANDLER, Role.AUDITOR)


@transaction.atomic
def fill(wanted: int) -> None:
    """Give the units so many signers, handlers and auditors in turn."""
    there = User.objects.filter(username__startswith=MARK).count()
    names = [f"{MARK}{n:05}" for n in range(there, wanted)]
    people = User.objects.bulk_create(User(username=name, name=name) for name in names)
    posts = cycle((unit, role) for role in UNIT_ROLES for unit in lead_units())
    Membership.objects.bulk_create(
        Membership(user=user, department=unit, role=role)
        for user, (unit, role) in zip(people, islice(posts, len(people)), strict=True)
    )


if __name__ == "__main__":
    fill(int(sys.argv[1]))
