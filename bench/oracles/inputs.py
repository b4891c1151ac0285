"""What all comparisons start from: the tiny world's base and specialists that our own SFT made of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from temper_gpu import sft, tiny_world
from temper_gpu.contract import Report
from temper_gpu.training_rows import read_rows

SKILLS = ("math", "trivia", "common")
SETTINGS: dict[str, Any] = {
    "learning_rate": 1e-3,
    "max_steps": 40,
    "num_train_epochs": 1,
    "per_device_train_batch_size": 32,
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


class LossReport(Report):
    """Keeps the loss of each step."""

    def __init__(self) -> None:
        super().__init__()
        self.losses: list[float] = []

    def progress(self, done: float, total: float, unit: str, loss: float | None = None) -> None:
        """Called by the script after each step."""
        if loss is not None:
            self.losses.append(loss)


@dataclass(frozen=True)
class Inputs:
    """A base, specialists of it, their data and the losses of their trainings."""

    base: Path
    specialists: dict[str, Path]
    data: dict[str, Path]
    losses: dict[str, list[float]]
    steps: int


def make_inputs(out: Path, smoke: bool) -> Inputs:
    """Trains one specialist for each skill."""
    steps = 15 if smoke else SETTINGS["max_steps"]
    base = Path(tiny_world.resolve_model("tiny-world:S/base", out / "cache"))
    data = {skill: Path(tiny_world.resolve_dataset(f"tiny-world:{skill}", out / "cache")) for skill in SKILLS}
    specialists, losses = {}, {}
    for skill in SKILLS:
        report = LossReport()
        specialists[skill] = out / "models" / skill / "output"
        specialists[skill].mkdir(parents=True)
        sft.run(sft_request(base, data[skill], specialists[skill], steps), report)
        losses[skill] = report.losses
    return Inputs(base, specialists, data, losses, steps)


def envelope(output: Path, inputs: dict[str, Any], settings: dict[str, Any], seed: int = 0) -> dict[str, Any]:
    """A request as the runner hands it to a script."""
    return {
        "schema_version": 1,
        "attempt": "oracle-1",
        "key": "oracle",
        "seed": seed,
        "device": {"kind": "cpu", "indices": [0]},
        "inputs": inputs,
        "output_dir": str(output),
        "settings": settings,
        "limits": {"wall_seconds": 3600, "memory_mib": None, "disk_mib": None},
    }


def model(path: Path) -> dict[str, Any]:
    """A model of a request."""
    return {"key": path.parent.name, "path": str(path), "adapters": []}


def sft_request(base: Path, data: Path, output: Path, steps: int) -> dict[str, Any]:
    """SFT of the base on one dataset."""
    rows = len(read_rows({"path": str(data)}))
    dataset = {"key": data.stem, "path": str(data), "format": "prompt_completion", "rows": rows, "weight": 1}
    inputs = {"model": model(base), "datasets": [dataset], "fidelity": {"data": 1, "steps": 1}}
    return envelope(output, inputs, {**SETTINGS, "max_steps": steps})
