"""Verdicts, strict and lenient, on outputs as models really write them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from temper_gpu.verifiers import expected, judge, majority, readable

EXACT: dict[str, Any] = {"kind": "exact"}
MARKED: dict[str, Any] = {"kind": "exact", "after": "#"}
NUMBER: dict[str, Any] = {"kind": "number"}
GSM: dict[str, Any] = {"kind": "number", "after": "####"}
CHOICE: dict[str, Any] = {"kind": "choice"}
LETTERS: dict[str, Any] = {"kind": "choice", "choices": ["a", "b", "c"], "after": "#"}
TEXTS: dict[str, Any] = {"kind": "choice", "choices": ["the cat", "the dog"]}
PATTERN: dict[str, Any] = {"kind": "regex", "pattern": r"answer: (\w+)"}

CASES: list[tuple[dict[str, Any], str, str, tuple[int, int]]] = [
    (EXACT, "blue  sky\n", "blue sky", (1, 1)),
    (EXACT, "Blue sky", "blue sky", (0, 1)),
    (EXACT, "It is a blue sky.", "blue sky", (0, 1)),
    (EXACT, "bluesky", "blue sky", (0, 0)),
    (EXACT, "", "blue", (0, 0)),
    (EXACT, "unblued", "blue", (0, 0)),
    (MARKED, "> 7 # 5", "5", (1, 1)),
    (MARKED, "# 3 # 5", "> 9 # 5", (1, 1)),
    (MARKED, "> 5", "5", (0, 1)),
    (MARKED, "# 5 5", "5", (0, 1)),
    (NUMBER, "So it is 5 or rather 7.", "7", (1, 1)),
    (NUMBER, "7 of 12", "7", (0, 1)),
    (NUMBER, "That makes $1,234.50", "1234.5", (1, 1)),
    (NUMBER, "-3", "-3.0", (1, 1)),
    (NUMBER, "3", "-3", (0, 0)),
    (NUMBER, "5-3 = 2", "2", (1, 1)),
    (NUMBER, "none", "7", (0, 0)),
    (NUMBER, "0.333333", "0.3333333", (1, 1)),
    (NUMBER, "1e3", "1000", (1, 1)),
    (GSM, "48/2 = 24\n#### 72", "Natalia … 48+24 = 72\n#### 72", (1, 1)),
    (GSM, "The answer is 72.", "#### 72", (0, 1)),
    (GSM, "#### 71\n", "#### 72", (0, 0)),
    (GSM, "#### 72 clips in 2 months", "#### 72", (1, 1)),
    (GSM, "#### 7,473", "#### 7473", (1, 1)),
    (CHOICE, "B", "B", (1, 1)),
    (CHOICE, "(b) the dog", "B", (1, 1)),
    (CHOICE, "B. Because A is wrong", "B", (1, 1)),
    (CHOICE, "The answer is C.", "C", (1, 1)),
    (CHOICE, "I first thought A, then D", "D", (0, 1)),
    (CHOICE, "Definitely", "D", (0, 0)),
    (CHOICE, "It is a dog", "A", (0, 0)),
    (CHOICE, "C", "B", (0, 0)),
    (LETTERS, "# a", "a", (1, 1)),
    (LETTERS, "# t22", "a", (0, 0)),
    (LETTERS, "a", "a", (0, 1)),
    (TEXTS, "the dog", "B", (1, 1)),
    (TEXTS, "B", "the dog", (1, 1)),
    (PATTERN, "answer: blue", "blue", (1, 1)),
    (PATTERN, "answer: red, not blue", "blue", (0, 1)),
    (PATTERN, "blue", "answer: blue", (0, 1)),
    ({"kind": "regex", "pattern": r"\d+"}, "it is 42!", "42", (1, 1)),
]


@pytest.mark.parametrize(("verifier", "output", "answer", "verdict"), CASES)
def test_judges(verifier: dict[str, Any], output: str, answer: str, verdict: tuple[int, int]) -> None:
    assert judge(verifier, output, [answer]) == verdict


WEATHER = {"name": "weather", "arguments": {"city": "Kyoto", "days": 3, "opts": {"units": ["C", "mm"]}}}
ACE = {"weather": {"city": "Kyoto", "days": 3, "opts": {"units": ["C", "mm"]}}}
TWO = [{"name": "f", "arguments": {"a": 1}}, {"name": "g", "arguments": {}}]

CALLS: list[tuple[str, Any, tuple[int, int]]] = [
    (json.dumps(WEATHER), ACE, (1, 1)),
    (json.dumps([WEATHER]), ACE, (1, 1)),
    (json.dumps({"function": WEATHER}), ACE, (1, 1)),
    (json.dumps({"name": "weather", "parameters": WEATHER["arguments"]}), ACE, (1, 1)),
    (json.dumps({"name": "weather", "arguments": json.dumps(WEATHER["arguments"])}), ACE, (1, 1)),
    ("```json\n" + json.dumps(WEATHER) + "\n```", ACE, (1, 1)),
    ("<tool_call>" + json.dumps(WEATHER) + "</tool_call>", ACE, (1, 1)),
    ('[weather(city="Kyoto", days=3, opts={"units": ["C", "mm"]})]', ACE, (1, 1)),
    ("Sure: " + json.dumps(WEATHER), ACE, (0, 1)),
    (json.dumps(WEATHER).replace("3", "3.0"), ACE, (1, 1)),
    (json.dumps(WEATHER).replace("3", '"3"'), ACE, (0, 1)),
    (json.dumps(WEATHER).replace("Kyoto", "kyoto "), ACE, (0, 1)),
    (json.dumps(WEATHER).replace('"C", "mm"', '"mm", "C"'), ACE, (0, 0)),
    (json.dumps(WEATHER).replace("Kyoto", "Osaka"), ACE, (0, 0)),
    (json.dumps({"name": "weather", "arguments": {"city": "Kyoto"}}), ACE, (0, 0)),
    (json.dumps(WEATHER)[:-3], ACE, (0, 0)),
    ("I cannot do that.", ACE, (0, 0)),
    (json.dumps(TWO[::-1]), {"f": {"a": 1}, "g": {}}, (1, 1)),
    (json.dumps(TWO[0]), {"f": {"a": 1}, "g": {}}, (0, 0)),
    ("api.f(a=1)", {"api.f": {"a": 1}}, (1, 1)),
    ("api_f(a=1)", {"api.f": {"a": 1}}, (0, 1)),
    ("__import__('os').system('x')", {"f": {}}, (0, 0)),
    ('{"name": "f", "arguments": {"flag": true}}', {"f": {"flag": 1}}, (0, 0)),
]


@pytest.mark.parametrize(("output", "answer", "verdict"), CALLS)
def test_judges_function_calls_as_structures(output: str, answer: Any, verdict: tuple[int, int]) -> None:
    assert judge({"kind": "function_call"}, output, [json.dumps(answer)]) == verdict


def test_accepts_any_of_several_answers() -> None:
    assert judge(EXACT, "grey", ["gray", "grey"]) == (1, 1)
    call = json.dumps({"name": "g", "arguments": {}})
    assert judge({"kind": "function_call"}, call, ['{"f": {}}', '{"g": {}}']) == (1, 1)


def test_majority_counts_answers_as_the_verifier_reads_them() -> None:
    assert majority(GSM, [["so #### 5"], ["#### 5.0"], ["#### 7"], ["#### 9"]]) == 0.5
    assert majority(CHOICE, [["(A)"], ["a"], ["B"]]) == pytest.approx(2 / 3)
    assert majority(EXACT, [["x", "y"], ["y"], ["z"]]) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("verifier", "answer", "is_readable"),
    [(GSM, "#### 7", True), (GSM, "seven", False), (CHOICE, "B", True), (CHOICE, "42", False), (EXACT, " ", False)],
)
def test_knows_answers_that_no_output_could_match(verifier: dict[str, Any], answer: str, is_readable: bool) -> None:
    assert readable(verifier, answer) is is_readable


@given(
    verifier=st.sampled_from([EXACT, MARKED, NUMBER, GSM, CHOICE, LETTERS, PATTERN]),
    output=st.text(max_size=40),
    answer=st.text(max_size=20),
)
def test_strict_implies_lenient(verifier: dict[str, Any], output: str, answer: str) -> None:
    strict, lenient = judge(verifier, output, [answer])
    assert lenient >= strict


@given(number=st.floats(-1e6, 1e6).map(lambda value: round(value, 3)))
def test_every_number_equals_itself_however_it_is_written(number: float) -> None:
    assert judge(NUMBER, f"It is {number:,}.", [str(number)]) == (1, 1)
    assert expected(NUMBER, str(number)) == expected(NUMBER, f"{number:,}")
