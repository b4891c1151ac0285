"""Attempt directories for tests of the runner: real requests; the scripts are those of tests/fixtures/scripts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "gpu-scripts"
FIXTURES = ROOT / "tests" / "fixtures" / "scripts"
KEY = "0123456789abcdef0123456789abcdef01234567"
SFT_SETTINGS = {
    "learning_rate": 0.001, "max_steps": 2, "num_train_epochs": 1, "per_device_train_batch_size": 8,
    "gradient_accumulation_steps": 1, "lr_scheduler_type": "cosine", "warmup_steps": 0, "weight_decay": 0,
    "adam_beta1": 0.9, "adam_beta2": 0.999, "max_grad_norm": 1, "max_length": 64, "gradient_checkpointing": False,
    "peft_r": None, "peft_lora_alpha": None, "peft_lora_dropout": 0,
}  # fmt: skip


def make_attempt(
    home: Path,
    train: str = "ok",
    evaluate: str | None = "ok",
    name: str = "0123456789ab-1",
    wall_seconds: float = 60,
    memory_mib: int | None = None,
    disk_mib: int | None = None,
) -> Path:
    """Writes an attempt whose steps behave as told; returns its directory."""
    directory = home / "jobs" / name
    limits = {
        "wall_seconds": wall_seconds,
        "memory_mib": memory_mib,
        "disk_mib": disk_mib,
    }
    device = {"kind": "cpu", "indices": [0]}
    model = {"key": "base", "path": "/nowhere", "adapters": []}
    dataset = {
        "key": f"behave:{train}",
        "path": "/nowhere",
        "format": "prompt_completion",
        "rows": 4,
        "weight": 1,
    }
    task = {
        "kind": "generate", "id": "math", "key": f"behave:{evaluate}", "items_path": "/nowhere",
        "verifier": {"kind": "exact"}, "max_new_tokens": 8, "few_shot": 0, "few_shot_path": None,
        "chat_template": False, "batch_size": 4,
    }  # fmt: skip
    parts: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
        (
            "train",
            "sft",
            {
                "model": model,
                "datasets": [dataset],
                "fidelity": {"data": 1, "steps": 1},
            },
            SFT_SETTINGS,
        )
    ]
    if evaluate is not None:
        parts.append(
            (
                "evaluate",
                "evaluate",
                {"model": model, "split": "search", "tasks": [task]},
                {},
            )
        )
    steps = []
    for step, script, inputs, settings in parts:
        folder = directory / "steps" / step
        folder.mkdir(parents=True)
        request = {
            "schema_version": 1, "attempt": name, "key": KEY, "seed": 0, "device": device, "inputs": inputs,
            "output_dir": str(folder / "output"), "settings": settings, "limits": limits,
        }  # fmt: skip
        (folder / "request.json").write_text(json.dumps(request))
        target = str(home / "models" / KEY) if step == "train" else None
        steps.append(
            {
                "name": step,
                "script": script,
                "directory": str(folder),
                "publish_to": target,
            }
        )
    job = {
        "schema_version": 1, "attempt": name, "key": KEY, "device": device, "limits": limits, "steps": steps,
        "resume_from": None,
    }  # fmt: skip
    (directory / "request.json").write_text(json.dumps(job))
    return directory


def environment(**extra: str) -> dict[str, str]:
    """What an executor hands to a runner, plus what a test plants."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(PACKAGE),
        "TEMPER_FIXTURE_SCRIPTS": str(FIXTURES),
        **extra,
    }


def start_runner(directory: Path, **extra: str) -> subprocess.Popen[bytes]:
    """Starts the runner the cold way and does not wait for it."""
    return subprocess.Popen(
        [sys.executable, "-m", "temper_gpu.runner", str(directory)],
        env=environment(**extra),
    )


def run(directory: Path, **extra: str) -> dict[str, Any]:
    """Runs an attempt to its end; returns its exit record."""
    start_runner(directory, **extra).wait(timeout=60)
    return read_exit(directory)


def read_exit(directory: Path) -> dict[str, Any]:
    return json.loads((directory / "exit.json").read_text())


def read_reply(directory: Path, step: str) -> dict[str, Any]:
    return json.loads((directory / "steps" / step / "result.json").read_text())


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 20) -> None:
    """Polls until the condition holds; fails saying what did not come."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds} s"
        time.sleep(0.01)


def log_has(directory: Path, text: str) -> Callable[[], bool]:
    """Whether the attempt's log holds a text by now."""
    log = directory / "log.txt"
    return lambda: log.exists() and text in log.read_text()


def is_running(pid: int) -> bool:
    """Whether a process runs (zombies do not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False
