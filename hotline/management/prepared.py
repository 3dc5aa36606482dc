"""What our commands share: they work on a fresh database as beside a running server."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from hotline.serving import opening


class Prepared(BaseCommand):
    """A command that makes the tables of an empty database before it begins."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Prepare, then do what the command is for."""
        if not connection.introspection.table_names():
            opening.migrate()
        return super().execute(*args, **options)
