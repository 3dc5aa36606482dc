"""Grow: many tickets at once, for measuring how the platform bears them."""

import os
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import connection
from tqdm import tqdm

from hotline.demo import growing
from hotline.management.prepared import Prepared
from search import feed
from tickets.indexes import FEED


class Command(Prepared):
    help = "造数：把批量生成的工单补足到 N 件，可中断后续跑；随后重建工单索引。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how many there shall be."""
        parser.add_argument("--tickets", type=int, required=True)
        parser.add_argument("--processes", type=int, help="写入进程数，默认按数据库和核数")
        parser.add_argument(
            "--stuck", type=float, default=growing.STUCK, help="停在半路的比例，默认 %(default)s"
        )
        parser.add_argument("--no-index", action="store_true", help="不重建索引")

    def handle(
        self,
        *args: Any,
        tickets: int,
        no_index: bool,
        processes: int | None,
        stuck: float,
        **options: Any,
    ) -> None:
        """Write what is missing, then fill the index anew."""
        began = time.monotonic()
        several = connection.vendor == "postgresql"  # SQLite takes one writer
        processes = processes or (os.cpu_count() or 1 if several else 1)
        with tqdm(total=tickets, unit="件", desc="造数") as bar:
            try:
                written = growing.grow(
                    tickets, lambda n: bar.update(n) and None, processes=processes, stuck=stuck
                )
            except growing.NothingToGrow as empty:
                raise CommandError(str(empty)) from empty
        seconds = max(time.monotonic() - began, 0.001)
        self.stdout.write(f"新增 {written} 件，{written / seconds:.0f} 件/秒")
        _settle()
        if not no_index:
            self.stdout.write(f"索引 {feed.rebuild(FEED)} 件")


def _settle() -> None:
    """Do now what PostgreSQL would do later: counts ask the indexes alone only after it."""
    if connection.vendor == "postgresql" and connection.get_autocommit():
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
