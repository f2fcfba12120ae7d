"""/extract gives what ``zhibiao extract`` writes."""

import json
from concurrent.futures import ThreadPoolExecutor

from serve_examples import PAGE, TEXT
from typer.testing import CliRunner

from zhibiao.cli import app

OTHER = {
    "id": "p2",
    "text": "2023年，武汉市实现地区生产总值20011.65亿元，同比增长5.7%。\r\n责任编辑：张三",
    "meta": {"date": "2024-01-20"},
}


def command_line(tmp_path, documents, *options):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("".join(json.dumps(d, ensure_ascii=False) + "\n" for d in documents), encoding="utf-8")
    arguments = ["extract", str(source), "--system", "rules", "-q", "-o", str(target), *options]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    return [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]


def test_many_documents_give_what_the_command_line_writes(rules, tmp_path):
    answer = rules.post("/extract", params={"annotations": True}, json={"documents": [PAGE, OTHER]})
    assert answer.status_code == 200
    assert answer.json()["model_version"] == "rules-test"
    results = answer.json()["results"]
    records = [record for result in results for record in result["records"]]
    assert len(records) == 5
    assert records == command_line(tmp_path, [PAGE, OTHER])
    annotations = [result["annotations"] for result in results]
    assert annotations == command_line(tmp_path, [PAGE, OTHER], "--format", "annotations")
    assert results[1]["ledger"] == {"furniture_line": 1}


def test_one_document_needs_no_list(rules):
    one = rules.post("/extract", json=PAGE).json()
    assert one == rules.post("/extract", json={"documents": [PAGE]}).json()
    assert [record["region"]["name"] for record in one["results"][0]["records"]] == ["宜昌市"] * 3
    assert "annotations" not in one["results"][0]


def test_a_document_that_fails_does_not_fail_the_others(rules):
    documents = [{"id": "no-text"}, PAGE, 7, {"id": ["x"], "text": TEXT}, {"text": ""}, {"id": 12, "text": TEXT}]
    answer = rules.post("/extract", json={"documents": documents})
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [result["id"] for result in results] == ["no-text", "p1", "document-3", "document-4", "document-5", "12"]
    assert [result.get("error", {}).get("kind") for result in results] == ["field", None, "format", "field", None, None]
    assert "documents[0]" in results[0]["error"]["message"]
    assert [len(result.get("records", ())) for result in results] == [0, 3, 0, 0, 0, 3]
    assert results[4]["ledger"] == {"empty_text": 1}


def test_records_below_a_confidence_are_left_out_and_counted(rules):
    result = rules.post("/extract", params={"min_confidence": 1}, json=PAGE).json()["results"][0]
    assert result["records"] == []
    assert result["ledger"]["below_min_confidence"] == 3


def test_a_lone_surrogate_comes_back_escaped(rules):
    text = TEXT + "\ud83d"
    body = json.dumps({"documents": [{"text": text}]}).encode("ascii")
    answer = rules.post("/extract?annotations=true", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200
    assert b"\\ud83d" in answer.content
    assert json.loads(answer.content)["results"][0]["annotations"]["text"] == text


def test_no_documents_give_no_results(rules):
    assert rules.post("/extract", json={"documents": []}).json()["results"] == []


def test_an_internal_error_of_one_document_is_its_own(obedient):
    headers = {"Authorization": "Bearer correct-horse-battery-staple"}
    documents = [{"id": "a", "text": "fail"}, {"id": "b", "text": "fine"}]
    results = obedient.post("/extract", json={"documents": documents}, headers=headers).json()["results"]
    assert results[0]["error"]["kind"] == "internal"
    assert "RuntimeError" in results[0]["error"]["message"]
    assert results[1]["records"] == []


def test_answers_are_not_mixed_up_between_clients(rules, clients=8):
    def ask(number):
        text = TEXT.replace("8.3", f"{number}.5")
        answer = rules.post("/extract", json={"id": number, "text": text, "city": "宜昌市"}).json()["results"][0]
        return answer["id"], answer["records"][0]["mentions"]["value"]["surface"]

    with ThreadPoolExecutor(clients) as threads:
        assert list(threads.map(ask, range(3 * clients))) == [(str(n), f"{n}.5") for n in range(3 * clients)]
