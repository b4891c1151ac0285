"""What SFT and preference training share: device and precision, trainer arguments, callbacks, publishing, metrics."""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from temper_gpu.compute_dtype import compute_dtype
from temper_gpu.contract import Report, ScriptFailure
from temper_gpu.model_files import stored_dtype
from temper_gpu.models import load_model, publish_adapter, publish_full, published_hash
from temper_gpu.probe_loss import probe_loss
from temper_gpu.training_watch import TrainingWatch
from temper_gpu.weight_change import adapter_change, full_change, snapshot

if TYPE_CHECKING:
    import torch
    from peft import LoraConfig
    from transformers import Trainer


def use_device(device: dict[str, Any]) -> None:
    """One thread a CPU slot: more on busy cores were several times slower, and the number of threads changes sums."""
    import torch

    if device["kind"] == "cpu":
        torch.set_num_threads(max(1, len(device["indices"])))


def is_main_process() -> bool:
    """True in the process that writes; others only take part in a training on several GPUs."""
    return int(os.environ.get("RANK", "0")) == 0


def processes() -> int:
    """Processes of this training; one per GPU under accelerate's launcher."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def split_batch(settings: dict[str, Any], report: Report) -> tuple[int, int]:
    """(batch per process, accumulation) that keep the batch of one optimiser step whatever the number of GPUs."""
    batch, accumulation, world = (
        settings["per_device_train_batch_size"],
        settings["gradient_accumulation_steps"],
        processes(),
    )
    if accumulation % world == 0:
        return batch, accumulation // world
    if batch % world == 0:
        return batch // world, accumulation
    report.warn(
        f"A batch of {batch} × {accumulation} cannot be divided over {world} GPUs, so each optimiser step sees "
        f"{batch * accumulation * world} rows."
    )
    return batch, accumulation


def load_for_training(request: dict[str, Any]) -> Any:
    """The model in the precision that training needs: fp32 for full fine-tuning, as stored for LoRA where that is fast.

    Pure bf16 weights would round most updates at usual learning rates away; on a GPU autocast computes in bf16.
    """
    model, on_gpu = request["inputs"]["model"], request["device"]["kind"] == "cuda"
    is_full = request["settings"]["peft_r"] is None
    return load_model(model, "float32" if is_full else compute_dtype(Path(model["path"]), on_gpu))


def lora_config(settings: dict[str, Any]) -> LoraConfig | None:
    """PEFT's configuration on all linear layers, or None for full fine-tuning."""
    if settings["peft_r"] is None:
        return None
    from peft import LoraConfig

    return LoraConfig(
        r=settings["peft_r"],
        lora_alpha=settings["peft_lora_alpha"] or 2 * settings["peft_r"],
        lora_dropout=settings["peft_lora_dropout"],
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )


def trainer_arguments(request: dict[str, Any], steps: int, report: Report) -> dict[str, Any]:
    """Arguments that all trainers take, by transformers' names; what was resolved goes into settings_used."""
    settings, on_gpu = request["settings"], request["device"]["kind"] == "cuda"
    batch, accumulation = split_batch(settings, report)
    warmup = round(settings["warmup_steps"] * request["inputs"]["fidelity"]["steps"])
    report.settings({**settings, "max_steps": steps, "warmup_steps": warmup})
    scheduler = settings["lr_scheduler_type"]
    return {
        "output_dir": str(scratch_directory(request, report) / "checkpoints"),
        "learning_rate": settings["learning_rate"],
        "max_steps": steps,
        "per_device_train_batch_size": batch,
        "gradient_accumulation_steps": accumulation,
        "lr_scheduler_type": scheduler,
        # The share of the peak that the learning rate falls to; the tiny world's recipe.
        "lr_scheduler_kwargs": {"min_lr_rate": 0.05} if scheduler == "cosine_with_min_lr" else {},
        "warmup_steps": warmup,
        "weight_decay": settings["weight_decay"],
        "adam_beta1": settings["adam_beta1"],
        "adam_beta2": settings["adam_beta2"],
        "max_grad_norm": settings["max_grad_norm"],
        "gradient_checkpointing": settings["gradient_checkpointing"],
        "gradient_checkpointing_kwargs": {"use_reentrant": False} if settings["gradient_checkpointing"] else None,
        "max_length": settings["max_length"],
        "seed": request["seed"],
        "data_seed": request["seed"],
        "use_cpu": not on_gpu,
        "ddp_find_unused_parameters": False,
        "bf16": on_gpu,
        "dataloader_pin_memory": on_gpu,
        "logging_steps": 1,
        "logging_nan_inf_filter": False,
        "report_to": [],
        "save_strategy": "no",
        "save_total_limit": 1,
        "eval_strategy": "no",
        "disable_tqdm": True,
    }


def scratch_directory(request: dict[str, Any], report: Report) -> Path:
    """Where a step may leave what is not published: beside its output."""
    return report.work_dir or Path(request["output_dir"]).parent / "work"


def run_training(
    request: dict[str, Any],
    report: Report,
    model: Any,
    make_trainer: Callable[[TrainingWatch], Trainer],
    tokens: int,
) -> dict[str, Any]:
    """Trains, publishes into ``output_dir`` and returns the metrics of ``modelMetricsSchema``."""
    from transformers import PrinterCallback

    settings, parent = request["settings"], request["inputs"]["model"]
    full = settings["peft_r"] is None
    parameters = sum(weight.numel() for weight in model.parameters())
    before = snapshot(model) if full else None
    watch = TrainingWatch(report)
    trainer = make_trainer(watch)
    trainer.remove_callback(PrinterCallback)
    trained: Any = trainer.model
    trainable = sum(weight.numel() for weight in trained.parameters() if weight.requires_grad)
    watch.first_loss = probe_loss(trainer)
    trainer.train(resume_from_checkpoint=_last_checkpoint(report))
    last_loss = probe_loss(trainer)
    output = Path(request["output_dir"])
    if before is not None:
        dtype = _torch_dtype(parent)
        trained.to(dtype)
        change = full_change(before, trained, dtype)
    else:
        change = adapter_change(trained)
    if not math.isfinite(change):
        raise ScriptFailure("diverged", f"The weights hold NaN or infinity after {trainer.state.global_step} steps.")
    if not math.isfinite(last_loss):
        raise ScriptFailure("diverged", f"The loss is NaN or infinite after {trainer.state.global_step} steps.")
    if is_main_process():
        if full:
            publish_full(trained, parent, output)
        else:
            publish_adapter(trained, parent, output)
        shutil.rmtree(scratch_directory(request, report) / "checkpoints", ignore_errors=True)
    return {
        "steps": trainer.state.global_step,
        "tokens": tokens,
        "train_loss_first": watch.first_loss,
        "train_loss_last": last_loss,
        "weight_change": change,
        "parameters": parameters,
        "trainable_parameters": trainable,
        "form": "full" if full else "adapter",
        "model_hash": published_hash(output) if is_main_process() else "",
    }


def _torch_dtype(parent: dict[str, Any]) -> torch.dtype:
    import torch

    return getattr(torch, stored_dtype(Path(parent["path"])))


def _last_checkpoint(report: Report) -> str | None:
    """The newest whole checkpoint of an earlier attempt at this step."""
    if report.resume_dir is None:
        return None
    from transformers.trainer_utils import get_last_checkpoint

    folder = report.resume_dir / "checkpoints"
    if not folder.is_dir():
        return None
    checkpoint = get_last_checkpoint(str(folder))
    # The trainer writes its state last: without it the checkpoint was cut short.
    return checkpoint if checkpoint and (Path(checkpoint) / "trainer_state.json").is_file() else None
