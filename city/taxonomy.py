"""Reads a tree of matters (事项分类) from YAML into plain rows, parents before children."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

SPECIAL_FORMS = Path(__file__).parent / "data" / "special_forms.yaml"
DEFAULT = Path(__file__).parent / "data" / "taxonomy.yaml"
DUTY = {"dept_type": "", "route_level": "", "co": [], "flags": []}


@dataclass(frozen=True)
class Node:
    """One matter as the file says it; `columns` are those of Category."""

    code: str
    parent: str
    columns: dict[str, Any]


@dataclass(frozen=True)
class Tree:
    """A file's matters and the kinds of bodies it speaks of."""

    dept_types: dict[str, str]
    hazard_words: list[str]
    emergency_words: dict[str, list[str]]
    nodes: list[Node] = field(default_factory=list)


def read(file: Path) -> Tree:
    """Read a tree of matters (事项分类文件)."""
    content = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return Tree(
        dept_types=content.get("dept_types", {}),
        hazard_words=content.get("hazard_words", []),
        emergency_words=content.get("emergency_words", {}),
        nodes=list(_first_level(content["categories"])),
    )


@cache
def shipped_forms() -> list[dict[str, Any]]:
    """Read the special forms that come with the platform, once (内置专项表单)."""
    rows: list[dict[str, Any]] = yaml.load(SPECIAL_FORMS.read_text("utf-8"), yaml.CSafeLoader)
    return rows


@cache
def shipped() -> Tree:
    """Read the tree that comes with the platform, once (内置事项分类)."""
    return read(DEFAULT)


def _first_level(branches: list[dict[str, Any]]) -> Iterator[Node]:
    for branch in branches:
        names = {"name": branch["name"], "path_name": branch["name"]}
        about = {"description": branch.get("description", ""), "keywords": []}
        yield Node(branch["code"], "", names | about | DUTY | {"level": 1})
        for twig in branch.get("children", []):
            yield from _second_level(twig, branch)


def _second_level(twig: dict[str, Any], branch: dict[str, Any]) -> Iterator[Node]:
    """Yield a matter that carries the duty, and its details, which inherit it."""
    path = f"{branch['name']} / {twig['name']}"
    duty = {
        "dept_type": twig.get("dept_type", ""),
        "route_level": twig.get("route", ""),
        "co": twig.get("co", []),
        "flags": twig.get("flags", []),
    }
    own = {"name": twig["name"], "path_name": path, "keywords": twig.get("keywords", [])}
    yield Node(twig["code"], branch["code"], own | duty | {"description": "", "level": 2})
    for code, name in twig.get("children", {}).items():
        detail = {"name": name, "path_name": f"{path} / {name}", "keywords": []}
        yield Node(code, twig["code"], detail | duty | {"description": "", "level": 3})
