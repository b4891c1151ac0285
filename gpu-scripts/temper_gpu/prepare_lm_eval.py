"""Registers lm-eval's tasks: their documents are split by content like any other task's items."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from temper_gpu.contract import Report, write_bytes
from temper_gpu.data.problems import ObjectProblem
from temper_gpu.data.splits import SPLITS, content_hash, split_items
from temper_gpu.lm_eval_tasks import documents, load_task


def register_lm_eval_task(
    entry: dict[str, Any], cache: Path, report: Report
) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """(the reply's task or None, problems)."""
    from temper_gpu.prepare_tasks import check_sizes, publish_parts

    if not entry["task"]:
        raise ObjectProblem("An lm_eval task needs the name of lm-eval's task.")
    task = load_task(entry["task"], entry["include_path"])
    found = documents(task)
    contents = [content_hash(document) for document in found]
    items = [{"index": index, "id": contents[index][:16]} for index in range(len(found))]
    parts = split_items(items, contents, entry["items"], 0.0)
    problems = check_sizes({**entry, "few_shot": 0}, parts, report)
    if problems:
        return None, problems
    directory, key = publish_parts(parts, {"lm_eval": entry["task"], "few_shot": entry["few_shot"]}, cache)
    _write_prompts(directory, {item["id"]: _prompt(task, found[item["index"]]) for item in items})
    targets = [str(task.doc_to_target(document)) for document in task.eval_docs]
    return {
        "id": entry["id"],
        "key": key,
        "path": str(directory),
        "items": {name: len(parts[name]) for name in SPLITS},
        "majority": {name: _majority([targets[item["index"]] for item in parts[name]]) for name in SPLITS},
        "longest_answer_tokens": 0,
    }, []


def _prompt(task: Any, document: dict[str, Any]) -> str:
    """What a model reads of a document; the document's texts where the task gives no single one."""
    text = task.doc_to_text(document)
    return text if isinstance(text, str) else "\n".join(value for value in document.values() if isinstance(value, str))


def _write_prompts(directory: Path, prompts: dict[str, str]) -> None:
    """Beside the splits, for the comparison with datasets: the items themselves are only numbers of documents."""
    lines = [json.dumps({"id": name, "prompt": prompt}, ensure_ascii=False) + "\n" for name, prompt in prompts.items()]
    write_bytes(directory / "prompts.jsonl", "".join(lines).encode())


def _majority(targets: list[str]) -> float:
    return Counter(targets).most_common(1)[0][1] / len(targets)
