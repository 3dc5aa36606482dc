"""A database, a Redis and index names of its own on the real services, gone afterwards."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis
from psycopg import sql

REDIS_DATABASE = 9


@contextmanager
def own_stores(env: dict[str, str], name: str, *, distributed: bool) -> Iterator[None]:
    """Name stores of its own in ENV where the stack is distributed."""
    if not distributed:
        yield
        return
    address = os.environ["DATABASE_URL"]
    _in_database(address, "CREATE DATABASE {}", name)
    broker = urlunsplit(urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{REDIS_DATABASE}"))
    env["DATABASE_URL"] = urlunsplit(urlsplit(address)._replace(path=f"/{name}"))
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
