"""Preference rows as token ids, in the columns that TRL's DPO, KTO and ORPO trainers read."""

from __future__ import annotations

import random
from typing import Any

from temper_gpu.contract import Report, ScriptFailure
from temper_gpu.encoding import Encoder
from temper_gpu.training_rows import Row

Columns = dict[str, list[Any]]


def paired_columns(rows: list[Row], encoder: Encoder, max_length: int, report: Report) -> Columns:
    """``prompt_ids``, ``chosen_ids`` and ``rejected_ids``; the prompt is what both answers share."""
    prompts = [row["prompt"] for row in rows]
    chosen = encoder.pairs(prompts, [row["chosen"] for row in rows])
    rejected = encoder.pairs(prompts, [row["rejected"] for row in rows])
    columns: Columns = {"prompt_ids": [], "chosen_ids": [], "rejected_ids": []}
    for (first, good), (second, bad) in zip(chosen, rejected, strict=True):
        border = min(len(first), len(second))
        if border < max_length:
            columns["prompt_ids"].append(first[:border])
            columns["chosen_ids"].append(first[border:] + good)
            columns["rejected_ids"].append(second[border:] + bad)
    _require_rows(len(columns["prompt_ids"]), len(rows), max_length, report)
    return columns


def unpaired_columns(
    rows: list[Row], encoder: Encoder, max_length: int, batch: int, seed: int, report: Report
) -> Columns:
    """``prompt_ids``, ``completion_ids``, ``KL_completion_ids`` and ``label``, shuffled by the seed.

    KTO estimates its KL term from answers that belong to other prompts of the same batch: within each batch the answers
    are shifted by one, as TRL's own preparation does. So the order must be fixed here, not by a sampler.
    """
    rows = list(rows)
    random.Random(seed).shuffle(rows)
    encoded = encoder.pairs([row["prompt"] for row in rows], [row["completion"] for row in rows])
    kept = [
        (prompt, answer, row) for (prompt, answer), row in zip(encoded, rows, strict=True) if len(prompt) < max_length
    ]
    _require_rows(len(kept), len(rows), max_length, report)
    # A last batch of one row would be its own mismatch.
    if len(kept) > batch and len(kept) % batch == 1:
        kept = kept[:-1]
    answers = [answer for _, answer, _ in kept]
    shifted: list[list[int]] = []
    for start in range(0, len(answers), batch):
        part = answers[start : start + batch]
        shifted += [part[-1], *part[:-1]]
    return {
        "prompt_ids": [prompt for prompt, _, _ in kept],
        "completion_ids": answers,
        "KL_completion_ids": shifted,
        "label": [bool(row["label"]) for _, _, row in kept],
    }


def unpair(rows: list[Row]) -> list[Row]:
    """Each preference pair as one liked and one disliked answer."""
    both = []
    for row in rows:
        both.append({"prompt": row["prompt"], "completion": row["chosen"], "label": True})
        both.append({"prompt": row["prompt"], "completion": row["rejected"], "label": False})
    return both


def _require_rows(kept: int, total: int, max_length: int, report: Report) -> None:
    if kept == 0:
        raise ScriptFailure("bad_data", f"Every prompt is longer than max_length {max_length}. Raise max_length.")
    if kept < total:
        report.warn(f"{total - kept:,} of {total:,} prompts fill max_length {max_length} and were left out.")
