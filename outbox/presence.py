"""Whether a server that delivers holds this DATA_DIR."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

LOCK = "serve.lock"


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


def somebody_delivers() -> bool:
    """Tell whether a server or a worker will deliver what this process writes."""
    if settings.DISTRIBUTED:
        return True
    path = settings.DATA_DIR / LOCK
    if not path.exists():
        return False
    with path.open("r") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
