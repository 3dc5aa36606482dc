"""The platform in real processes: it starts, ends in time, and loses nothing when it is killed."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import CalledProcessError
from typing import Any

import pytest
from django.conf import settings

from tests.servers import Platform

pytestmark = pytest.mark.stack
REWRITE = """
from django.db import connection, DatabaseError
try:
    connection.cursor().execute("UPDATE tickets_entry SET took_s = 1")
except DatabaseError as refused:
    print(refused)
"""


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    found = Platform(tmp_path)
    found.start()
    yield found
    if found.process and found.process.poll() is None:
        found.kill()


def delivered(platform: Platform) -> bool:
    outbox = platform.health()["parts"]["outbox"]
    return bool(outbox["lag_s"] == 0)


def test_it_reports_all_its_parts_and_ends_within_five_seconds(platform: Platform) -> None:
    health = platform.health()
    if not settings.DISTRIBUTED:
        assert "另一个服务进程" in second_server(platform)

    took = platform.stop()

    assert set(health["parts"]) == {"database", "index", "broker", "channels", "outbox"}
    assert health["status"] == "ok"
    assert took < (15 if settings.DISTRIBUTED else 5)
    assert f"READY {platform.base}/" in platform.log.read_text()


def second_server(platform: Platform) -> str:
    """What a second server on the same data says."""
    with pytest.raises(CalledProcessError) as refused:
        platform.command("serve", "--port", "0")
    return str(refused.value.stderr)


def test_what_only_grows_cannot_be_rewritten_by_the_platform(platform: Platform) -> None:
    platform.wait(lambda: ask(platform, 0) is not None)

    refused = platform.command("shell", "-v0", "-c", REWRITE)

    assert "append-only" in refused or "permission denied" in refused
    assert "核验通过：流转记录" in platform.command("verify_history")


def test_every_answered_request_survives_a_kill_once_and_is_delivered(platform: Platform) -> None:
    platform.wait(lambda: ask(platform, 0) is not None)
    with ThreadPoolExecutor(16) as citizens:
        answers = [citizens.submit(ask, platform, number) for number in range(1, 200)]
        while sum(answer.done() for answer in answers) < 60:
            time.sleep(0.01)
        platform.kill()
        receipts = [receipt for answer in answers if (receipt := answer.result())]

    platform.start()
    platform.wait(lambda: delivered(platform), 60)

    assert len(receipts) >= 59
    for receipt in receipts:
        path = f"/api/v1/requests/{receipt['number']}/?code={receipt['query_code']}"
        assert platform.ask(path)[0] == 200
    assert twice(platform) == "0"
    assert platform.health()["parts"]["outbox"]["dead"] == 0


def ask(platform: Platform, number: int) -> Any:
    """Send one request; None where the platform died before it answered."""
    body = {
        "text": f"第{number}号路灯不亮，晚上很黑。",
        "external_number": f"{platform.port}-{number}",
    }
    try:
        status, receipt = platform.ask("/api/v1/requests/", body)
    except OSError:
        return None
    assert status == 201, receipt
    return receipt


def twice(platform: Platform) -> str:
    """How many of this platform's requests are there more than once."""
    count = (
        "from django.db.models import Count; from tickets.models import Ticket;"
        f"rows = Ticket.objects.filter(external_number__startswith='{platform.port}-');"
        "print(rows.values('external_number').annotate(n=Count('id')).filter(n__gt=1).count())"
    )
    return platform.command("shell", "--verbosity", "0", "-c", count)
