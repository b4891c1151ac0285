"""Registering tasks: items, splits, answers that can be given and judged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from requests_for import request, run_script
from tiny import sums, write_jsonl

from temper_gpu import prepare
from temper_gpu.contract import Report

DEMOS = Path(__file__).parents[3] / "shared" / "data"
COUNTS = {"search": 20, "confirm": 20, "final": 20}


def entry(path: str | Path, verifier: dict[str, Any], **changes: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "id": "t",
        "kind": "generate",
        "source": {"path": str(path), "revision": None},
        "split": None,
        "columns": {},
        "verifier": verifier,
        "max_new_tokens": 16,
        "few_shot": 0,
        "task": None,
        "include_path": None,
        "items": COUNTS,
    }
    return plain | changes


def register(cache: Path, task: dict[str, Any], base: Path | None = None, report: Report | None = None) -> Any:
    models = [{"id": "base", "source": {"path": str(base), "revision": None}}] if base else []
    inputs = {"cache_dir": str(cache), "models": models, "datasets": [], "tasks": [task], "offline": True}
    return run_script(prepare, request(cache / "out", inputs, {}), report)


def read(directory: str, split: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (Path(directory) / f"{split}.jsonl").read_text().splitlines()]


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    rows = [{"question": f"{prompt} w{i % 60}", "answer": f"so {a}"} for i, (prompt, a, _) in enumerate(sums(300, 4))]
    return write_jsonl(tmp_path / "questions.jsonl", rows)


def test_splits_items_and_caps_them(questions: Path, base: Path, tmp_path: Path) -> None:
    reply = register(tmp_path / "cache", entry(questions, {"kind": "number", "after": "#"}, few_shot=2), base)
    task = reply["tasks"][0]
    assert task["items"] == COUNTS
    parts = {name: read(task["path"], name) for name in (*COUNTS, "train")}
    prompts = [item["prompt"] for part in parts.values() for item in part]
    assert len(set(prompts)) == len(prompts)
    assert len(parts["train"]) >= 2
    assert set(parts["search"][0]) == {"id", "prompt", "answer"}
    # "so # 7", after a line break that the tokenizer drops
    assert task["longest_answer_tokens"] == 3
    assert 0 < task["majority"]["search"] < 0.5


def test_the_key_follows_items_verifier_and_generation(questions: Path, tmp_path: Path) -> None:
    number, exact = {"kind": "number", "after": "#"}, {"kind": "exact", "after": "#"}
    tasks = [
        entry(questions, number),
        entry(questions, number),
        entry(questions, exact),
        entry(questions, number, max_new_tokens=17),
        entry(questions, number, items={**COUNTS, "search": 19}),
    ]
    keys = [register(tmp_path / "cache", task)["tasks"][0]["key"] for task in tasks]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 4


def test_refuses_answers_that_do_not_fit(questions: Path, base: Path, tmp_path: Path) -> None:
    reply = register(tmp_path / "cache", entry(questions, {"kind": "number", "after": "#"}, max_new_tokens=2), base)
    assert reply["tasks"] == []
    assert reply["problems"][0]["message"] == (
        "60 of 60 right answers do not fit max_new_tokens 2 (longest: 3 tokens). Set max_new_tokens to 4 or more."
    )


def test_refuses_splits_without_items_and_warns_of_small_ones(tmp_path: Path) -> None:
    report = Report()
    file = write_jsonl(tmp_path / "few.jsonl", [{"prompt": "a", "answer": "1"}])
    reply = register(tmp_path / "cache", entry(file, {"kind": "number"}), report=report)
    # The only item is in one split by its hash; the two others have none.
    assert len(reply["problems"]) == 2
    for problem in reply["problems"]:
        assert "split has no item: 1 items are too few for splits. Give more items." in problem["message"]
    assert len(report.warnings) == 1
    assert report.warnings[0].endswith("split has 1 items, 20 were wanted.")


def test_says_which_answers_no_output_could_match(tmp_path: Path) -> None:
    rows = [{"prompt": f"q{i}", "answer": str(i)} for i in range(90)]
    rows[3]["answer"] = "four"
    rows[7]["answer"] = ""
    del rows[8]["prompt"]
    reply = register(tmp_path / "cache", entry(write_jsonl(tmp_path / "t.jsonl", rows), {"kind": "number"}))
    found = {problem["row"]: problem["message"] for problem in reply["problems"]}
    assert """has an "answer" in which no number is found: 'four'. 1 of 90 rows""" in found[4]
    assert 'has an empty "answer"' in found[8]
    assert 'has no "prompt" (columns: answer)' in found[9]


def test_refuses_few_shot_without_examples(tmp_path: Path) -> None:
    for name in COUNTS:
        write_jsonl(tmp_path / f"{name}.jsonl", [{"id": name, "prompt": name, "answer": "1"}])
    reply = register(tmp_path / "cache", entry(tmp_path, {"kind": "exact"}, few_shot=3))
    assert reply["problems"][0]["message"] == "few_shot is 3 and only 0 items are left for examples."


def test_takes_given_splits_as_they_are(tmp_path: Path) -> None:
    for name in (*COUNTS, "train"):
        rows = [{"id": f"{name}-{i}", "prompt": f"{name} {i}", "answer": "1"} for i in range(30)]
        write_jsonl(tmp_path / f"{name}.jsonl", rows)
    task = register(tmp_path / "cache", entry(tmp_path, {"kind": "exact"}))["tasks"][0]
    assert task["items"] == COUNTS
    assert [item["id"] for item in read(task["path"], "final")] == [f"final-{i}" for i in range(20)]


def test_refuses_given_splits_that_overlap(tmp_path: Path) -> None:
    for name in COUNTS:
        rows = [{"id": f"{name}-{i}", "prompt": f"{name} {i}", "answer": "1"} for i in range(3)]
        write_jsonl(tmp_path / f"{name}.jsonl", [*rows, {"id": "same", "prompt": "The SAME", "answer": "1"}])
    problem = register(tmp_path / "cache", entry(tmp_path, {"kind": "exact"}))["problems"][0]
    assert problem["message"] == (
        "the prompt of item same stands in both search.jsonl and confirm.jsonl. Leave one out."
    )


def test_joins_questions_with_a_file_of_answers(tmp_path: Path) -> None:
    tools = [{"name": "f", "parameters": {"type": "object"}}]
    rows = [{"id": f"q{i}", "question": f"user: do {i}\n", "function": tools} for i in range(60)]
    write_jsonl(tmp_path / "calls.json", rows)
    answers = [{"id": f"q{i}", "ground_truth": [{"f": {"a": i}}, {"f": {"a": str(i)}}]} for i in range(60)]
    write_jsonl(tmp_path / "calls.answers.json", answers)
    task = register(tmp_path / "cache", entry(tmp_path / "calls.json", {"kind": "function_call"}))["tasks"][0]
    item = read(task["path"], "search")[0]
    number = int(item["id"][1:])
    assert json.loads(item["answer"]) == {"name": "f", "arguments": {"a": number}}
    assert json.loads(item["other_answers"][0]) == {"name": "f", "arguments": {"a": str(number)}}
    assert item["prompt"].endswith(f"user: do {number}")
    assert '"parameters": {"type": "object"}' in item["prompt"]


def test_says_which_question_has_no_answer_in_the_other_file(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "calls.json", [{"id": f"q{i}", "question": "x"} for i in range(2)])
    write_jsonl(tmp_path / "calls.answers.json", [{"id": "q0", "ground_truth": {"f": {}}}])
    problem = register(tmp_path / "cache", entry(tmp_path / "calls.json", {"kind": "function_call"}))["problems"][0]
    assert problem["row"] == 2
    assert 'has the id "q1", which the answers\' file lacks' in problem["message"]


def test_registers_a_task_of_the_tiny_world(tmp_path: Path) -> None:
    counts = {"search": 200, "confirm": 200, "final": 200}
    task = entry("tiny-world:trivia", {"kind": "exact", "after": "#"}, items=counts)
    assert register(tmp_path / "cache", task)["tasks"][0]["items"] == counts


@pytest.mark.skipif(not DEMOS.is_dir(), reason="no demo data beside the checkout")
@pytest.mark.parametrize(
    ("file", "verifier"),
    [
        ("gsm8k/train.jsonl", {"kind": "number", "after": "####"}),
        ("mawps/dev.csv", {"kind": "number"}),
        ("acebench/data_normal_single_turn_single_function.json", {"kind": "function_call"}),
    ],
)
def test_registers_tasks_as_people_have_them(file: str, verifier: dict[str, Any], tmp_path: Path) -> None:
    reply = register(tmp_path / "cache", entry(DEMOS / file, verifier))
    assert reply["problems"] == []
    assert reply["tasks"][0]["items"] == COUNTS
