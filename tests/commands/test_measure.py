"""The classifier in force is measured on real messages, honestly."""

import gzip
import json
import os
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from city import actions as city
from city import selectors
from tests.factories import Units
from tests.tickets.routing.lessons import a_month, few_matters, settled
from tickets.assessment.foreign_knee import TERMS
from tickets.assessment.foreign_weights import Asked, fitted
from tickets.models import Ticket
from tickets.routing import training
from tickets.routing.measuring import CLASSES, class_of

pytestmark = pytest.mark.django_db


def say(task: str | None = None) -> str:
    out = StringIO()
    call_command("measure", task=task, stdout=out)
    return out.getvalue()


def put(folder: Path, name: str, rows: list[dict[str, Any]]) -> None:
    with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


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


def test_retrieval_is_told_beside_its_baseline(settings: Settings, tmp_path: Path) -> None:
    settings.SHARED_DATA = tmp_path
    put(tmp_path, "tpe_answers", [{"docid": "a1", "text": "带户口簿补领身份证"}])
    put(tmp_path, "tpe_queries", [{"id": "q1", "query": "补领身份证", "relevant": ["a1"]}])

    said = say("tpe_faq")

    assert "首条命中  1.000  基线 0.496  +0.504" in said


def test_laws_are_counted_among_the_first_ten_only(settings: Settings, tmp_path: Path) -> None:
    settings.SHARED_DATA = tmp_path
    put(tmp_path, "laws", [{"docid": "l1", "title": "养犬条例", "text": "养犬应当登记。"}])
    put(tmp_path, "tdc_replies", [{"docid": "r1", "text": "依据《养犬条例》登记。"}])
    put(tmp_path, "law_queries", [{"id": "q1", "query": "养犬不登记", "relevant": ["l1"]}])

    assert say("law").count("基线") == 1


def test_issues_are_told_by_neighbours_and_clusters(settings: Settings, tmp_path: Path) -> None:
    settings.SHARED_DATA = tmp_path
    texts = ["河边水泥厂夜里排灰", "河边水泥厂粉尘排灰太大", "公积金怎么提取"]
    put(tmp_path, "tdc_hot", [{"id": f"m{n}", "title": t, "text": t} for n, t in enumerate(texts)])
    put(tmp_path, "tdc_hot_ref", [{"issue": "h1", "members": ["m0", "m1"], "maybe": ["m2"]}])

    assert "前十召回  1.000" in say("similar")
    assert "最佳F1  1.000" in say("clusters")


def test_classes_are_measured_on_groups_that_were_held_back(
    settings: Settings, tmp_path: Path
) -> None:
    settings.SHARED_DATA = tmp_path
    said = {"交通": "公交车等了半小时还不来", "环保": "工厂半夜排放黑烟有异味"}
    rows = [
        {"id": f"{n}{label}", "group": f"g{n}", "label": label, "title": "", "text": f"{n}号{text}"}
        for n in range(20)
        for label, text in said.items()
    ]
    put(tmp_path, "tdc_classify", rows)

    told = say("classify")

    assert "首选正确  1.000  基线 0.915  +0.085" in told
    assert "自动判定" in told


def test_too_few_rows_are_said(settings: Settings, tmp_path: Path) -> None:
    settings.SHARED_DATA = tmp_path
    put(tmp_path, "tdc_classify", [{"id": "1", "group": "g", "label": "交通", "text": "公交"}])

    assert "行数太少" in say("classify")


def test_two_engines_are_compared_question_by_question(settings: Settings, tmp_path: Path) -> None:
    settings.SHARED_DATA = tmp_path
    for docs, key, asked in (
        ("ncp_docs", "docid", "ncp_doc_queries"),
        ("ncp_passages", "pid", "ncp_passage_queries"),
        ("tpe_answers", "docid", "tpe_queries"),
        ("tdc_replies", "docid", "tdc_reply_queries"),
    ):
        texts = ["带户口簿补领身份证", "路灯不亮请报编号", "停水请等抢修"]
        put(tmp_path, docs, [{key: f"d{n}", "text": text} for n, text in enumerate(texts)])
        put(tmp_path, asked, [{"id": "q", "query": "补领身份证", "relevant": ["d0"]}])

    said = say("agree")

    if os.environ.get("ELASTICSEARCH_URL"):
        assert said.count("前十重合 1.000  首条相同 1.000  1 问") == 4
    else:
        assert "没有设置 ELASTICSEARCH_URL" in said


def some_replies(folder: Path) -> None:
    """Replies to messages about street lamps, buses and water, and one more that shares words."""
    told = {"路灯": "新港路路灯不亮", "公交": "三路公交等了很久", "停水": "长岭小区停水两天"}
    docs = [{"docid": word, "text": f"关于{text}，已派人处理"} for word, text in told.items()]
    put(folder, "tdc_replies", [*docs, {"docid": "other", "text": "感谢您的来信，祝生活愉快"}])
    asked = [
        {"id": f"{word}{n}", "title": word, "query": f"{text}，第{n}次来信", "relevant": [word]}
        for word, text in told.items()
        for n in range(3)
    ]
    put(folder, "tdc_reply_queries", asked)


def test_weights_of_evidence_are_fitted_beside_the_shipped(
    settings: Settings, tmp_path: Path
) -> None:
    settings.SHARED_DATA = tmp_path
    some_replies(tmp_path)
    for docs, key, asked in (
        ("ncp_docs", "docid", "ncp_doc_queries"),
        ("ncp_passages", "pid", "ncp_passage_queries"),
        ("tpe_answers", "docid", "tpe_queries"),
    ):
        put(tmp_path, docs, [{key: "d", "text": "补领身份证"}])
        put(tmp_path, asked, [{"id": "q", "query": "补领身份证", "relevant": ["d"]}])

    said = say("weights")

    assert "reply       likeness  拟合" in said
    assert "reply       拟合  首条命中 1.000  前十命中 1.000" in said
    assert "现用   7.50" in said
    assert "reply       现用  首条命中 1.000  前十命中 1.000" in said


def test_evidence_in_small_numbers_is_fitted_no_less() -> None:
    chance = np.random.default_rng(7)
    evidence = chance.random((200, 20, 2))
    right = np.zeros((200, 20), dtype=np.bool_)
    right[np.arange(200), (evidence @ [1.0, 3.0]).argmax(axis=1)] = True
    there = np.ones_like(right)

    weights = [
        fitted(Asked(evidence * [1.0, scale], there, right, np.zeros(200, dtype=np.int64)))[1]
        for scale in (1.0, 0.01)
    ]

    assert weights[0] == pytest.approx(3, rel=0.2)
    assert weights[1] == pytest.approx(100 * weights[0], rel=0.01)


def test_a_message_is_cut_to_fewer_and_fewer_terms(settings: Settings, tmp_path: Path) -> None:
    settings.SHARED_DATA = tmp_path
    some_replies(tmp_path)
    texts = ["河边水泥厂夜里排灰", "河边水泥厂粉尘排灰太大", "公积金怎么提取"]
    put(tmp_path, "tdc_hot", [{"id": f"m{n}", "title": t, "text": t} for n, t in enumerate(texts)])
    put(tmp_path, "tdc_hot_ref", [{"issue": "h1", "members": ["m0", "m1"], "maybe": ["m2"]}])

    said = [line for line in say("knee").splitlines() if line.startswith("embedded")]

    assert [line.split()[2] for line in said[::2]] == [*map(str, TERMS)]
    assert all("首条命中 1.000" in line for line in said)


def test_material_that_is_missing_is_no_disagreement(settings: Settings, tmp_path: Path) -> None:
    settings.SHARED_DATA = tmp_path

    assert "跳过" in say("agree")


def test_no_guess_has_no_class() -> None:
    assert class_of([]) == ""


def test_a_curve_shows_what_more_rows_bring(settings: Settings, tmp_path: Path) -> None:
    settings.SHARED_DATA = tmp_path
    city.load_taxonomy()
    told = {
        "交通运输": "公交车线路太少等车",
        "环境保护": "工厂夜里排黑烟",
        "教育文体": "学校乱收补课费",
    }
    put(
        tmp_path,
        "tdc_classify",
        [
            {"title": "", "text": f"{words}，第{n}回反映", "label": label, "group": f"g{n}-{label}"}
            for n in range(80)
            for label, words in told.items()
        ],
    )
    picture, out = tmp_path / "curve.svg", StringIO()

    call_command("measure", task="curve", picture=picture, stdout=out)

    assert out.getvalue().splitlines()[0].split() == (
        "curve 200 条 准确率 100.0% 可自动 100.0%".split()
    )
    assert "学习曲线" in picture.read_text()


def test_weeks_of_confirmed_tickets_are_replayed(units: Units) -> None:
    city.load_taxonomy()
    few_matters()
    for n, ticket in enumerate(a_month()):
        at = timezone.now() - timedelta(days=84 - n)
        Ticket.objects.filter(pk=ticket.pk).update(accepted_at=at)
    for n in range(300):
        at = timezone.now() - timedelta(days=84 - n * 0.28)
        ticket = settled(f"第{n}回，流动摊贩占道", "0101")
        Ticket.objects.filter(pk=ticket.pk).update(accepted_at=at)

    said = say("growth").splitlines()

    assert len(said) > 5
    rows = [line.split() for line in said]
    assert all(row[0] == "growth" for row in rows)
    assert float(rows[-1][3].rstrip("%")) > 80


def test_the_model_says_how_large_it_is(settings: Settings, tmp_path: Path, units: Units) -> None:
    settings.DATA_DIR = tmp_path
    city.load_taxonomy()
    few_matters()
    before = say("memory")
    a_month()
    model = training.begin()

    said = say("memory")

    assert before.strip() == "没有现用模型"
    assert model is not None
    assert f"模型 {model.version}：3 个事项，文件 " in said
    assert "载入内存 " in said
