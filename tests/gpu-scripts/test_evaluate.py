"""Evaluation by generation on real tiny models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from requests_for import dataset, evaluate_request, run_script, sft_request, task
from tiny import make_model, make_tokenizer, reference, sums, write_jsonl

from temper_gpu import evaluate, sft
from temper_gpu.contract import Report

NUMBER = {"kind": "number", "after": "#"}
TEMPLATE = (
    "{% for m in messages %}{{ ' w1 ' if m.role == 'user' else ' w2 ' }}{{ m.content }}"
    "{{ ' <eos>' if m.role == 'assistant' }}{% endfor %}{{ ' w2 ' if add_generation_prompt }}"
)


@pytest.fixture(scope="module")
def items(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [{"id": f"i{i}", "prompt": p, "answer": a} for i, (p, a, _) in enumerate(sums(50, seed=9))]
    return write_jsonl(tmp_path_factory.mktemp("items") / "items.jsonl", rows)


def test_batches_of_any_size_give_the_same_outcomes(taught: Path, items: Path, tmp_path: Path) -> None:
    # Prompts of different lengths, so that padding is in play.
    rows = [json.loads(line) for line in items.read_text().splitlines()]
    for index, row in enumerate(rows):
        row["prompt"] = "w9 " * (index % 4) + row["prompt"]
    mixed = write_jsonl(tmp_path / "mixed.jsonl", rows)
    tasks = [task(mixed, NUMBER, id=str(size), batch_size=size) for size in (1, 7, 64)]
    results = run_script(evaluate, evaluate_request(tmp_path / "e", reference(taught), tasks))["tasks"]
    assert results[0]["strict"] == results[1]["strict"] == results[2]["strict"]


def test_equals_transformers_generation_one_by_one(taught: Path, items: Path, tmp_path: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    run_script(evaluate, evaluate_request(tmp_path / "e", reference(taught), [task(items, NUMBER)]))
    lines = [json.loads(line) for line in (tmp_path / "e" / "outputs.jsonl").read_text().splitlines()]
    model: Any = AutoModelForCausalLM.from_pretrained(taught)
    tokenizer = AutoTokenizer.from_pretrained(taught)
    for line, item in zip(lines[:5], items.read_text().splitlines(), strict=False):
        ids = torch.tensor([tokenizer(json.loads(item)["prompt"])["input_ids"]])
        output = model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=8, do_sample=False)
        assert line["output"] == tokenizer.decode(output[0, ids.shape[1] :], skip_special_tokens=True).strip()
        assert line["id"] == json.loads(item)["id"]


def test_reports_what_makes_scores_mislead(base: Path, items: Path, tmp_path: Path) -> None:
    report = Report()
    document = evaluate_request(tmp_path / "e", reference(base), [task(items, NUMBER)])
    result = run_script(evaluate, document, report)["tasks"][0]
    # Random weights never stop.
    assert result["hit_token_limit"] > 0.5
    assert result["mean_output_tokens"] > 4
    assert 0 < result["majority"] < 1
    assert "of the answers ran into max_new_tokens" in report.warnings[0]


def test_stays_silent_when_answers_end(taught: Path, items: Path, tmp_path: Path) -> None:
    report = Report()
    result = run_script(evaluate, evaluate_request(tmp_path / "e", reference(taught), [task(items, NUMBER)]), report)
    assert report.warnings == []
    assert result["tasks"][0]["hit_token_limit"] == 0
    assert result["tasks"][0]["mean_output_tokens"] == 2
    assert result["tasks"][0]["output_tokens"] == {"median": 2, "p90": 2}


def test_cuts_prompts_that_do_not_fit_the_context(base: Path, tmp_path: Path) -> None:
    report = Report()
    long = [{"id": "l", "prompt": "w3 " * 100 + "?", "answer": "# 1"}, {"id": "s", "prompt": "w3 ?", "answer": "# 1"}]
    file = write_jsonl(tmp_path / "long.jsonl", long)
    run_script(evaluate, evaluate_request(tmp_path / "e", reference(base), [task(file, NUMBER)]), report)
    assert "1 of 2 prompts do not fit the context of 64 tokens with 8 for the answer" in report.warnings[0]


def test_puts_few_shot_examples_before_each_prompt(taught: Path, items: Path, tmp_path: Path) -> None:
    from temper_gpu.task_items import with_examples

    examples = [{"id": "e", "prompt": "2 + 2", "answer": "4"}]
    assert with_examples(["3 + 3"], examples, uses_template=False) == ["2 + 2\n4\n\n3 + 3"]
    system = {"role": "system", "content": "s"}
    chat: Any = with_examples([[system, {"role": "user", "content": "3 + 3"}]], examples, uses_template=True)[0]
    assert [turn["role"] for turn in chat] == ["system", "user", "assistant", "user"]
    asked = [task(items, NUMBER, few_shot=1, few_shot_path=str(write_jsonl(tmp_path / "train.jsonl", examples)))]
    result = run_script(evaluate, evaluate_request(tmp_path / "e", reference(taught), asked))["tasks"][0]
    assert result["items"] == 50


def test_chat_template_is_the_same_in_training_and_evaluation(pairs: Path, items: Path, tmp_path: Path) -> None:
    chat = make_model(tmp_path / "chat")
    make_tokenizer(chat, chat_template=TEMPLATE)
    document = sft_request(tmp_path / "taught", reference(chat), [dataset(pairs)], max_steps=250, learning_rate=5e-3)
    run_script(sft, document)
    tasks = [task(items, NUMBER, id=str(on), chat_template=on) for on in (True, False)]
    with_template, without = run_script(
        evaluate, evaluate_request(tmp_path / "e", reference(tmp_path / "taught"), tasks)
    )["tasks"]
    assert sum(with_template["strict"]) > 40
    assert sum(without["strict"]) < sum(with_template["strict"])
