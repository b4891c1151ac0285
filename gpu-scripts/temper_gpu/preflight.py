"""Says before anything is loaded whether a job can fit in memory, from the shapes in the safetensors headers."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from temper_gpu.compute_dtype import compute_dtype
from temper_gpu.contract import ScriptFailure
from temper_gpu.model_files import read_config, read_tensors_info

MIB = 1 << 20
# Measured: a worker that has imported torch, TRL, PEFT and mergekit and runs a model of no size.
INTERPRETER_MIB = 400
# CUDA context, cuBLAS workspaces and fragmentation, as seen on recent GPUs.
CUDA_MIB = 1200
# Positions that TRL's fused head scores at once on a GPU, generously.
LOGIT_CHUNK = 4096


def training_memory_mib(
    directory: Path,
    settings: dict[str, Any],
    mean_tokens: float,
    on_gpu: bool,
    sequences: int = 1,
    reference: bool = False,
) -> dict[str, float]:
    """Parts of a training's peak in MiB: weights, gradients, optimizer, activations, fixed.

    ``mean_tokens`` is a row's length, ``sequences`` how many a row has (2 for preference pairs), ``reference``
    whether a frozen copy of the model stays in memory. AdamW keeps two fp32 numbers a trained parameter.
    """
    parameters = sum(info.elements for info in read_tensors_info(directory).values())
    config = read_config(directory)
    rank = settings["peft_r"]
    trained = parameters if rank is None else _lora_parameters(directory, rank)
    # Full fine-tuning keeps fp32 weights; LoRA keeps the base as it computes in and trains fp32.
    weights = parameters * 4 if rank is None else parameters * _bytes_each(directory, on_gpu) + trained * 4
    # The parent's weights stay on the host for the measure of how far the child moved, or as the reference model.
    copies = parameters * 4 if rank is None and (reference or not on_gpu) else 0
    return {
        "weights": (weights + copies) / MIB,
        "gradients": trained * 4 / MIB,
        "optimizer": trained * 8 / MIB,
        "activations": _activation_bytes(config, settings, mean_tokens, sequences, on_gpu) / MIB,
        "fixed": float(CUDA_MIB if on_gpu else INTERPRETER_MIB),
    }


def inference_memory_mib(directory: Path, on_gpu: bool) -> dict[str, float]:
    """Parts of an evaluation's peak in MiB: weights as they compute (half as much again to load), and a fixed part."""
    weights = sum(info.elements for info in read_tensors_info(directory).values()) * _bytes_each(directory, on_gpu)
    return {"weights": 1.5 * weights / MIB, "fixed": float(CUDA_MIB if on_gpu else INTERPRETER_MIB)}


def _bytes_each(directory: Path, on_gpu: bool) -> int:
    return {"float64": 8, "float32": 4}.get(compute_dtype(directory, on_gpu), 2)


def _lora_parameters(directory: Path, rank: int) -> int:
    count = 0
    for name, info in read_tensors_info(directory).items():
        is_linear = len(info.shape) == 2 and "embed" not in name and "lm_head" not in name
        count += rank * sum(info.shape) if is_linear else 0
    return count


def _activation_bytes(
    config: dict[str, Any], settings: dict[str, Any], mean_tokens: float, sequences: int, on_gpu: bool
) -> float:
    """Activations kept for the backward pass: about 34 numbers per layer, token and hidden unit without checkpointing.

    Korthikanti et al. (arXiv 2205.05198) count 34 bytes in half precision with attention that is not stored; that is 17
    numbers. With checkpointing only the layers' inputs and one layer's insides remain.
    """
    hidden = int(config.get("hidden_size", config.get("n_embd", 1024)))
    layers = int(config.get("num_hidden_layers", config.get("n_layer", 24)))
    inner = int(config.get("intermediate_size") or 4 * hidden)
    length = min(settings["max_length"], math.ceil(mean_tokens * 1.5))
    tokens = settings["per_device_train_batch_size"] * sequences * length
    width = 2 if on_gpu else 4
    per_layer = width * tokens * (8 * hidden + 3 * inner)
    if settings["peft_r"] is not None:
        # PEFT keeps an fp32 copy of the input of each of a layer's seven linear maps. Measured on a 135M model with a
        # batch of 8: 4.8 GB, of which 3.3 were expected without it.
        per_layer += 4 * tokens * (6 * hidden + inner)
    # Scores over the vocabulary, their gradient and the softmax; chunks of them on a GPU.
    scored = min(tokens, LOGIT_CHUNK) if on_gpu else tokens
    logits = 3 * 4 * scored * int(config.get("vocab_size", 0))
    if settings["gradient_checkpointing"]:
        return layers * width * tokens * hidden + per_layer + logits
    return layers * per_layer + logits


def available_memory_mib(device: dict[str, Any], limit_mib: int | None) -> tuple[float, str]:
    """What the job may use, and whose limit that is."""
    if device["kind"] == "cuda":
        import torch

        free, _ = torch.cuda.mem_get_info()
        return free / MIB, "free on the GPU"
    host = _host_available_mib()
    if limit_mib is not None and limit_mib <= host:
        return float(limit_mib), "allowed for the job"
    return host, "free on this host"


def _host_available_mib() -> float:
    try:
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return float("inf")


def require_memory(parts: dict[str, float], device: dict[str, Any], limit_mib: int | None, advice: str) -> float:
    """Raises ScriptFailure(out_of_memory) when the estimate is over what there is; returns the estimate in MiB."""
    needed = sum(parts.values())
    available, whose = available_memory_mib(device, limit_mib)
    if needed > available:
        listing = ", ".join(f"{name} {round(size):,}" for name, size in parts.items())
        raise ScriptFailure(
            "out_of_memory",
            f"It would need about {round(needed):,} MiB ({listing}), and {round(available):,} MiB are {whose}. "
            f"Nothing was loaded. {advice}",
        )
    return needed
