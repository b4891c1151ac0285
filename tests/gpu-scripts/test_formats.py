"""Rows of every known convention become canonical rows, and bad ones say what is wrong with them."""

from __future__ import annotations

from typing import Any

import pytest

from temper_gpu.data.formats import canonical_format, detect_format, map_columns, normalise
from temper_gpu.data.problems import ObjectProblem, RowProblem

USER, ANSWER = {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}
HUMAN, GPT = {"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello"}
SYSTEM = {"role": "system", "content": "Be kind"}

CASES: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
    ("TRL pairs", {"prompt": "a", "completion": "b"}, "prompt_completion", {"prompt": "a", "completion": "b"}),
    (
        "TRL chat pairs",
        {"prompt": [USER], "completion": [ANSWER]},
        "prompt_completion",
        {"prompt": "Hi", "completion": "Hello"},
    ),
    ("TRL messages", {"messages": [USER, ANSWER]}, "messages", {"messages": [USER, ANSWER]}),
    (
        "TRL preference",
        {"prompt": "a", "chosen": "b", "rejected": "c"},
        "preference",
        {"prompt": "a", "chosen": "b", "rejected": "c"},
    ),
    (
        "TRL preference with the prompt inside",
        {"chosen": [USER, ANSWER], "rejected": [USER, {"role": "assistant", "content": "No"}]},
        "preference",
        {"prompt": "Hi", "chosen": "Hello", "rejected": "No"},
    ),
    (
        "TRL labels",
        {"prompt": "a", "completion": "b", "label": True},
        "unpaired_preference",
        {"prompt": "a", "completion": "b", "label": True},
    ),
    (
        "labels as CSV text",
        {"prompt": "a", "completion": "b", "label": "0"},
        "unpaired_preference",
        {"prompt": "a", "completion": "b", "label": False},
    ),
    (
        "LLaMA-Factory KTO",
        {"messages": [USER, ANSWER], "label": False},
        "unpaired_preference",
        {"prompt": "Hi", "completion": "Hello", "label": False},
    ),
    (
        "alpaca",
        {"instruction": "Add", "input": "1 2", "output": "3"},
        "prompt_completion",
        {"prompt": "Add\n\n1 2", "completion": "3"},
    ),
    (
        "alpaca without input",
        {"instruction": "Greet", "input": "", "output": "Hi"},
        "prompt_completion",
        {"prompt": "Greet", "completion": "Hi"},
    ),
    (
        "alpaca with system and history",
        {"instruction": "C", "output": "D", "system": "Be kind", "history": [["A", "B"]]},
        "prompt_completion",
        {
            "prompt": [
                SYSTEM,
                {"role": "user", "content": "A"},
                {"role": "assistant", "content": "B"},
                {"role": "user", "content": "C"},
            ],
            "completion": "D",
        },
    ),
    (
        "alpaca preference",
        {"instruction": "A", "input": "", "chosen": "B", "rejected": "C"},
        "preference",
        {"prompt": "A", "chosen": "B", "rejected": "C"},
    ),
    ("ShareGPT", {"conversations": [HUMAN, GPT]}, "messages", {"messages": [USER, ANSWER]}),
    (
        "ShareGPT tool calls",
        {
            "conversations": [
                HUMAN,
                {"from": "function_call", "value": "{}"},
                {"from": "observation", "value": "7"},
                GPT,
            ],
            "tools": '[{"name": "f"}]',
        },
        "messages",
        {
            "messages": [
                {"role": "system", "content": 'You can call these functions:\n[{"name": "f"}]'},
                USER,
                {"role": "assistant", "content": "{}"},
                {"role": "tool", "content": "7"},
                ANSWER,
            ]
        },
    ),
    (
        "ShareGPT preference",
        {"conversations": [HUMAN], "chosen": GPT, "rejected": {"from": "gpt", "value": "No"}},
        "preference",
        {"prompt": "Hi", "chosen": "Hello", "rejected": "No"},
    ),
    ("question and answer", {"question": "q", "answer": "a"}, "prompt_completion", {"prompt": "q", "completion": "a"}),
    (
        "MAWPS",
        {"Question": "number0 and number1 ?", "Numbers": "8.0 2.5", "Answer": "20.0", "Body": "x"},
        "prompt_completion",
        {"prompt": "8 and 2.5 ?", "completion": "20"},
    ),
    ("numbers as answers", {"question": "q", "answer": 7.0}, "prompt_completion", {"prompt": "q", "completion": "7"}),
]


@pytest.mark.parametrize(("row", "target", "wanted"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_recognises_and_normalises(row: dict[str, Any], target: str, wanted: dict[str, Any]) -> None:
    assert canonical_format(detect_format(row), row) == target
    assert normalise(row, target) == wanted


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"question": "q"}, "prompt_completion", 'has no "completion" (columns: question)'),
    ({"prompt": "q", "completion": "  "}, "prompt_completion", 'has an empty "completion"'),
    ({"prompt": "q", "completion": None}, "prompt_completion", 'has no "completion" (columns: prompt, completion)'),
    ({"prompt": "", "completion": "a"}, "prompt_completion", 'has an empty "prompt"'),
    ({"messages": []}, "messages", 'has no messages in "messages"'),
    ({"messages": [USER]}, "messages", 'has no assistant\'s message in "messages", so there is nothing to learn'),
    ({"messages": ["Hi"]}, "messages", 'has a "messages" entry that is not a message but a str'),
    ({"conversations": [{"from": "cat", "value": "x"}]}, "messages", 'has a message with the unknown role "cat"'),
    ({"messages": [{"role": "user", "content": ""}]}, "messages", 'has an empty message in "messages"'),
    ({"prompt": "a", "chosen": "b", "rejected": "b"}, "preference", 'has the same text as "chosen" and "rejected"'),
    ({"prompt": "a", "completion": "b", "label": "good"}, "unpaired_preference", "neither true nor false: good"),
    ({"chosen": "b", "rejected": "c"}, "preference", 'has no "prompt" (columns: chosen, rejected)'),
]


@pytest.mark.parametrize(("row", "target", "reason"), BAD, ids=[case[2] for case in BAD])
def test_says_what_is_wrong_with_a_row(row: dict[str, Any], target: str, reason: str) -> None:
    with pytest.raises(RowProblem) as caught:
        normalise(row, target)
    assert reason in caught.value.reason


def test_maps_columns_by_the_config_s_names() -> None:
    row = map_columns({"frage": "q", "antwort": "a"}, {"prompt": "frage", "completion": "antwort"})
    assert normalise(row, "prompt_completion") == {"prompt": "q", "completion": "a"}


def test_names_the_columns_when_a_mapped_one_is_missing() -> None:
    with pytest.raises(RowProblem) as caught:
        map_columns({"question": "q", "anwser": "a"}, {"prompt": "question", "completion": "answer"})
    assert caught.value.reason == 'has no "answer" (columns: question, anwser)'


def test_names_the_columns_when_nothing_fits() -> None:
    with pytest.raises(ObjectProblem, match="The columns colour, size fit no known format"):
        detect_format({"size": 1, "colour": "red"})
