"""The product predicts on foreign material: its own analysis and weights, nothing left behind."""

import gzip
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

ANSWERS = {
    "a1": "身份证丢失的，带户口簿到任一派出所补领，二十个工作日内领取。",
    "a2": "自来水停水请拨打供水热线，计划停水会提前二十四小时公告。",
    "a3": "公积金租房提取，需要无房证明，三个工作日到账。",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "tpe_answers.jsonl.gz", [{"docid": k, "text": v} for k, v in ANSWERS.items()])
    write(tmp_path / "ncp_docs.jsonl.gz", [{"docid": k, "text": v} for k, v in ANSWERS.items()])
    return tmp_path


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return path


def predict(task: str, folder: Path, asked: list[dict[str, Any]], **more: Any) -> list[Any]:
    queries = write(folder / "asked.jsonl.gz", asked)
    out = folder / "preds.jsonl"
    call_command("predict", task, train=folder, queries=queries, out=out, stdout=StringIO(), **more)
    return [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def test_the_answer_that_fits_comes_first(folder: Path) -> None:
    rows = predict("tpe_faq", folder, [{"id": "q1", "query": "身份证丢了怎么补办"}])

    assert rows[0]["id"] == "q1"
    assert rows[0]["docs"][0] == "a1"


def test_ids_mean_nothing_and_other_fields_are_ignored(folder: Path) -> None:
    asked = [{"id": "任意", "query": "停水", "relevant": ["a3"], "docid": "a3", "answer": "公积金"}]

    rows = predict("ncp_doc", folder, asked)

    assert rows == [{"id": "任意", "docs": ["a2"]}]


@pytest.mark.parametrize("said", ["", "。。。", "😀", "a" * 10_000, '"(*)~[', "\x00\ud800"])
def test_odd_questions_get_a_line_too(folder: Path, said: str) -> None:
    rows = predict(
        "tpe_faq", folder, [{"id": "q", "query": said.encode("utf-8", "replace").decode()}]
    )

    assert [row["id"] for row in rows] == ["q"]


def test_it_says_the_same_every_time(folder: Path) -> None:
    asked = [{"id": "q", "query": "公积金怎么提取"}]

    assert predict("tpe_faq", folder, asked) == predict("tpe_faq", folder, asked)


def test_without_a_cluster_the_engine_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ELASTICSEARCH_URL", raising=False)

    with pytest.raises(CommandError) as refused:
        predict("tpe_faq", folder, [], engine="elastic")

    assert refused.value.returncode == 2


def test_a_line_that_is_no_json_is_named(folder: Path) -> None:
    broken = folder / "broken.jsonl"
    broken.write_text('{"id": 1}\nnicht\n', "utf-8")

    with pytest.raises(CommandError, match="第 2 行"):
        call_command("predict", "tpe_faq", train=folder, queries=broken, out=folder / "p")


def test_a_law_is_found_by_clause_name_and_citation(folder: Path) -> None:
    laws = {
        "l1": (
            "中华人民共和国物业条例（2018年）",
            "第一条 物业服务费应当公示。\n第二条 不得停水催费。",
        ),
        "l2": ("道路照明条例", "第一条 路灯熄灭应当在二十四小时内修复。"),
        "l3": ("养犬管理条例", "养犬应当登记，出门应当牵绳。"),
    }
    rows = [{"docid": k, "title": t, "text": x} for k, (t, x) in laws.items()]
    write(folder / "laws.jsonl.gz", rows)
    replies = ["根据《物业条例》处理停水催费。", "依据《物业条例》答复物业费。", "路灯已修复。"]
    write(
        folder / "tdc_replies.jsonl.gz",
        [{"docid": f"r{n}", "text": text} for n, text in enumerate(replies)],
    )
    asked = [
        {"id": "q1", "title": "路灯不亮", "query": "路灯熄灭一周没人修复"},
        {"id": "q2", "title": "物业停水催费", "query": "物业用停水的办法催物业费"},
        {"id": "q3", "title": "", "query": "《养犬管理条例》怎么规定的"},
    ]

    found = {row["id"]: row["docs"][0] for row in predict("law", folder, asked)}

    assert found == {"q1": "l2", "q2": "l1", "q3": "l3"}


def test_neighbours_and_clusters_need_no_questions(folder: Path) -> None:
    said = ["长岭水泥厂夜里排灰", "长岭水泥厂粉尘排灰太大", "公积金怎么提取"]
    rows = [{"id": f"m{n}", "title": text, "text": text} for n, text in enumerate(said)]
    write(folder / "tdc_hot.jsonl.gz", rows)

    near = run("similar", folder)
    found = run("clusters", folder)

    assert near[0] == {"id": "m0", "docs": ["m1"]}
    assert sorted(row["members"] for row in found) == [["m0", "m1"], ["m2"]]


def test_neighbours_reach_beyond_ten_since_some_may_be_neutral(folder: Path) -> None:
    said = [{"id": f"m{n}", "title": "水泥厂排灰", "text": f"第{n}晚"} for n in range(14)]
    write(folder / "tdc_hot.jsonl.gz", said)

    assert {len(row["docs"]) for row in run("similar", folder)} == {13}


def run(task: str, folder: Path) -> list[Any]:
    out = folder / "preds.jsonl"
    call_command("predict", task, train=folder, out=out, stdout=StringIO())
    return [json.loads(line) for line in out.read_text("utf-8").splitlines()]


MATTERS = {
    "交通": [
        "公交车等了半小时",
        "公交线路太少",
        "出租车拒载绕路",
        "路口红灯太久",
        "公交司机态度差",
    ],
    "环保": ["工厂排放黑烟", "河水发臭有异味", "夜间噪音扰民", "粉尘污染严重", "油烟排放刺鼻"],
}


def labelled(folder: Path) -> Path:
    rows = [
        {"id": f"{label}{n}{place}", "group": f"{label}{n}", "label": label, "title": text}
        | {"text": f"{place}{text}，希望尽快解决", "agency": label, "question": f"{place}{text}？"}
        for label, texts in MATTERS.items()
        for n, text in enumerate(texts)
        for place in ("东湖路", "西岗街", "北塘", "松陵", "青岚", "鼓楼", "长岭")
    ]
    write(folder / "tdc_classify.jsonl.gz", rows)
    write(folder / "tpe_routing.jsonl.gz", rows)
    write(folder / "tdc_dept.jsonl.gz", [row | {"department": row["label"]} for row in rows])
    return folder


@pytest.mark.parametrize("task", ["classify", "dept"])
def test_messages_get_labels_a_confidence_and_a_decision(folder: Path, task: str) -> None:
    asked = [
        {"id": "a", "title": "公交车不来", "text": "在站台等公交等了一小时"},
        {"id": "b", "title": "", "text": "工厂半夜排放黑烟，异味很大"},
    ]

    rows = predict(task, labelled(folder), asked)

    assert [row["labels"][0] for row in rows] == ["交通", "环保"]
    assert all(0 <= row["confidence"] <= 1 for row in rows)
    assert all(isinstance(row["auto"], bool) for row in rows)


def test_agencies_learn_from_questions_and_answers(folder: Path) -> None:
    rows = predict("tpe", labelled(folder), [{"id": "a", "question": "公交车多久一班？"}])

    assert rows[0]["labels"][0] == "交通"


def test_few_rows_are_stretched_by_the_taxonomy_and_unlabelled_messages(folder: Path) -> None:
    labelled(folder)
    (folder / "tdc_taxonomy.csv").write_text(
        "一级分类,二级分类,三级分类\n交通,公共交通,公交线路\n环保,大气污染,工业废气\n", "utf-8-sig"
    )
    write(
        folder / "tdc_unlabelled.jsonl.gz",
        [{"id": "u", "title": "废气", "text": "工业废气排放"}] * 5,
    )

    rows = predict("classify", folder, [{"id": "a", "title": "废气", "text": "工业废气"}], limit=60)

    assert rows[0]["labels"][0] == "环保"


@pytest.mark.parametrize("said", ["", "水", "😀" * 50, "hello world", "水" * 10_000])
def test_odd_messages_are_classified_without_an_error(folder: Path, said: str) -> None:
    rows = predict("classify", labelled(folder), [{"id": "a", "title": "", "text": said}])

    assert len(rows[0]["labels"]) == 2


def test_departments_learn_from_the_replies_that_messages_had(folder: Path) -> None:
    """The asked word stands in no message, only in the replies to those about the environment."""
    labelled(folder)
    asked = [{"id": "a", "title": "", "text": "环评批复公示"}]
    before = predict("dept", folder, asked)[0]["labels"]
    with gzip.open(folder / "tdc_dept.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    said = {
        row["id"]: "环评批复公示，执法人员已到场" if row["label"] == "环保" else "加派车辆"
        for row in rows
    }
    messages = [
        {"id": r["id"], "title": r["title"], "query": r["text"], "relevant": [r["id"]]}
        for r in rows
    ]
    write(folder / "tdc_reply_queries.jsonl.gz", messages)
    write(folder / "tdc_replies.jsonl.gz", [{"docid": k, "text": v} for k, v in said.items()])

    after = predict("dept", folder, asked)[0]["labels"]

    assert sorted(before) == sorted(after) == ["交通", "环保"]
    assert after[0] == "环保"
