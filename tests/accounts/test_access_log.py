"""Who saw what stays as written."""

import pytest

from accounts import actions, selectors
from accounts.models import AccessLog, AppendOnly, User
from tests.factories import Units


@pytest.fixture
def entry(agent: User, units: Units) -> AccessLog:
    return actions.log_access(
        agent, "查看联系方式", units.housing, fields=["phone"], reason="回访", ip="192.0.2.1"
    )


def test_an_access_says_who_saw_what_and_why(entry: AccessLog, agent: User, units: Units) -> None:
    (found,) = selectors.accesses_of("accounts.department", str(units.housing.pk))

    assert found == entry
    assert (found.user, found.action, found.fields) == (agent, "查看联系方式", ["phone"])
    assert (found.reason, found.ip) == ("回访", "192.0.2.1")


def test_an_access_cannot_be_rewritten(entry: AccessLog) -> None:
    entry.reason = "别的理由"

    with pytest.raises(AppendOnly):
        entry.save()


def test_an_access_cannot_be_deleted(entry: AccessLog) -> None:
    with pytest.raises(AppendOnly):
        entry.delete()


def test_accesses_cannot_be_rewritten_or_deleted_together(entry: AccessLog) -> None:
    with pytest.raises(AppendOnly):
        AccessLog.objects.update(reason="别的理由")
    with pytest.raises(AppendOnly):
        AccessLog.objects.filter(pk=entry.pk).delete()

    assert AccessLog.objects.get().reason == "回访"
