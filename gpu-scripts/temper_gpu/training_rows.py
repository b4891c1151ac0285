"""Rows that a training sees: read, taken by fidelity, mixed by weight. Deterministic in content and seed."""

from __future__ import annotations

import hashlib
import json
import math
import random
from pathlib import Path
from typing import Any

from temper_gpu.contract import ScriptFailure

Row = dict[str, Any]


def read_rows(dataset: dict[str, Any]) -> list[Row]:
    """Rows of a registered dataset (normalised JSONL)."""
    path = Path(dataset["path"])
    try:
        with path.open(encoding="utf-8") as file:
            rows = [json.loads(line) for line in file if line.strip()]
    except FileNotFoundError as error:
        raise ScriptFailure("bad_data", f"{path} is gone. Prepare the run's datasets again.") from error
    except ValueError as error:
        raise ScriptFailure("bad_data", f"{path} is not JSON lines any more: {error}. Prepare it again.") from error
    if not rows:
        raise ScriptFailure("bad_data", f"{path} has no rows.")
    return rows


def _content_order(row: Row, seed: int) -> bytes:
    text = json.dumps(row, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=8, key=str(seed).encode()).digest()


def take_share(rows: list[Row], share: float, seed: int) -> list[Row]:
    """A share of the rows by a hash of content and seed, kept in order; smaller shares are subsets of larger ones."""
    wanted = max(1, round(share * len(rows)))
    if wanted >= len(rows):
        return rows
    by_hash = sorted(range(len(rows)), key=lambda index: (_content_order(rows[index], seed), index))
    return [rows[index] for index in sorted(by_hash[:wanted])]


def mixture_counts(sizes: list[int], weights: list[float]) -> list[int]:
    """How many rows each dataset gives to a mixture as large as the union.

    A row of a dataset with weight 2 is seen twice as often as one with weight 1; equal weights give the union itself.
    """
    total = sum(sizes)
    masses = [size * weight for size, weight in zip(sizes, weights, strict=True)]
    return [max(1, round(total * mass / sum(masses))) for mass in masses]


def mix(parts: list[list[Row]], weights: list[float], seed: int) -> list[Row]:
    """Each dataset's rows as often as its weight asks, what does not divide chosen by a hash of content and seed."""
    mixed: list[Row] = []
    for rows, count in zip(parts, mixture_counts([len(part) for part in parts], weights), strict=True):
        mixed += rows * (count // len(rows))
        rest = count % len(rows)
        if rest:
            mixed += take_share(rows, rest / len(rows), seed)
    return mixed


def rows_that_will_be_seen(rows: list[Row], settings: dict[str, Any], steps: int, seed: int) -> list[Row]:
    """The rows of a training that ends within its first pass: the rest need not be encoded, which can take minutes.

    Some more than are seen are taken, because rows without an answer within ``max_length`` are left out later.
    """
    seen = steps * settings["per_device_train_batch_size"] * settings["gradient_accumulation_steps"]
    wanted = seen + seen // 10 + 64
    if wanted >= len(rows):
        return rows
    return [rows[index] for index in sorted(random.Random(seed).sample(range(len(rows)), wanted))]


def planned_steps(settings: dict[str, Any], full_rows: int, steps_share: float) -> int:
    """Optimiser steps: ``max_steps``, or else ``num_train_epochs`` over all rows; times the fidelity's share."""
    steps = settings["max_steps"]
    if steps <= 0:
        batch = settings["per_device_train_batch_size"] * settings["gradient_accumulation_steps"]
        steps = math.ceil(full_rows / batch * settings["num_train_epochs"])
    return max(1, round(steps * steps_share))
