"""Reads words of the trade and groups of synonyms from YAML (词库文件)."""

from dataclasses import dataclass
from pathlib import Path

import yaml

DEFAULT = Path(__file__).parent / "data" / "words.yaml"


@dataclass(frozen=True)
class WordFile:
    """What a file of words says."""

    terms: list[str]
    synonyms: list[list[str]]


def read(file: Path) -> WordFile:
    """Read a file of words (词库文件): terms apart by blanks, synonyms as lists."""
    content = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return WordFile(content.get("terms", "").split(), content.get("synonyms", []))
