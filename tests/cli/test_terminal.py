"""What a terminal shows is what was written."""

import json

import pytest

from zhibiao.cli import main
from zhibiao.cli.terminal import say, table_terminal, terminal

TEXT = "file.jsonl:100: [12, 15) [bold]增长[/bold] :+1: 5%"


@pytest.mark.parametrize("make", [terminal, table_terminal])
def test_text_is_no_markup_and_no_emoji(make, capsys):
    make().print(TEXT)
    assert capsys.readouterr().out.strip() == TEXT


def test_lines_for_standard_error_go_there_uncut(capsys):
    say("指标" * 500 + "\ud800", error=True)
    assert capsys.readouterr() == ("", "指标" * 500 + "\\ud800\n")


def test_the_checker_names_line_100_as_it_is(tmp_path, capsys, monkeypatch):
    row = {"id": "a", "text": "全市增长5%。", "entities": [], "relations": [], "attributes": {}}
    path = tmp_path / "gold.jsonl"
    path.write_text("".join(json.dumps({**row, "id": f"a{i}"}) + "\n" for i in range(99)) + "{\n", encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["zhibiao", "check", str(path)])
    with pytest.raises(SystemExit):
        main()
    assert f"{path}:100: error bad-json" in capsys.readouterr().out
