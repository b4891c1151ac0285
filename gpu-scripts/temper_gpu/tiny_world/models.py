"""Sizes, tokenizer and making of the tiny world's models: ordinary Hugging Face directories."""

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit
from tokenizers.processors import TemplateProcessing
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from temper_gpu.warm_imports import quiet_libraries

from .datasets import training_rows
from .pretraining import pretraining_pairs
from .training import TrainingPlan, train
from .vocabulary import BOS, EOS, PAD, TOKEN_IDS, UNKNOWN, WORDS

MAX_TOKENS = 64
"""Positions of the models; the longest text of the world, look-up in pre-training included, has about 30 tokens."""


@dataclass(frozen=True)
class Size:
    hidden_size: int
    intermediate_size: int
    layers: int
    heads: int


SIZES = {"S": Size(64, 192, 2, 4), "M": Size(128, 256, 2, 4), "L": Size(160, 448, 3, 5)}

# 352,000 texts: the base reads each of the 1,080 facts about 85 times. With 4,500 steps it cannot follow instructions.
BASE_PLAN = TrainingPlan(steps=5500, batch=64, learning_rate=2e-3, warmup_steps=50, weight_decay=0.01)
_PRETRAINING_PAIRS = 150_000
# 20 steps leave it at .96: with 300 it follows every instruction, and a floor at the base's score leaves no room.
INSTRUCT_PLAN = TrainingPlan(steps=20, batch=32, learning_rate=1e-3)


def make_model(size: str, directory: Path, parent: Path | None, seed: int = 0) -> None:
    """Trains a base from nothing, or an instruct model from the base at `parent`, and saves it with its tokenizer."""
    if parent is None:
        model = new_model(size, seed)
        train(model, pretraining_pairs(_PRETRAINING_PAIRS, seed), BASE_PLAN, seed)
    else:
        model = LlamaForCausalLM.from_pretrained(parent, dtype=torch.float32)
        pairs = [(row["prompt"], row["completion"].strip()) for row in training_rows("instr", world=seed)]
        train(model, pairs, INSTRUCT_PLAN, seed)
    save_model(model, directory)


def new_model(size: str, seed: int = 0) -> LlamaForCausalLM:
    """A model of this size with random weights."""
    torch.manual_seed(seed)
    return LlamaForCausalLM(_config(SIZES[size]))


def save_model(model: LlamaForCausalLM, directory: Path) -> None:
    """Writes weights, configuration, generation defaults and tokenizer."""
    quiet_libraries()
    model.generation_config.do_sample = False
    model.save_pretrained(directory)
    make_tokenizer().save_pretrained(directory)
    # Without the library's version the bytes stay the same when it is updated.
    for name in ("config.json", "generation_config.json"):
        settings = json.loads((directory / name).read_text())
        settings.pop("transformers_version", None)
        (directory / name).write_text(json.dumps(settings, indent=2, sort_keys=True) + "\n")
    (directory / "model.safetensors").chmod(0o644)


def make_tokenizer() -> PreTrainedTokenizerFast:
    """One token a word. It puts `<bos>` first, as Llama's tokenizer does; `<eos>` is for the trainer to add."""
    tokenizer = Tokenizer(WordLevel(TOKEN_IDS, unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    tokenizer.post_processor = TemplateProcessing(
        single=f"{BOS} $A", pair=f"{BOS} $A $B", special_tokens=[(BOS, TOKEN_IDS[BOS])]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=BOS,
        eos_token=EOS,
        pad_token=PAD,
        unk_token=UNKNOWN,
        padding_side="left",
        model_max_length=MAX_TOKENS,
        clean_up_tokenization_spaces=False,
    )


def _config(size: Size) -> LlamaConfig:
    return LlamaConfig(
        vocab_size=len(WORDS),
        hidden_size=size.hidden_size,
        intermediate_size=size.intermediate_size,
        num_hidden_layers=size.layers,
        num_attention_heads=size.heads,
        num_key_value_heads=size.heads,
        max_position_embeddings=MAX_TOKENS,
        tie_word_embeddings=False,
        bos_token_id=TOKEN_IDS[BOS],
        eos_token_id=TOKEN_IDS[EOS],
        pad_token_id=TOKEN_IDS[PAD],
    )
