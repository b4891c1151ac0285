"""What the comparison works on: a model of a usual shape with random weights, and rows of random words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from temper_gpu import tiny_world
from temper_gpu.models import keep_parent_files
from temper_gpu.tiny_world.vocabulary import WORDS


@dataclass(frozen=True)
class Size:
    """Shape of the model and amount of work."""

    hidden: int
    layers: int
    heads: int
    vocabulary: int
    words: int
    batch: int
    steps: int
    warm_up: int
    items: int
    dtype: str


# 0.5 B parameters and rows of about 500 tokens keep one GPU busy for a few minutes in all.
GPU_SIZE = Size(1280, 16, 20, 32_000, 240, 8, 40, 10, 64, "bfloat16")
SMOKE_SIZE = Size(64, 2, 4, 1_000, 20, 4, 8, 2, 8, "float32")


@dataclass(frozen=True)
class Workload:
    """A model, data in canonical rows, and the device."""

    size: Size
    device: str
    model: Path
    sft_data: Path
    preference_data: Path
    items: Path
    tokens_per_step: float

    def settings(self, lora: bool) -> dict[str, Any]:
        """Settings of a training by TRL's names."""
        return {
            "learning_rate": 1e-4,
            "max_steps": self.size.steps,
            "num_train_epochs": 1,
            "per_device_train_batch_size": self.size.batch,
            "gradient_accumulation_steps": 1,
            "lr_scheduler_type": "cosine",
            "warmup_steps": 2,
            "weight_decay": 0,
            "adam_beta1": 0.9,
            "adam_beta2": 0.999,
            "max_grad_norm": 1,
            "max_length": 2 * self.size.words + 8,
            "gradient_checkpointing": False,
            "peft_r": 16 if lora else None,
            "peft_lora_alpha": None,
            "peft_lora_dropout": 0,
        }


def make_workload(out: Path, size: Size, device: str) -> Workload:
    """Writes model and data below ``out``."""
    rng = Random(0)
    model = out / "model"
    _write_model(model, size, tiny_world.resolve_model("tiny-world:S/base", out / "cache"))

    def text(least: float = 0.5) -> str:
        count = rng.randint(int(size.words * least), size.words)
        return " ".join(rng.choice(WORDS[4:]) for _ in range(count))

    rows = [{"prompt": text(), "completion": text()} for _ in range(size.batch * (size.steps + 1))]
    pairs = [{"prompt": text(), "chosen": text(), "rejected": text()} for _ in rows]
    items = [{"id": str(number), "prompt": text(), "answer": "0"} for number in range(size.items)]
    tokens = sum(len((row["prompt"] + " " + row["completion"]).split()) + 1 for row in rows) / len(rows)
    return Workload(
        size,
        device,
        model,
        _write_rows(out / "sft.jsonl", rows),
        _write_rows(out / "preferences.jsonl", pairs),
        _write_rows(out / "items.jsonl", items),
        tokens * size.batch,
    )


def _write_model(directory: Path, size: Size, tokenizer: Path | str) -> None:
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    config = LlamaConfig(
        hidden_size=size.hidden,
        intermediate_size=4 * size.hidden,
        num_hidden_layers=size.layers,
        num_attention_heads=size.heads,
        num_key_value_heads=size.heads,
        vocab_size=size.vocabulary,
        max_position_embeddings=4 * size.words + 256,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=0,
    )
    model: Any = LlamaForCausalLM(config).to(getattr(torch, size.dtype))
    model.save_pretrained(directory)
    keep_parent_files({"path": str(tokenizer)}, directory)


def _write_rows(file: Path, rows: list[dict[str, str]]) -> Path:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file
