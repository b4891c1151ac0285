"""Tiny real models, tokenizers and data that tests train on."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

WORDS = 60


def vocabulary() -> list[str]:
    """Special tokens, filler words and digits."""
    return ["<pad>", "<bos>", "<eos>", "#", "?", ",", *(f"w{i}" for i in range(WORDS)), *(str(i) for i in range(20))]


def make_tokenizer(directory: Path, extra: int = 0, chat_template: str | None = None) -> Any:
    """A word-level tokenizer; ``extra`` words make its vocabulary another one."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    words = vocabulary() + [f"x{i}" for i in range(extra)]
    inner = Tokenizer(models.WordLevel({word: index for index, word in enumerate(words)}, unk_token="<pad>"))
    inner.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    inner.post_processor = processors.TemplateProcessing(single="<bos> $A", special_tokens=[("<bos>", 1)])
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=inner, pad_token="<pad>", bos_token="<bos>", eos_token="<eos>", unk_token="<pad>"
    )
    if chat_template is not None:
        tokenizer.chat_template = chat_template
    tokenizer.save_pretrained(directory)
    return tokenizer


def make_model(directory: Path, seed: int = 0, hidden: int = 32, extra: int = 0, dtype: str = "float32") -> Path:
    """A two-layer Llama with random weights, in Hugging Face layout."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(vocabulary()) + extra,
        hidden_size=hidden,
        intermediate_size=3 * hidden,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=4,
        max_position_embeddings=64,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=0,
    )
    LlamaForCausalLM(config).to(getattr(torch, dtype)).save_pretrained(directory)
    make_tokenizer(directory, extra)
    return directory


def reference(directory: Path, key: str | None = None, adapters: list[Path] | None = None) -> dict[str, Any]:
    """A request's model."""
    return {"key": key or directory.name, "path": str(directory), "adapters": [str(path) for path in adapters or []]}


def sums(count: int, seed: int) -> list[tuple[str, str, str]]:
    """(prompt, right answer, wrong answer) of additions below ten."""
    source = random.Random(seed)
    rows = []
    for _ in range(count):
        a, b = source.randint(0, 4), source.randint(0, 5)
        prompt = f"w1 w{source.randint(3, WORDS - 1)} {a} w2 {b} ?"
        rows.append((prompt, f"# {a + b}", f"# {(a + b + source.randint(1, 9)) % 10}"))
    return rows


def write_jsonl(path: Path, rows: list[dict[str, Any]]) -> Path:
    """One object a line."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    return path
