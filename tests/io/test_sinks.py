import csv
import json
import os
from decimal import Decimal

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhibiao.core.errors import ConfigError
from zhibiao.core.ledger import Ledger
from zhibiao.io.inputs import Failure
from zhibiao.io.sinks import open_failures, open_sink

COLUMNS = {"s": "string", "i": "integer", "n": "number", "d": "decimal", "b": "boolean"}
ROW = {"s": '全市"增长",\r\n8.2%😀', "i": 7, "n": 0.25, "d": Decimal("13270000000.5"), "b": True}
EMPTY = dict.fromkeys(COLUMNS)


def listed(folder):
    return [path.name for path in folder.iterdir()]


def write(path, rows, columns=COLUMNS, ledger=None):
    with open_sink(path, columns=columns, ledger=ledger or Ledger()) as sink:
        for row in rows:
            sink.write(row)


def read_jsonl(path):
    return [json.loads(line) for line in path.read_bytes().split(b"\n") if line]


def read_csv(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_json_lines(tmp_path):
    path = tmp_path / "a.jsonl"
    write(path, [ROW | {"nested": {"list": [1, None]}}, EMPTY], columns=None)
    assert read_jsonl(path) == [ROW | {"d": "13270000000.5", "nested": {"list": [1, None]}}, EMPTY]
    assert "全市".encode() in path.read_bytes()


def test_csv_opens_in_excel_and_reads_back(tmp_path):
    path = tmp_path / "a.CSV"
    write(path, [ROW, EMPTY, {"b": False, "d": Decimal("1E+3")}])
    assert path.read_bytes().startswith(b"\xef\xbb\xbfs,i,n,d,b\r\n")
    assert read_csv(path) == [
        {"s": ROW["s"], "i": "7", "n": "0.25", "d": "13270000000.5", "b": "true"},
        dict.fromkeys(COLUMNS, ""),
        {"s": "", "i": "", "n": "", "d": "1000", "b": "false"},
    ]


def test_parquet_types_and_values(tmp_path):
    path = tmp_path / "a.parquet"
    write(path, [ROW, EMPTY, {"i": None, "d": 5}])
    table = pq.read_table(path)
    assert [str(field.type) for field in table.schema] == ["string", "int64", "double", "decimal128(38, 12)", "bool"]
    assert table.to_pylist() == [ROW, EMPTY, EMPTY | {"d": Decimal(5)}]


def test_file_without_rows_has_its_columns(tmp_path):
    for name in ("a.csv", "a.parquet", "a.jsonl"):
        write(tmp_path / name, [])
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig").strip() == "s,i,n,d,b"
    assert pq.read_table(tmp_path / "a.parquet").column_names == list(COLUMNS)
    assert (tmp_path / "a.jsonl").read_bytes() == b""


def test_parquet_row_groups_are_bounded(tmp_path):
    path = tmp_path / "a.parquet"
    write(path, ({"i": i} for i in range(10000)))
    assert pq.ParquetFile(path).metadata.num_row_groups == 3
    write(path, ({"s": "增" * 6_000_000} for _ in range(5)))
    assert pq.ParquetFile(path).metadata.num_row_groups == 2


def test_decimals_that_do_not_fit_a_parquet_column(tmp_path):
    path, ledger = tmp_path / "a.parquet", Ledger()
    values = [
        Decimal("1E+30"),
        Decimal("NaN"),
        Decimal("1E+999999"),
        Decimal("0.1234567890123"),
        Decimal("-99.123456789012"),
    ]
    write(path, [{"d": value} for value in values] + [{"i": 2**63}], ledger=ledger)
    rows = pq.read_table(path).to_pylist()
    assert [row["d"] for row in rows[:5]] == [None, None, None, Decimal("0.123456789012"), values[4]]
    assert rows[5]["i"] is None
    assert ledger.counts["number_out_of_range"] == 5


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_unknown_column_is_refused(tmp_path, name):
    with pytest.raises(ValueError, match="unknown"):
        write(tmp_path / name, [{"unknown": 1}])
    assert listed(tmp_path) == []


def test_lone_surrogates(tmp_path):
    row = {"s": "a\ud83db"}
    ledger = Ledger()
    for name in ("a.jsonl", "a.csv", "a.parquet"):
        write(tmp_path / name, [row], ledger=ledger)
    assert read_jsonl(tmp_path / "a.jsonl") == [row]
    assert read_csv(tmp_path / "a.csv")[0]["s"] == "a\ufffdb"
    assert pq.read_table(tmp_path / "a.parquet").to_pylist()[0]["s"] == "a\ufffdb"
    assert ledger.counts["lone_surrogate"] == 2
    assert ledger.examples["lone_surrogate"][0] == "s: 'a\ufffdb'"


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet"])
@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, GeneratorExit, SystemExit])
def test_nothing_is_left_behind_when_the_block_fails(tmp_path, name, error):
    path = tmp_path / name
    path.write_bytes(b"the old one")
    with pytest.raises(error), open_sink(path, columns=COLUMNS, ledger=Ledger()) as sink:
        for _ in range(5000):
            sink.write(ROW)
        assert len(listed(tmp_path)) == 2
        raise error
    assert listed(tmp_path) == [name]
    assert path.read_bytes() == b"the old one"


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet"])
def test_the_file_appears_at_the_end_and_replaces_the_old_one(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"the old one")
    with open_sink(path, columns=COLUMNS, ledger=Ledger()) as sink:
        sink.write(ROW)
        assert path.read_bytes() == b"the old one"
    assert path.read_bytes() != b"the old one"
    assert listed(tmp_path) == [name]
    assert path.stat().st_mode & 0o077 == 0o066 & ~_umask()


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_value_that_json_has_no_form_for(tmp_path):
    with pytest.raises(TypeError, match="set has no form in JSON"):
        write(tmp_path / "a.jsonl", [{"x": {1}}])
    assert listed(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "columns", "message"),
    [
        ("a.xlsx", COLUMNS, r"a\.xlsx: no output of type '\.xlsx'; use the suffix \.jsonl, \.csv or \.parquet"),
        ("a", COLUMNS, r"no output of type '\(none\)'"),
        ("a.csv", None, r"a\.csv: nested rows do not fit \.csv; use \.jsonl"),
        ("none/a.jsonl", COLUMNS, r"a\.jsonl: cannot be written \(No such file.*\); the folder must exist"),
        ("folder.jsonl", COLUMNS, r"folder\.jsonl: this is a folder; name a file in it"),
    ],
)
def test_places_and_types_that_cannot_be_written(tmp_path, name, columns, message):
    (tmp_path / "folder.jsonl").mkdir()
    with pytest.raises(ConfigError, match=message):
        write(tmp_path / name, [], columns)


def test_failures_are_written_as_json_lines(tmp_path):
    path = tmp_path / "errors.jsonl"
    with open_failures(path) as sink:
        sink.write(Failure("a.txt:3", "a.txt:3: 坏了\ud800", "format"))
    assert read_jsonl(path) == [{"origin": "a.txt:3", "kind": "format", "error": "a.txt:3: 坏了\ud800"}]
    with pytest.raises(RuntimeError), open_failures(path):
        raise RuntimeError
    assert len(read_jsonl(path)) == 1 and listed(tmp_path) == ["errors.jsonl"]


def test_long_chinese_file_name(tmp_path):
    path = tmp_path / ("增" * 80 + ".jsonl")
    write(path, [ROW])
    assert path.exists()


texts = st.one_of(
    st.none(), st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["\r", '"\n', "\0", "，\r\n"])
)
rows = st.lists(
    st.fixed_dictionaries(
        {
            "s": texts,
            "i": st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)),
            "n": st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)),
            "d": st.one_of(st.none(), st.decimals(-(10**20), 10**20, places=4)),
            "b": st.one_of(st.none(), st.booleans()),
        }
    ),
    max_size=5,
)


@given(rows)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_rows_read_back_as_they_were_written(tmp_path, rows):
    for name in ("a.jsonl", "a.csv", "a.parquet"):
        write(tmp_path / name, rows)
    parsed = [{**row, "d": row["d"] and Decimal(row["d"])} for row in read_jsonl(tmp_path / "a.jsonl")]
    assert parsed == rows
    assert pq.read_table(tmp_path / "a.parquet").to_pylist() == rows
    convert = {"s": str, "i": int, "n": float, "d": Decimal, "b": lambda raw: raw == "true"}
    for row, got in zip(rows, read_csv(tmp_path / "a.csv"), strict=True):
        for column, value in row.items():
            assert got[column] == "" if value in (None, "") else convert[column](got[column]) == value


@given(st.text(st.characters(categories=["Cs", "Lo"])))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
def test_any_string_can_be_written(tmp_path, text):
    ledger = Ledger()
    for name in ("a.jsonl", "a.csv", "a.parquet"):
        write(tmp_path / name, [{"s": text, "i": 1}], ledger=ledger)
    broken = any("\ud800" <= c <= "\udfff" for c in text)
    assert ledger.counts["lone_surrogate"] == 2 * broken
    assert read_jsonl(tmp_path / "a.jsonl")[0]["s"] == text or broken
