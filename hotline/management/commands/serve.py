"""Serve: everything in one process, or with --web the pages alone beside workers elsewhere."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from hotline import checks
from hotline.serving import opening, web, workers
from outbox import presence

HOST = "127.0.0.1"


class Command(BaseCommand):
    help = "启动服务：默认一个进程包办一切，--web 只提供页面。"
    requires_system_checks = []  # hotline.checks decides what a start needs

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the port."""
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--web", action="store_true", help="只提供页面，投递由别处的进程完成")

    def handle(self, *args: Any, port: int, web: bool, **options: Any) -> None:
        """Refuse what must not be opened to the public, else serve until told to end."""
        if refusals := checks.refusals():
            raise CommandError("\n".join(refusals))
        if web or settings.DISTRIBUTED:
            self._serve_pages(port)
        else:
            self._serve_all(port)

    def _serve_pages(self, port: int) -> None:
        door = web.listening(HOST, port, shared=True)
        web.serve(door, lambda: self._say_ready(port), lambda: None)

    def _serve_all(self, port: int) -> None:
        try:
            with presence.hold():
                self._serve_with_workers(port)
        except presence.AlreadyServed as busy:
            raise CommandError(str(busy)) from busy

    def _serve_with_workers(self, port: int) -> None:
        door = web.listening(HOST, port, shared=False)
        pid = Path(settings.DATA_DIR) / "serve.pid"
        pid.write_text(f"{os.getpid()}\n")
        opening.migrate()
        opening.take_over()
        people = opening.people()
        beside = workers.Workers()
        beside.start()

        def ready() -> None:
            self._say_ready(port)
            self.stdout.write(people)
            self.stdout.flush()
            opening.open_behind_the_page()

        try:
            web.serve(door, ready, beside.stop)
        finally:
            beside.join()
            pid.unlink(missing_ok=True)

    def _say_ready(self, port: int) -> None:
        self.stdout.write(f"READY http://{HOST}:{port}/")
        self.stdout.flush()
