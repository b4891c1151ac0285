"""Registers what of a dataset stands in the evaluation splits of tasks; what is known is not looked at again."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from temper_gpu.contract import write_bytes
from temper_gpu.data.overlap import Item, ItemIndex, Overlap, texts_of
from temper_gpu.data.splits import SPLITS
from temper_gpu.task_items import prompt_of, read_items

# Raised when the same rows and items give other overlaps.
OVERLAP_VERSION = 2
# Rows that a message shows, of each split of each task.
EXAMPLES = 3
# Characters of a text that is shown.
SHOWN_CHARACTERS = 160

Pair = dict[str, Any]


class OverlapRegister:
    """Compares datasets with the evaluation splits of registered tasks."""

    def __init__(self, tasks: list[dict[str, Any]], cache: Path) -> None:
        self._tasks = tasks
        self._directory = cache / "overlaps"
        self._index: ItemIndex | None = None

    def overlap_of(self, dataset: dict[str, Any], numbers: list[int]) -> dict[str, Any]:
        """The overlap of a registered dataset, as the reply has it.

        ``numbers`` are the rows' numbers in their source. A row is listed once for a split, with the item it is
        closest to.
        """
        found, touched = [], {name: set[int]() for name in SPLITS}
        listed: list[Pair] = []
        for place in self._places(dataset):
            pairs = [{**pair, "row": numbers[pair["row"]]} for pair in place["pairs"]]
            touched[place["split"]].update(pair["row"] for pair in pairs)
            listed += [{"task": place["task"], "split": place["split"], **pair} for pair in pairs]
            closest = sorted(pairs, key=lambda pair: (not pair["exact"], -pair["similarity"], pair["row"]))
            found.append(
                {
                    "task": place["task"],
                    "split": place["split"],
                    "rows": len(pairs),
                    "exact_rows": sum(pair["exact"] for pair in pairs),
                    "items": place["items"],
                    "examples": [_shown(pair) for pair in closest[:EXAMPLES]],
                }
            )
        rows = {name: len(touched[name]) for name in SPLITS}
        any_split = len(set().union(*touched.values()))
        return {"rows": {**rows, "any": any_split}, "found": found, "list": self._write_list(dataset, listed)}

    def _places(self, dataset: dict[str, Any]) -> list[dict[str, Any]]:
        """What was found in each split of each task, from an earlier registration where it is known."""
        tasks = [[task["id"], task["key"]] for task in self._tasks]
        name = hashlib.sha256(json.dumps([OVERLAP_VERSION, dataset["key"], tasks]).encode()).hexdigest()[:40]
        file = self._directory / f"{name}.json"
        if file.is_file():
            return json.loads(file.read_text(encoding="utf-8"))
        places = self._compare(Path(dataset["path"]))
        self._directory.mkdir(parents=True, exist_ok=True)
        write_bytes(file, json.dumps(places, ensure_ascii=False).encode())
        return places

    def _compare(self, path: Path) -> list[dict[str, Any]]:
        if self._index is None:
            self._index = ItemIndex([item for task in self._tasks for split in SPLITS for item in _items(task, split)])
        places: dict[tuple[str, str], dict[str, Any]] = {}
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file):
                row = json.loads(line)
                overlaps = self._index.find(row)
                for place, closest in _closest(overlaps).items():
                    at = places.setdefault(place, {"items": set(), "pairs": []})
                    at["pairs"].append(_pair(number, row, closest))
                for overlap in overlaps:
                    places[overlap.item.task, overlap.item.split]["items"].add(overlap.item.id)
        order = [(task["id"], split) for task in self._tasks for split in SPLITS]
        return [
            {
                "task": task,
                "split": split,
                "items": len(places[task, split]["items"]),
                "pairs": places[task, split]["pairs"],
            }
            for task, split in order
            if (task, split) in places
        ]

    def _write_list(self, dataset: dict[str, Any], listed: list[Pair]) -> str | None:
        """A file with every pair, for whoever takes the rows out; None when there is none."""
        if not listed:
            return None
        content = "".join(json.dumps(pair, ensure_ascii=False) + "\n" for pair in listed).encode()
        path = self._directory / f"{dataset['id']}-{hashlib.sha256(content).hexdigest()[:12]}.jsonl"
        if not path.is_file():
            write_bytes(path, content)
        return str(path)


def _closest(overlaps: list[Overlap]) -> dict[tuple[str, str], Overlap]:
    """By task and split, the item that a row is closest to."""
    best: dict[tuple[str, str], Overlap] = {}
    for overlap in overlaps:
        place = (overlap.item.task, overlap.item.split)
        other = best.get(place)
        if other is None or (overlap.exact, overlap.similarity) > (other.exact, other.similarity):
            best[place] = overlap
    return best


def _items(task: dict[str, Any], split: str) -> list[Item]:
    directory = Path(task["path"])
    rows = read_items(str(directory / f"{split}.jsonl"))
    if all("prompt" in row or "messages" in row for row in rows):
        return [Item(task["id"], split, row["id"], prompt_of(row)) for row in rows]
    # lm-eval's documents stand in lm-eval; their prompts were written beside the splits.
    prompts = {row["id"]: row["prompt"] for row in read_items(str(directory / "prompts.jsonl"))}
    return [Item(task["id"], split, row["id"], prompts[row["id"]]) for row in rows]


def _pair(number: int, row: dict[str, Any], overlap: Overlap) -> Pair:
    prompt = row["messages"] if "messages" in row else row["prompt"]
    return {
        "row": number,
        "item": overlap.item.id,
        "similarity": round(overlap.similarity, 3),
        "exact": overlap.exact,
        "row_text": "\n".join(texts_of(prompt)),
        "item_text": "\n".join(texts_of(overlap.item.prompt)),
    }


def _shown(pair: Pair) -> Pair:
    return {**pair, "row_text": _shorten(pair["row_text"]), "item_text": _shorten(pair["item_text"])}


def _shorten(text: str) -> str:
    """A text on one line. Of a long one the end stays: what is asked stands there."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN_CHARACTERS else "… " + line[2 - SHOWN_CHARACTERS :]
