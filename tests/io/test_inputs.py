import os

import pytest

from zhibiao.core.ledger import Ledger
from zhibiao.io.inputs import Failure, Source, expand_inputs


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """Folder ``d`` with files in two levels; the working directory is its parent."""
    for name in ("b.txt", "a.md", "sub/a.txt", "sub/c.html.gz", ".hidden/x.txt", "note.docx", ".DS_Store", "z.TXT"):
        path = tmp_path / "d" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("全市增长8.2%。", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def expand(*inputs, input_format=None, ledger=None):
    return expand_inputs(inputs, input_format=input_format, ledger=ledger or Ledger())


def names(*inputs, **kwargs):
    return [source.name for source in expand(*inputs, **kwargs)]


def test_folder_is_read_in_order_of_its_paths(tree):
    ledger = Ledger()
    sources = expand("d", ledger=ledger)
    assert [(s.name, s.format, s.gzipped) for s in sources] == [
        ("a", "md", False),
        ("b", "txt", False),
        ("sub/a", "txt", False),
        ("sub/c", "html", True),
        ("z", "txt", False),
    ]
    assert sources[2].origin == "d/sub/a.txt"
    assert ledger.counts == {"skipped_file_type": 2, "skipped_folder": 1}
    assert ledger.examples["skipped_folder"] == ["d/.hidden"]


def test_order_of_inputs_is_kept(tree):
    assert names("d/sub", "d/b.txt", "d/a.md") == ["a.txt", "c", "b", "a.md"]


def test_named_file_of_unknown_type_is_text_but_not_in_a_pattern(tree):
    assert expand("d/note.docx")[0].format == "txt"
    ledger = Ledger()
    assert names("d/*", ledger=ledger) == ["a.md", "b", "a.txt", "c", "z"]
    assert ledger.counts["skipped_file_type"] == 1


def test_input_format_overrides_suffixes_and_skips_none(tree):
    sources = expand("d/note.docx", "d/*.md", "d/sub", input_format="jsonl")
    assert {s.format for s in sources} == {"jsonl"}
    ledger = Ledger()
    assert "note" in names("d", input_format="txt", ledger=ledger)
    assert ledger.counts["skipped_file_type"] == 1  # the hidden file


def test_recursive_pattern_reads_every_file_once(tree):
    ledger = Ledger()
    assert names("d/**", ledger=ledger) == names("d")
    assert ledger.counts["duplicate_input"] == 0
    assert names("d/**/*.txt") == ["b", "a"]


def test_literal_name_wins_over_pattern(tree):
    (tree / "[1].txt").write_text("x", encoding="utf-8")
    assert names("[1].txt") == ["[1]"]


def test_file_reached_twice_is_read_once_and_counted(tree):
    ledger = Ledger()
    assert names("d/b.txt", str(tree / "d/b.txt"), "-", "-", ledger=ledger) == ["b", "stdin"]
    assert ledger.counts["duplicate_input"] == 2


def test_colliding_names_get_suffix_then_path(tree):
    (tree / "a.html").write_text("x", encoding="utf-8")
    (tree / "a.txt").write_text("x", encoding="utf-8")
    assert names("a.html", "d/b.txt", "a.txt") == ["a.html", "b", "a.txt"]
    assert names("a.txt", "d/sub/a.txt", "d/b.txt") == ["a.txt", "d/sub/a.txt", "b"]
    (tree / "a.txt.md").write_text("x", encoding="utf-8")
    assert len(set(names("a.txt", "a.html", "a.txt.md"))) == 3


def test_gz_is_no_part_of_the_name(tree):
    assert expand("d/sub/c.html.gz") == [
        Source(tree.__class__("d/sub/c.html.gz"), "c", "d/sub/c.html.gz", "html", True)
    ]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("nothing.txt", r"^nothing\.txt: there is no such file or folder; check"),
        ("d/*.csv", r"no file matches this pattern"),
        ("a\0b", r"no such file"),
    ],
)
def test_what_is_not_there_is_a_failure(tree, given, message):
    (failure,) = expand(given)
    assert isinstance(failure, Failure) and failure.kind == "not_found"
    with pytest.raises(AssertionError, match=message):
        raise AssertionError(failure.error)


def test_folder_that_cannot_be_listed_is_a_failure(tree, monkeypatch):
    real = os.scandir

    def scandir(path):
        if str(path).endswith("sub"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    results = expand("d")
    assert [r for r in results if isinstance(r, Failure)] == [
        Failure("d/sub", "d/sub: Permission denied; the folder is left out", "unreadable")
    ]
    assert len(results) == 4


def test_linked_folder_is_not_entered(tree):
    (tree / "d" / "loop").symlink_to(tree / "d")
    ledger = Ledger()
    assert "loop/b" not in names("d", ledger=ledger)
    assert ledger.counts["skipped_folder"] == 2


@pytest.mark.skipif(os.name != "posix", reason="file names are bytes on POSIX only")
def test_file_name_that_is_no_utf8_gives_a_printable_id(tree):
    (tree / os.fsdecode(b"\xb1\xb1.txt")).write_bytes(b"x")
    (source,) = expand("*.txt")
    source.name.encode("utf-8")
    source.origin.encode("utf-8")
