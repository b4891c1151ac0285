"""How far a child's weights are from its parent's: 0 means that a training delivered the parent unchanged."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from temper_gpu.model_files import read_header, weight_files

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
    layers: list[Any] = [module for module in model.modules() if isinstance(module, LoraLayer)]
    for layer in layers:
        for adapter in layer.active_adapters:
            change += layer.get_delta_weight(adapter).float().square().sum(dtype=_double()).item()
    return math.sqrt(change / norm) if norm else 0.0


def stored_change(parent: Path, child: Path) -> float:
    """The same between two directories of full weights, one tensor at a time."""
    change = norm = 0.0
    places = {name: file for file in weight_files(child) for name in read_header(file)}
    for name, before in _stored_tensors(parent):
        if name not in places:
            continue
        after = _read_tensor(places[name], name).to(_double())
        change += (after - before.to(_double())).square().sum().item()
        norm += before.to(_double()).square().sum().item()
    return math.sqrt(change / norm) if norm else 0.0


def _stored_tensors(directory: Path) -> Iterator[tuple[str, torch.Tensor]]:
    for file in weight_files(directory):
        for name in read_header(file):
            yield name, _read_tensor(file, name)


def _read_tensor(file: Path, name: str) -> torch.Tensor:
    from safetensors import safe_open

    with safe_open(file, framework="pt") as stream:
        return stream.get_tensor(name)


def _double() -> torch.dtype:
    import torch

    return torch.float64
