"""The cast of people and the stack that all tests share.

The suite is run twice: whole on the embedded stack, and, where DATABASE_URL and the others name
real services, what touches a database, an index, tasks or sockets once more on those.
"""

import os
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path

import execnet
import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models.signals import post_migrate

from search import engine, feed
from tests.stage.stores import renamed

pytest_plugins = ["tests.cast"]

ON_SERVICES = bool(settings.REDIS_URL or settings.DATABASE_URL or settings.ELASTICSEARCH_URL)
TOUCHES = frozenset({"db", "transactional_db", "live_server", "django_db_setup"})


def _touches_services(item: pytest.Item) -> bool:
    """Tell whether a test needs more than Python: by its fixtures and marks, or by its engine."""
    names = set(getattr(item, "fixturenames", ()))
    marked = any(item.get_closest_marker(name) for name in ("django_db", "journey", "stack"))
    return marked or bool(names & TOUCHES) or "elastic" in item.nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(specs: Sequence[execnet.XSpec]) -> None:
    """Give each process of a parallel run a Redis database: tests empty it as they begin."""
    if settings.REDIS_URL:
        for number, spec in enumerate(specs, 1):
            spec.env["REDIS_URL"] = renamed(settings.REDIS_URL, number)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On real services leave out the pure tests, which have run already."""
    if not ON_SERVICES:
        return
    pure = [item for item in items if not _touches_services(item)]
    items[:] = [item for item in items if _touches_services(item)]
    config.hook.pytest_deselected(items=pure)


def pytest_report_header(config: pytest.Config) -> str:
    """Say which stack is under test."""
    named = ("DATABASE_URL", "REDIS_URL", "ELASTICSEARCH_URL")
    real = [name for name in named if getattr(settings, name)]
    return f"stack: {'distributed, ' + ', '.join(real) if real else 'embedded'}"


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI a test skipped on the real services is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = len(reporter.stats.get("skipped", ())) if reporter else 0
    if ON_SERVICES and skipped and os.environ.get("CI") == "true" and not exitstatus:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True, scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give this run files and indexes of its own, and leave none behind."""
    folder = tmp_path_factory.mktemp("data")
    settings.DATA_DIR = folder
    settings.SEARCH_DIR = folder / "index"
    settings.SEARCH_PREFIX = f"test-{secrets.token_hex(4)}-"
    yield folder
    if ON_SERVICES:
        for each in feed.registered():
            engine.current().drop(each.index)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Let tests on SQLite empty the tables that only grow: Django does it there by DELETE."""
    if connection.vendor == "sqlite":
        for name in ("accounts", "tickets"):
            app, uid = apps.get_app_config(name), f"append-only-{name}"
            assert post_migrate.disconnect(sender=app, dispatch_uid=uid)


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Begin each test without what earlier ones left in the cache."""
    cache.clear()
