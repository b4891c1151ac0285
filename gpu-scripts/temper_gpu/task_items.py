"""Items of registered tasks, and the few-shot examples before them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from temper_gpu.contract import ScriptFailure
from temper_gpu.encoding import Prompt, as_messages, as_text, separator

Item = dict[str, Any]


def read_items(path: str) -> list[Item]:
    """Items of one split (normalised JSONL)."""
    try:
        with Path(path).open(encoding="utf-8") as file:
            items = [json.loads(line) for line in file if line.strip()]
    except FileNotFoundError as error:
        raise ScriptFailure("bad_data", f"{path} is gone. Prepare the run's tasks again.") from error
    except ValueError as error:
        raise ScriptFailure("bad_data", f"{path} is not JSON lines any more: {error}. Prepare it again.") from error
    if not items:
        raise ScriptFailure("bad_data", f"{path} has no items.")
    return items


def prompt_of(item: Item) -> Prompt:
    """An item's prompt: text or chat messages."""
    return item["prompt"] if "prompt" in item else item["messages"]


def answers_of(item: Item) -> list[str]:
    """Every accepted answer; the first is the one that few-shot examples show."""
    return [item["answer"], *item.get("other_answers", [])]


def with_examples(prompts: list[Prompt], examples: list[Item], uses_template: bool) -> list[Prompt]:
    """Prompts with few-shot examples before them: earlier turns in a chat, blocks of text otherwise."""
    if not examples:
        return prompts
    if uses_template:
        turns: list[dict[str, Any]] = []
        for example in examples:
            turns += [*as_messages(prompt_of(example)), {"role": "assistant", "content": example["answer"]}]
        return [_chat_with(turns, as_messages(prompt)) for prompt in prompts]
    blocks = []
    for example in examples:
        text = as_text(prompt_of(example))
        blocks.append(text + separator(text, example["answer"]) + example["answer"] + "\n\n")
    return ["".join(blocks) + as_text(prompt) for prompt in prompts]


def _chat_with(turns: list[dict[str, Any]], messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A chat has one system message, and it stands first."""
    system = [message for message in messages[:1] if message["role"] == "system"]
    return [*system, *(turn for turn in turns if turn["role"] != "system"), *messages[len(system) :]]
