"""LoRA: the adapter is published in PEFT's layout, and base + adapters is one model wherever it is used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from requests_for import dataset, evaluate_request, merge_request, run_script, sft_request, task
from tiny import make_model, reference, sums, write_jsonl

from temper_gpu import evaluate, merge, sft
from temper_gpu.contract import ScriptFailure
from temper_gpu.models import load_model, materialise


@pytest.fixture(scope="module")
def adapter(base: Path, pairs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("adapter") / "output"
    document = sft_request(output, reference(base), [dataset(pairs)], peft_r=8, max_steps=30, learning_rate=1e-2)
    metrics = run_script(sft, document)
    assert metrics["form"] == "adapter"
    assert 0 < metrics["trainable_parameters"] < metrics["parameters"]
    return output


def test_publishes_only_the_adapter_with_no_path_in_it(adapter: Path, base: Path) -> None:
    assert {file.name for file in adapter.iterdir()} == {"adapter_config.json", "adapter_model.safetensors"}
    config = json.loads((adapter / "adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == base.name
    assert config["r"] == 8
    assert str(base.parent) not in (adapter / "adapter_config.json").read_text()


def test_merged_adapter_equals_peft_s_own_forward(adapter: Path, base: Path) -> None:
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    ids = torch.tensor([[1, 5, 6, 7, 8]])
    with torch.no_grad():
        live = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), str(adapter))(ids).logits
        merged = load_model(reference(base, "m", [adapter]))(ids).logits
    assert torch.allclose(live, merged, atol=1e-5)


def test_materialised_weights_equal_the_merged_model(adapter: Path, base: Path, tmp_path: Path) -> None:
    import torch

    directory = materialise(reference(base, "full", [adapter]), tmp_path)
    assert directory == tmp_path / "full"
    loaded, merged = load_model(reference(directory)), load_model(reference(base, "m", [adapter]))
    for (name, a), (_, b) in zip(loaded.named_parameters(), merged.named_parameters(), strict=True):
        assert torch.equal(a, b), name


def test_trains_an_adapter_on_top_of_an_adapter(adapter: Path, base: Path, pairs: Path, tmp_path: Path) -> None:
    parent = reference(base, "child", [adapter])
    document = sft_request(tmp_path / "second", parent, [dataset(pairs)], peft_r=4, max_steps=30, learning_rate=1e-2)
    metrics = run_script(sft, document)
    items = [{"id": str(i), "prompt": p, "answer": a} for i, (p, a, _) in enumerate(sums(60, seed=9))]
    tasks = [task(write_jsonl(tmp_path / "items.jsonl", items), {"kind": "number", "after": "#"})]
    both = reference(base, "grandchild", [adapter, tmp_path / "second"])
    result = run_script(evaluate, evaluate_request(tmp_path / "e", both, tasks))["tasks"][0]
    assert metrics["train_loss_last"] < metrics["train_loss_first"]
    assert result["items"] == 60


def test_full_training_of_an_adapter_model_publishes_full_weights(
    adapter: Path, base: Path, pairs: Path, tmp_path: Path
) -> None:
    parent = reference(base, "child", [adapter])
    metrics = run_script(sft, sft_request(tmp_path / "o", parent, [dataset(pairs)], max_steps=1, learning_rate=1e-9))
    assert metrics["form"] == "full"
    # Hardly moved from base + adapter, so the adapter was in what was trained.
    assert metrics["weight_change"] < 1e-6
    assert (tmp_path / "o" / "model.safetensors").is_file()


def test_merges_a_lora_model_with_its_base(adapter: Path, base: Path, tmp_path: Path) -> None:
    import torch

    parents = [reference(base, "child", [adapter]), reference(base)]
    metrics = run_script(merge, merge_request(tmp_path / "o", parents, None, "linear"))
    child, first, second = (load_model(model) for model in (reference(tmp_path / "o"), *parents))
    weights = zip(child.parameters(), first.parameters(), second.parameters(), strict=True)
    for merged, a, b in weights:
        assert torch.allclose(merged, (a + b) / 2, atol=1e-6)
    assert metrics["weight_change"] > 0
    assert not (tmp_path / "work" / "full-weights").exists()


def test_merging_rounds_the_result_and_not_the_adapters(pairs: Path, tmp_path: Path) -> None:
    import torch

    half = make_model(tmp_path / "half", dtype="bfloat16")
    document = sft_request(tmp_path / "a", reference(half), [dataset(pairs)], peft_r=4, max_steps=2, learning_rate=1e-3)
    run_script(sft, document)
    parents = [reference(half, "child", [tmp_path / "a"]), reference(half)]
    run_script(merge, merge_request(tmp_path / "o", parents, None, "linear"))
    merged, base = load_model(reference(tmp_path / "o")), load_model(reference(half), torch.float32)
    trained = load_model(parents[0], torch.float32)
    assert next(merged.parameters()).dtype == torch.bfloat16
    weights = zip(merged.parameters(), trained.parameters(), base.parameters(), strict=True)
    for found, a, b in weights:
        assert torch.equal(found, ((a + b) / 2).to(torch.bfloat16))


def test_the_same_lora_request_gives_the_same_bytes(base: Path, pairs: Path, tmp_path: Path) -> None:
    documents = [
        sft_request(tmp_path / name, reference(base), [dataset(pairs)], peft_r=4, max_steps=3, peft_lora_dropout=0.1)
        for name in ("a", "b")
    ]
    assert len({run_script(sft, document)["model_hash"] for document in documents}) == 1


def test_refuses_an_adapter_of_another_model(adapter: Path, pairs: Path, tmp_path: Path) -> None:
    other = make_model(tmp_path / "other", hidden=48)
    with pytest.raises(ScriptFailure, match="bad_model: The adapter .* does not fit the model"):
        run_script(sft, sft_request(tmp_path / "o", reference(other, "x", [adapter]), [dataset(pairs)]))


def test_refuses_an_adapter_in_the_place_of_a_model(adapter: Path, pairs: Path, tmp_path: Path) -> None:
    with pytest.raises(ScriptFailure, match="is a LoRA adapter. Name its base as the model's path"):
        run_script(sft, sft_request(tmp_path / "o", reference(adapter), [dataset(pairs)]))
