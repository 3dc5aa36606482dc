"""Loads the demo city 云澜市 into an empty database (装载演示城市)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from hotline.demo.loading import NotEmpty, load
from hotline.management.prepared import Prepared

SEED = 12345


class Command(Prepared):
    """Build the demo city; the same seed gives the same city."""

    help = "把演示城市装入空数据库"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the seed."""
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument("--resume", action="store_true", help="接着装完中断的装载")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load; end with an error where the database is not empty."""
        try:
            load(options["seed"], self.stdout.write, resume=options["resume"])
        except NotEmpty as refusal:
            raise CommandError(str(refusal)) from refusal
