"""Give the platform's own database role what it needs, and no right to change what only grows."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import connection
from psycopg import sql

from accounts import ledgers
from hotline.management.prepared import Prepared

GRANTS = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "REVOKE UPDATE, DELETE, TRUNCATE ON {ledgers} FROM {role}",
)


class Command(Prepared):
    help = "由库表属主执行：给应用角色读写权限，但流转记录、查阅记录和日锚只许新增（PostgreSQL）"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the role that the platform signs in as."""
        parser.add_argument("role", metavar="角色")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the role where it is missing, then grant and revoke; safe to run again."""
        if connection.vendor != "postgresql":
            raise CommandError("只有 PostgreSQL 分角色；SQLite 由触发器禁止改动。", returncode=2)
        role = sql.Identifier(options["role"])
        kept = sql.SQL(", ").join(sql.Identifier(m._meta.db_table) for m in ledgers.guarded())
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [options["role"]])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
            for grant in GRANTS:
                cursor.execute(sql.SQL(grant).format(role=role, ledgers=kept))
        self.stdout.write(f"角色 {options['role']} 可以读写；流转记录、查阅记录和日锚只许新增。")
