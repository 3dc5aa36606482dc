"""Tables that only grow (台账): what of a row is sealed each day, and how a database keeps them so.

An anchor seals the rows of a ledger since the anchor before, so that whoever rewrites the past
must rewrite every later anchor too; `anchor_day` writes each to the log, which lies elsewhere.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from django.apps import AppConfig
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import signals

from accounts.models import AccessLog, Anchor, AppendOnlyRow

AT_ONCE = 2_000
REFUSAL = "append-only: rows are never changed nor deleted"
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$
"""


@dataclass(frozen=True)
class Ledger:
    """An append-only table with a time column `at`, and the columns that are sealed."""

    name: str
    label: str
    model: type[AppendOnlyRow]
    columns: tuple[str, ...]

    def rows(self, after: int, until: int) -> models.QuerySet[Any, Any]:
        """The rows with keys above AFTER up to UNTIL, oldest first (区间内的行)."""
        rows = self._all().filter(pk__gt=after, pk__lte=until)
        return rows.order_by("pk").values_list("pk", *self.columns)

    def last_before(self, moment: datetime) -> int:
        """The newest key of the rows written before MOMENT (截至行号); 0 where there are none."""
        rows = self._all().filter(at__lt=moment).order_by("-pk")
        return rows.values_list("pk", flat=True).first() or 0

    def _all(self) -> models.QuerySet[Any, Any]:
        return cast("models.QuerySet[Any, Any]", self.model._default_manager.all())

    def anchors(self) -> models.QuerySet[Anchor]:
        """The seals of the days (日锚), oldest first."""
        return Anchor.objects.filter(ledger=self.name).order_by("on")


_ledgers: dict[str, Ledger] = {}


def register(ledger: Ledger) -> None:
    """Have LEDGER guarded and anchored (登记台账)."""
    _ledgers[ledger.name] = ledger


def registered() -> list[Ledger]:
    """All ledgers (全部台账)."""
    return list(_ledgers.values())


def guarded() -> list[type[AppendOnlyRow]]:
    """The tables that the database keeps from being rewritten (只增不改的表)."""
    return [*(each.model for each in registered()), Anchor]


def sealed(ledger: Ledger, after: int, until: int, before: str) -> tuple[str, int]:
    """Seal the rows in (AFTER, UNTIL] behind the seal BEFORE (封存): hex digits, how many."""
    seal, count = hashlib.sha256(before.encode()), 0
    for row in ledger.rows(after, until).iterator(AT_ONCE):
        seal.update(json.dumps(row, sort_keys=True, default=_plain).encode())
        count += 1
    return seal.hexdigest(), count


def _plain(value: Any) -> str:
    return str(value.astimezone(UTC).isoformat())


def broken(ledger: Ledger) -> Iterator[Anchor]:
    """The anchors that no longer fit the rows they sealed (不符的日锚)."""
    after, before = 0, ""
    for anchor in ledger.anchors():
        if (anchor.seal, anchor.rows) != sealed(ledger, after, anchor.until, before):
            yield anchor
        after, before = anchor.until, anchor.seal


def keep_guarded(app: AppConfig, *guarded: type[AppendOnlyRow]) -> None:
    """Have the database refuse to change or delete rows of these tables, from each migrate on."""

    def install(using: str, **kwargs: Any) -> None:
        for model in guarded:
            protect(connections[using], model)

    uid = f"append-only-{app.name}"
    signals.post_migrate.connect(install, sender=app, weak=False, dispatch_uid=uid)


def protect(connection: BaseDatabaseWrapper, model: type[AppendOnlyRow]) -> None:
    """Have the database refuse to change or delete rows of MODEL (只增不改触发器)."""
    table = model._meta.db_table
    there = table in connection.introspection.table_names()
    if there and not protected(connection, model):
        with connection.cursor() as cursor:
            for statement in _statements(connection.vendor, table):
                cursor.execute(statement)


def protected(connection: BaseDatabaseWrapper, model: type[AppendOnlyRow]) -> bool:
    """Tell whether the database itself refuses to change rows of MODEL (触发器在位)."""
    question = {
        "sqlite": "SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = %s",
        "postgresql": "SELECT 1 FROM pg_trigger WHERE tgname = %s",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(question, [f"{model._meta.db_table}_keep"])
        return cursor.fetchone() is not None


def _statements(vendor: str, table: str) -> list[str]:
    if vendor == "sqlite":
        body = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        return [
            f"CREATE TRIGGER {table}_hold BEFORE DELETE ON {table} {body}",
            f"CREATE TRIGGER {table}_keep BEFORE UPDATE ON {table} {body}",
        ]
    each = "FOR EACH ROW EXECUTE FUNCTION append_only()"
    return [_FUNCTION, f"CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE ON {table} {each}"]


ACCESS = Ledger(
    "access",
    "查阅记录",
    AccessLog,
    ("user_id", "action", "subject_type", "subject_id", "fields", "reason", "at", "ip"),
)
register(ACCESS)
