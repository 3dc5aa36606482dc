"""What happens before the first page and behind it: migrations, indexes, the demo city."""

import logging
import os
import threading
from pathlib import Path

from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from accounts import vocabulary
from accounts.models import Role, User
from hotline.demo_people import PASSWORD, USER_NAMES
from outbox import bus
from search import feed
from search.engine import Unavailable
from tickets.routing import intake, store, suggest, training

log = logging.getLogger(__name__)
UNFINISHED = "demo.unfinished"


def migrate() -> None:
    """Bring the database up to date; nothing is done where nothing is new."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


def wants_demo() -> bool:
    """Tell whether the demo city is wanted and not there yet, or only in part."""
    if os.environ.get("DEMO", "1") == "0" or "load_demo" not in get_commands():
        return False
    return _unfinished().exists() or not User.objects.exists()


def _unfinished() -> Path:
    return Path(settings.DATA_DIR) / UNFINISHED


def open_behind_the_page() -> None:
    """Fill what is missing while pages already answer."""
    threading.Thread(target=_open, name="opening", daemon=True).start()


def _open() -> None:
    try:
        fill()
        learn()
        warm()
    except Exception:
        log.exception("the opening failed; the pages work with what is there")
    finally:
        connections.close_all()


def fill() -> None:
    """Fill the indexes that are missing (补建索引) and an empty database with the demo city."""
    vocabulary.refresh()
    try:
        feed.prepare()
    except Unavailable:
        log.warning("no search engine yet: its indexes are made and filled when it is back")
    if not wants_demo():
        return
    _unfinished().parent.mkdir(parents=True, exist_ok=True)
    _unfinished().touch()
    call_command("load_demo", resume=True)
    _unfinished().unlink()


def learn() -> None:
    """Train the classifier (训练分类模型) where none can be read yet and nobody is at it."""
    if store.current() is not None:
        return
    with training.alone() as mine:
        if mine and training.begin():
            intake.match_waiting()


def warm() -> None:
    """Load dictionaries and the model (预热) before the first caller waits for them."""
    suggest("路灯不亮")


def take_over() -> None:
    """Deliver at once what an earlier process had taken and not finished."""
    bus.release_leases()


def people() -> str:
    """The table of roles, user names and passwords of the demo city; who is not there is not named.

    An empty city is told how it gets its first administrator.
    """
    if not wants_demo() and not User.objects.filter(username__in=USER_NAMES).exists():
        return "" if User.objects.exists() else "  还没有用户：manage.py add_admin 用户名"
    rows = [f"  {role.label:　<6} {role.value:<11} {PASSWORD}" for role in Role]
    return "\n".join(["  角色　　　　 用户名      密码", *rows])
