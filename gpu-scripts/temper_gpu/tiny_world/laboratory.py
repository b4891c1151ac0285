"""Runs pipelines on the tiny world through the package's general scripts, in this process, to see what they do."""

import json
from pathlib import Path
from typing import Any

from temper_gpu.contract import Report, validate

from .resolve import dataset_format, resolve_dataset, resolve_model, resolve_task

# The settings of `examples/three-skills.yaml` and `examples/tool-use.yaml`.
_TRAINING = {
    "learning_rate": 1e-3,
    "num_train_epochs": 1,
    "gradient_accumulation_steps": 1,
    "lr_scheduler_type": "cosine",
    "warmup_steps": 10,
    "weight_decay": 0,
    "adam_beta1": 0.9,
    "adam_beta2": 0.98,
    "max_grad_norm": 1,
    "max_length": 64,
    "gradient_checkpointing": False,
    "peft_r": None,
    "peft_lora_alpha": None,
    "peft_lora_dropout": 0,
}
SFT_STEPS = 80
DPO_STEPS = 80

Scores = dict[str, float]


class Laboratory:
    """Models of one world, below `directory`. `world` is the number of the data draw and the seed of every training."""

    def __init__(self, directory: Path, world: int) -> None:
        self.world = world
        self._directory = directory
        self._cache = directory / "cache"
        self._made = 0

    def start(self, model: str) -> Path:
        """A model of the tiny world, such as `S/base`."""
        return resolve_model(model, self._cache)

    def sft(self, parent: Path, datasets: str | list[str], steps: int = SFT_STEPS) -> Path:
        """The parent after SFT on one data set, or on the union of several."""
        from temper_gpu import sft

        names = [datasets] if isinstance(datasets, str) else datasets
        inputs = {
            "model": _reference(parent),
            "datasets": [self._dataset(name) for name in names],
            "fidelity": {"data": 1, "steps": 1},
        }
        return self._run(sft, inputs, {**_TRAINING, "max_steps": steps, "per_device_train_batch_size": 32})

    def dpo(self, parent: Path, preferences: str, steps: int = DPO_STEPS) -> Path:
        """The parent after DPO with NLL on the chosen answers."""
        from temper_gpu import preference

        settings = {
            **_TRAINING,
            **{"method": "dpo", "beta": 0.1, "sft_weight": 0.5},
            **{"max_steps": steps, "per_device_train_batch_size": 16},
        }
        inputs = {
            "model": _reference(parent),
            "dataset": self._dataset(preferences),
            "fidelity": {"data": 1, "steps": 1},
        }
        return self._run(preference, inputs, settings)

    def linear(self, parents: list[Path]) -> Path:
        """The mean of the parents' weights."""
        return self._merge(parents, None, "linear", None)

    def ties(self, base: Path, parents: list[Path], density: float) -> Path:
        """TIES merge of the parents' differences from the base they come from."""
        return self._merge(parents, base, "ties", density)

    def scores(self, model: Path, tasks: list[str], split: str) -> Scores:
        """Accuracy on each task."""
        from temper_gpu import evaluate

        requests = [
            {
                **{"kind": "generate", "id": task, "key": task},
                "items_path": str(resolve_task(f"{task}?world={self.world}", self._cache) / f"{split}.jsonl"),
                "verifier": {"kind": "exact", "after": "#"},
                **{"max_new_tokens": 12, "few_shot": 0, "few_shot_path": None, "chat_template": False},
                "batch_size": 240,
            }
            for task in tasks
        ]
        inputs = {"model": _reference(model), "split": split, "tasks": requests}
        metrics = self._execute(evaluate, inputs, {}, self._directory / "evaluation")
        return {result["id"]: sum(result["strict"]) / result["items"] for result in metrics["tasks"]}

    def _merge(self, parents: list[Path], base: Path | None, method: str, density: float | None) -> Path:
        from temper_gpu import merge

        inputs = {
            "models": [_reference(parent) for parent in parents],
            "base_model": _reference(base) if base is not None else None,
        }
        settings = {
            "merge_method": method,
            "weights": [1.0] * len(parents),
            "density": density,
            "lambda": 1.0 if base is not None else None,
            "t": None,
            "dtype": None,
        }
        return self._run(merge, inputs, settings)

    def _dataset(self, name: str) -> dict[str, Any]:
        path = resolve_dataset(f"{name}?world={self.world}", self._cache)
        rows = len(path.read_text().splitlines())
        return {"key": name, "path": str(path), "format": dataset_format(name), "rows": rows, "weight": 1}

    def _run(self, script: Any, inputs: dict[str, Any], settings: dict[str, Any]) -> Path:
        self._made += 1
        output = self._directory / f"model-{self._made}" / "output"
        self._execute(script, inputs, settings, output)
        return output

    def _execute(self, script: Any, inputs: dict[str, Any], settings: dict[str, Any], output: Path) -> dict[str, Any]:
        request = {
            "schema_version": 1,
            "attempt": "laboratory-1",
            "key": output.parent.name,
            "seed": self.world,
            "device": {"kind": "cpu", "indices": [0]},
            "inputs": inputs,
            "output_dir": str(output),
            "settings": settings,
            "limits": {"wall_seconds": 3600, "memory_mib": None, "disk_mib": None},
        }
        validate(request, f"{script.__name__.rsplit('.', 1)[-1]}.request", "the request")
        output.mkdir(parents=True, exist_ok=True)
        return script.run(json.loads(json.dumps(request)), Report())


def _reference(model: Path) -> dict[str, Any]:
    return {"key": model.parent.name, "path": str(model), "adapters": []}
