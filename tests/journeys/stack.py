"""The stack that a walk goes over: the pass's own, in a database and indexes nobody else uses."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.sql import SQL, Identifier

MANAGE = [sys.executable, "manage.py"]
ON_SERVICES = bool(os.environ.get("REDIS_URL"))


def server() -> list[str]:
    """Say how the town is served: one process, or all of a distributed stack."""
    return [sys.executable, "-m", "scripts.cluster"] if ON_SERVICES else [*MANAGE, "serve"]


@contextmanager
def environment(folder: Path, port: int) -> Iterator[dict[str, str]]:
    """Give the environment of a stack of its own, and leave no database behind."""
    env = os.environ | {"DATA_DIR": str(folder), "DEMO": "0", "PORT": str(port)}
    if not ON_SERVICES:
        yield env
        return
    name = f"walk_{secrets.token_hex(4)}"
    env |= {
        "DATABASE_URL": _renamed(env["DATABASE_URL"], name),
        "REDIS_URL": _renamed(env["REDIS_URL"], "9"),
        "SEARCH_PREFIX": f"{name}-",
    }
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as door:
        door.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        try:
            yield env
        finally:
            door.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def _renamed(address: str, name: str) -> str:
    """Point to another database of the same server."""
    return urlunsplit(urlsplit(address)._replace(path=f"/{name}"))
