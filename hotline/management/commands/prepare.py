"""Prepare a distributed stack: migrations, indexes, and the demo city where it is wanted."""

from typing import Any

from django.core.management.base import BaseCommand

from hotline.serving import opening


class Command(BaseCommand):
    help = "启动前的准备：迁移数据库、补建索引；空库且未设 DEMO=0 时装入示范城市。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what serve does by itself when it is one process."""
        opening.migrate()
        opening.fill()
        self.stdout.write(opening.people())
