"""Whether somebody delivers: a server that holds this DATA_DIR, or workers that have reported."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.cache import cache

LOCK = "serve.lock"
REPORT = "outbox.swept"
REPORT_S = 5


class AlreadyServed(RuntimeError):
    """Another server holds this DATA_DIR."""


@contextmanager
def hold() -> Iterator[None]:
    """Hold DATA_DIR for this process (占用数据目录); the system lets go if the process dies."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.DATA_DIR / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise AlreadyServed(f"另一个服务进程正在使用 {settings.DATA_DIR}") from busy
        yield


def report() -> None:
    """Say that this process delivers (投递在岗); a sweep says it again and again."""
    cache.set(REPORT, 1, timeout=REPORT_S)


def somebody_delivers() -> bool:
    """Tell whether a server or a worker will deliver what this process writes."""
    if settings.DISTRIBUTED:
        return cache.get(REPORT) is not None
    return _is_held()


def _is_held() -> bool:
    path = settings.DATA_DIR / LOCK
    if not path.exists():
        return False
    with path.open("r") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
