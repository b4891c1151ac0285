"""Our four scripts, called as the runner calls them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from measure import StepTimes
from workload import Workload

from temper_gpu import evaluate, merge, preference, sft
from temper_gpu.contract import Report


def request(workload: Workload, output: Path, inputs: dict[str, Any], settings: dict[str, Any]) -> dict[str, Any]:
    """A request as the runner hands it to a script."""
    output.mkdir(parents=True)
    return {
        "schema_version": 1,
        "attempt": "gpu-1",
        "key": output.parent.name,
        "seed": 0,
        "device": {"kind": workload.device, "indices": [0]},
        "inputs": inputs,
        "output_dir": str(output),
        "settings": settings,
        "limits": {"wall_seconds": 3600, "memory_mib": None, "disk_mib": None},
    }


def model(path: Path, adapters: tuple[Path, ...] = ()) -> dict[str, Any]:
    """A model of a request."""
    return {
        "key": (adapters[-1] if adapters else path).parent.name,
        "path": str(path),
        "adapters": [*map(str, adapters)],
    }


def our_sft(workload: Workload, lora: bool, output: Path) -> list[float]:
    """When each step of our SFT ended."""
    rows = len(workload.sft_data.read_text().splitlines())
    dataset = {"key": "sft", "path": str(workload.sft_data), "format": "prompt_completion", "rows": rows, "weight": 1}
    inputs = {"model": model(workload.model), "datasets": [dataset], "fidelity": {"data": 1, "steps": 1}}
    times = StepTimes()
    sft.run(request(workload, output, inputs, workload.settings(lora)), times)
    return times.ends


def our_preference(workload: Workload, output: Path) -> dict[str, Any]:
    """DPO with LoRA."""
    rows = len(workload.preference_data.read_text().splitlines())
    dataset = {"key": "dpo", "path": str(workload.preference_data), "format": "preference", "rows": rows, "weight": 1}
    inputs = {"model": model(workload.model), "dataset": dataset, "fidelity": {"data": 1, "steps": 1}}
    settings = {**workload.settings(lora=True), "method": "dpo", "beta": 0.1, "sft_weight": 0}
    settings["per_device_train_batch_size"] = max(1, workload.size.batch // 2)
    return preference.run(request(workload, output, inputs, settings), Report())


def our_merge(workload: Workload, parents: list[dict[str, Any]], output: Path) -> dict[str, Any]:
    """TIES of what was trained before."""
    settings = {
        "merge_method": "ties",
        "weights": [1.0] * len(parents),
        "density": 0.5,
        "lambda": 1.0,
        "t": None,
        "dtype": None,
    }
    inputs = {"models": parents, "base_model": model(workload.model)}
    return merge.run(request(workload, output, inputs, settings), Report())


def our_evaluate(workload: Workload, merged: Path, output: Path) -> dict[str, Any]:
    """Batched generation of the merged model."""
    task = {
        "kind": "generate",
        "id": "words",
        "key": "words",
        "items_path": str(workload.items),
        "verifier": {"kind": "exact", "after": "#"},
        "max_new_tokens": 64,
        "few_shot": 0,
        "few_shot_path": None,
        "chat_template": False,
        "batch_size": 32,
    }
    inputs = {"model": model(merged), "split": "search", "tasks": [task]}
    return evaluate.run(request(workload, output, inputs, {}), Report())
