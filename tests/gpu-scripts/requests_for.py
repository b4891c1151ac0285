"""Valid requests for each script, and a way to run one as the runner does: checked on both sides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from attempts import SFT_SETTINGS

from temper_gpu.contract import Report, validate

CPU = {"kind": "cpu", "indices": [0]}
FULL = {"data": 1, "steps": 1}


def request(
    output: Path, inputs: dict[str, Any], settings: dict[str, Any], seed: int = 0, memory: int | None = None
) -> Any:
    """The envelope around a script's inputs and settings."""
    return {
        "schema_version": 1,
        "attempt": "test-1",
        "key": "k",
        "seed": seed,
        "device": CPU,
        "inputs": inputs,
        "output_dir": str(output),
        "settings": settings,
        "limits": {"wall_seconds": 600, "memory_mib": memory, "disk_mib": None},
    }


def run_script(script: Any, document: dict[str, Any], report: Report | None = None) -> dict[str, Any]:
    """Checks the request, runs the script and checks its metrics against the reply's schema."""
    name = script.__name__.rsplit(".", 1)[-1]
    report = report or Report()
    validate(document, f"{name}.request", "the request")
    Path(document["output_dir"]).mkdir(parents=True, exist_ok=True)
    metrics = script.run(document, report)
    reply = {
        "status": "ok",
        "metrics": metrics,
        "artifacts": [],
        "settings_used": report.settings_used,
        "warnings": report.warnings,
        "wall_seconds": 0,
        "device_seconds": 0,
        "cpu_seconds": 0,
        "peak_memory_mib": 0,
        "versions": {},
    }
    validate(reply, f"{name}.reply", "the reply")
    return metrics


def dataset(path: Path, form: str = "prompt_completion", weight: float = 1) -> dict[str, Any]:
    """A registered dataset of a request."""
    rows = len(path.read_text().splitlines())
    return {"key": path.stem, "path": str(path), "format": form, "rows": rows, "weight": weight}


def sft_request(output: Path, model: dict[str, Any], data: list[dict[str, Any]], **changes: Any) -> Any:
    """SFT with fast settings; ``seed``, ``memory`` and ``fidelity`` belong to the envelope, the rest are settings."""
    seed, memory = changes.pop("seed", 0), changes.pop("memory", None)
    inputs = {"model": model, "datasets": data, "fidelity": changes.pop("fidelity", FULL)}
    settings = {**SFT_SETTINGS, "max_steps": 20, "per_device_train_batch_size": 16, "learning_rate": 3e-3, **changes}
    return request(output, inputs, settings, seed, memory)


def preference_request(output: Path, model: dict[str, Any], data: dict[str, Any], method: str, **changes: Any) -> Any:
    """DPO, KTO or ORPO with fast settings."""
    own: dict[str, dict[str, Any]] = {
        "dpo": {"sft_weight": 0.5},
        "kto": {"desirable_weight": 1, "undesirable_weight": 1},
        "orpo": {},
    }
    settings = {**SFT_SETTINGS, "max_steps": 25, "per_device_train_batch_size": 16, "learning_rate": 2e-3}
    settings |= {"method": method, "beta": 0.1, **own[method], **changes}
    return request(output, {"model": model, "dataset": data, "fidelity": FULL}, settings)


def merge_request(
    output: Path, models: list[dict[str, Any]], base: dict[str, Any] | None, method: str, **changes: Any
) -> Any:
    """A merge; weights are equal unless given."""
    settings = {
        "merge_method": method,
        "weights": [1.0] * len(models),
        "density": 0.5 if "ties" in method else None,
        "lambda": 1.0 if base is not None else None,
        "t": 0.5 if method == "slerp" else None,
        "dtype": None,
    }
    return request(output, {"models": models, "base_model": base}, settings | changes, changes.pop("seed", 7))


def task(items: Path, verifier: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A generate task."""
    return {
        "kind": "generate",
        "id": "sums",
        "key": "task",
        "items_path": str(items),
        "verifier": verifier,
        "max_new_tokens": 8,
        "few_shot": 0,
        "few_shot_path": None,
        "chat_template": False,
        "batch_size": 64,
    } | changes


def evaluate_request(output: Path, model: dict[str, Any], tasks: list[dict[str, Any]]) -> Any:
    """An evaluation on the search split."""
    return request(output, {"model": model, "split": "search", "tasks": tasks}, {})
