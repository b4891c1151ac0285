"""Function calls as structures: read from JSON or Python-like text, compared by value.

Accepted spellings: ``{"name": f, "arguments": {…}}`` (also ``function``/``parameters``, and OpenAI's nesting), a list
of them, AceBench's ``{"f": {…}}``, and ``[f(a=1, b="x")]``.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from typing import Any

Call = tuple[str, dict[str, Any]]


def parse_calls(text: str, whole: bool = False) -> list[Call] | None:
    """The calls in a text, or None when there are none.

    With ``whole`` the text must be the calls (a code fence or a tool-call tag around them is allowed); otherwise they
    may stand within prose.
    """
    bare = _strip_wrapping(text)
    calls = _from_json_text(bare) or _from_python(bare)
    if calls is None and not whole:
        for part in _json_parts(text):
            calls = _from_value(part)
            if calls:
                return calls
        for line in text.splitlines():
            calls = _from_python(_strip_wrapping(line))
            if calls:
                return calls
    return calls or None


def canonical(calls: list[Call]) -> str:
    """Calls as one JSON string; equal sets of calls give equal strings."""
    written = [
        json.dumps({"name": name, "arguments": arguments}, sort_keys=True, ensure_ascii=False)
        for name, arguments in calls
    ]
    return "[" + ", ".join(sorted(written)) + "]" if len(written) != 1 else written[0]


def same_calls(given: list[Call], wanted: list[Call], lenient: bool) -> bool:
    """Whether two lists hold the same calls, in any order.

    Strict: the same names and argument values, numbers by value. Lenient: also without regard to case, spacing,
    numbers written as strings, and ``.`` against ``_`` in names.
    """
    if len(given) != len(wanted):
        return False
    left = list(wanted)
    for name, arguments in given:
        for index, (other, others) in enumerate(left):
            if _same_name(name, other, lenient) and _same_value(arguments, others, lenient):
                del left[index]
                break
        else:
            return False
    return True


def _same_name(a: str, b: str, lenient: bool) -> bool:
    if not lenient:
        return a == b
    return a.casefold().replace(".", "_") == b.casefold().replace(".", "_")


def _same_value(a: Any, b: Any, lenient: bool) -> bool:
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_same_value(a[key], b[key], lenient) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(_same_value(x, y, lenient) for x, y in zip(a, b, strict=True))
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b or (lenient and str(a).casefold() == str(b).casefold())
    if isinstance(a, int | float) and isinstance(b, int | float):
        return a == b
    if isinstance(a, str) and isinstance(b, str) and not lenient:
        return a.strip() == b.strip()
    if lenient and not isinstance(a, dict | list) and not isinstance(b, dict | list):
        return _loose(a) == _loose(b)
    return a == b


def _loose(value: Any) -> str:
    text = " ".join(str(value).split()).casefold()
    try:
        return repr(float(text.replace(",", "")))
    except ValueError:
        return text.rstrip(".")


def _strip_wrapping(text: str) -> str:
    text = text.strip()
    for start, end in (("<tool_call>", "</tool_call>"), ("```json", "```"), ("```python", "```"), ("```", "```")):
        if text.startswith(start) and text.endswith(end) and len(text) >= len(start) + len(end):
            text = text[len(start) : -len(end)].strip()
    return text


def _from_json_text(text: str) -> list[Call] | None:
    if not text.startswith(("{", "[")):
        return None
    try:
        return _from_value(json.loads(text))
    except ValueError:
        return None


def _json_parts(text: str) -> Iterator[Any]:
    decoder = json.JSONDecoder()
    position = 0
    while position < len(text):
        if text[position] in "{[":
            try:
                value, position = decoder.raw_decode(text, position)
                yield value
                continue
            except ValueError:
                pass
        position += 1


def _from_value(value: Any) -> list[Call] | None:
    if isinstance(value, list):
        calls: list[Call] = []
        for entry in value:
            part = _from_value(entry)
            if part is None:
                return None
            calls += part
        return calls or None
    if not isinstance(value, dict) or not value:
        return None
    if isinstance(value.get("function"), dict):
        return _from_value(value["function"])
    name = value.get("name", value.get("function"))
    arguments = value.get("arguments", value.get("parameters"))
    if isinstance(name, str) and ("arguments" in value or "parameters" in value):
        arguments = _as_object(arguments)
        return None if arguments is None else [(name, arguments)]
    if all(isinstance(entry, dict) for entry in value.values()):
        return [(key, entry) for key, entry in value.items()]
    return None


def _as_object(arguments: Any) -> dict[str, Any] | None:
    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments)
        except ValueError:
            return None
    if arguments is None:
        return {}
    return arguments if isinstance(arguments, dict) else None


def _from_python(text: str) -> list[Call] | None:
    if not text.endswith((")", "]")):
        return None
    try:
        tree = ast.parse(text, mode="eval").body
        nodes = tree.elts if isinstance(tree, ast.List) else [tree]
        calls = []
        for node in nodes:
            if not isinstance(node, ast.Call) or node.args:
                return None
            name = ast.unparse(node.func)
            calls.append((name, {word.arg or "": ast.literal_eval(word.value) for word in node.keywords}))
        return calls or None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
