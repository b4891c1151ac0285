"""Supervised fine-tuning on real tiny models."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from requests_for import dataset, evaluate_request, run_script, sft_request, task
from tiny import make_model, reference, sums, write_jsonl

from temper_gpu import evaluate, sft
from temper_gpu.contract import Report, ScriptFailure, sha256_file


def test_sft_teaches_what_the_data_shows(taught: Path, base: Path, tmp_path: Path) -> None:
    items = [{"id": str(i), "prompt": p, "answer": a} for i, (p, a, _) in enumerate(sums(100, seed=9))]
    tasks = [task(write_jsonl(tmp_path / "items.jsonl", items), {"kind": "number", "after": "#"})]
    after = run_script(evaluate, evaluate_request(tmp_path / "a", reference(taught), tasks))["tasks"][0]
    before = run_script(evaluate, evaluate_request(tmp_path / "b", reference(base), tasks))["tasks"][0]
    assert sum(after["strict"]) > 80
    assert sum(before["strict"]) < 20


def test_the_same_request_gives_the_same_bytes(base: Path, pairs: Path, tmp_path: Path) -> None:
    metrics = [
        run_script(sft, sft_request(tmp_path / name / "output", reference(base), [dataset(pairs)], max_steps=5))
        for name in ("a", "b")
    ]
    assert metrics[0] == metrics[1]
    files = [tmp_path / name / "output" / "model.safetensors" for name in ("a", "b")]
    assert sha256_file(files[0]) == sha256_file(files[1])


def test_another_seed_gives_another_model(base: Path, pairs: Path, tmp_path: Path) -> None:
    hashes = {
        run_script(sft, sft_request(tmp_path / str(seed), reference(base), [dataset(pairs)], max_steps=3, seed=seed))[
            "model_hash"
        ]
        for seed in (0, 1)
    }
    assert len(hashes) == 2


def test_publishes_a_directory_that_loads_and_holds_no_pickle(taught: Path) -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    AutoModelForCausalLM.from_pretrained(taught)
    AutoTokenizer.from_pretrained(taught)
    assert {file.name for file in taught.iterdir()} == {
        "config.json",
        "generation_config.json",
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
    }


def test_says_what_it_did(base: Path, pairs: Path, tmp_path: Path) -> None:
    report = Report()
    document = sft_request(
        tmp_path / "o",
        reference(base),
        [dataset(pairs)],
        max_steps=20,
        warmup_steps=10,
        fidelity={"data": 0.25, "steps": 0.5},
    )
    metrics = run_script(sft, document, report)
    assert metrics["steps"] == 10
    assert report.settings_used["max_steps"] == 10
    assert report.settings_used["warmup_steps"] == 5
    assert metrics["train_loss_last"] < metrics["train_loss_first"]
    assert 0 < metrics["weight_change"] < 1
    assert metrics["tokens"] > 10 * 16 * 8
    assert metrics["trainable_parameters"] == metrics["parameters"]


def test_stops_a_training_whose_loss_is_lost(base: Path, pairs: Path, tmp_path: Path) -> None:
    document = sft_request(
        tmp_path / "o", reference(base), [dataset(pairs)], learning_rate=50.0, max_steps=60, max_grad_norm=1000.0
    )
    with pytest.raises(ScriptFailure) as caught:
        run_script(sft, document)
    assert caught.value.reason == "diverged"
    assert "learning rate" in caught.value.detail


def test_stops_at_a_loss_that_is_no_number(base: Path, pairs: Path, tmp_path: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(base)
    with torch.no_grad():
        model.model.layers[0].mlp.up_proj.weight[0, 0] = float("nan")
    broken = make_model(tmp_path / "broken")
    model.save_pretrained(broken)
    with pytest.raises(ScriptFailure) as caught:
        run_script(sft, sft_request(tmp_path / "o", reference(broken), [dataset(pairs)], max_steps=5))
    assert caught.value.reason == "diverged"
    assert "step 1 of 5" in caught.value.detail


def test_trains_bf16_models_and_publishes_bf16(pairs: Path, tmp_path: Path) -> None:
    from temper_gpu.model_files import stored_dtype

    model = make_model(tmp_path / "half", dtype="bfloat16")
    metrics = run_script(sft, sft_request(tmp_path / "o", reference(model), [dataset(pairs)], max_steps=5))
    assert stored_dtype(tmp_path / "o") == "bfloat16"
    assert metrics["weight_change"] > 0


def test_gradient_checkpointing_changes_memory_not_results(base: Path, pairs: Path, tmp_path: Path) -> None:
    losses = [
        run_script(
            sft,
            sft_request(tmp_path / str(on), reference(base), [dataset(pairs)], max_steps=3, gradient_checkpointing=on),
        )["train_loss_last"]
        for on in (False, True)
    ]
    assert losses[0] == pytest.approx(losses[1], abs=1e-5)


def test_learns_from_conversations(base: Path, tmp_path: Path) -> None:
    rows = [
        {
            "messages": [
                {"role": "user", "content": prompt},
                {"role": "assistant", "content": right},
                {"role": "user", "content": prompt},
                {"role": "assistant", "content": right},
            ]
        }
        for prompt, right, _ in sums(60, seed=3)
    ]
    data = dataset(write_jsonl(tmp_path / "chat.jsonl", rows), "messages")
    metrics = run_script(sft, sft_request(tmp_path / "o", reference(base), [data], max_steps=30))
    assert metrics["train_loss_last"] < metrics["train_loss_first"] - 1


def test_says_how_many_rows_were_cut(base: Path, pairs: Path, tmp_path: Path) -> None:
    report = Report()
    long = [{"prompt": "w3 " * 30, "completion": "# 1"}, {"prompt": "w3", "completion": "w4 " * 30}]
    data = [dataset(pairs), dataset(write_jsonl(tmp_path / "long.jsonl", long))]
    run_script(sft, sft_request(tmp_path / "o", reference(base), data, max_steps=22, max_length=16), report)
    assert report.warnings == [
        "2 of 402 rows are longer than max_length 16 and were cut.",
        "1 of 402 rows have no answer within max_length 16 and were left out.",
    ]


def test_refuses_data_without_a_single_answer(base: Path, tmp_path: Path) -> None:
    data = dataset(write_jsonl(tmp_path / "long.jsonl", [{"prompt": "w3 " * 30, "completion": "# 1"}]))
    with pytest.raises(ScriptFailure, match="bad_data: No row has an answer within max_length 16"):
        run_script(sft, sft_request(tmp_path / "o", reference(base), [data], max_length=16))


def test_goes_on_from_a_checkpoint_to_the_same_weights(
    base: Path, pairs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from temper_gpu import training, training_watch

    def disk_is_full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    document = sft_request(tmp_path / "whole", reference(base), [dataset(pairs)], max_steps=8)
    whole = run_script(sft, document, Report(work_dir=tmp_path / "w1"))
    with monkeypatch.context() as patched:
        patched.setattr(training_watch, "CHECKPOINT_SECONDS", 0.0)
        patched.setattr(training, "publish_full", disk_is_full)
        with pytest.raises(OSError, match="No space left"):
            run_script(sft, {**document, "output_dir": str(tmp_path / "lost")}, Report(work_dir=tmp_path / "w2"))
    state = json.loads((tmp_path / "w2" / "checkpoints" / "checkpoint-7" / "trainer_state.json").read_text())
    assert state["global_step"] == 7
    report = Report(work_dir=tmp_path / "w3", resume_dir=tmp_path / "w2")
    resumed = run_script(sft, {**document, "output_dir": str(tmp_path / "resumed")}, report)
    assert resumed["steps"] == 8
    assert resumed["model_hash"] == whole["model_hash"]
    assert resumed["train_loss_first"] == whole["train_loss_first"]
    assert not (tmp_path / "w3" / "checkpoints").exists()


def test_two_processes_make_the_model_that_one_makes(base: Path, pairs: Path, tmp_path: Path) -> None:
    settings = {"max_steps": 4, "per_device_train_batch_size": 8, "gradient_accumulation_steps": 2}
    alone = run_script(sft, sft_request(tmp_path / "one", reference(base), [dataset(pairs)], **settings))
    (tmp_path / "two").mkdir()
    document = sft_request(tmp_path / "two", reference(base), [dataset(pairs)], **settings)
    (tmp_path / "request.json").write_text(json.dumps(document))
    (tmp_path / "train.py").write_text(
        "import json, sys\nfrom temper_gpu import sft\nfrom temper_gpu.contract import Report\n"
        "print('hash', sft.run(json.load(open(sys.argv[1])), Report())['model_hash'])\n"
    )
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"]
    command = [*launch, str(tmp_path / "train.py"), str(tmp_path / "request.json")]
    environment = {**os.environ, "PYTHONPATH": str(Path(sft.__file__).parents[1])}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert f"hash {alone['model_hash']}" in done.stdout.splitlines(), done.stderr[-2000:]


@pytest.mark.parametrize("scheduler", ["linear", "cosine", "constant", "constant_with_warmup", "cosine_with_min_lr"])
def test_trains_with_every_scheduler_of_the_contract(scheduler: str, base: Path, pairs: Path, tmp_path: Path) -> None:
    document = sft_request(
        tmp_path / "o", reference(base), [dataset(pairs)], max_steps=3, lr_scheduler_type=scheduler, warmup_steps=1
    )
    assert run_script(sft, document)["weight_change"] > 0
