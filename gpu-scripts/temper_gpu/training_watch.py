"""Watches a training: progress lines, NaN and divergence, and a checkpoint when it has been long."""

from __future__ import annotations

import math
import time
from typing import Any

from transformers import TrainerCallback

from temper_gpu.contract import Report, ScriptFailure

# A retry continues from the last checkpoint; ten minutes is what a person accepts to lose.
CHECKPOINT_SECONDS = 600.0
# Losses are noisy from step to step: compare means over this many.
WINDOW = 10
# A loss this many times its start (and at least this many nats) has left every useful region.
DIVERGED_FACTOR = 3.0


class TrainingWatch(TrainerCallback):
    """Reports each step and stops a training whose loss is lost. Raises ScriptFailure(diverged)."""

    def __init__(self, report: Report) -> None:
        self.losses: list[float] = []
        self.first_loss: float | None = None
        """Loss on the probe's rows before the first step of all attempts; set by who starts the training."""
        self._report = report
        self._saved_at = time.monotonic()

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Takes over the losses of earlier attempts: a training that goes on from a checkpoint is one training."""
        self.losses = [entry["loss"] for entry in state.log_history if "loss" in entry]
        known = next((entry["probe_loss"] for entry in state.log_history if "probe_loss" in entry), None)
        if known is None:
            state.log_history.append({"probe_loss": self.first_loss, "step": 0})
        else:
            self.first_loss = known

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **_: Any) -> None:
        """Called by the trainer after each step."""
        loss = (logs or {}).get("loss")
        if loss is None:
            return
        gradient = (logs or {}).get("grad_norm", 0.0)
        self.losses.append(loss)
        if state.is_world_process_zero:
            self._report.progress(state.global_step, state.max_steps, "steps", loss)
        if not math.isfinite(loss) or not math.isfinite(gradient):
            what = "loss" if not math.isfinite(loss) else "gradient"
            raise ScriptFailure(
                "diverged",
                f"The {what} became NaN or infinite at step {state.global_step} of {state.max_steps}. "
                "Try a lower learning rate.",
            )
        self._refuse_divergence(state.global_step, state.max_steps)

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> Any:
        """Asks for a checkpoint every ten minutes, so short trainings never write one."""
        due = time.monotonic() - self._saved_at >= CHECKPOINT_SECONDS
        if due and state.global_step < state.max_steps:
            control.should_save = True
            self._saved_at = time.monotonic()
        return control

    def _refuse_divergence(self, step: int, steps: int) -> None:
        if len(self.losses) < 2 * WINDOW:
            return
        # The very first loss counts too: what blows up within the first steps has a mean that is lost already.
        first = min(self.losses[0], sum(self.losses[:WINDOW]) / WINDOW)
        last = sum(self.losses[-WINDOW:]) / WINDOW
        if last > DIVERGED_FACTOR * max(first, 1.0):
            raise ScriptFailure(
                "diverged",
                f"The loss rose from {first:.2f} to {last:.2f} by step {step} of {steps}. Try a lower learning rate.",
            )
