"""A database, a Redis and index names of its own on the real services, gone afterwards."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis
from psycopg import sql

OWN = 16
"""Redis databases that the stacks of one test process have for themselves."""
_stacks = count()


def renamed(address: str, name: str | int) -> str:
    """Point to another database of the same server."""
    return urlunsplit(urlsplit(address)._replace(path=f"/{name}"))


def _own_redis() -> str:
    """Give a Redis database that no other stack has, whichever process started it."""
    address = os.environ["REDIS_URL"]
    test_process = int(urlsplit(address).path.strip("/") or 0)
    return renamed(address, OWN * (test_process + 1) + next(_stacks) % OWN)


@contextmanager
def own_stores(env: dict[str, str], name: str, *, distributed: bool) -> Iterator[None]:
    """Name stores of its own in ENV where the stack is distributed."""
    if not distributed:
        yield
        return
    address = os.environ["DATABASE_URL"]
    _in_database(address, "CREATE DATABASE {}", name)
    broker = _own_redis()
    env["DATABASE_URL"] = renamed(address, name)
    env["REDIS_URL"] = broker
    env["ELASTICSEARCH_URL"] = os.environ["ELASTICSEARCH_URL"]
    env["SEARCH_PREFIX"] = name.replace("_", "-") + "-"
    with redis.Redis.from_url(broker) as link:
        link.flushdb()
    try:
        yield
    finally:
        _in_database(address, "DROP DATABASE {} WITH (FORCE)", name)


def _in_database(address: str, statement: str, name: str) -> None:
    with psycopg.connect(address, autocommit=True) as link:
        link.execute(sql.SQL(statement).format(sql.Identifier(name)))
