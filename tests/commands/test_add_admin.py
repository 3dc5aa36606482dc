"""The first administrator of an empty city."""

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Role, User
from hotline.serving import opening
from tests.servers import ROOT

ALONE = {"DATABASE_URL": "", "REDIS_URL": "", "ELASTICSEARCH_URL": ""}


def add(name: str) -> str:
    out = StringIO()
    call_command("add_admin", name, stdout=out)
    return out.getvalue().strip()


def test_an_administrator_signs_in_with_the_password_that_was_shown(db: None) -> None:
    password = add("boss")

    assert Client().login(username="boss", password=password)
    assert User.objects.get().has_role(Role.ADMIN)


def test_nobody_is_replaced(db: None) -> None:
    add("boss")

    with pytest.raises(CommandError, match="已有"):
        add("boss")


def test_an_empty_city_is_told_how_to_begin(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO", "0")
    before = opening.people()

    add("boss")

    assert "add_admin" in before
    assert opening.people() == ""


def test_a_command_makes_the_tables_of_a_city_that_has_none(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "add_admin", "boss"],
        cwd=ROOT,
        env=os.environ | ALONE | {"DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert len(done.stdout.split()) == 1
