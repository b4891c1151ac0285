"""Registers tasks: normalises items, splits them by content, and checks that answers can be given and judged."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from temper_gpu import tiny_world
from temper_gpu.contract import Report, write_bytes
from temper_gpu.data.problems import ObjectProblem, object_problem
from temper_gpu.data.splits import SPLITS, TRAIN_SHARE, content_hash, split_items
from temper_gpu.data.task_rows import Item, read_task_items
from temper_gpu.encoding import Encoder, as_text, separator
from temper_gpu.task_items import answers_of, prompt_of
from temper_gpu.verifiers import majority

Parts = dict[str, list[Item]]
Problems = list[dict[str, Any]]


def register_task(
    entry: dict[str, Any], cache: Path, offline: bool, encoder: Encoder | None, report: Report
) -> tuple[dict[str, Any] | None, Problems]:
    """(the reply's task or None, problems). Raises ObjectProblem when there is nothing to read."""
    if entry["kind"] == "lm_eval":
        from temper_gpu.prepare_lm_eval import register_lm_eval_task

        return register_lm_eval_task(entry, cache, report)
    if entry["source"] is None or entry["verifier"] is None:
        raise ObjectProblem("A generate task needs a path and a verifier.")
    parts, problems = _parts(entry, cache, offline)
    if problems:
        return None, problems
    problems = check_sizes(entry, parts, report)
    longest = 0
    if encoder is not None:
        longest, too_long = _longest_answer(parts, encoder, entry)
        problems += too_long
    if problems:
        return None, problems
    generation = {name: entry[name] for name in ("verifier", "max_new_tokens", "few_shot")}
    directory, key = publish_parts(parts, generation, cache)
    return {
        "id": entry["id"],
        "key": key,
        "path": str(directory),
        "items": {name: len(parts[name]) for name in SPLITS},
        "majority": {name: majority(entry["verifier"], [answers_of(item) for item in parts[name]]) for name in SPLITS},
        "longest_answer_tokens": longest,
    }, []


def _parts(entry: dict[str, Any], cache: Path, offline: bool) -> tuple[Parts, Problems]:
    path = entry["source"]["path"]
    if path.startswith(tiny_world.PREFIX):
        try:
            path = str(tiny_world.resolve_task(path, cache))
        except tiny_world.TinyWorldError as error:
            raise ObjectProblem(str(error)) from error
    directory = Path(path).expanduser()
    if all((directory / f"{name}.jsonl").is_file() for name in SPLITS):
        return _given_parts(entry, directory, offline)
    items, problems = read_task_items(entry, path, entry["split"], offline)
    if problems:
        return {}, problems
    share = TRAIN_SHARE if entry["few_shot"] else 0.0
    return split_items(items, [content_hash(prompt_of(item)) for item in items], entry["items"], share), []


def _given_parts(entry: dict[str, Any], directory: Path, offline: bool) -> tuple[Parts, Problems]:
    """Splits that the task brings as files are taken as they are, if no prompt stands in two of them."""
    parts: Parts = {}
    problems: Problems = []
    owner: dict[str, str] = {}
    for name in (*SPLITS, "train"):
        file = directory / f"{name}.jsonl"
        if name == "train" and (not file.is_file() or not file.read_text().strip()):
            parts[name] = []
            continue
        items, found = read_task_items(entry, str(file), None, offline)
        problems += found
        parts[name] = items if name == "train" else items[: entry["items"][name]]
        for item in parts[name]:
            other = owner.setdefault(content_hash(prompt_of(item)), name)
            if other != name:
                message = (
                    f"the prompt of item {item['id']} stands in both {other}.jsonl and {name}.jsonl. Leave one out."
                )
                return {}, [object_problem(f"tasks.{entry['id']}", message)]
    return parts, problems


def check_sizes(entry: dict[str, Any], parts: Parts, report: Report) -> Problems:
    """A problem for each split without an item, a warning for each that is smaller than wanted."""
    problems: Problems = []
    for name in SPLITS:
        count, wanted = len(parts[name]), entry["items"][name]
        if count == 0:
            total = sum(len(part) for part in parts.values())
            message = f"the {name} split has no item: {total:,} items are too few for splits. Give more items."
            problems.append(object_problem(f"tasks.{entry['id']}", message))
        elif count < wanted:
            report.warn(f"tasks.{entry['id']}: the {name} split has {count:,} items, {wanted:,} were wanted.")
    if entry["few_shot"] > len(parts["train"]) and not problems:
        message = f"few_shot is {entry['few_shot']} and only {len(parts['train'])} items are left for examples."
        problems.append(object_problem(f"tasks.{entry['id']}", message))
    return problems


def _longest_answer(parts: Parts, encoder: Encoder, entry: dict[str, Any]) -> tuple[int, Problems]:
    items = [item for name in SPLITS for item in parts[name]]
    texts = []
    for item in items:
        prompt = as_text(prompt_of(item))
        texts.append(separator(prompt, item["answer"]) + item["answer"])
    lengths = [len(ids) for ids in encoder.tokenizer(texts, add_special_tokens=False)["input_ids"]]
    longest, limit = max(lengths), entry["max_new_tokens"]
    if longest <= limit:
        return longest, []
    over = sum(length > limit for length in lengths)
    message = (
        f"{over:,} of {len(items):,} right answers do not fit max_new_tokens {limit} (longest: {longest:,} tokens). "
        f"Set max_new_tokens to {longest + 1} or more."
    )
    return longest, [object_problem(f"tasks.{entry['id']}", message)]


def publish_parts(parts: Parts, generation: dict[str, Any], cache: Path) -> tuple[Path, str]:
    """Writes each split under the hash of all of them and of how answers are made and judged."""
    contents = {
        name: "".join(json.dumps(item, ensure_ascii=False, sort_keys=True) + "\n" for item in parts[name]).encode()
        for name in (*SPLITS, "train")
    }
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    key = hashlib.sha256(json.dumps([digests, generation], sort_keys=True).encode()).hexdigest()[:40]
    directory = cache / "tasks" / key
    directory.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        if not (directory / f"{name}.jsonl").is_file():
            write_bytes(directory / f"{name}.jsonl", content)
    return directory, key
