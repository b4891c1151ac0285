"""Times of steps, and the device's peak memory."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Any

from transformers import TrainerCallback

from temper_gpu.contract import Report


class StepTimes(Report):
    """Our scripts' progress: when each step ended."""

    def __init__(self) -> None:
        super().__init__()
        self.ends: list[float] = []

    def progress(self, done: float, total: float, unit: str, loss: float | None = None) -> None:
        """Called by the script after each step, once its loss is known: the device has finished it."""
        if unit == "steps":
            self.ends.append(time.perf_counter())


class StepTimesCallback(TrainerCallback):
    """The same for a trainer of one's own."""

    def __init__(self) -> None:
        self.ends: list[float] = []

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **_: Any) -> None:
        """Called by the trainer after each step, once its loss is known."""
        if "loss" in (logs or {}):
            self.ends.append(time.perf_counter())


def tokens_per_second(ends: list[float], warm_up: int, tokens_per_step: float) -> float:
    """Over all steps after the first ones, in which kernels are chosen and memory is reserved."""
    steps = len(ends) - 1 - warm_up
    return tokens_per_step * steps / (ends[-1] - ends[warm_up])


def peak_memory(device: str, work: Callable[[], Any]) -> tuple[Any, float, float]:
    """(result, seconds, peak MiB of the device's memory; 0 on a CPU, whose memory is the process's)."""
    import torch

    gc.collect()
    if device == "cuda":
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
    started = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - started
    mib = torch.cuda.max_memory_allocated() / 2**20 if device == "cuda" else 0.0
    return result, seconds, mib
