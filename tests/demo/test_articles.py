"""Tests that the demo's knowledge is fit to be published."""

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from knowledge.workflow import Audience, Kind

FOLDER = Path(settings.BASE_DIR) / "hotline" / "demo" / "content" / "articles"
ARTICLES: list[dict[str, Any]] = [
    row
    for path in sorted(FOLDER.glob("*.yaml"))
    for row in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@cache
def _matters() -> dict[str, str]:
    """Read the second level of the default tree: code → who answers for it."""
    path = Path(settings.BASE_DIR) / "city" / "data" / "taxonomy.yaml"
    tree = yaml.safe_load(path.read_text(encoding="utf-8"))["categories"]
    return {row["code"]: row["dept_type"] for top in tree for row in top["children"]}


def test_no_two_articles_share_a_title() -> None:
    titles = Counter(row["title"] for row in ARTICLES)

    assert [title for title, count in titles.items() if count > 1] == []


@pytest.mark.parametrize("row", ARTICLES, ids=lambda row: row["title"])
def test_an_article_has_substance_and_a_speakable_answer(row: dict[str, Any]) -> None:
    assert 150 <= len(row["text"]) <= 800
    assert 0 < len(row["short_answer"]) <= 200
    assert row["question"]
    assert 2 <= len(row["keywords"]) <= 20


@pytest.mark.parametrize("row", ARTICLES, ids=lambda row: row["title"])
def test_an_article_lies_under_a_known_matter_and_its_unit(row: dict[str, Any]) -> None:
    matters = _matters()

    assert row["unit"] == matters[row["category"]]
    assert row["kind"] in Kind.values
    assert row.get("audience", "public") in Audience.values
