"""Merging real tiny models: against TIES by hand, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from requests_for import merge_request, run_script
from tiny import make_model, reference

from temper_gpu import merge
from temper_gpu.contract import ScriptFailure
from temper_gpu.model_files import stored_dtype

METHODS = ["linear", "task_arithmetic", "ties", "dare_ties", "slerp"]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A base and three others of its shape."""
    folder = tmp_path_factory.mktemp("models")
    return [make_model(folder / f"m{seed}", seed) for seed in range(4)]


def weights(directory: Path) -> dict[str, Any]:
    from safetensors.torch import load_file

    return load_file(directory / "model.safetensors")


def ties_by_hand(base: Any, others: list[Any], parts: list[float], density: float, scale: float) -> Any:
    """TIES (Yadav et al., arXiv 2306.01708) on one tensor, written out."""
    import torch

    trimmed = []
    for other in others:
        delta = other - base
        count = max(1, int(density * delta.numel()))
        kept = torch.zeros(delta.numel())
        top = delta.abs().flatten().topk(count).indices
        kept[top] = delta.flatten()[top]
        trimmed.append(kept.view_as(delta))
    weighted = torch.stack([part * delta for part, delta in zip(parts, trimmed, strict=True)])
    sign = torch.where(weighted.sum(0) >= 0, 1.0, -1.0)
    agrees = weighted.sign() == sign
    shares = torch.stack([torch.full_like(base, part) for part in parts]) * agrees
    total = shares.sum(0)
    total[total == 0] = 1
    return base + scale * (weighted * agrees).sum(0) / total


@pytest.mark.parametrize(("density", "scale"), [(0.5, 1.0), (0.8, 0.7), (0.2, 1.5)])
def test_ties_equals_ties_by_hand(models: list[Path], density: float, scale: float, tmp_path: Path) -> None:
    parents = [reference(model) for model in models[1:]]
    changes: dict[str, Any] = {"density": density, "lambda": scale, "weights": [1.0, 0.5, 2.0]}
    run_script(merge, merge_request(tmp_path / "o", parents, reference(models[0]), "ties", **changes))
    merged, base = weights(tmp_path / "o"), weights(models[0])
    others = [weights(model) for model in models[1:]]
    for name, tensor in merged.items():
        wanted = ties_by_hand(base[name], [other[name] for other in others], [1.0, 0.5, 2.0], density, scale)
        assert (tensor - wanted).abs().max() < 1e-6, name


def test_task_arithmetic_adds_scaled_differences(models: list[Path], tmp_path: Path) -> None:
    parents = [reference(model) for model in models[1:3]]
    changes: dict[str, Any] = {"lambda": 0.5, "weights": [1.0, 0.25]}
    run_script(merge, merge_request(tmp_path / "o", parents, reference(models[0]), "task_arithmetic", **changes))
    merged, base, a, b = (weights(path) for path in (tmp_path / "o", *models[:3]))
    for name, tensor in merged.items():
        wanted = base[name] + 0.5 * ((a[name] - base[name]) + 0.25 * (b[name] - base[name]))
        assert (tensor - wanted).abs().max() < 1e-6, name


@pytest.mark.parametrize("method", METHODS)
def test_publishes_a_model_that_loads_and_nothing_else(method: str, models: list[Path], tmp_path: Path) -> None:
    from transformers import AutoModelForCausalLM

    base = reference(models[0]) if method in merge.TASK_VECTOR_METHODS else None
    metrics = run_script(merge, merge_request(tmp_path / "o", [reference(m) for m in models[1:3]], base, method))
    AutoModelForCausalLM.from_pretrained(tmp_path / "o")
    assert {file.name for file in (tmp_path / "o").iterdir()} == {file.name for file in models[1].iterdir()}
    assert metrics["form"] == "full"
    assert metrics["weight_change"] > 0


@pytest.mark.parametrize("method", METHODS)
def test_the_same_seed_gives_the_same_bytes_in_another_folder(method: str, models: list[Path], tmp_path: Path) -> None:
    import shutil

    hashes = set()
    for name in ("a", "zz"):
        copies = [Path(shutil.copytree(model, tmp_path / name / model.name)) for model in models[:3]]
        base = reference(copies[0]) if method in merge.TASK_VECTOR_METHODS else None
        document = merge_request(tmp_path / name / "o", [reference(copy) for copy in copies[1:]], base, method)
        hashes.add(run_script(merge, document)["model_hash"])
    assert len(hashes) == 1


def test_keeps_bf16_for_bf16_parents(tmp_path: Path) -> None:
    halves = [make_model(tmp_path / f"h{seed}", seed, dtype="bfloat16") for seed in range(2)]
    run_script(merge, merge_request(tmp_path / "o", [reference(half) for half in halves], None, "linear"))
    assert stored_dtype(tmp_path / "o") == "bfloat16"
    assert json.loads((tmp_path / "o" / "config.json").read_text())["dtype"] == "bfloat16"


def test_refuses_different_vocabularies_and_names_their_sizes(models: list[Path], tmp_path: Path) -> None:
    larger = make_model(tmp_path / "larger", extra=16)
    document = merge_request(tmp_path / "o", [reference(models[1]), reference(larger)], None, "linear")
    with pytest.raises(ScriptFailure) as caught:
        run_script(merge, document)
    assert caught.value.reason == "incompatible_models"
    assert caught.value.detail == (
        "m1 + larger: different tokenizers (86 and 102 tokens). Merging needs one vocabulary; leave one out."
    )


def test_refuses_different_shapes(models: list[Path], tmp_path: Path) -> None:
    wider = make_model(tmp_path / "wider", hidden=48)
    document = merge_request(tmp_path / "o", [reference(models[1]), reference(wider)], None, "linear")
    with pytest.raises(
        ScriptFailure, match=r"tensors differ in shape, such as lm_head.weight \(\(86, 32\) and \(86, 48\)\)"
    ):
        run_script(merge, document)


def test_refuses_different_architectures(models: list[Path], tmp_path: Path) -> None:
    other = make_model(tmp_path / "other")
    config = json.loads((other / "config.json").read_text())
    (other / "config.json").write_text(json.dumps({**config, "architectures": ["MistralForCausalLM"]}))
    document = merge_request(tmp_path / "o", [reference(models[1]), reference(other)], None, "linear")
    with pytest.raises(ScriptFailure, match="different architectures .LlamaForCausalLM and MistralForCausalLM"):
        run_script(merge, document)


def test_refuses_the_same_model_twice(models: list[Path], tmp_path: Path) -> None:
    document = merge_request(tmp_path / "o", [reference(models[1], "a"), reference(models[1], "b")], None, "linear")
    with pytest.raises(ScriptFailure, match="incompatible_models: The same model stands twice"):
        run_script(merge, document)


def test_refuses_task_vectors_without_a_base(models: list[Path], tmp_path: Path) -> None:
    document = merge_request(tmp_path / "o", [reference(model) for model in models[1:3]], None, "ties")
    with pytest.raises(ScriptFailure, match="ties needs the base that all parents come from"):
        run_script(merge, document)


def test_refuses_slerp_of_three(models: list[Path], tmp_path: Path) -> None:
    document = merge_request(tmp_path / "o", [reference(model) for model in models[1:]], None, "slerp")
    with pytest.raises(ScriptFailure, match="slerp merges exactly 2 models, and 3 were given"):
        run_script(merge, document)
