"""The bare database beside the product: one INSERT a transaction over one connection."""

import json
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402  # needs the applications loaded


def rate(times: int) -> float:
    """Write so many rows, a transaction each; give transactions a second."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_bare (id integer, said text)")
    began = time.perf_counter()
    for n in range(times):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_bare VALUES (%s, %s)", [n, "路灯不亮" * 10])
    took = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_bare")
    return times / took


if __name__ == "__main__":
    sys.stdout.write(json.dumps(rate(int(sys.argv[1]))))
