"""What the figures were taken on, and how busy it was."""

import os
import platform
import time
from pathlib import Path

from django.db import connection


def named() -> str:
    """Name the machine, its cores, its memory and the load of the moment."""
    cpu = _line("/proc/cpuinfo", "model name") or platform.processor()
    memory = int((_line("/proc/meminfo", "MemTotal") or "0 kB").split()[0]) // 1_000_000
    return (
        f"{platform.node()} · {cpu} · {os.cpu_count()} cores · {memory} GB · "
        f"Python {platform.python_version()} · {time.strftime('%Y-%m-%d %H:%M')} · {load()}"
    )


def load() -> str:
    """Say how many processes wanted a core in the last minute, ours included."""
    return f"load {os.getloadavg()[0]:.1f}"


def _line(file: str, name: str) -> str:
    if not Path(file).exists():
        return ""
    lines = Path(file).read_text().splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(name)), "")


def percentile(values: list[float], share: float) -> float:
    """Give the value that SHARE of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def burned() -> float:
    """Give the seconds of processor that we and a PostgreSQL of this machine have used so far.

    On a machine that others use too the clock on the wall says little.
    """
    return time.process_time() + sum(_ticks(pid) for pid in _server()) / os.sysconf("SC_CLK_TCK")


def _server() -> list[int]:
    """List the database server's processes, the first one first; none where it is another's."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (ours,) = cursor.fetchone()
    if not (backend := Path(f"/proc/{ours}/stat")).exists():
        return []
    first = int(_after_name(backend)[1])
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    return [first, *map(int, children)]


def _ticks(pid: int) -> int:
    """Count the clock ticks of a process; of the first one with those of its ended children."""
    try:
        said = _after_name(Path(f"/proc/{pid}/stat"))
    except OSError:  # it has just ended
        return 0
    return sum(map(int, said[11:15]))


def _after_name(stat: Path) -> list[str]:
    """Cut what the kernel says of a process, from its state on."""
    return stat.read_text().rpartition(")")[2].split()
