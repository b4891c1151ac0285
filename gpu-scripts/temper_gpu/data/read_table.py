"""Reads tables: JSON lines, JSON, CSV, Parquet, and hub ids through the datasets library."""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from temper_gpu.data.problems import BadRows, ObjectProblem

SUFFIXES = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet")


@dataclass(frozen=True)
class Table:
    """Rows with their numbers in the source (from 1), and the rows that could not even be parsed."""

    rows: list[tuple[int, dict[str, Any]]]
    bad: BadRows
    total: int
    # For messages: the file as the person wrote it, or the hub id.
    source: str
    # The commit of a hub data set, None for files.
    revision: str | None = None

    def columns(self) -> list[str]:
        """Names of the first row's columns."""
        return list(self.rows[0][1]) if self.rows else []


def read_table(path: str, split: str | None, revision: str | None, offline: bool) -> Table:
    """Reads a file or a hub data set. Raises ObjectProblem when there is nothing to read."""
    file = Path(path).expanduser()
    if file.is_file():
        return read_file(file, path)
    if file.is_dir():
        return read_file(_only_file(file, split), path)
    if _looks_like_hub_id(path):
        return _read_hub(path, split, revision, offline)
    raise ObjectProblem(f"{path} does not exist.")


def read_file(file: Path, source: str) -> Table:
    """Reads one file by its suffix."""
    suffix = file.suffix.lower()
    try:
        if suffix in (".jsonl", ".ndjson"):
            return _read_lines(file.read_text(encoding="utf-8-sig"), source)
        if suffix == ".json":
            return _read_json(file.read_text(encoding="utf-8-sig"), source)
        if suffix in (".csv", ".tsv"):
            return _read_csv(file, source, "\t" if suffix == ".tsv" else ",")
        if suffix == ".parquet":
            return _read_parquet(file, source)
    except UnicodeDecodeError as error:
        raise ObjectProblem(f"{source} is not UTF-8 text (byte {error.start}).") from error
    raise ObjectProblem(f"{source} has no known data format. Known: {', '.join(SUFFIXES)}, or a hub id.")


def _only_file(directory: Path, split: str | None) -> Path:
    files = sorted(file for file in directory.iterdir() if file.suffix.lower() in SUFFIXES)
    named = [file for file in files if split is not None and file.stem.split("-")[0] == split]
    chosen = named or files
    if len(chosen) == 1:
        return chosen[0]
    listing = ", ".join(file.name for file in files[:5]) or "none"
    raise ObjectProblem(f"{directory} is a directory; name one of its data files ({listing}).")


def _collect(parsed: list[tuple[int, Any]], bad: BadRows, total: int, source: str) -> Table:
    rows = []
    for number, value in parsed:
        if isinstance(value, dict):
            rows.append((number, value))
        else:
            bad.add(number, f"is not an object but a {type(value).__name__}")
    return Table(rows, bad, total, source)


def _read_lines(text: str, source: str) -> Table:
    lines = text.split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    bad, parsed = BadRows(), []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            bad.add(number, "is empty")
            continue
        try:
            parsed.append((number, json.loads(line)))
        except ValueError:
            bad.add(number, "is not JSON")
    return _collect(parsed, bad, len(lines), source)


def _read_json(text: str, source: str) -> Table:
    try:
        value = json.loads(text)
    except ValueError as error:
        # Many "JSON" files hold one object a line.
        table = _read_lines(text, source)
        if not table.rows:
            raise ObjectProblem(f"{source} is not JSON: {error}.") from error
        return table
    if isinstance(value, dict):
        lists = [entry for entry in value.values() if isinstance(entry, list)]
        value = lists[0] if len(lists) == 1 else [value]
    if not isinstance(value, list):
        raise ObjectProblem(f"{source} holds a {type(value).__name__}, not a list of rows.")
    return _collect(list(enumerate(value, start=1)), BadRows(), len(value), source)


def _read_csv(file: Path, source: str, delimiter: str) -> Table:
    csv.field_size_limit(min(sys.maxsize, 1 << 30))
    with file.open(newline="", encoding="utf-8-sig") as stream:
        reader = csv.DictReader(stream, delimiter=delimiter, restkey="\0more", restval=None)
        bad, rows = BadRows(), []
        number = 0
        for number, row in enumerate(reader, start=1):
            if "\0more" in row:
                bad.add(number, f"has more than the header's {len(reader.fieldnames or [])} columns")
            elif any(value is None for value in row.values()):
                bad.add(number, f"has fewer than the header's {len(reader.fieldnames or [])} columns")
            else:
                rows.append((number, dict(row)))
    return Table(rows, bad, number, source)


def _read_parquet(file: Path, source: str) -> Table:
    import pyarrow
    from pyarrow import parquet

    try:
        values = parquet.read_table(file).to_pylist()
    except pyarrow.ArrowInvalid as error:
        raise ObjectProblem(f"{source} is not a Parquet file: {str(error)[:200]}") from error
    return _collect(list(enumerate(values, start=1)), BadRows(), len(values), source)


def _looks_like_hub_id(path: str) -> bool:
    return (
        path.count("/") == 1
        and not path.startswith((".", "/", "~"))
        and Path(path.split(":")[0]).suffix not in SUFFIXES
    )


def _read_hub(path: str, split: str | None, revision: str | None, offline: bool) -> Table:
    """A hub data set; ``owner/name:config`` names one of its configurations."""
    if offline:
        raise ObjectProblem(
            f"{path} is not a file here, and hub ids need the network: run temper fetch, or give a file."
        )
    import datasets
    from huggingface_hub import HfApi

    name, _, configuration = path.partition(":")
    try:
        commit = HfApi().dataset_info(name, revision=revision).sha
        rows = datasets.load_dataset(name, configuration or None, split=split or "train", revision=commit)
    except Exception as error:
        text = str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__
        raise ObjectProblem(f"{path} could not be read from the hub: {text}") from error
    table = _collect(list(enumerate((dict(row) for row in rows), start=1)), BadRows(), len(rows), path)
    return Table(table.rows, table.bad, table.total, path, commit)
