import gzip
import io
import json
import re
import tracemalloc
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from io_examples import SENTENCES

from zhibiao.core.errors import ConfigError
from zhibiao.core.ledger import Ledger
from zhibiao.core.records import Document
from zhibiao.io.document import iso_date
from zhibiao.io.readers import Failure, ReadOptions, read_documents

S = SENTENCES


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(*inputs, ledger=None, **options):
    return list(read_documents(inputs, options=ReadOptions(**options), ledger=ledger or Ledger()))


def only_failure(results, kind, pattern):
    (failure,) = [r for r in results if isinstance(r, Failure)]
    assert failure.kind == kind
    assert re.search(pattern, failure.error), failure.error
    return failure


def texts(results):
    return [r.text for r in results if isinstance(r, Document)]


def set_stdin(monkeypatch, data):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data)))


# Whole files


def test_text_file_is_one_document_as_it_stands(folder):
    (folder / "a.txt").write_bytes(f"{S[0]}\r\n{S[1]}\n".encode("gb18030"))
    assert read("a.txt") == [Document("a", f"{S[0]}\r\n{S[1]}\n", origin="a.txt", encoding="gb18030")]


def test_markdown_front_matter_is_metadata_and_marks_stay(folder):
    body = f"# 运行情况\n\n- **{S[0]}**\n| 指标 | 值 |\n"
    (folder / "a.md").write_text(
        f"---\ntitle: '前十月: 情况'\ndate: 2023-11-21\ncity: 某市\n---\n{body}", encoding="utf-8"
    )
    assert read("a.md") == [Document("a", body, title="前十月: 情况", date="2023-11-21", city="某市", origin="a.md")]


@pytest.mark.parametrize("head", ["---\ntitle: [a\n---\n", "---\n- 1\n---\n"])
def test_markdown_front_matter_that_is_none_stays_in_the_text(folder, head):
    (folder / "a.md").write_text(head + S[0], encoding="utf-8")
    ledger = Ledger()
    assert texts(read("a.md", ledger=ledger)) == [head + S[0]]
    assert ledger.counts["unreadable_front_matter"] == 1


def test_markdown_rule_without_front_matter(folder):
    (folder / "a.md").write_text(f"{S[0]}\n---\n{S[1]}", encoding="utf-8")
    assert texts(read("a.md")) == [f"{S[0]}\n---\n{S[1]}"]


def test_html_file(folder):
    (folder / "a.htm").write_text(
        '<html><head><meta name="PubDate" content="2023-11-21"><title>运行</title></head>'
        f"<body><p>{S[0]}</p><p>{S[1]}</p>",
        encoding="utf-8",
    )
    assert read("a.htm") == [Document("a", f"{S[0]}\n{S[1]}", title="运行", date="2023-11-21", origin="a.htm")]


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.txt", b""), ("b.txt", b" \r\n\t"), ("c.txt", "\u3000".encode()), ("d.md", b"\n")],
)
def test_empty_file_is_a_failure(folder, name, data):
    (folder / name).write_bytes(data)
    only_failure(read(name), "empty", rf"^{name}: the file (is empty|has no text)")


def test_html_without_text_is_a_failure(folder):
    (folder / "a.html").write_text("<html><body><img src=x></body></html>", encoding="utf-8")
    only_failure(read("a.html"), "empty", r"^a\.html: the file has no text")


def test_binary_file_is_a_failure_and_the_others_are_read(folder):
    (folder / "a.txt").write_bytes(bytes(500))
    (folder / "b.txt").write_text(S[0], encoding="utf-8")
    results = read("a.txt", "b.txt")
    only_failure(results, "encoding", r"^a\.txt: binary data.*--encoding")
    assert texts(results) == [S[0]]


def test_undecodable_bytes_are_counted_with_their_place(folder):
    (folder / "a.txt").write_bytes("".join(S).encode()[:-1])
    ledger = Ledger()
    read("a.txt", ledger=ledger)
    assert ledger.counts["undecodable_bytes"] == 1
    assert re.match(r"a\.txt: byte \d+ \(utf-8\)", ledger.examples["undecodable_bytes"][0])


def test_encoding_option_overrides_detection(folder):
    (folder / "a.txt").write_bytes("été 8".encode("latin-1"))
    assert texts(read("a.txt", encoding="latin-1")) == ["été 8"]


def test_file_that_the_system_refuses_is_a_failure(folder, monkeypatch):
    (folder / "a.txt").write_text("x", encoding="utf-8")

    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    only_failure(read("a.txt"), "unreadable", r"^a\.txt: cannot be read: Permission denied; check")


def test_gzip_of_any_type(folder):
    (folder / "a.txt.gz").write_bytes(gzip.compress(S[0].encode("gbk")))
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(json.dumps({"text": S[1]}).encode()))
    pq.write_table(pa.table({"text": [S[2]]}), "c.parquet", compression="none")
    (folder / "c.parquet.gz").write_bytes(gzip.compress((folder / "c.parquet").read_bytes()))
    assert texts(read("a.txt.gz", "b.jsonl.gz", "c.parquet.gz")) == [S[0], S[1], S[2]]


@pytest.mark.parametrize(
    "damage", [lambda d: d[:-12], lambda d: b"no gzip" + d, lambda d: d[:60] + b"\0" * 40 + d[100:]]
)
def test_broken_gzip_is_a_failure(folder, damage):
    data = gzip.compress("".join(S).encode())
    (folder / "a.txt.gz").write_bytes(damage(data))
    only_failure(read("a.txt.gz"), "format", r"^a\.txt\.gz: broken gzip file")


# Standard input


def test_stdin_is_one_text(monkeypatch):
    set_stdin(monkeypatch, S[0].encode("gb18030"))
    assert read("-") == [Document("stdin", S[0], origin="stdin", encoding="gb18030")]


def test_stdin_as_json_lines_and_parquet(monkeypatch):
    set_stdin(monkeypatch, json.dumps({"text": S[0]}).encode() + b"\n" + json.dumps({"id": "x", "text": S[1]}).encode())
    assert [(d.id, d.text, d.origin) for d in read("-", input_format="jsonl")] == [
        ("stdin:1", S[0], "stdin:1"),
        ("x", S[1], "stdin:2"),
    ]
    buffer = io.BytesIO()
    pq.write_table(pa.table({"text": [S[0]]}), buffer)
    set_stdin(monkeypatch, buffer.getvalue())
    assert texts(read("-", input_format="parquet")) == [S[0]]


# JSON Lines


def write_jsonl(path, *rows, encoding="utf-8"):
    path.write_bytes("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows).encode(encoding))


def test_json_lines_fields(folder):
    write_jsonl(
        folder / "a.jsonl",
        {"id": 7, "text": S[0], "title": "题", "date": "2023年11月", "city": "某市", "source": "日报", "other": [1]},
        {"id": "x#2", "text": S[1], "meta": {"city": "甲市", "date": "2023-11-21", "source": "news"}, "entities": []},
        {"text": S[2], "city": "乙市", "meta": {"city": "甲市"}, "date": None, "title": 3},
        {"id": "", "text": S[3], "meta": "none"},
    )
    assert read("a.jsonl") == [
        Document("7", S[0], "题", "2023-11", "某市", "日报", "a.jsonl:1"),
        Document("x#2", S[1], "", "2023-11-21", "甲市", "news", "a.jsonl:2"),
        Document("a:3", S[2], "3", "", "乙市", "", "a.jsonl:3"),
        Document("a:4", S[3], origin="a.jsonl:4"),
    ]


@pytest.mark.parametrize(
    ("line", "kind", "pattern"),
    [
        ('{"text": "a"', "format", r"^a\.jsonl:2: no JSON \(Expecting .*\): '\{\"text\": \"a\"'"),
        ("[" * 100000, "format", r"a\.jsonl:2: no JSON"),
        ('{"id": ' + "9" * 5000 + ', "text": "a"}', "format", r"a\.jsonl:2: no JSON"),
        ('["a"]', "format", r"a\.jsonl:2: an object with 'text' is expected, got list"),
        ('{"content": "a", "id": 1}', "field", r"a\.jsonl:2: the key 'text' is missing; keys are 'content', 'id'"),
        ('{"text": null}', "field", r"a\.jsonl:2: the text is missing"),
        ('{"text": 5}', "field", r"a\.jsonl:2: the text is a int, not a string"),
        ('{"text": "a", "id": [1]}', "field", r"a\.jsonl:2: the id is a list; a string or an integer"),
        ('{"text": "a", "id": true}', "field", r"a\.jsonl:2: the id is a bool"),
        ('{"text": "a", "id": 1.5}', "field", r"a\.jsonl:2: the id is a float"),
    ],
)
def test_broken_json_line_costs_only_itself(folder, line, kind, pattern):
    good = json.dumps({"text": S[0]}, ensure_ascii=False)
    (folder / "a.jsonl").write_text(f"{good}\n{line}\n\n{good}", encoding="utf-8")
    results = read("a.jsonl")
    assert only_failure(results, kind, pattern).origin == "a.jsonl:2"
    assert [r.origin for r in results] == ["a.jsonl:1", "a.jsonl:2", "a.jsonl:4"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be"])
def test_json_lines_in_every_encoding_with_one_broken_line(folder, encoding):
    lines = [json.dumps({"id": i, "text": s}, ensure_ascii=False).encode(encoding) for i, s in enumerate(S)]
    if encoding == "utf-16":
        lines = [lines[0], *(line[2:] for line in lines[1:])]
    end = "\n".encode(encoding.replace("utf-16", "utf-16-le") if encoding == "utf-16" else encoding.replace("-sig", ""))
    if encoding == "utf-8-sig":
        lines = [lines[0], *(line[3:] for line in lines[1:])]
    bad = {"utf-16": b"\x00\xd8", "utf-16-be": b"\xd8\x00"}.get(encoding, b"\xff")
    place = 24 if "16" in encoding else 20
    lines[3] = lines[3][:place] + bad + lines[3][place:]
    (folder / "a.jsonl").write_bytes(end.join(lines) + end)
    results = read("a.jsonl")
    only_failure(
        results, "encoding", r"^a\.jsonl:4: not (utf|gb).* at (byte|character) \d+ of the line; the line is left"
    )
    assert texts(results) == [s for i, s in enumerate(S) if i != 3]


def test_utf16_file_cut_in_the_middle_loses_its_last_line_only(folder):
    data = "".join(json.dumps({"text": s}, ensure_ascii=False) + "\n" for s in S[:3]).encode("utf-16")
    (folder / "a.jsonl").write_bytes(data[:-5])
    results = read("a.jsonl")
    assert texts(results) == list(S[:2])
    only_failure(results, "encoding", r"a\.jsonl:3: not utf-16-le")


def test_empty_texts_are_documents_and_counted(folder):
    write_jsonl(folder / "a.jsonl", {"id": "1", "text": ""}, {"id": "2", "text": " \n"})
    ledger = Ledger()
    assert texts(read("a.jsonl", ledger=ledger)) == ["", " \n"]
    assert ledger.counts["empty_text"] == 2


def test_duplicate_ids_are_read_and_counted_across_files(folder):
    write_jsonl(folder / "a.jsonl", {"id": "x", "text": S[0]}, {"id": "x", "text": S[1]})
    write_jsonl(folder / "b.jsonl", {"id": "x", "text": S[2]})
    ledger = Ledger()
    assert [d.id for d in read("a.jsonl", "b.jsonl", ledger=ledger)] == ["x"] * 3
    assert ledger.counts["duplicate_id"] == 2
    assert ledger.examples["duplicate_id"][1] == "b.jsonl:1: 'x'"


def test_unreadable_date_is_left_out_and_counted(folder):
    write_jsonl(folder / "a.jsonl", {"text": S[0], "date": "去年底"})
    ledger = Ledger()
    assert read("a.jsonl", ledger=ledger)[0].date == ""
    assert ledger.examples["unreadable_date"] == ["a.jsonl:1: '去年底'"]


@pytest.mark.parametrize("data", [b"", b"\n\n \n"])
def test_json_lines_file_without_lines_is_a_failure(folder, data):
    (folder / "a.jsonl").write_bytes(data)
    only_failure(read("a.jsonl"), "empty", r"^a\.jsonl: the file has no lines")


def test_other_keys_for_text_and_id(folder):
    write_jsonl(folder / "a.jsonl", {"doc": "k", "content": S[0]})
    assert read("a.jsonl", text_column="content", id_column="doc")[0] == Document("k", S[0], origin="a.jsonl:1")


def test_lone_surrogates_and_long_lines_come_through(folder):
    long = S[0] * 60000
    (folder / "a.jsonl").write_text('{"text": "a\\ud83d"}\n' + json.dumps({"text": long}), encoding="utf-8")
    assert texts(read("a.jsonl")) == ["a\ud83d", long]


def test_json_lines_are_streamed(folder):
    row = json.dumps({"text": "".join(S)}, ensure_ascii=False) + "\n"
    (folder / "a.jsonl").write_text(row * 5000, encoding="utf-8")  # about 7 MB
    tracemalloc.start()
    try:
        count = sum(1 for _ in read_documents(["a.jsonl"], options=ReadOptions(), ledger=Ledger()))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 5000
    assert peak < 4e6


# CSV and TSV


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))


def test_csv_fields_and_quotes(folder):
    write(
        folder / "a.csv",
        f'id,text,date,extra\r\n1,"{S[0]}\n他说""好""",2023-11-21,x\r\n,{S[1]},,\r\n\r\nk,,20231121,\r\n',
        "utf-8-sig",
    )
    ledger = Ledger()
    assert read("a.csv", ledger=ledger) == [
        Document("1", f'{S[0]}\n他说"好"', date="2023-11-21", origin="a.csv:2", encoding="utf-8-sig"),
        Document("a:4", S[1], origin="a.csv:4", encoding="utf-8-sig"),
        Document("k", "", date="2023-11-21", origin="a.csv:6", encoding="utf-8-sig"),
    ]
    assert ledger.counts["empty_text"] == 1


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8"])
def test_tsv_in_other_encodings(folder, encoding):
    write(folder / "a.tsv", f"text\tcity\n{S[0]}\t某市\n", encoding)
    (document,) = read("a.tsv")
    assert (document.text, document.city) == (S[0], "某市")


def test_csv_with_huge_field(folder):
    write(folder / "a.csv", f'text\n"{S[0] * 20000}"\n')
    assert len(read("a.csv")[0].text) == len(S[0]) * 20000


def test_missing_column_names_those_there(folder):
    write(folder / "a.csv", f"编号,正文\n1,{S[0]}\n2,{S[1]}\n")
    results = read("a.csv")
    only_failure(
        results, "column", r"^a\.csv: the column 'text' is missing; columns are '编号', '正文'; .*--text-column"
    )
    assert len(results) == 1
    assert texts(read("a.csv", text_column="正文", id_column="编号")) == [S[0], S[1]]


def test_column_that_is_there_twice(folder):
    write(folder / "a.csv", "text,text\na,b\n")
    only_failure(read("a.csv"), "column", r"'text' is there 2 times")


@pytest.mark.parametrize(
    ("row", "kind", "pattern"),
    [
        ("a,b,c", "format", r"^a\.csv:3: 3 fields, but the header has 2; put fields"),
        ("a", "format", r"^a\.csv:3: 1 fields"),
        ('a,"b"c', "format", r"^a\.csv:3: broken row: .*; check its quotes"),
    ],
)
def test_broken_row_costs_only_itself(folder, row, kind, pattern):
    write(folder / "a.csv", f"id,text\n1,{S[0]}\n{row}\n2,{S[1]}\n")
    results = read("a.csv")
    assert only_failure(results, kind, pattern).origin == "a.csv:3"
    assert texts(results) == [S[0], S[1]]


def test_row_with_broken_bytes_costs_only_itself(folder):
    head = f"id,text\n1,{S[0]}\n".encode()
    (folder / "a.csv").write_bytes(head + b'2,"a\n\xff\n"\n' + f"3,{S[1]}\n".encode())
    results = read("a.csv")
    only_failure(results, "encoding", r"^a\.csv:3: line 4 is not utf-8 at byte 0 of the line; the row is left out")
    assert texts(results) == [S[0], S[1]]


def test_quote_that_is_never_closed_names_its_lines(folder):
    write(folder / "a.csv", f'id,text\n1,{S[0]}\n2,"{S[1]}\n3,{S[2]}\n')
    results = read("a.csv")
    only_failure(results, "format", r"^a\.csv:3 to line 4: broken row")
    assert texts(results) == [S[0]]


@pytest.mark.parametrize("text", ["", "text\n", "text,id\n\n"])
def test_table_without_rows_is_a_failure(folder, text):
    write(folder / "a.csv", text)
    only_failure(read("a.csv"), "empty", r"^a\.csv: the table has no rows")


# Parquet


def test_parquet_fields(folder):
    table = pa.table(
        {
            "id": pa.array([1, None, 3]),
            "text": pa.array([S[0], S[1], ""]).dictionary_encode(),
            "date": pa.array([None, 19682, 19682], pa.date32()),
            "extra": [[1], [2], [3]],
        }
    )
    pq.write_table(table, folder / "a.parquet", row_group_size=2)
    assert read("a.parquet") == [
        Document("1", S[0], origin="a.parquet:1"),
        Document("a:2", S[1], date="2023-11-21", origin="a.parquet:2"),
        Document("3", "", date="2023-11-21", origin="a.parquet:3"),
    ]


def test_parquet_with_one_column_for_two_fields(folder):
    pq.write_table(pa.table({"title": [S[0]]}), folder / "a.parquet")
    assert read("a.parquet", text_column="title") == [Document("a:1", S[0], title=S[0], origin="a.parquet:1")]


def test_parquet_rows_that_cannot_be_read(folder):
    bad = pa.StringArray.from_buffers(1, pa.array([0, 2], pa.int32()).buffers()[1], pa.py_buffer(b"\xff\xfe"))
    text = pa.concat_arrays([pa.array([S[0], None]), bad, pa.array([S[1]])])
    pq.write_table(pa.table({"text": text}), folder / "a.parquet")
    results = read("a.parquet")
    assert texts(results) == [S[0], S[1]]
    failures = [r for r in results if isinstance(r, Failure)]
    assert [(f.origin, f.kind) for f in failures] == [("a.parquet:2", "field"), ("a.parquet:3", "encoding")]


def test_parquet_with_numbers_for_text(folder):
    pq.write_table(pa.table({"text": [1]}), folder / "a.parquet")
    only_failure(read("a.parquet"), "field", r"^a\.parquet:1: the text is a int, not a string")


def test_parquet_failures_of_the_whole_file(folder):
    pq.write_table(pa.table({"正文": [S[0]]}), folder / "a.parquet")
    only_failure(read("a.parquet"), "column", r"^a\.parquet: the column 'text' is missing; columns are '正文'")
    (folder / "b.parquet").write_bytes(b"PAR1 but not really" * 10)
    only_failure(read("b.parquet"), "format", r"^b\.parquet: broken Parquet file")
    pq.write_table(pa.table({"text": pa.array([], pa.string())}), folder / "c.parquet")
    only_failure(read("c.parquet"), "empty", r"^c\.parquet: the table has no rows")


def test_parquet_cut_or_damaged_pages(folder):
    pq.write_table(pa.table({"text": [s * 50 for s in S] * 50}), folder / "a.parquet", row_group_size=100)
    data = bytearray((folder / "a.parquet").read_bytes())
    (folder / "cut.parquet").write_bytes(data[: len(data) // 2])
    only_failure(read("cut.parquet"), "format", r"broken Parquet file")
    data[len(data) // 3 : len(data) // 3 + 400] = bytes(400)
    (folder / "a.parquet").write_bytes(data)
    for result in read("a.parquet"):
        assert isinstance(result, Document) or result.kind in ("format", "encoding")


# Options and dates


def test_unknown_options_are_refused():
    with pytest.raises(ConfigError, match=r"input format 'docx' is unknown; choose one of txt, md, html, jsonl"):
        ReadOptions(input_format="docx")
    for name in ("klingon", "base64", "undefined"):
        with pytest.raises(ConfigError, match=rf"encoding '{name}' is unknown; use a Python codec"):
            ReadOptions(encoding=name)


def test_missing_file_is_a_failure_among_documents(folder):
    write(folder / "a.txt", S[0])
    results = read("none.txt", "a.txt")
    assert [type(r) for r in results] == [Failure, Document]


@pytest.mark.parametrize(
    ("raw", "iso"),
    [
        ("2023-11-21", "2023-11-21"),
        ("2023/1/2 10:20", "2023-01-02"),
        ("2023年11月21日", "2023-11-21"),
        ("20231121", "2023-11-21"),
        ("2023-11-21T08:00:00Z", "2023-11-21"),
        ("2023-11", "2023-11"),
        ("2023年", "2023"),
        ("2023", "2023"),
        ("2023-13-01", ""),
        ("2023-02-30", ""),
        ("0000-01-01", ""),
        ("123456", ""),
        ("21.11.2023", ""),
        ("", ""),
    ],
)
def test_iso_date(raw, iso):
    assert iso_date(raw) == iso
