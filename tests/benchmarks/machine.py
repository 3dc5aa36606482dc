"""What the figures were taken on, and how busy it was."""

import os
import platform
import time
from pathlib import Path


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
