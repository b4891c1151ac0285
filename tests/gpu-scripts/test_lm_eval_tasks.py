"""lm-eval's tasks: registered like any other, scored on exactly the documents of a split."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from requests_for import evaluate_request, request, run_script
from tiny import reference, sums, write_jsonl

from temper_gpu import evaluate, prepare
from temper_gpu.contract import ScriptFailure


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A multiple-choice task and a generating one, as a person would define them."""
    directory = tmp_path_factory.mktemp("tasks")
    rows = [{"q": f"{p} w{i}", "choices": [a, b], "gold": 0, "a": a} for i, (p, a, b) in enumerate(sums(50, seed=9))]
    for index, row in enumerate(rows):
        if index % 3 == 0:
            row.update(choices=row["choices"][::-1], gold=1)
    data = write_jsonl(directory / "docs.jsonl", rows)
    common = f"dataset_path: json\ndataset_kwargs: {{data_files: {{test: {data}}}}}\ntest_split: test\n"
    (directory / "pick.yaml").write_text(
        "task: tiny_pick\n"
        + common
        + "output_type: multiple_choice\ndoc_to_text: '{{q}}'\ndoc_to_choice: choices\ndoc_to_target: gold\n"
        "metric_list: [{metric: acc}]\n"
    )
    (directory / "say.yaml").write_text(
        "task: tiny_say\n" + common + "output_type: generate_until\ndoc_to_text: '{{q}}'\ndoc_to_target: '{{a}}'\n"
        "generation_kwargs: {until: ['<eos>'], max_gen_toks: 4, do_sample: false}\n"
        "metric_list: [{metric: exact_match}]\n"
    )
    return directory


def register(folder: Path, name: str, cache: Path) -> dict[str, Any]:
    task = {
        "id": name,
        "kind": "lm_eval",
        "source": None,
        "split": None,
        "columns": {},
        "verifier": None,
        "max_new_tokens": 16,
        "few_shot": 0,
        "task": name,
        "include_path": str(folder),
        "items": {"search": 12, "confirm": 12, "final": 12},
    }
    inputs = {"cache_dir": str(cache), "models": [], "datasets": [], "tasks": [task], "offline": True}
    return run_script(prepare, request(cache / "out", inputs, {}))


def lm_eval_task(folder: Path, name: str, items: str, metric: str) -> dict[str, Any]:
    return {
        "kind": "lm_eval",
        "id": name,
        "key": "k",
        "task": name,
        "include_path": str(folder),
        "metric": metric,
        "items_path": items,
        "num_fewshot": 0,
        "batch_size": 8,
    }


def test_splits_documents_by_content(folder: Path, tmp_path: Path) -> None:
    registered = register(folder, "tiny_pick", tmp_path)["tasks"][0]
    assert registered["items"] == {"search": 12, "confirm": 12, "final": 12}
    indices = [
        json.loads(line)["index"]
        for split in registered["items"]
        for line in (Path(registered["path"]) / f"{split}.jsonl").read_text().splitlines()
    ]
    assert len(set(indices)) == 36
    assert 0.4 < registered["majority"]["search"] <= 1


@pytest.mark.parametrize(("name", "metric"), [("tiny_pick", "acc"), ("tiny_say", "exact_match")])
def test_outcomes_equal_lm_eval_s_own(name: str, metric: str, folder: Path, taught: Path, tmp_path: Path) -> None:
    from lm_eval import simple_evaluate
    from lm_eval.tasks import TaskManager

    registered = register(folder, name, tmp_path / "cache")["tasks"][0]
    items = f"{registered['path']}/search.jsonl"
    document = evaluate_request(tmp_path / "e", reference(taught), [lm_eval_task(folder, name, items, metric)])
    ours = run_script(evaluate, document)["tasks"][0]
    run_lm_eval: Any = simple_evaluate
    theirs = run_lm_eval(
        model="hf",
        model_args={"pretrained": str(taught)},
        tasks=[name],
        device="cpu",
        log_samples=True,
        bootstrap_iters=0,
        task_manager=TaskManager(include_path=str(folder), include_defaults=False),
    )
    by_index = {sample["doc_id"]: sample[metric] for sample in theirs["samples"][name]}
    indices = [json.loads(line)["index"] for line in Path(items).read_text().splitlines()]
    assert ours["strict"] == [by_index[index] for index in indices]
    assert sum(ours["strict"]) > 0


def test_names_the_metrics_there_are(folder: Path, taught: Path, tmp_path: Path) -> None:
    registered = register(folder, "tiny_pick", tmp_path / "cache")["tasks"][0]
    task = lm_eval_task(folder, "tiny_pick", f"{registered['path']}/search.jsonl", "bleu")
    with pytest.raises(ScriptFailure, match='lm-eval gives no metric "bleu" here. Metrics: acc; filters: none'):
        run_script(evaluate, evaluate_request(tmp_path / "e", reference(taught), [task]))


def test_says_that_a_task_is_unknown(folder: Path, tmp_path: Path) -> None:
    problem = register(folder, "tiny_none", tmp_path)["problems"][0]
    assert problem["object"] == "tasks.tiny_none"
    assert 'lm-eval\'s task "tiny_none" cannot be loaded in' in problem["message"]
