"""Judges outputs: strictly, as the task asks, and leniently, when the right answer merely stands somewhere in them.

A verifier is the config's object: ``{"kind": "exact" | "number" | "choice" | "regex" | "function_call", …}``. The same
reading is applied to the reference answer, so a worked solution ending in ``#### 72`` can be an answer.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import Any

from temper_gpu.function_calls import Call, canonical, parse_calls, same_calls

Verifier = dict[str, Any]
_NUMBER = re.compile(r"(?<![\w.])[-+]?\$?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?|(?<![\w.])[-+]?\$?\.\d+")
_SAID = re.compile(r"answer\s*(?:is|:|=)?\s*[:(\[*\"']*\s*([A-Za-z])(?![\w'])", re.IGNORECASE)
_FIRST_LETTER = re.compile(r"^[\s(\[*\"']*([A-Za-z])(?![\w'])")
DEFAULT_CHOICES = "ABCDEFGHIJ"


def judge(verifier: Verifier, output: str, answers: list[str]) -> tuple[float, float]:
    """(strict, lenient) outcome, each 1 or 0, of one output against every accepted answer. Strict implies lenient."""
    strict = any(_strict(verifier, output, answer) for answer in answers)
    lenient = strict or any(_lenient(verifier, output, answer) for answer in answers)
    return float(strict), float(lenient)


def expected(verifier: Verifier, answer: str) -> str:
    """What counts of a reference answer, in one spelling: equal answers give equal strings."""
    kind = verifier["kind"]
    if kind == "number":
        number = _read_number(answer, verifier.get("after"), reference=True)
        return _words(answer) if number is None else f"{number:.10g}"
    if kind == "function_call":
        calls = parse_calls(answer)
        return _words(answer) if calls is None else canonical(calls)
    if kind == "regex":
        found = re.search(verifier["pattern"], answer)
        return _words(_group(found) if found else answer)
    text = _after(answer, verifier.get("after"), reference=True) or ""
    if kind == "choice":
        letter = _choice(text, verifier)
        return letter if letter is not None else _words(text)
    return _words(text)


def majority(verifier: Verifier, answers: list[list[str]]) -> float:
    """Score of always giving the most common right answer."""
    if not answers:
        return 0.0
    counts: Counter[str] = Counter()
    for accepted in answers:
        counts.update({expected(verifier, answer) for answer in accepted})
    return min(1.0, counts.most_common(1)[0][1] / len(answers))


def readable(verifier: Verifier, answer: str) -> bool:
    """Whether a reference answer has what the verifier looks for; without it no output could ever be right."""
    kind = verifier["kind"]
    if kind == "number":
        return _read_number(answer, verifier.get("after"), reference=True) is not None
    if kind == "function_call":
        return parse_calls(answer) is not None
    if kind == "regex":
        return bool(_words(answer))
    text = _after(answer, verifier.get("after"), reference=True)
    if kind == "choice":
        return text is not None and _choice(text, verifier) is not None
    return bool(text and text.strip())


def _strict(verifier: Verifier, output: str, answer: str) -> bool:
    kind = verifier["kind"]
    if kind == "number":
        return _same_number(
            _read_number(output, verifier.get("after")), _read_number(answer, verifier.get("after"), reference=True)
        )
    if kind == "function_call":
        return _same_parsed(parse_calls(output, whole=True), parse_calls(answer), lenient=False)
    if kind == "regex":
        found = re.search(verifier["pattern"], output)
        return found is not None and _words(_group(found)) == expected(verifier, answer)
    text = _after(output, verifier.get("after"))
    if text is None:
        return False
    if kind == "choice":
        return _choice(text, verifier) == expected(verifier, answer)
    return _words(text) == expected(verifier, answer)


def _lenient(verifier: Verifier, output: str, answer: str) -> bool:
    kind = verifier["kind"]
    if kind == "number":
        wanted = _read_number(answer, verifier.get("after"), reference=True)
        return any(_same_number(number, wanted) for number in _numbers(output))
    if kind == "function_call":
        return _same_parsed(parse_calls(output), parse_calls(answer), lenient=True)
    wanted_text = expected(verifier, answer)
    if kind == "choice":
        return _last_choice(output, verifier) == wanted_text
    return wanted_text != "" and _contains(_words(output), wanted_text)


def _words(text: str) -> str:
    return " ".join(text.split())


def _contains(text: str, wanted: str) -> bool:
    """Whether the words stand in the text as whole words, in any case."""
    pattern = rf"(?<!\w){re.escape(wanted.casefold())}(?!\w)"
    return re.search(pattern, text.casefold()) is not None


def _after(text: str, marker: str | None, reference: bool = False) -> str | None:
    """What follows the last marker; None when an output lacks it. A reference without it is the answer itself."""
    if marker is None:
        return text
    if marker in text:
        return text.rsplit(marker, 1)[1]
    return text if reference else None


def _numbers(text: str) -> list[float]:
    found = []
    for match in _NUMBER.finditer(text):
        value = float(match.group().replace(",", "").replace("$", ""))
        if math.isfinite(value):
            found.append(value)
    return found


def _read_number(text: str, marker: str | None, reference: bool = False) -> float | None:
    """The first number after the marker, or the last number where no marker is asked for."""
    part = _after(text, marker, reference)
    if part is None:
        return None
    numbers = _numbers(part)
    if not numbers:
        return None
    return numbers[0] if marker is not None and marker in text else numbers[-1]


def _same_number(a: float | None, b: float | None) -> bool:
    return a is not None and b is not None and math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-9)


def _letters(verifier: Verifier) -> str:
    """The letters that can be chosen; ``choices`` lists them, or the texts that they stand for."""
    choices = verifier.get("choices")
    if not choices:
        return DEFAULT_CHOICES
    if all(len(choice) == 1 for choice in choices):
        return "".join(choices)
    return DEFAULT_CHOICES[: len(choices)]


def _choice(text: str, verifier: Verifier) -> str | None:
    """The letter that an output gives: its first word, or what follows "answer is"; upper case."""
    letters = _letters(verifier).upper()
    for pattern in (_FIRST_LETTER, _SAID):
        found = pattern.search(text)
        if found and found.group(1).upper() in letters:
            return found.group(1).upper()
    for letter, choice in zip(letters, verifier.get("choices") or [], strict=False):
        if len(choice) > 1 and _words(text).casefold() == _words(choice).casefold():
            return letter
    return None


def _last_choice(output: str, verifier: Verifier) -> str | None:
    """The last letter that stands alone, written as the choices are (so the article "a" is none of A to D)."""
    letters = _letters(verifier)
    found = re.findall(rf"(?<![\w'])([{re.escape(letters)}])(?![\w'])", output)
    return found[-1].upper() if found else _choice(output, verifier)


def _group(found: re.Match[str]) -> str:
    return (found.group(1) if found.re.groups else found.group()) or ""


def _same_parsed(a: list[Call] | None, b: list[Call] | None, lenient: bool) -> bool:
    return a is not None and b is not None and same_calls(a, b, lenient)
