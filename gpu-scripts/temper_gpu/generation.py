"""Greedy generation in batches, for evaluation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from temper_gpu.encoding import Encoder


@dataclass(frozen=True)
class Output:
    """What a model wrote for one prompt."""

    text: str
    tokens: int
    hit_token_limit: bool


def generate(
    model: Any,
    encoder: Encoder,
    prompts: list[list[int]],
    max_new_tokens: int,
    batch_size: int,
    on_progress: Callable[[int], None],
) -> list[Output]:
    """Outputs in the order of the prompts.

    Prompts of like length go together, padded on the left. The model's own sampling settings are not used: greedy
    decoding gives the same outputs each time.
    """
    import torch
    from transformers import GenerationConfig

    ends = _end_tokens(model, encoder)
    pad = int(encoder.tokenizer.pad_token_id or 0)
    config = GenerationConfig(
        do_sample=False, num_beams=1, max_new_tokens=max_new_tokens, eos_token_id=sorted(ends), pad_token_id=pad
    )
    order = sorted(range(len(prompts)), key=lambda index: len(prompts[index]))
    outputs: list[Output | None] = [None] * len(prompts)
    model.eval()
    for start in range(0, len(order), batch_size):
        indices = order[start : start + batch_size]
        width = max(len(prompts[index]) for index in indices)
        ids = [[pad] * (width - len(prompts[index])) + prompts[index] for index in indices]
        mask = [[0] * (width - len(prompts[index])) + [1] * len(prompts[index]) for index in indices]
        with torch.inference_mode():
            generated = model.generate(
                input_ids=torch.tensor(ids, device=model.device),
                attention_mask=torch.tensor(mask, device=model.device),
                generation_config=config,
            )
        for index, row in zip(indices, generated[:, width:].tolist(), strict=True):
            outputs[index] = _read_output(row, ends, encoder)
        on_progress(len(indices))
    return [output for output in outputs if output is not None]


def _read_output(row: list[int], ends: set[int], encoder: Encoder) -> Output:
    for position, token in enumerate(row):
        if token in ends:
            return Output(encoder.decode(row[:position]), position, False)
    return Output(encoder.decode(row), len(row), True)


def _end_tokens(model: Any, encoder: Encoder) -> set[int]:
    own = model.generation_config.eos_token_id
    ends = set(own if isinstance(own, list) else [own] if own is not None else [])
    return ends | {int(encoder.tokenizer.eos_token_id)}
