"""What somebody with the database's own tools could do to what only grows."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.utils import CursorWrapper


def meddle(statement: str) -> None:
    """Execute a statement although the database guards its tables, as their owner can."""
    with connection.cursor() as cursor, _unguarded(cursor):
        cursor.execute(statement)


@contextmanager
def _unguarded(cursor: CursorWrapper) -> Iterator[None]:
    if connection.vendor == "postgresql":
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        return
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    triggers = cursor.fetchall()
    for name, _ in triggers:
        cursor.execute(f"DROP TRIGGER {name}")
    yield
    for _, made in triggers:
        cursor.execute(made)
