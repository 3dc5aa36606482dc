"""Tables counted along an index alone: PostgreSQL must know which of their pages are old."""

import pytest
from django.apps import apps
from django.db import connection

pytestmark = pytest.mark.django_db


def counted_alone() -> set[str]:
    models = apps.get_app_config("tickets").get_models()
    return {m._meta.db_table for m in models if any(index.include for index in m._meta.indexes)}


def vacuumed_early() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class, unnest(reloptions) AS option"
            " WHERE option = 'autovacuum_vacuum_scale_factor=0.01'"
        )
        return {str(table) for (table,) in cursor.fetchall()}


def test_the_tables_counted_along_an_index_alone_are_vacuumed_early() -> None:
    if not connection.features.supports_covering_indexes:
        assert connection.vendor == "sqlite"  # counts along the index always, and vacuums nothing
        return

    assert counted_alone() == vacuumed_early()
