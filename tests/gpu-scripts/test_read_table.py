"""Tables in every file format, with what is wrong in them by row number."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from temper_gpu.data.problems import ObjectProblem
from temper_gpu.data.read_table import read_table

ROWS = [{"prompt": "a", "completion": "b"}, {"prompt": "c", "completion": "d"}]


def write_parquet(path: Path) -> None:
    import pyarrow
    from pyarrow import parquet

    parquet.write_table(pyarrow.Table.from_pylist(ROWS), path)


@pytest.mark.parametrize("name", ["x.jsonl", "x.json", "lines.json", "wrapped.json", "x.csv", "x.tsv", "x.parquet"])
def test_reads_the_same_rows_from_every_format(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    lines = "\n".join(json.dumps(row) for row in ROWS) + "\n"
    if file.suffix == ".parquet":
        write_parquet(file)
    else:
        text = {
            "x.jsonl": lines,
            "lines.json": lines,
            "x.json": json.dumps(ROWS),
            "wrapped.json": json.dumps({"version": 1, "data": ROWS}),
            "x.csv": 'prompt,completion\na,b\n"c",d\n',
            "x.tsv": "prompt\tcompletion\na\tb\nc\td\n",
        }[name]
        file.write_text(text)
    table = read_table(str(file), None, None, offline=True)
    assert [row for _, row in table.rows] == ROWS
    assert [number for number, _ in table.rows] == [1, 2]
    assert table.total == 2


def test_numbers_bad_lines_and_keeps_the_good_ones(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text('{"prompt": "a"}\n\n{"prompt": \n[1]\n{"prompt": "b"}\n\n')
    table = read_table(str(file), None, None, offline=True)
    assert [number for number, _ in table.rows] == [1, 5]
    assert table.bad.first == {"is empty": 2, "is not JSON": 3, "is not an object but a list": 4}


def test_numbers_csv_rows_with_too_few_or_too_many_columns(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("a,b\n1,2\n3\n4,5,6\n")
    table = read_table(str(file), None, None, offline=True)
    assert table.bad.first == {"has fewer than the header's 2 columns": 2, "has more than the header's 2 columns": 3}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.txt", b"a", "has no known data format. Known: .jsonl"),
        ("x.json", b"not json", "is not JSON"),
        ("x.json", b"7", "holds a int, not a list of rows"),
        ("x.jsonl", b"\xff\xfe\x00", "is not UTF-8 text"),
        ("x.parquet", b"PAR", "is not a Parquet file"),
    ],
)
def test_says_what_is_wrong_with_a_file(name: str, content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ObjectProblem, match=message):
        read_table(str(tmp_path / name), None, None, offline=True)


def test_says_that_a_file_is_missing() -> None:
    with pytest.raises(ObjectProblem, match="data/none.jsonl does not exist"):
        read_table("data/none.jsonl", None, None, offline=True)


def test_reads_no_hub_offline() -> None:
    with pytest.raises(
        ObjectProblem, match="openai/gsm8k is not a file here, and hub ids need the network: run temper fetch"
    ):
        read_table("openai/gsm8k", "train", None, offline=True)


def test_takes_the_only_data_file_of_a_directory_or_that_of_the_split(tmp_path: Path) -> None:
    (tmp_path / "train-0.jsonl").write_text('{"a": 1}\n')
    (tmp_path / "test-0.jsonl").write_text('{"a": 2}\n')
    assert read_table(str(tmp_path), "test", None, offline=True).rows == [(1, {"a": 2})]
    with pytest.raises(ObjectProblem, match="name one of its data files .test-0.jsonl, train-0.jsonl"):
        read_table(str(tmp_path), None, None, offline=True)
