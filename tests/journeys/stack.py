"""The stack that a walk goes over: the pass's own, in a database and indexes nobody else uses."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.stage.stores import own_stores

MANAGE = [sys.executable, "manage.py"]
ON_SERVICES = bool(os.environ.get("REDIS_URL"))


def server() -> list[str]:
    """Say how the town is served: one process, or all of a distributed stack."""
    return [sys.executable, "-m", "scripts.cluster"] if ON_SERVICES else [*MANAGE, "serve"]


@contextmanager
def environment(folder: Path, port: int) -> Iterator[dict[str, str]]:
    """Give the environment of a stack of its own, and leave no database behind."""
    env = os.environ | {"DATA_DIR": str(folder), "DEMO": "0", "PORT": str(port)}
    with own_stores(env, f"walk_{secrets.token_hex(4)}", distributed=ON_SERVICES):
        yield env
