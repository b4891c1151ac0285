"""DPO, KTO and ORPO on real tiny models: the right answer becomes likelier than the wrong one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from requests_for import dataset, preference_request, run_script
from tiny import reference, sums, write_jsonl

from temper_gpu import preference
from temper_gpu.contract import Report, ScriptFailure
from temper_gpu.encoding import Encoder
from temper_gpu.models import load_model, load_tokenizer

LIKED, DISLIKED = "# 5", "# 6"


def margin(model: dict[str, Any]) -> float:
    """Mean log-probability of the liked minus the disliked answer, on prompts that were not trained on."""
    import torch

    encoder, loaded = Encoder(load_tokenizer(model)), load_model(model)
    prompts = [prompt for prompt, _, _ in sums(40, seed=5)]

    def score(completion: str) -> float:
        total = 0.0
        for prompt, answer in encoder.pairs(list(prompts), [completion] * len(prompts)):
            ids = torch.tensor([prompt + answer])
            with torch.no_grad():
                chances = loaded(ids).logits.log_softmax(-1)[0, len(prompt) - 1 : -1]
            total += chances.gather(1, ids[0, len(prompt) :, None]).sum().item()
        return total / len(prompts)

    return score(LIKED) - score(DISLIKED)


@pytest.fixture(scope="module")
def liked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pairs that always prefer one answer."""
    rows = [{"prompt": prompt, "chosen": LIKED, "rejected": DISLIKED} for prompt, _, _ in sums(100, seed=2)]
    return write_jsonl(tmp_path_factory.mktemp("liked") / "liked.jsonl", rows)


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same preference as single answers with a label."""
    rows = []
    for prompt, _, _ in sums(100, seed=2):
        rows.append({"prompt": prompt, "completion": LIKED, "label": True})
        rows.append({"prompt": prompt, "completion": DISLIKED, "label": False})
    return write_jsonl(tmp_path_factory.mktemp("labelled") / "labelled.jsonl", rows)


@pytest.mark.parametrize("rank", [None, 8], ids=["full", "lora"])
@pytest.mark.parametrize("method", ["dpo", "kto", "orpo"])
def test_prefers_the_liked_answer_afterwards(
    method: str, rank: int | None, base: Path, liked: Path, labelled: Path, tmp_path: Path
) -> None:
    data = dataset(labelled, "unpaired_preference") if method == "kto" else dataset(liked, "preference")
    rate = 1e-2 if rank else 5e-3
    document = preference_request(tmp_path / "o", reference(base), data, method, peft_r=rank, learning_rate=rate)
    metrics = run_script(preference, document)
    assert metrics["form"] == ("full" if rank is None else "adapter")
    assert metrics["train_loss_last"] < metrics["train_loss_first"]
    assert metrics["weight_change"] > 0
    child = reference(tmp_path / "o") if rank is None else reference(base, "child", [tmp_path / "o"])
    assert margin(child) > margin(reference(base)) + 0.3


@pytest.mark.parametrize("method", ["dpo", "kto", "orpo"])
def test_the_same_request_gives_the_same_bytes(method: str, base: Path, preferences: Path, tmp_path: Path) -> None:
    data = dataset(preferences, "preference")
    hashes = {
        run_script(preference, preference_request(tmp_path / name, reference(base), data, method, max_steps=3))[
            "model_hash"
        ]
        for name in ("a", "b")
    }
    assert len(hashes) == 1


def test_plain_dpo_starts_at_the_reference(base: Path, preferences: Path, tmp_path: Path) -> None:
    data = dataset(preferences, "preference")
    document = preference_request(tmp_path / "o", reference(base), data, "dpo", max_steps=1, sft_weight=0)
    # Policy and reference are the same model before the first step: −log σ(0) = ln 2.
    assert run_script(preference, document)["train_loss_first"] == pytest.approx(0.6931, abs=1e-3)


def test_dpo_refuses_labels(base: Path, labelled: Path, tmp_path: Path) -> None:
    document = preference_request(tmp_path / "o", reference(base), dataset(labelled, "unpaired_preference"), "dpo")
    with pytest.raises(ScriptFailure, match="bad_data: dpo needs rows of prompt, chosen and rejected"):
        run_script(preference, document)


def test_kto_refuses_a_batch_of_one(base: Path, labelled: Path, tmp_path: Path) -> None:
    data = dataset(labelled, "unpaired_preference")
    document = preference_request(tmp_path / "o", reference(base), data, "kto", per_device_train_batch_size=1)
    with pytest.raises(ScriptFailure, match="per_device_train_batch_size to 2 or more"):
        run_script(preference, document)


def test_says_which_prompts_were_left_out(base: Path, tmp_path: Path) -> None:
    report = Report()
    rows = [{"prompt": p, "chosen": a, "rejected": b} for p, a, b in sums(40, seed=3)]
    rows.append({"prompt": "w3 " * 40, "chosen": "# 1", "rejected": "# 2"})
    data = dataset(write_jsonl(tmp_path / "rows.jsonl", rows), "preference")
    document = preference_request(tmp_path / "o", reference(base), data, "dpo", max_steps=2, max_length=20)
    run_script(preference, document, report)
    assert report.warnings == ["1 of 41 prompts fill max_length 20 and were left out."]
