"""Registers datasets: reads, checks every row, writes normalised JSONL under its content hash."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from temper_gpu import tiny_world
from temper_gpu.contract import Report, write_bytes
from temper_gpu.data.formats import canonical_format, detect_format, map_columns, normalise
from temper_gpu.data.problems import BadRows, ObjectProblem, RowProblem
from temper_gpu.data.read_table import Table, read_table
from temper_gpu.encoding import Encoder

Row = dict[str, Any]
# Enough rows for a mean of tokens that is right to about 2 %.
TOKEN_SAMPLE = 1000


def register_dataset(
    entry: dict[str, Any], cache: Path, offline: bool, encoder: Encoder | None, report: Report
) -> tuple[dict[str, Any] | None, list[dict[str, Any]], list[int]]:
    """(the reply's dataset or None, problems, numbers of the rows in their source).

    Raises ObjectProblem when there is nothing to read.
    """
    name = f"datasets.{entry['id']}"
    table = _read(entry, cache, offline)
    if table.total == 0:
        raise ObjectProblem(f"{table.source} is empty. Give it rows, or leave this dataset out.")
    rows, bad, target = normalise_rows(table, entry["format"], entry["columns"])
    if not rows or (bad and entry["on_bad_rows"] == "fail"):
        return None, bad.problems(name, table.source, table.total), []
    if bad:
        reasons = "; ".join(f"row {row} {reason}" for reason, row in list(bad.first.items())[:3])
        report.warn(f"{name}: {len(bad):,} of {table.total:,} rows were skipped ({reasons}).")
    content = "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows).encode()
    key = hashlib.sha256(content).hexdigest()[:40]
    path = cache / "datasets" / f"{key}.jsonl"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, content)
    numbers = [number for number, _ in table.rows if number not in bad.rows]
    registered = {
        "id": entry["id"],
        "key": key,
        "path": str(path),
        "format": target,
        "rows": len(rows),
        "skipped_rows": len(bad),
        "mean_tokens": mean_tokens(rows, encoder),
        "revision": table.revision,
    }
    return registered, [], numbers


def _read(entry: dict[str, Any], cache: Path, offline: bool) -> Table:
    path = entry["source"]["path"]
    if path.startswith(tiny_world.PREFIX):
        try:
            path = str(tiny_world.resolve_dataset(path, cache))
        except tiny_world.TinyWorldError as error:
            raise ObjectProblem(str(error)) from error
    return read_table(path, entry["split"], entry["source"]["revision"], offline)


def normalise_rows(table: Table, convention: str, columns: dict[str, str]) -> tuple[list[Row], BadRows, str]:
    """(canonical rows, bad rows, canonical format)."""
    bad, rows = table.bad, []
    target = ""
    for number, raw in table.rows:
        try:
            row = map_columns(raw, columns)
            if not target:
                target = canonical_format(detect_format(row) if convention == "auto" else convention, row)
                target = canonical_format(target, row)
            rows.append(normalise(row, target))
        except RowProblem as problem:
            bad.add(number, problem.reason)
    return rows, bad, target


def mean_tokens(rows: list[Row], encoder: Encoder | None) -> float:
    """Mean tokens that a row brings into training (of both sequences' mean for a pair), over an even sample of rows."""
    sample = rows[:: max(1, len(rows) // TOKEN_SAMPLE)][:TOKEN_SAMPLE]
    if encoder is None:
        # No tokenizer to ask: about four characters a token in English.
        return max(1.0, sum(len(json.dumps(row, ensure_ascii=False)) for row in sample) / len(sample) / 4)
    lengths: list[float] = []
    if "messages" in sample[0]:
        lengths = [len(ids) for ids, _ in encoder.conversations([row["messages"] for row in sample])]
    else:
        prompts = [row["prompt"] for row in sample]
        answers = ["completion"] if "completion" in sample[0] else ["chosen", "rejected"]
        for answer in answers:
            lengths += [len(a) + len(b) for a, b in encoder.pairs(prompts, [row[answer] for row in sample])]
    return max(1.0, sum(lengths) / len(lengths))
