import json
import os

import pytest
from loop_examples import LINES, OTHERS, PAGE, annotated, write

from zhibiao.annotate.policies import Policy
from zhibiao.annotate.pull import PullOptions
from zhibiao.annotate.tasks import to_task
from zhibiao.core.codec import dumps
from zhibiao.core.errors import InputError
from zhibiao.core.schema import default_schema
from zhibiao.loop.intake import Intake
from zhibiao.loop.leaks import JudgedTexts
from zhibiao.loop.pool import merge
from zhibiao.loop.set_aside import SetAside, update_open

OPTIONS = PullOptions(Policy.LATEST)


@pytest.fixture
def intake():
    return Intake(default_schema())


def finished(row, number, *, change=None, **fields):
    task = to_task(row, as_="annotations")
    (annotation,) = task["annotations"]
    annotation |= {"id": number * 10, "created_at": "2026-11-22T08:00:00Z", "completed_by": 1, **fields}
    if change:
        change(annotation["result"])
    return task | {"id": number}


def test_bad_lines_of_a_file_are_set_aside_with_reason_place_and_content(intake, tmp_path):
    good, bad = annotated("a", LINES[0]), json.loads(dumps(annotated("b", LINES[2])))
    bad["entities"][0]["label"] = "TOWN"
    path = write(
        tmp_path / "new.jsonl", good, json.dumps(bad), "{broken", annotated("a", LINES[0]), annotated("p", PAGE)
    )
    intake.add_file(path)
    assert list(intake.lines) == ["a", "p#1", "p#2", "p#3"]
    assert [(e.reason, e.place, e.id) for e in intake.set_aside] == [
        ("unknown-label", "2", "b"),
        ("bad-json", "3", ""),
        ("duplicate-id", "4", "a"),
    ]
    assert intake.set_aside[0].row == bad
    assert intake.set_aside[1].row == "{broken"
    (source,) = intake.sources
    assert (source.rows, source.passed, source.lines) == (5, 2, 4)
    with pytest.raises(InputError, match="cannot be read"):
        intake.add_file(tmp_path / "nothing.jsonl")


def test_finished_tasks_come_in_and_damaged_ones_are_set_aside(intake):
    def unknown_label(results):
        results[0]["value"]["labels"] = ["TOWN"]

    def without_choices(results):
        results[:] = [item for item in results if item.get("from_name") != "trend"]

    def with_comment(results):
        results.append({"id": "c", "from_name": "comment", "to_name": "text", "type": "textarea", "value": {}})

    tasks = [
        finished(annotated("a", OTHERS[0]), 1),
        finished(annotated("b", OTHERS[1]), 2, change=unknown_label),
        finished(annotated("c", OTHERS[2]), 3, was_cancelled=True),
        finished(annotated("d", LINES[2]), 4, change=without_choices),
        finished(annotated("e", PAGE), 5, change=with_comment),
        finished(annotated("f", LINES[1]), 6),
    ]
    intake.add_tasks("project 1", tasks, OPTIONS)
    assert list(intake.lines) == ["a", "e#1", "e#2", "e#3", "f"]
    assert {entry.id for entry in intake.set_aside} == {"b", "d"}
    entry = next(entry for entry in intake.set_aside if entry.id == "b")
    assert (entry.reason, entry.place, entry.origin) == ("unknown-label", "task 2", "project 1")
    assert entry.row["text"] == OTHERS[1]
    (source,) = intake.sources
    assert source.notes == {"skipped annotations": 1, "unknown-control": 1}


def test_a_text_that_the_judging_files_know_leaks(tmp_path):
    test = write(
        tmp_path / "test.jsonl",
        annotated("t#1", OTHERS[0]),
        annotated("u", OTHERS[1], city="随州市"),
        annotated("v", LINES[0]),
    )
    rows = [
        annotated("t#2", OTHERS[2]),
        annotated("x", LINES[2], city="随州"),
        annotated("y", LINES[0].replace("214.6", "198.3")),
        annotated("z", OTHERS[2], city="黄冈市"),
    ]
    leaks = JudgedTexts([test]).leaks(rows)
    assert {key: reason for key, (reason, _) in leaks.items()} == {
        "t#2": "shared-document",
        "x": "shared-city",
        "y": "near-duplicate",
    }
    assert "v in" in leaks["y"][1]


def test_the_same_again_changes_nothing_and_a_new_annotation_replaces_the_old():
    first = [
        annotated("a", OTHERS[0]),
        annotated("p#1", LINES[0], source_row="p"),
        annotated("p#3", LINES[2], source_row="p"),
    ]
    pool = merge([], first)
    assert (pool.added, pool.rows) == (3, tuple(first))
    again = merge(pool.rows, first)
    assert (again.rows, again.added, again.replaced, again.unchanged, again.removed) == (pool.rows, 0, 0, 3, 0)
    renewed = [annotated("p#1", LINES[0] + "全省第一。", source_row="p"), annotated("b", OTHERS[1])]
    changed = merge(pool.rows, renewed)
    assert [row.id for row in changed.rows] == ["a", "p#1", "b"]
    assert (changed.added, changed.replaced, changed.unchanged, changed.removed) == (1, 1, 0, 1)
    assert [row.id for row in merge(pool.rows, renewed, held={"p#3"}).rows] == ["a", "p#1", "p#3", "b"]


def test_the_open_list_forgets_what_was_mended(tmp_path):
    path = tmp_path / "set_aside.jsonl"
    update_open(
        path, [SetAside("bad-json", "m", "f", "1"), SetAside("overlap", "m", "project", id="a")], files=[], ids=[]
    )
    update_open(path, [SetAside("overlap", "m", "project", id="b")], files=["f"], ids=[])
    assert [json.loads(line)["id"] for line in path.read_text("utf-8").splitlines()] == ["a", "b"]
    update_open(path, [], files=[], ids=["a", "b"])
    assert path.read_text("utf-8") == ""


def test_a_later_source_replaces_all_lines_of_a_page(intake, tmp_path):
    intake.add_file(write(tmp_path / "one.jsonl", annotated("p", PAGE), annotated("a", OTHERS[0])))
    intake.add_file(write(tmp_path / "two.jsonl", annotated("p", "\n".join(OTHERS[1:]))))
    assert {key: row.text for key, row in intake.lines.items()} == {"a": OTHERS[0], "p#1": OTHERS[1], "p#2": OTHERS[2]}
    assert intake.sources[1].notes == {"lines that an earlier source had, too": 3}


def test_a_pipe_is_refused_for_it_can_be_read_only_once(intake, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="save it as a file"):
        intake.add_file(tmp_path / "pipe")


def test_the_open_list_keeps_rows_with_any_line_separator(tmp_path):
    path = tmp_path / "set_aside.jsonl"
    entry = SetAside("bad-json", "m", "f", "1", row="前\u2028后\u2029\x85")
    update_open(path, [entry], files=[], ids=[])
    update_open(path, [], files=[], ids=[])
    assert [json.loads(line)["row"] for line in path.read_bytes().splitlines()] == [entry.row]


def test_the_open_list_forgets_the_lines_of_a_page_that_came_in_again(tmp_path):
    path = tmp_path / "set_aside.jsonl"
    entries = [SetAside("furniture-line", "m", "project", id=key) for key in ("p#2", "p", "q#2")]
    update_open(path, entries, files=[], ids=[])
    update_open(path, [], files=[], ids=["p", "p#1"])
    assert [json.loads(line)["id"] for line in path.read_text("utf-8").splitlines()] == ["q#2"]
