"""Writes many rows of one table: by COPY where the database is PostgreSQL, else by INSERT."""

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any

from django.db import connection, models

from accounts.fields import EncryptedTextField

AT_ONCE = 1_000
AS_IT_IS = (
    *(models.CharField, models.TextField, models.BooleanField, models.IntegerField),
    *(models.DateField, models.DateTimeField),
)
"""Columns whose value goes to the database as the row holds it."""
Column = Callable[[models.Model], Any]


def write(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Write rows that are all new (成批写入); each is given its key."""
    if connection.vendor == "postgresql":
        _copy(model, rows)
    else:
        model._default_manager.bulk_create(rows, AT_ONCE)


def _copy(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    if not rows:
        return
    _number(model, rows)
    fields = model._meta.concrete_fields
    columns = [_column(field) for field in fields]
    quoted = connection.ops.quote_name
    names = ",".join(quoted(str(field.column)) for field in fields)
    statement = f"COPY {quoted(model._meta.db_table)} ({names}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as lines:
        for row in rows:
            lines.write_row([column(row) for column in columns])
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _number(model: type[models.Model], rows: Iterable[models.Model]) -> None:
    """Take keys from the table's sequence for the rows that have none."""
    lacking = [row for row in rows if row.pk is None]
    key = model._meta.pk
    if not lacking or key is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, key.column, len(lacking)],
        )
        for row, (number,) in zip(lacking, cursor.fetchall(), strict=True):
            row.pk = number


def _column(field: "models.Field[Any, Any]") -> Column:
    """Say how the value for a column is got from a row."""
    if isinstance(field, models.ForeignKey):
        return _key_of(field)
    if isinstance(field, AS_IT_IS) and not _made_on_save(field):
        return attrgetter(field.attname)
    return lambda row: field.get_db_prep_save(field.pre_save(row, add=True), connection)


def _made_on_save(field: "models.Field[Any, Any]") -> bool:
    """Tell whether the database gets something else than the row holds: a cipher, or the time."""
    timed = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    return timed or isinstance(field, EncryptedTextField)


def _key_of(field: "models.ForeignKey[Any, Any]") -> Column:
    """Give the key of the row that is pointed to, also where that was written only just now."""

    def key(row: models.Model) -> Any:
        there = field.get_cached_value(row, None)
        return getattr(row, field.attname) if there is None else there.pk

    return key
