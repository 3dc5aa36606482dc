"""Reads what the demo city is made of: plain data beside this file, all of it invented."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent


@cache
def load(name: str) -> Any:
    """Read one file of content, such as `city`."""
    return yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))


@cache
def kernels() -> dict[str, list[str]]:
    """Read the situations: code of a second-level matter → what happened, in citizens' words."""
    found: dict[str, list[str]] = {}
    for path in sorted((HERE / "kernels").glob("*.yaml")):
        found |= yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


@cache
def case_of(code: str, kernel: int) -> str:
    """Name the third-level matter that a situation is (三级事项), the second where none fits."""
    nth = int(load("cases")[code][kernel])
    return f"{code}{nth:02d}" if nth else code


@cache
def articles() -> list[dict[str, Any]]:
    """Read the knowledge articles."""
    paths = sorted((HERE / "articles").glob("*.yaml"))
    return [row for path in paths for row in yaml.safe_load(path.read_text(encoding="utf-8"))]
