"""The bar that tells how far the demo city and the model are."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from hotline.demo.loading import PROGRESS
from hotline.serving.opening import UNFINISHED
from hotline.web.preparing import FORGOTTEN_S, under_way
from tickets.routing.training import LEARNING


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """A data folder of its own, and nobody learning."""
    settings.DATA_DIR = tmp_path
    cache.delete(LEARNING)
    yield tmp_path
    cache.delete(LEARNING)


def _tell(folder: Path, percent: int, stage: str = "工单") -> None:
    (folder / PROGRESS).write_text(json.dumps({"percent": percent, "stage": stage}))


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/progress/", "/sign-in/", "/preparing/"])
def test_open_pages_show_how_far_the_city_is(client: Client, folder: Path, address: str) -> None:
    _tell(folder, 40)

    page = client.get(address).content.decode()

    assert "演示城市装载中 40%" in page
    assert "工单" in page
    assert 'hx-get="/preparing/"' in page


def test_staff_pages_show_it_too(client: Client, folder: Path, dispatcher: User) -> None:
    client.force_login(dispatcher)
    _tell(folder, 80, "检索索引")

    page = client.get("/dispatch/").content.decode()

    assert "演示城市装载中 80%" in page


def test_the_bar_goes_without_asking_the_database_when_all_is_loaded(
    client: Client, folder: Path
) -> None:
    _tell(folder, 100, "完成")

    answer = client.get("/preparing/")

    assert answer.status_code == 200
    assert answer.content.strip() == b""


def test_before_the_first_word_of_progress_the_loading_is_shown(folder: Path) -> None:
    (folder / UNFINISHED).touch()

    found = under_way()

    assert found
    assert (found.label, found.percent) == ("演示城市装载中", 0)


@pytest.mark.parametrize("half", ['{"percent": 4', "", "[]", '{"percent": "viele"}', "null"])
def test_a_file_that_is_half_written_is_no_error(folder: Path, half: str) -> None:
    (folder / UNFINISHED).touch()
    (folder / PROGRESS).write_text(half)

    found = under_way()

    assert found
    assert found.percent == 0


def test_without_any_file_nothing_is_shown() -> None:
    assert under_way() is None


def test_a_loading_that_was_broken_off_long_ago_is_not_shown(folder: Path) -> None:
    _tell(folder, 40)
    (folder / UNFINISHED).touch()
    for name in (PROGRESS, UNFINISHED):
        path = folder / name
        long_ago = path.stat().st_mtime - FORGOTTEN_S - 1
        os.utime(path, (long_ago, long_ago))

    assert under_way() is None


@pytest.mark.django_db
def test_a_model_that_learns_is_told_after_the_city(client: Client, folder: Path) -> None:
    _tell(folder, 100, "完成")
    cache.set(LEARNING, {"percent": 30, "stage": "训练第一个分类模型", "first": True})

    page = client.get("/preparing/").content.decode()

    assert "模型训练中 30%" in page


@pytest.mark.django_db
def test_a_later_training_is_no_business_of_citizens(client: Client, folder: Path) -> None:
    cache.set(LEARNING, {"percent": 30, "stage": "回测", "first": False})

    page = client.get("/preparing/").content.decode()

    assert "训练" not in page
