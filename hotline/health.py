"""Whether the platform is fit for work, for probes and for people: /healthz."""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse

from hotline.celery import app
from outbox import presence
from outbox import selectors as outbox
from search import engine

log = logging.getLogger(__name__)

OK, SLOW, DOWN = "ok", "slow", "down"
SLOW_S = 10
Part = dict[str, Any]


def healthz(request: HttpRequest) -> JsonResponse:
    """Report each part; 503 only when no request could be taken in (无法受理)."""
    parts = {name: _asked(ask) for name, ask in PARTS.items()}
    fit = parts["database"]["state"] == OK
    calm = all(part["state"] == OK for part in parts.values())
    status = OK if calm else "degraded" if fit else DOWN
    return JsonResponse({"status": status, "parts": parts}, status=200 if fit else 503)


def _asked(ask: Callable[[], Part]) -> Part:
    try:
        return ask()
    except Exception as error:
        log.warning("health: %s", error)
        return {"state": DOWN, "error": type(error).__name__}


def _database() -> Part:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"state": OK, "vendor": connection.vendor}


def _index() -> Part:
    health = engine.current().health()
    state = OK if health.reachable else DOWN
    return {"state": state, "engine": health.engine, "docs": health.docs}


def _broker() -> Part:
    if settings.DISTRIBUTED:
        with app.connection_for_write() as link:
            link.ensure_connection(max_retries=1, timeout=2)
    return {"state": OK if presence.somebody_delivers() else "no worker"}


def _channels() -> Part:
    if settings.DISTRIBUTED:
        cache.set("health", 1, timeout=1)
    return {"state": OK}


def _outbox() -> Part:
    found = outbox.lag()
    state = "dead letters" if found.dead else SLOW if found.lag_s > SLOW_S else OK
    return {"state": state, "lag_s": round(found.lag_s, 3), "dead": found.dead}


PARTS: dict[str, Callable[[], Part]] = {
    "database": _database,
    "index": _index,
    "broker": _broker,
    "channels": _channels,
    "outbox": _outbox,
}
