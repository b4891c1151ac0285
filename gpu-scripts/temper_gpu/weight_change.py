"""How far a child's weights are from its parent's: 0 means that a training delivered the parent unchanged."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch


def snapshot(model: Any) -> dict[str, torch.Tensor]:
    """A copy of the weights on the CPU."""
    return {name: weight.detach().to("cpu", copy=True) for name, weight in model.named_parameters()}


def full_change(before: dict[str, torch.Tensor], model: Any, dtype: torch.dtype) -> float:
    """L2 norm of (child − parent) over the norm of the parent, both as stored in ``dtype``."""
    change = norm = 0.0
    for name, weight in model.named_parameters():
        parent = before[name].to(dtype).float()
        change += (weight.detach().cpu().float() - parent).square().sum(dtype=_double()).item()
        norm += parent.square().sum(dtype=_double()).item()
    return math.sqrt(change / norm) if norm else 0.0


def adapter_change(model: Any) -> float:
    """The same for a LoRA model, from the adapter's products and the frozen weights below it."""
    from peft.tuners.lora import LoraLayer

    change = norm = 0.0
    for name, weight in model.named_parameters():
        if "lora_" not in name:
            norm += weight.detach().float().square().sum(dtype=_double()).item()
    for module in model.modules():
        if isinstance(module, LoraLayer):
            for adapter in module.active_adapters:
                change += module.get_delta_weight(adapter).float().square().sum(dtype=_double()).item()
    return math.sqrt(change / norm) if norm else 0.0


def _double() -> torch.dtype:
    import torch

    return torch.float64
