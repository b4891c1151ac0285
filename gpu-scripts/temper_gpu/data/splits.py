"""Splits of a task's items by a hash of their content: an item's split never depends on its place in the file."""

from __future__ import annotations

import hashlib
import json
from typing import Any

SPLITS = ("search", "confirm", "final")
# Share of the items that few-shot examples come from, when a task wants any.
TRAIN_SHARE = 0.1


def content_hash(value: Any) -> str:
    """Hash of a prompt, whatever its spacing and case: near-copies of a question get the same split."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False) if not isinstance(value, str) else value
    return hashlib.sha256(" ".join(text.casefold().split()).encode()).hexdigest()


def split_of(content: str, wanted: dict[str, int], train_share: float) -> str:
    """``search``, ``confirm``, ``final`` or ``train``, with chances in proportion to the wanted counts."""
    position = int(content[:13], 16) / 16**13
    if position < train_share:
        return "train"
    position = (position - train_share) / (1 - train_share) * sum(wanted.values())
    for name in SPLITS:
        if position < wanted[name]:
            return name
        position -= wanted[name]
    return SPLITS[-1]


def split_items(
    items: list[dict[str, Any]], contents: list[str], wanted: dict[str, int], train_share: float
) -> dict[str, list[dict[str, Any]]]:
    """Items by split, in the order of their hashes and at most as many as wanted; repeated contents are taken once."""
    parts: dict[str, list[dict[str, Any]]] = {name: [] for name in (*SPLITS, "train")}
    seen: set[str] = set()
    for content, index in sorted((content, index) for index, content in enumerate(contents)):
        if content in seen:
            continue
        seen.add(content)
        name = split_of(content, wanted, train_share)
        if name == "train" or len(parts[name]) < wanted[name]:
            parts[name].append(items[index])
    return parts
