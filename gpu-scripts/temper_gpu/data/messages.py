"""Conversations in the conventions of TRL/OpenAI (role, content) and ShareGPT (from, value), as one form."""

from __future__ import annotations

import json
from typing import Any

from temper_gpu.data.problems import RowProblem

Message = dict[str, str]

_ROLES = {
    "human": "user",
    "user": "user",
    "gpt": "assistant",
    "assistant": "assistant",
    "model": "assistant",
    "chatgpt": "assistant",
    "bot": "assistant",
    "function_call": "assistant",
    "system": "system",
    "observation": "tool",
    "tool": "tool",
    "function": "tool",
}


def read_message(value: Any, column: str) -> Message:
    """One message as ``{role, content}``."""
    if not isinstance(value, dict):
        raise RowProblem(f'has a "{column}" entry that is not a message but a {type(value).__name__}')
    role = value.get("role", value.get("from"))
    content = value.get("content", value.get("value"))
    if role not in _ROLES:
        raise RowProblem(f'has a message with the unknown role "{role}" in "{column}"')
    if isinstance(content, list):
        content = "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    calls = value.get("tool_calls")
    if not content and calls:
        content = json.dumps([call.get("function", call) for call in calls], ensure_ascii=False)
    if not isinstance(content, str) or not content.strip():
        raise RowProblem(f'has an empty message in "{column}"')
    return {"role": _ROLES[role], "content": content}


def read_messages(value: Any, column: str) -> list[Message]:
    """A conversation."""
    if not isinstance(value, list) or not value:
        raise RowProblem(f'has no messages in "{column}"')
    return [read_message(entry, column) for entry in value]


def with_system(messages: list[Message], system: Any, tools: Any) -> list[Message]:
    """The conversation with a system message of its own column and the tools that it may use before it."""
    parts = [messages[0]["content"]] if messages and messages[0]["role"] == "system" else []
    rest = messages[1:] if parts else messages
    if isinstance(system, str) and system.strip():
        parts.insert(0, system)
    listing = tools if isinstance(tools, str) else json.dumps(tools, ensure_ascii=False) if tools else ""
    if listing.strip() not in ("", "[]", "null"):
        parts.append(f"You can call these functions:\n{listing}")
    return [{"role": "system", "content": "\n\n".join(parts)}, *rest] if parts else rest


def split_last_answer(messages: list[Message], column: str) -> tuple[list[Message], str]:
    """(everything before, the last assistant message)."""
    if len(messages) < 2 or messages[-1]["role"] != "assistant":
        raise RowProblem(f'does not end with an assistant\'s message in "{column}"')
    return messages[:-1], messages[-1]["content"]


def simplify(prompt: list[Message]) -> str | list[Message]:
    """A single user message as its text."""
    if len(prompt) == 1 and prompt[0]["role"] == "user":
        return prompt[0]["content"]
    return prompt
