"""Rows of known conventions to the canonical rows that trainings read.

Canonical: ``{"messages"}``, ``{"prompt", "completion"}``, ``{"prompt", "chosen", "rejected"}`` or
``{"prompt", "completion", "label"}``; a prompt is text or a list of messages, the rest is text.
"""

from __future__ import annotations

import json
import re
from typing import Any

from temper_gpu.data.messages import Message, read_message, read_messages, simplify, split_last_answer, with_system
from temper_gpu.data.problems import ObjectProblem, RowProblem

Row = dict[str, Any]
# Names that people give to a prompt and its answer, lower case; the first that is there is taken.
PROMPT_NAMES = ("prompt", "question", "instruction", "query", "problem", "input")
COMPLETION_NAMES = ("completion", "answer", "response", "output", "solution", "target")
_FLOAT = re.compile(r"^(-?\d+)\.0$")
_PLACEHOLDER = re.compile(r"\bnumber(\d+)\b")


def map_columns(row: Row, columns: dict[str, str]) -> Row:
    """The row with its columns renamed as the config says (canonical name: name in the data)."""
    mapped = {name: value for name, value in row.items() if name not in columns.values()}
    for canonical, source in columns.items():
        if source not in row:
            raise RowProblem(f'has no "{source}" (columns: {", ".join(row)})')
        mapped[canonical] = row[source]
    return mapped


def detect_format(row: Row) -> str:
    """The convention that a row's columns show. Raises ObjectProblem with the columns when none fits."""
    names = set(row)
    conversation = "messages" in names or "conversations" in names
    if {"chosen", "rejected"} <= names:
        return "preference"
    if ("label" in names or "kto_tag" in names) and (conversation or "completion" in names or "output" in names):
        return "unpaired_preference"
    if conversation:
        return "messages"
    if {"instruction", "output"} <= names:
        return "alpaca"
    if pair_columns(row) is not None:
        return "prompt_completion"
    raise ObjectProblem(
        f"The columns {', '.join(sorted(names)) or '(none)'} fit no known format. Say which they are, for example "
        "columns: { prompt: question, completion: answer }."
    )


def pair_columns(row: Row) -> tuple[str, str] | None:
    """The names of a prompt's and a completion's column, or None."""
    by_lower = {name.lower(): name for name in row}
    prompt = next((by_lower[name] for name in PROMPT_NAMES if name in by_lower), None)
    completion = next((by_lower[name] for name in COMPLETION_NAMES if name in by_lower), None)
    return None if prompt is None or completion is None else (prompt, completion)


def canonical_format(convention: str, row: Row) -> str:
    """The canonical format that a convention's rows become."""
    if convention in ("alpaca", "sharegpt"):
        if {"chosen", "rejected"} <= set(row):
            return "preference"
        if "label" in row or "kto_tag" in row:
            return "unpaired_preference"
        return "prompt_completion" if convention == "alpaca" else "messages"
    return convention


def normalise(row: Row, target: str) -> Row:
    """One row in the canonical form of ``target``. Raises RowProblem."""
    row = fill_numbers(row)
    if target == "messages":
        return _messages_row(row)
    prompt = read_prompt(row)
    if target == "preference":
        return _preference_row(row, prompt)
    if target == "unpaired_preference":
        before, completion = _completion(row, prompt)
        return {"prompt": before, "completion": completion, "label": _label(row)}
    before, completion = _completion(row, prompt)
    return {"prompt": before, "completion": completion}


def fill_numbers(row: Row) -> Row:
    """MAWPS and SVAMP write ``number0`` in the text, the numbers in a column of their own, and 8 as 8.0."""
    numbers = row.get("Numbers")
    if not isinstance(numbers, str):
        return row
    values = [_FLOAT.sub(r"\1", value) for value in numbers.split()]

    def fill(match: re.Match[str]) -> str:
        index = int(match.group(1))
        return values[index] if index < len(values) else match.group()

    def write(value: Any) -> Any:
        return _PLACEHOLDER.sub(fill, _FLOAT.sub(r"\1", value)) if isinstance(value, str) else value

    return {name: write(value) for name, value in row.items()}


def read_prompt(row: Row) -> str | list[Message] | None:
    """A row's prompt from whichever columns hold it; None when only a whole conversation is there."""
    if "instruction" in row:
        return _alpaca_prompt(row)
    for name in ("conversations", "messages"):
        if name in row:
            messages = with_system(read_messages(row[name], name), row.get("system"), row.get("tools"))
            return simplify(messages) if messages[-1]["role"] != "assistant" else messages
    names = {name.lower(): name for name in row}
    name = next((names[known] for known in PROMPT_NAMES if known in names), None)
    if name is None:
        return None
    value = row[name]
    if isinstance(value, list):
        return simplify(with_system(read_messages(value, name), row.get("system"), row.get("tools")))
    text = read_text(row, name)
    if row.get("system") or row.get("tools"):
        return simplify(with_system([{"role": "user", "content": text}], row.get("system"), row.get("tools")))
    return text


def read_text(row: Row, name: str) -> str:
    """A text column; numbers become text. Raises RowProblem when it is missing or empty."""
    value = row.get(name)
    if value is None:
        raise RowProblem(f'has no "{name}" (columns: {", ".join(row)})')
    if isinstance(value, bool | int | float):
        return format_scalar(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if not value.strip():
        raise RowProblem(f'has an empty "{name}"')
    return str(value)


def format_scalar(value: bool | int | float) -> str:
    """5.0 is written 5."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _alpaca_prompt(row: Row) -> str | list[Message]:
    text = read_text(row, "instruction")
    extra = row.get("input")
    if isinstance(extra, str) and extra.strip():
        text += "\n\n" + extra
    turns: list[Message] = []
    for pair in row.get("history") or []:
        turns += [{"role": "user", "content": str(pair[0])}, {"role": "assistant", "content": str(pair[1])}]
    return simplify(with_system([*turns, {"role": "user", "content": text}], row.get("system"), row.get("tools")))


def _messages_row(row: Row) -> Row:
    name = "messages" if "messages" in row else "conversations"
    if name not in row:
        raise RowProblem(f'has no "messages" (columns: {", ".join(row)})')
    messages = with_system(read_messages(row[name], name), row.get("system"), row.get("tools"))
    if not any(message["role"] == "assistant" for message in messages):
        raise RowProblem(f'has no assistant\'s message in "{name}", so there is nothing to learn')
    return {"messages": messages}


def _completion(row: Row, prompt: str | list[Message] | None) -> tuple[str | list[Message], str]:
    names = {name.lower(): name for name in row}
    name = next((names[known] for known in COMPLETION_NAMES if known in names), None)
    if name is None and isinstance(prompt, list):
        before, answer = split_last_answer(prompt, "messages")
        return simplify(before), answer
    if name is None:
        raise RowProblem(f'has no "completion" (columns: {", ".join(row)})')
    if prompt is None:
        raise RowProblem(f'has no "prompt" (columns: {", ".join(row)})')
    return prompt, _answer_text(row, name)


def _answer_text(row: Row, name: str) -> str:
    """An answer given as text, as one message or as a list that ends with one."""
    value = row.get(name)
    if isinstance(value, dict) and ("value" in value or "content" in value):
        return read_message(value, name)["content"]
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return read_messages(value, name)[-1]["content"]
    return read_text(row, name)


def _preference_row(row: Row, prompt: str | list[Message] | None) -> Row:
    if prompt is None:
        prompt = _shared_prompt(row)
    chosen, rejected = _answer_text(row, "chosen"), _answer_text(row, "rejected")
    if chosen == rejected:
        raise RowProblem('has the same text as "chosen" and "rejected"')
    return {"prompt": prompt, "chosen": chosen, "rejected": rejected}


def _shared_prompt(row: Row) -> str | list[Message]:
    """TRL's implicit prompts: both answers are whole conversations that start alike."""
    chosen, rejected = row.get("chosen"), row.get("rejected")
    if isinstance(chosen, list) and isinstance(rejected, list) and chosen[:-1] and chosen[:-1] == rejected[:-1]:
        return simplify(read_messages(chosen[:-1], "chosen"))
    raise RowProblem(f'has no "prompt" (columns: {", ".join(row)})')


def _label(row: Row) -> bool:
    value = row.get("label", row.get("kto_tag"))
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text in ("1", "1.0", "true", "yes"):
        return True
    if text in ("0", "0.0", "false", "no"):
        return False
    raise RowProblem(f'has a "label" that is neither true nor false: {str(value)[:40]}')
