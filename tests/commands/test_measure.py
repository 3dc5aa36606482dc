"""The classifier in force is measured on real messages, honestly."""

import gzip
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from city import actions as city
from city import selectors
from tickets.routing.measuring import CLASSES, class_of

pytestmark = pytest.mark.django_db


def say() -> str:
    out = StringIO()
    call_command("measure", stdout=out)
    return out.getvalue()


def test_the_mapping_covers_every_first_level_matter() -> None:
    city.load_taxonomy()

    codes = set(selectors.categories(1).values_list("code", flat=True))

    assert codes == set(CLASSES)
    assert all(name and reason for name, reason in CLASSES.values())


def test_figures_are_told_without_a_model_too(settings: Settings, tmp_path: Path) -> None:
    settings.SHARED_DATA = tmp_path
    city.load_taxonomy()
    rows = [
        {"title": "公交车", "text": "公交车线路太少，等车半小时", "label": "交通运输"},
        {"title": None, "text": "公司拖欠工资三个月", "label": "劳动和社会保障"},
        {"text": "哈哈哈", "label": "环境保护"},
    ]
    with gzip.open(tmp_path / "tdc_classify.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)

    said = say()

    assert "66.7%" in said
    assert "未训练" in said


def test_missing_material_is_said(settings: Settings, tmp_path: Path) -> None:
    settings.SHARED_DATA = tmp_path

    assert "跳过" in say()


def test_no_guess_has_no_class() -> None:
    assert class_of([]) == ""
